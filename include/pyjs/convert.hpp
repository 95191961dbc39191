// convert.hpp: implicit conversion of values between Python and JavaScript (PEP 818).
#pragma once

#include <pybind11/pybind11.h>

#include "pyjs/handle.hpp"

namespace pyjs {

namespace py = pybind11;

/// Python to JavaScript: None, bool, int, float and str become undefined,
/// boolean, number or bigint, number and string; `jsnull` becomes null; a
/// `JsProxy` unwraps; any other object becomes an owned `PyProxy`.
/// Raises: `py::error_already_set` when the value cannot be represented.
[[nodiscard]] val to_js(py::handle value);

/// JavaScript to Python: the mirror of `to_js`. A safe integer becomes an int,
/// any other number a float, a bigint a `JsBigInt`, an object a `JsProxy`.
/// Raises: `py::error_already_set`, for instance for a destroyed `PyProxy`.
[[nodiscard]] py::object to_py(const val& value);

}  // namespace pyjs
