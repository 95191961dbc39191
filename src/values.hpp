// values.hpp: Python's stand-ins for JavaScript values it has no type of its own for.
#pragma once

#include <Python.h>

namespace pyjs {

/// The falsy singleton that stands for JavaScript's null. Borrowed.
[[nodiscard]] PyObject* js_null() noexcept;
/// The subtype of int that always converts to a bigint. Borrowed.
[[nodiscard]] PyTypeObject* js_bigint_type() noexcept;
/// A `JsBigInt` of the same value; takes over the reference of `integer`, which may be null.
[[nodiscard]] PyObject* make_js_bigint(PyObject* integer) noexcept;

/// Creates both types once and adds JsNull, jsnull and JsBigInt to `module`.
/// False with the Python error set.
[[nodiscard]] bool add_values(PyObject* module) noexcept;

}  // namespace pyjs
