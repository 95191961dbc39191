// error.cpp: JsException, and errors that keep their identity across the border.
#include "pyjs/error.hpp"

#include <memory>

#include "encode.hpp"
#include "glue.hpp"
#include "hooks.hpp"
#include "js_types.hpp"
#include "pyjs/proxy.hpp"
#include "trace.hpp"
#include "wrap.hpp"

namespace pyjs {
namespace {

PyTypeObject* exception_type() { return reinterpret_cast<PyTypeObject*>(PyExc_Exception); }

void exception_dealloc(PyObject* self) {
    PyObject_GC_UnTrack(self);
    PyTypeObject* type = Py_TYPE(self);
    JsFields& js = fields(self);
    if (js.weakrefs != nullptr) {
        PyObject_ClearWeakRefs(self);
    }
    Py_CLEAR(js.receiver);
    std::destroy_at(&js.value);
    --js_alive;
    trace_gone(self);
    exception_type()->tp_dealloc(self);
    Py_DECREF(type);
}

int exception_traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(fields(self).receiver);
    return exception_type()->tp_traverse(self, visit, arg);
}

int exception_clear(PyObject* self) {
    Py_CLEAR(fields(self).receiver);
    return exception_type()->tp_clear(self);
}

PyObject* describe(PyObject* self) {
    Slot slots[2];
    return finish(js_op(JsOp::Describe, handle_of(self), slots), slots);
}

PyObject* exception_repr(PyObject* self) {
    PyObject* text = describe(self);
    if (text == nullptr) {
        return nullptr;
    }
    PyObject* result = PyUnicode_FromFormat("JsException(%R)", text);
    Py_DECREF(text);
    return result;
}

// The thrown value itself: the Error as a plain proxy, or what a primitive converts to.
PyObject* js_error(PyObject* self, void*) {
    Slot slots[2];
    const Tag tag = static_cast<Tag>(pyjs_js_load(handle_of(self), slots) & 0x3f);
    if (tag == Tag::Handle) {
        slots[0].aux &= ~static_cast<std::uint32_t>(JsFlag::Error);
    }
    return finish(tag, slots);
}

/// For pickle and copy: name, message and stack of the Error; a thrown primitive is its text.
PyObject* reduce(PyObject* self, PyObject*) {
    py::object parts = py::reinterpret_steal<py::object>(PyTuple_New(3));
    const char* const names[] = {"name", "message", "stack"};
    for (Py_ssize_t i = 0; parts && i < 3; ++i) {
        PyObject* part = PyObject_GetAttrString(self, names[i]);
        if (part == nullptr || !PyUnicode_Check(part)) {
            PyErr_Clear();
            Py_XSETREF(part, i == 1 ? describe(self) : PyUnicode_FromString(""));
        }
        if (part == nullptr) {
            return nullptr;
        }
        PyTuple_SET_ITEM(parts.ptr(), i, part);
    }
    PyObject* rebuild = get_hook(Hook::Rebuild);
    return !parts || rebuild == nullptr ? nullptr : PyTuple_Pack(2, rebuild, parts.ptr());
}

PyMethodDef exception_methods[] = {
    {"__reduce__", reduce, METH_NOARGS, "Pickles name, message and stack; not the object's rest."},
    {nullptr, nullptr, 0, nullptr},
};
bool is_exception_base(std::uint32_t flags) {
    return flags == static_cast<std::uint32_t>(JsFlag::Error);
}

PyGetSetDef exception_getset[] = {
    {"js_error", js_error, nullptr,
     "The thrown JavaScript value: a JsProxy of the Error, or the Python value of a thrown "
     "primitive.",
     nullptr},
    {"typeof", js_typeof, nullptr, js_typeof_doc, nullptr},
    {"js_id", js_identity, nullptr, js_identity_doc, nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};

}  // namespace

PyType_Slot js_exception_slots[] = {
    {Py_tp_getset, exception_getset},
    {Py_tp_doc,
     const_cast<char*>("A JavaScript value that was thrown, as a Python exception.\n\n"
                       "Its attributes are the Error's properties (name, message, stack); passed\n"
                       "or raised back into JavaScript it is the very value that was thrown.\n\n"
                       "Source: PEP 818, 'Error handling'.")},
    {Py_tp_dealloc, reinterpret_cast<void*>(exception_dealloc)},
    {Py_tp_str, reinterpret_cast<void*>(describe)},
    {Py_tp_repr, reinterpret_cast<void*>(exception_repr)},
    {Py_tp_hash, reinterpret_cast<void*>(Py_HashPointer)},
    {0, nullptr},
};

const Mixin js_exception = {is_exception_base, nullptr, exception_methods};

PyType_Slot js_traversal_slots[] = {
    {Py_tp_traverse, reinterpret_cast<void*>(exception_traverse)},
    {Py_tp_clear, reinterpret_cast<void*>(exception_clear)},
    {0, nullptr},
};

PyObject* new_exception(PyTypeObject* type) noexcept {
    PyObject* args = PyTuple_New(0);
    if (args == nullptr) {
        return nullptr;
    }
    PyObject* self = exception_type()->tp_new(type, args, nullptr);
    Py_DECREF(args);
    return self;
}

void raise(Tag tag, const Slot& slot) noexcept {
    PyObject* exception =
        tag == Tag::PyError
            ? Py_NewRef(slot.object)
            : wrap_js(slot.handle, slot.aux | static_cast<std::uint32_t>(JsFlag::Error));
    if (exception == nullptr) {
        return;
    }
    if (tag == Tag::PyError) {
        PyErr_SetRaisedException(exception);  // its context was set where it was raised
        return;
    }
    // As `raise` does: what is being handled is its context.
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception)), exception);
    Py_DECREF(exception);
}

PyObject* finish(Tag tag, const Slot* slots) noexcept {
    if (tag == Tag::JsError || tag == Tag::PyError) {
        raise(tag, slots[0]);
        return nullptr;
    }
    return tag == Tag::Missing ? nullptr : decode(slots[0]);
}

py::object exception_from_js(const val& thrown) {
    Slot slots[2];
    const Tag tag = static_cast<Tag>(pyjs_js_classify_error(borrow(thrown), slots));
    raise(tag, slots[0]);
    return py::reinterpret_steal<py::object>(PyErr_GetRaisedException());
}

val exception_to_js(py::handle exception) {
    if (Handle handle = unwrap_js(exception.ptr())) {
        Slot slot;
        slot.set(Tag::Handle);
        slot.handle = handle;
        return own(pyjs_js_store(&slot));
    }
    return own(pyjs_js_make_error(exception.inc_ref().ptr()));
}

}  // namespace pyjs
