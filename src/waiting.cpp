// waiting.cpp: a thread that is blocked, and objects that get another type.
#include "waiting.hpp"

#include <emscripten.h>

#include <algorithm>

#include "glue.hpp"
#include "js_types.hpp"

namespace pyjs {
namespace {

/// Seconds between two looks for signals while the thread is blocked.
constexpr double kLook = 0.02;

double now() { return emscripten_get_now() / 1000; }

PyObject* block(PyObject*, PyObject* seconds) {
    const double length = PyFloat_AsDouble(seconds);
    if (length == -1.0 && PyErr_Occurred() != nullptr) {
        return nullptr;
    }
    const double end = now() + length;
    for (double left = length; left > 0; left = end - now()) {
        Slot slots[2];
        slots[0].set(Tag::Number);
        slots[0].number = std::min(left, kLook) * 1000;
        PyObject* done = finish(js_op(JsOp::Block, nullptr, slots), slots);
        if (done == nullptr) {
            return nullptr;
        }
        Py_DECREF(done);
        is_blocked = true;
        const int raised = PyErr_CheckSignals();
        is_blocked = false;
        if (raised < 0) {
            return nullptr;
        }
    }
    Py_RETURN_NONE;
}

// Assigning to __class__ does the same, but for the types of C.
PyObject* retype(PyObject*, PyObject* args) {
    PyObject* object = nullptr;
    PyTypeObject* type = nullptr;
    if (PyArg_ParseTuple(args, "OO!", &object, &PyType_Type, &type) == 0) {
        return nullptr;
    }
    PyTypeObject* former = Py_TYPE(object);
    if (type->tp_base != former || type->tp_basicsize != former->tp_basicsize ||
        type->tp_itemsize != former->tp_itemsize || type->tp_dictoffset != former->tp_dictoffset ||
        type->tp_weaklistoffset != former->tp_weaklistoffset ||
        PyType_HasFeature(former, Py_TPFLAGS_HEAPTYPE) == 0) {
        PyErr_Format(PyExc_TypeError,
                     "retype: expected a subclass of %s of the same layout, got %s",
                     former->tp_name, type->tp_name);
        return nullptr;
    }
    Py_INCREF(type);
    Py_SET_TYPE(object, type);
    Py_DECREF(former);
    Py_RETURN_NONE;
}

PyMethodDef functions[] = {
    {"block", block, METH_O,
     "block(seconds): stops the thread for so long, unless a signal's handler raises."},
    {"retype", retype, METH_VARARGS,
     "retype(object, type): makes it an instance of a subclass that adds nothing to its layout."},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

bool add_waiting(PyObject* module) noexcept {
    return PyModule_AddFunctions(module, functions) == 0;
}

}  // namespace pyjs
