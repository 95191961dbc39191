// js_mapping.cpp: the methods of a Python mapping for JavaScript maps and object maps.
#include "encode.hpp"
#include "glue.hpp"
#include "js_types.hpp"

namespace pyjs {
namespace {

// The module is loaded when the interpreter starts.
PyObject* abstract(const char* name) {
    PyObject* module = PyImport_ImportModule("_collections_abc");
    PyObject* found = module == nullptr ? nullptr : PyObject_GetAttrString(module, name);
    Py_XDECREF(module);
    return found;
}

PyObject* view(const char* name, PyObject* self) {
    PyObject* type = abstract(name);
    PyObject* made = type == nullptr ? nullptr : PyObject_CallOneArg(type, self);
    Py_XDECREF(type);
    return made;
}

PyObject* keys(PyObject* self, PyObject*) { return view("KeysView", self); }
PyObject* values(PyObject* self, PyObject*) { return view("ValuesView", self); }
PyObject* items(PyObject* self, PyObject*) { return view("ItemsView", self); }

PyObject* get(PyObject* self, PyObject* args) {
    PyObject* key = nullptr;
    PyObject* missing = Py_None;
    return PyArg_UnpackTuple(args, "get", 1, 2, &key, &missing)
               ? js_take(JsOp::GetItem, self, key, missing)
               : nullptr;
}

PyObject* pop(PyObject* self, PyObject* args) {
    PyObject* key = nullptr;
    PyObject* missing = nullptr;
    return PyArg_UnpackTuple(args, "pop", 1, 2, &key, &missing)
               ? js_take(JsOp::PopItem, self, key, missing)
               : nullptr;
}

PyObject* setdefault(PyObject* self, PyObject* args) {
    PyObject* key = nullptr;
    PyObject* value = Py_None;
    if (!PyArg_UnpackTuple(args, "setdefault", 1, 2, &key, &value)) {
        return nullptr;
    }
    PyObject* found = js_take(JsOp::GetItem, self, key, nullptr);
    if (found != nullptr || !PyErr_ExceptionMatches(PyExc_KeyError)) {
        return found;
    }
    PyErr_Clear();
    return PyObject_SetItem(self, key, value) < 0 ? nullptr : Py_NewRef(value);
}

PyObject* clear(PyObject* self, PyObject*) {
    Slot slots[2];
    return finish(js_keyed(JsOp::ClearItems, self, slots), slots);
}

/// A method of collections.abc.MutableMapping, which uses the others.
PyObject* inherit(const char* name, PyObject* self, PyObject* args, PyObject* kwargs) {
    PyObject* type = abstract("MutableMapping");
    PyObject* method = type == nullptr ? nullptr : PyObject_GetAttrString(type, name);
    Py_XDECREF(type);
    PyObject* own = PyTuple_Pack(1, self);
    PyObject* all = own == nullptr ? nullptr : PySequence_Concat(own, args);
    PyObject* result =
        method == nullptr || all == nullptr ? nullptr : PyObject_Call(method, all, kwargs);
    Py_XDECREF(method);
    Py_XDECREF(own);
    Py_XDECREF(all);
    return result;
}

PyObject* update(PyObject* self, PyObject* args, PyObject* kwargs) {
    return inherit("update", self, args, kwargs);
}

PyObject* popitem(PyObject* self, PyObject* args) {
    return inherit("popitem", self, args, nullptr);
}

#define SOURCE "\n\nSource: collections.abc.MutableMapping; PEP 818, 'IS_MAPPING'."

PyMethodDef read_methods[] = {
    {"keys", keys, METH_NOARGS, "keys(): a view of the keys." SOURCE},
    {"values", values, METH_NOARGS, "values(): a view of the values." SOURCE},
    {"items", items, METH_NOARGS, "items(): a view of the (key, value) pairs." SOURCE},
    {"get", get, METH_VARARGS,
     "get(key, default=None): the value of the key, or the default." SOURCE},
    {nullptr, nullptr, 0, nullptr},
};

PyMethodDef change_methods[] = {
    {"pop", pop, METH_VARARGS,
     "pop(key, default=...): removes the key, returns its value or the default.\n\n"
     "Raises KeyError when it is not there and no default is given." SOURCE},
    {"popitem", popitem, METH_VARARGS,
     "popitem(): removes and returns the first (key, value) pair.\n\nRaises KeyError." SOURCE},
    {"setdefault", setdefault, METH_VARARGS,
     "setdefault(key, default=None): the value of the key, set to the default first when it is "
     "not there." SOURCE},
    {"update", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(update)),
     METH_VARARGS | METH_KEYWORDS,
     "update(other=(), /, **more): sets the items of a mapping or of pairs." SOURCE},
    {"clear", clear, METH_NOARGS, "clear(): removes all items." SOURCE},
    {nullptr, nullptr, 0, nullptr},
};

#undef SOURCE

bool is_mutable(std::uint32_t flags) { return is_mapping(flags) && has(flags, JsFlag::HasSet); }

}  // namespace

const Mixin js_mapping = {is_mapping, nullptr, read_methods};
const Mixin js_mutable_mapping = {is_mutable, nullptr, change_methods};

}  // namespace pyjs
