// proxy.hpp: explicit proxies, for C++ that does not want implicit conversion.
#pragma once

#include <pybind11/pybind11.h>

#include "pyjs/handle.hpp"

namespace pyjs {

namespace py = pybind11;

/// A `JsProxy` around `value`, even when it is a `PyProxy` (a double proxy) or
/// a primitive.
[[nodiscard]] py::object js_proxy(const val& value);

/// A `PyProxy` that owns a reference to `object` until it is destroyed or
/// collected, even when `object` could be converted.
[[nodiscard]] val py_proxy(py::handle object);

/// True when `object` is a `JsProxy` of any kind, exceptions included.
[[nodiscard]] bool is_js_proxy(py::handle object) noexcept;

}  // namespace pyjs
