// waiting.hpp: what waits for the host where no stack is suspended, and whose turn it is to read.
#pragma once

#include <Python.h>

namespace pyjs {

/// Adds `block` and `retype`. False with the Python error set.
[[nodiscard]] bool add_waiting(PyObject* module) noexcept;

}  // namespace pyjs
