// js_view.cpp: other ways to see a JavaScript object: as a map, as JSON, weakly.
#include "glue.hpp"
#include "js_types.hpp"
#include "wrap.hpp"

namespace pyjs {
namespace {

constexpr std::uint32_t bits(JsFlag flag) { return static_cast<std::uint32_t>(flag); }

constexpr std::uint32_t kItems = bits(JsFlag::ObjectMap) | bits(JsFlag::HasLength) |
                                 bits(JsFlag::HasGet) | bits(JsFlag::HasSet) |
                                 bits(JsFlag::HasContains) | bits(JsFlag::Iterable);

PyObject* seen_as(PyObject* self, std::uint32_t flags) {
    val copy = fields(self).value;
    return wrap_js(copy.release_ownership(), flags);
}

PyObject* as_object_map(PyObject* self, PyObject* args, PyObject* kwargs) {
    static const char* const names[] = {"hereditary", nullptr};
    int hereditary = 0;
    if (PyArg_ParseTupleAndKeywords(args, kwargs, "|$p:as_object_map", const_cast<char**>(names),
                                    &hereditary) == 0) {
        return nullptr;
    }
    return seen_as(self, kItems | (hereditary != 0 ? bits(JsFlag::Hereditary) : 0));
}

PyObject* as_py_json(PyObject* self, PyObject*) {
    const std::uint32_t flags = type_flags(Py_TYPE(self));
    const bool is_list = has(flags, JsFlag::Array) || has(flags, JsFlag::TypedArray);
    const std::uint32_t base = is_list ? flags : kItems;
    return seen_as(self, base | bits(JsFlag::Json));
}

PyObject* to_weakref(PyObject* self, PyObject*) {
    Slot slots[2];
    return finish(js_op(JsOp::ToWeakRef, handle_of(self), slots), slots);
}

PyMethodDef methods[] = {
    {"as_object_map", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(as_object_map)),
     METH_VARARGS | METH_KEYWORDS,
     "as_object_map(*, hereditary=False): the same object as a mutable mapping of its own\n"
     "enumerable properties; with hereditary, so are the plain objects it holds.\n\n"
     ">>> from pyjs import run_js\n"
     ">>> dict(run_js('({from: 1, b: 2})').as_object_map())\n"
     "{'from': 1, 'b': 2}\n\n"
     "Source: Pyodide, JsProxy.as_object_map."},
    {"as_py_json", as_py_json, METH_NOARGS,
     "as_py_json(): the same object as Python's json module would give it: arrays as lists,\n"
     "other plain objects as dicts, and so on inside them. Nothing is copied.\n\n"
     ">>> from pyjs import js\n"
     ">>> js.JSON.parse('{\"a\": [{\"b\": 1}]}').as_py_json()['a'][0]['b']\n"
     "1\n\n"
     "Source: PEP 818, 'as_py_json'."},
    {"to_weakref", to_weakref, METH_NOARGS,
     "to_weakref(): a JsWeakRef of the object; its deref() gives the object, or None.\n\n"
     "Source: ECMA-262, WeakRef; PEP 818, 'to_weakref'."},
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "For type hints: JsArray[int]."},
    {nullptr, nullptr, 0, nullptr},
};

PyObject* unwrap(PyObject* self, PyObject*) {
    Slot slots[2];
    return finish(js_op(JsOp::Unwrap, handle_of(self), slots), slots);
}

PyMethodDef double_methods[] = {
    {"unwrap", unwrap, METH_NOARGS,
     "unwrap(): the Python object that create_proxy() was given.\n\n"
     "Raises JsException when the proxy was destroyed.\n\n"
     "Source: Pyodide, JsDoubleProxy.unwrap."},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

const Mixin js_view = {is_base, nullptr, methods};

const Mixin js_double = {[](std::uint32_t flags) { return has(flags, JsFlag::Double); }, nullptr,
                         double_methods};

}  // namespace pyjs
