// js_proxy.cpp: what every JsProxy does: attributes, identity, truth, repr, lifetime.
#include "pyjs/proxy.hpp"

#include <algorithm>
#include <iterator>
#include <memory>

#include "encode.hpp"
#include "glue.hpp"
#include "js_class.hpp"
#include "js_method.hpp"
#include "js_module.hpp"
#include "js_types.hpp"
#include "trace.hpp"
#include "wrap.hpp"

namespace pyjs {
namespace {

// `from_` reaches the property `from`, `from__` reaches `from_`: Python's own
// keywords cannot be written as attributes (PEP 818, "The JSProxy Base Class").
PyObject* without_escape(PyObject* name) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(name);
    Py_ssize_t end = length;
    while (end > 0 && PyUnicode_READ_CHAR(name, end - 1) == '_') {
        --end;
    }
    py::object stem = py::reinterpret_steal<py::object>(PyUnicode_Substring(name, 0, end));
    static PyObject* keywords = [] {
        py::object module = py::reinterpret_steal<py::object>(PyImport_ImportModule("keyword"));
        return module ? PyObject_GetAttrString(module.ptr(), "kwlist") : nullptr;
    }();
    if (!stem || keywords == nullptr) {
        return nullptr;
    }
    const int found = PySequence_Contains(keywords, stem.ptr());
    if (found < 0) {
        return nullptr;
    }
    if (found == 0) {
        return Py_NewRef(name);
    }
    PyObject* shorter = PyUnicode_Substring(name, 0, length - 1);
    if (shorter != nullptr) {
        PyUnicode_InternInPlace(&shorter);
    }
    return shorter;
}

bool ends_in_underscore(PyObject* name) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(name);
    return length > 1 && PyUnicode_READ_CHAR(name, length - 1) == '_';
}

PyObject* no_property(PyObject* name) {
    PyErr_Format(PyExc_AttributeError, "JavaScript object has no property %R", name);
    return nullptr;
}

/// What asyncio and programs ask of futures, and take promises for.
bool is_of_futures(PyObject* name) {
    constexpr const char* kNames[] = {
        "add_done_callback", "remove_done_callback", "done", "cancelled", "result", "exception"};
    return std::any_of(std::begin(kNames), std::end(kNames),
                       [name](const char* each) { return PyUnicode_EqualToUTF8(name, each) != 0; });
}

PyObject* no_property_of(PyObject* self, PyObject* name) {
    if (!has(type_flags(Py_TYPE(self)), JsFlag::Awaitable) || !is_of_futures(name)) {
        return no_property(name);
    }
    PyErr_Format(PyExc_AttributeError,
                 "a JavaScript promise is no future and has no %R: give asyncio.wait() and others "
                 "that expect futures asyncio.ensure_future(promise)",
                 name);
    return nullptr;
}

Owner owner(PyObject* self, PyObject* name, PyObject* found) {
    // Python's own bookkeeping on an exception stays on the Python side.
    if (PyExceptionInstance_Check(self) && PyUnicode_EqualToUTF8(name, "__notes__")) {
        return Owner::Python;
    }
    if (Py_IS_TYPE(reinterpret_cast<PyObject*>(Py_TYPE(self)), js_meta)) {
        return found != nullptr ? Owner::Python : Owner::JavaScript;
    }
    return owner_of(self, name, found);
}

// dict.update() asks for it, and must then take an array for what it is: an iterable of pairs.
bool is_hidden(PyObject* self, PyObject* name) {
    return has(type_flags(Py_TYPE(self)), JsFlag::Array) && PyUnicode_EqualToUTF8(name, "keys");
}

PyObject* getattro(PyObject* self, PyObject* name) {
    if (PyObject* half = bound_half_with(self, name)) {
        return PyObject_GetAttr(half, name);
    }
    PyObject* found = _PyType_Lookup(Py_TYPE(self), name);
    if (PyObject* half = found == nullptr ? half_with(self, name) : nullptr) {
        return PyObject_GenericGetAttr(half, name);
    }
    const Owner whose = owner(self, name, found);
    if (whose != Owner::JavaScript) {
        return whose == Owner::Python ? PyObject_GenericGetAttr(self, name) : nullptr;
    }
    if (is_hidden(self, name)) {
        return no_property(name);
    }
    return about_to_call(name) ? js_method(self, name) : js_get_property(self, name);
}

int delete_property(PyObject* self, PyObject* name, Slot* slots) {
    const Tag tag = js_op(JsOp::Delete, handle_of(self), slots);
    if (tag == Tag::Missing) {
        no_property(name);
        return -1;
    }
    PyObject* result = finish(tag, slots);
    Py_XDECREF(result);
    return result == nullptr ? -1 : 0;
}

// A method or constant of a Python class is hidden by an attribute of the
// instance, as Python has it; a proxy's own attributes are not.
bool shadows(PyObject* self, PyObject* name, PyObject* found) {
    PyTypeObject* type = Py_TYPE(self);
    return found != nullptr && Py_TYPE(found)->tp_descr_set == nullptr && is_js_class(type) &&
           found != _PyType_Lookup(js_type(type_flags(type)), name);
}

