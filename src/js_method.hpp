// js_method.hpp: method calls whose lookup waits for the call.
#pragma once

#include <Python.h>

namespace pyjs {

/// Whether the attribute `name` is being read by Python code that calls it next, with arguments
/// whose evaluation cannot change what it finds.
[[nodiscard]] bool about_to_call(PyObject* name) noexcept;

/// An object whose call looks the method up and calls it, in one crossing. New reference.
[[nodiscard]] PyObject* js_method(PyObject* self, PyObject* name) noexcept;

}  // namespace pyjs
