// py_lifetime.cpp: references that JavaScript holds to Python objects, and memory it borrows.
#include <Python.h>
#include <emscripten/em_macros.h>

#include <cstdlib>

#include "py_ops.hpp"

extern "C" {

EMSCRIPTEN_KEEPALIVE void pyjs_py_incref(PyObject* object) { Py_INCREF(object); }

EMSCRIPTEN_KEEPALIVE void pyjs_py_decref(PyObject* object) {
    ++pyjs::entered().arrived;
    ++pyjs::entered().depth;
    // A finaliser runs between tasks, where an exception may not be pending;
    // a destructor that runs here must not see or clear one either.
    PyObject* pending = PyErr_GetRaisedException();
    Py_DECREF(object);
    PyErr_SetRaisedException(pending);
    --pyjs::entered().depth;
}

/// Memory for a long string; freed by the slot that carries it.
EMSCRIPTEN_KEEPALIVE void* pyjs_py_alloc(std::size_t size) { return std::malloc(size); }

}  // extern "C"