int setattro(PyObject* self, PyObject* name, PyObject* value) {
    PyObject* bound = bound_half_with(self, name);
    if (bound != nullptr && _PyType_Lookup(Py_TYPE(bound), name) != nullptr) {
        return PyObject_SetAttr(bound, name, value);
    }
    PyObject* found = _PyType_Lookup(Py_TYPE(self), name);
    if (PyObject* half = found == nullptr ? half_with(self, name) : nullptr) {
        return PyObject_GenericSetAttr(half, name, value);
    }
    // The import system binds a submodule in its parent, which has it already.
    if (value != nullptr && is_submodule(self, name, value)) {
        return 0;
    }
    Owner whose = owner(self, name, found);
    if (whose == Owner::Python && shadows(self, name, found)) {
        whose = require_constructed(self) ? Owner::JavaScript : Owner::Neither;
    }
    if (whose != Owner::JavaScript) {
        return whose == Owner::Python ? PyObject_GenericSetAttr(self, name, value) : -1;
    }
    Slot slots[2];
    Scratch scratch;
    // The name last: JavaScript must read one that was cached.
    if ((value != nullptr && !encode(value, slots[1], scratch)) ||
        !js_encode_property(name, slots[0], scratch)) {
        return -1;
    }
    if (value == nullptr) {
        return delete_property(self, name, slots);
    }
    ++crossings;
    PyObject* result = finish(static_cast<Tag>(pyjs_js_set(handle_of(self), slots)), slots);
    Py_XDECREF(result);
    return result == nullptr ? -1 : 0;
}

PyObject* ask(JsOp op, PyObject* self) {
    Slot slots[2];
    return finish(js_op(op, handle_of(self), slots), slots);
}

PyObject* repr(PyObject* self) { return ask(JsOp::Repr, self); }
PyObject* text(PyObject* self) { return ask(JsOp::Text, self); }

int truth(PyObject* self) {
    if (has(type_flags(Py_TYPE(self)), JsFlag::ObjectMap)) {
        const Py_ssize_t length = js_length_of(self);
        return length < 0 ? -1 : (length > 0 ? 1 : 0);
    }
    PyObject* result = ask(JsOp::Truth, self);
    const int answer = result == nullptr ? -1 : (result == Py_True ? 1 : 0);
    Py_XDECREF(result);
    return answer;
}

void dealloc(PyObject* self) {
    JsFields& js = fields(self);
    if (js.weakrefs != nullptr) {
        PyObject_ClearWeakRefs(self);
        drop_half(self);
    }
    PyTypeObject* type = Py_TYPE(self);
    Py_XDECREF(js.receiver);
    std::destroy_at(&js.value);
    --js_alive;
    trace_gone(self);
    type->tp_free(self);
    Py_DECREF(type);
}

// What dir() shows can be written after a dot: `from_`.
bool escape_keywords(py::handle names) {
    py::object keyword = py::reinterpret_steal<py::object>(PyImport_ImportModule("keyword"));
    py::object known =
        keyword ? py::reinterpret_steal<py::object>(PyObject_GetAttrString(keyword.ptr(), "kwlist"))
                : py::object();
    const Py_ssize_t count = known ? PyList_Size(known.ptr()) : -1;
    for (Py_ssize_t i = 0; i < count; ++i) {
        PyObject* name = PyList_GET_ITEM(known.ptr(), i);
        const int found = PySet_Discard(names.ptr(), name);
        if (found == 0) {
            continue;
        }
        py::object escaped = py::reinterpret_steal<py::object>(PyUnicode_FromFormat("%U_", name));
        if (found < 0 || !escaped || PySet_Add(names.ptr(), escaped.ptr()) < 0) {
            return false;
        }
    }
    return count >= 0;
}

PyObject* dir(PyObject* self, PyObject*) {
    py::object own_names = py::reinterpret_steal<py::object>(
        PyObject_CallMethod(reinterpret_cast<PyObject*>(&PyBaseObject_Type), "__dir__", "O", self));
    py::object property_names =
        py::reinterpret_steal<py::object>(own_names ? ask(JsOp::Dir, self) : nullptr);
    if (!property_names) {
        return nullptr;
    }
    py::object names = py::reinterpret_steal<py::object>(PySet_New(own_names.ptr()));
    if (!names) {
        return nullptr;
    }
    py::object updated = py::reinterpret_steal<py::object>(
        PyObject_CallMethod(names.ptr(), "update", "O", property_names.ptr()));
    return updated && escape_keywords(names) ? PySequence_List(names.ptr()) : nullptr;
}

PyObject* keys(PyObject* self, PyObject*) { return ask(JsOp::Keys, self); }
PyObject* values(PyObject* self, PyObject*) { return ask(JsOp::Values, self); }
PyObject* entries(PyObject* self, PyObject*) { return ask(JsOp::Entries, self); }

