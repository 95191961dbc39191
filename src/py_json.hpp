// py_json.hpp: Python mappings as JavaScript sees them through a JSON view.
#pragma once

#include <Python.h>

#include <cstdint>

namespace pyjs {

// A property name that is written as an int stands for the key of that text, or else for the int.

/// The value of a key in `result`; 0 when there is none, -1 with the Python error set.
[[nodiscard]] int json_get(PyObject* mapping, PyObject* name, PyObject** result) noexcept;
/// A key that is not there yet is a str. -1 with the Python error set.
[[nodiscard]] int json_set(PyObject* mapping, PyObject* name, PyObject* value) noexcept;
/// 0 when there was no such key, -1 with the Python error set.
[[nodiscard]] int json_delete(PyObject* mapping, PyObject* name) noexcept;
[[nodiscard]] int json_has(PyObject* mapping, PyObject* name) noexcept;
/// The keys that are str, and ints as their text, as an array of JavaScript's. New reference, or
/// null with the Python error set.
[[nodiscard]] PyObject* json_keys(PyObject* mapping) noexcept;

/// What `object`, if it is one of as_js_json(), stands for; borrowed, else null.
[[nodiscard]] PyObject* json_viewed(PyObject* object) noexcept;
/// Adds as_js_json() to `module`; false with the Python error set.
[[nodiscard]] bool add_json(PyObject* module) noexcept;

}  // namespace pyjs
