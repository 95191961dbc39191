// options.hpp: the options of conversions, as both languages give them.
#pragma once

#include <Python.h>

namespace pyjs {

/// Reads how many levels are converted; null stands for all, as -1 does. False with the error set.
[[nodiscard]] bool read_depth(const char* option, PyObject* given, long& depth) noexcept;

/// Reads True or False; null leaves `flag` as it is. False with the error set.
[[nodiscard]] bool read_flag(const char* option, PyObject* given, bool& flag) noexcept;

}  // namespace pyjs
