// py_lifetime.cpp: references that JavaScript holds to Python objects, and memory it borrows.
#include <Python.h>
#include <emscripten/em_macros.h>

#include <cstdlib>

#include "depth.hpp"
#include "slot.hpp"

extern "C" {

EMSCRIPTEN_KEEPALIVE void pyjs_py_incref(PyObject* object) { Py_INCREF(object); }

EMSCRIPTEN_KEEPALIVE void pyjs_py_decref(PyObject* object) {
    const pyjs::Depth guard;
    // A finaliser runs between tasks, where an exception may not be pending;
    // a destructor that runs here must not see or clear one either.
    PyObject* pending = PyErr_GetRaisedException();
    Py_DECREF(object);
    PyErr_SetRaisedException(pending);
}

/// Memory for a long string; freed by the slot that carries it.
EMSCRIPTEN_KEEPALIVE void* pyjs_py_alloc(std::size_t size) { return std::malloc(size); }

/// A new bytearray in slots[0]; the address of its bytes, or null when memory is full.
EMSCRIPTEN_KEEPALIVE char* pyjs_py_bytearray(std::size_t size, pyjs::Slot* slots) {
    // Made empty, then resized: of one whose memory cannot be had CPython prints a SystemError.
    PyObject* bytes = PyByteArray_FromStringAndSize(nullptr, 0);
    const auto length = static_cast<Py_ssize_t>(size);
    if (bytes == nullptr || length < 0 || PyByteArray_Resize(bytes, length) < 0) {
        PyErr_Clear();
        Py_XDECREF(bytes);
        return nullptr;
    }
    slots[0].object = bytes;
    return PyByteArray_AS_STRING(bytes);
}

}  // extern "C"
