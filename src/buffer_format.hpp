// buffer_format.hpp: the element formats of Python's buffers (PEP 3118) that JavaScript knows.
#pragma once

#include <Python.h>

namespace pyjs {

/// The code of a format of the struct module with one element, one that JavaScript has a typed
/// array or a list of values for; 0 for any other.
[[nodiscard]] char element_code(const Py_buffer& view) noexcept;

/// Whether the bytes of an element stand in the order that typed arrays do not have.
[[nodiscard]] bool is_big_endian(const Py_buffer& view) noexcept;

/// A memoryview of `bytes`, a reference that is taken, whose elements have the format `code`.
[[nodiscard]] PyObject* cast_view(PyObject* bytes, char code) noexcept;

}  // namespace pyjs
