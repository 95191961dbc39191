// error.hpp: exceptions that cross the language border with their identity kept.
#pragma once

#include <pybind11/pybind11.h>

#include "pyjs/handle.hpp"

namespace pyjs {

namespace py = pybind11;

/// The Python exception that stands for a thrown JavaScript value: a
/// `JsException` around `thrown`, or, when `thrown` is a `PythonError` of this
/// runtime, the very Python exception it carries. New reference.
/// Raises: `py::error_already_set` when memory runs out.
[[nodiscard]] py::object exception_from_js(const val& thrown);

/// The JavaScript value that stands for a Python exception: the value that was
/// thrown first when `exception` came from JavaScript, else a `PythonError`.
[[nodiscard]] val exception_to_js(py::handle exception);

}  // namespace pyjs
