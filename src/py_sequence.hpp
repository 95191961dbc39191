// py_sequence.hpp: operations of Array.prototype on mutable sequences of Python.
#pragma once

#include <Python.h>

namespace pyjs {

/// Replaces `count` elements from `start` on by `items`; a list of what was there. New reference,
/// or null with the Python error set.
[[nodiscard]] PyObject* splice(PyObject* sequence, PyObject* start, PyObject* count,
                               PyObject* items) noexcept;

/// Puts the element of each index of `order` where the index stands. None, or null with the
/// Python error set.
[[nodiscard]] PyObject* arrange(PyObject* sequence, PyObject* order) noexcept;

}  // namespace pyjs
