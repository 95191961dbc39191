// py_result.cpp: Python results and errors on their way to JavaScript.
#include "py_result.hpp"

#include <cstring>

#include "encode.hpp"
#include "js_types.hpp"
#include "wrap.hpp"

namespace pyjs {
namespace {

std::uint32_t hold(PyObject* object, Slot* slots) {
    slots[1].object = object;
    return slots[0].tag | static_cast<std::uint32_t>(Tag::Held);
}

/// Whether dropping `object` runs no code, which might write over the slots.
bool runs_nothing(PyObject* object) {
    return PyUnicode_CheckExact(object) || PyBytes_CheckExact(object) ||
           PyFloat_CheckExact(object) || PyLong_CheckExact(object) || PyBool_Check(object);
}

std::uint32_t give_bytes(PyObject* owner, Slot* slots) {
    if (slots[0].kind() == Tag::Ascii && slots[0].aux <= kInline && runs_nothing(owner)) {
        std::memcpy(slots + 1, slots[0].data, slots[0].aux);
        slots[0].data = slots + 1;
        Py_DECREF(owner);
        return slots[0].tag;
    }
    return hold(owner, slots);
}

void remember(PyObject* exception) {
    if (PySys_SetObject("last_exc", exception) < 0 ||
        PySys_SetObject("last_type", reinterpret_cast<PyObject*>(Py_TYPE(exception))) < 0 ||
        PySys_SetObject("last_value", exception) < 0) {
        PyErr_Clear();  // sys itself is gone: the interpreter is finalising
    }
}

}  // namespace

std::uint32_t fail(Slot* slots) noexcept {
    PyObject* exception = PyErr_GetRaisedException();
    if (exception == nullptr) {
        PyErr_SetString(PyExc_SystemError,
                        "a Python operation failed without setting an exception");
        exception = PyErr_GetRaisedException();
    }
    remember(exception);
    return give_error(exception, slots);
}

std::uint32_t give_error(PyObject* exception, Slot* slots) noexcept {
    if (Handle handle = unwrap_js(exception)) {
        slots[0].set(Tag::JsError);
        slots[0].handle = handle;
        return hold(exception, slots);
    }
    slots[0].set(Tag::PyError);
    slots[0].object = exception;
    return slots[0].tag;
}

std::uint32_t give(PyObject* result, Slot* slots) noexcept {
    if (result == nullptr) {
        return fail(slots);
    }
    if (result == Py_None) {  // what most callbacks return
        slots[0].set(Tag::Undefined);
        return slots[0].tag;
    }
    Scratch scratch;
    if (!encode(result, slots[0], scratch)) {
        Py_DECREF(result);
        return fail(slots);
    }
    switch (slots[0].kind()) {
        case Tag::Object:
            if (slots[0].object != result) {  // one of as_js_json()
                Py_INCREF(slots[0].object);
                Py_DECREF(result);
            }
            return slots[0].tag;
        case Tag::Handle:
            return hold(result, slots);
        case Tag::Ascii:
        case Tag::Latin1:
        case Tag::Utf16:
        case Tag::Units:
        case Tag::BigHex:
            if (PyObject* kept = scratch.release()) {
                const Slot text = slots[0];
                Py_DECREF(result);
                slots[0] = text;
                return give_bytes(kept, slots);
            }
            return give_bytes(result, slots);
        default:
            if (!runs_nothing(result)) {
                return hold(result, slots);
            }
            Py_DECREF(result);
            return slots[0].tag;
    }
}

}  // namespace pyjs