PyMethodDef methods[] = {
    {"__dir__", dir, METH_NOARGS, nullptr},
    {"object_keys", keys, METH_NOARGS,
     "The object's own enumerable property names, as a JsArray.\n\n"
     "Source: ECMA-262, Object.keys."},
    {"object_values", values, METH_NOARGS,
     "The object's own enumerable property values, as a JsArray.\n\n"
     "Source: ECMA-262, Object.values."},
    {"object_entries", entries, METH_NOARGS,
     "The object's own [name, value] pairs, as a JsArray.\n\n"
     "Source: ECMA-262, Object.entries."},
    {nullptr, nullptr, 0, nullptr},
};

PyGetSetDef getset[] = {
    {"typeof", js_typeof, nullptr, js_typeof_doc, nullptr},
    {"js_id", js_identity, nullptr, js_identity_doc, nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

}  // namespace

bool js_encode_property(PyObject* name, Slot& slot, Scratch& scratch) noexcept {
    if (!ends_in_underscore(name)) {
        return encode_name(name, slot, scratch);
    }
    PyObject* property = without_escape(name);
    return property != nullptr && scratch.keep(property) && encode_name(property, slot, scratch);
}

PyObject* js_get_property(PyObject* self, PyObject* name) noexcept {
    Slot slots[2];
    Scratch scratch;
    if (!js_encode_property(name, slots[0], scratch)) {
        return nullptr;
    }
    ++crossings;
    const auto tag = static_cast<Tag>(pyjs_js_get(handle_of(self), slots));
    if (tag == Tag::Missing) {
        return no_property_of(self, name);
    }
    PyObject* result = finish(tag, slots);
    if (tag == Tag::Handle && result != nullptr && has(slots[0].aux, JsFlag::Callable)) {
        fields(result).receiver = Py_NewRef(self);
    }
    return result;
}

PyObject* js_typeof(PyObject* self, void*) { return ask(JsOp::TypeOf, self); }
PyObject* js_compare(PyObject* self, PyObject* other, int operation) {
    if ((operation != Py_EQ && operation != Py_NE) || !is_js(other)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    if (handle_of(self) == handle_of(other)) {
        return PyBool_FromLong(operation == Py_EQ ? 1 : 0);
    }
    Slot slots[2];
    slots[0].set(Tag::Handle);
    slots[0].handle = handle_of(other);
    PyObject* same = finish(js_op(JsOp::Same, handle_of(self), slots), slots);
    if (same == nullptr || operation == Py_EQ) {
        return same;
    }
    PyObject* result = PyBool_FromLong(same == Py_True ? 0 : 1);
    Py_DECREF(same);
    return result;
}

PyObject* js_identity(PyObject* self, void*) { return ask(JsOp::Identity, self); }

namespace {

const PyType_Slot shared_slots[] = {
    {Py_tp_getattro, reinterpret_cast<void*>(getattro)},
    {Py_tp_setattro, reinterpret_cast<void*>(setattro)},
    {Py_tp_richcompare, reinterpret_cast<void*>(js_compare)},
    {Py_nb_bool, reinterpret_cast<void*>(truth)},
    {0, nullptr},
};

}  // namespace

const Mixin js_shared_mixin = {is_base, shared_slots, methods};

PyType_Slot js_plain_slots[] = {
    {Py_tp_getset, getset},
    {Py_tp_doc, const_cast<char*>(
                    "A JavaScript object, used from Python. Holds the object until collected.\n\n"
                    "Source: PEP 818, 'JSProxy'.")},
    {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
    {Py_tp_repr, reinterpret_cast<void*>(repr)},
    {Py_tp_str, reinterpret_cast<void*>(text)},
    {Py_tp_hash, reinterpret_cast<void*>(PyObject_HashNotImplemented)},
    {0, nullptr},
};

PyObject* wrap_js(Handle handle, std::uint32_t flags) noexcept {
    val value = own(handle);
    PyTypeObject* type = has(flags, JsFlag::Class) ? instance_type(flags) : js_type(flags);
    return type == nullptr ? nullptr : new_proxy(type, std::move(value));
}

PyObject* new_proxy(PyTypeObject* type, val value) noexcept {
    const bool error = PyType_HasFeature(type, Py_TPFLAGS_BASE_EXC_SUBCLASS) != 0;
    PyObject* self = error ? new_exception(type) : type->tp_alloc(type, 0);
    if (self == nullptr) {
        return nullptr;
    }
    JsFields& js = fields(self);
    std::construct_at(&js.value, std::move(value));
    js.vectorcall = js_vectorcall;
    ++js_alive;
    if (tracing) {
        trace_made(self);
    }
    return self;
}

Handle unwrap_js(PyObject* object) noexcept {
    return is_js(object) ? handle_of(object) : class_handle(object);
}

bool is_js_proxy(py::handle object) noexcept { return is_js(object.ptr()); }

py::object js_proxy(const val& value) {
    Slot slots[2];
    pyjs_js_features(borrow(value), slots);
    val copy = value;
    PyObject* proxy = wrap_js(copy.release_ownership(), slots[0].aux);
    if (proxy == nullptr) {
        throw py::error_already_set();
    }
    return py::reinterpret_steal<py::object>(proxy);
}

}  // namespace pyjs
