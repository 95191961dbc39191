// hooks.cpp: the table of callables that the Python package lends to the core.
#include "hooks.hpp"

#include <array>

namespace pyjs {
namespace {

std::array<PyObject*, static_cast<std::size_t>(Hook::Count)> hooks{};

}  // namespace

void set_hook(Hook hook, PyObject* callable) noexcept {
    Py_XSETREF(hooks[static_cast<std::size_t>(hook)], Py_NewRef(callable));
}

bool has_hooks() noexcept { return hooks[0] != nullptr; }

PyObject* get_hook(Hook hook) noexcept {
    PyObject* callable = hooks[static_cast<std::size_t>(hook)];
    if (callable == nullptr) {
        PyErr_SetString(PyExc_RuntimeError,
                        "awaiting across the border, deriving from a JavaScript class and "
                        "signatures need the pyjs package: import pyjs first");
    }
    return callable;
}

}  // namespace pyjs
