// js_options_call.hpp: calls of JavaScript functions that take objects of options.
#pragma once

#include <Python.h>

namespace pyjs {

/// Adds `js_call` to the module. False with the Python error set.
[[nodiscard]] bool add_options_call(PyObject* module) noexcept;

}  // namespace pyjs
