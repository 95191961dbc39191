// deep_to_py.hpp: JavaScript structures as Python ones, in one crossing.
#pragma once

#include <Python.h>

#include "slot.hpp"

namespace pyjs {

/// What the JavaScript value of `handle` becomes down to `depth`; `converter` may be null.
/// New reference, or null with the Python error set.
[[nodiscard]] PyObject* deep_to_py(Handle handle, long depth, PyObject* converter) noexcept;

/// Reads one of the tapes of a conversion whose converter asks for a part: PyOp::FromTape.
[[nodiscard]] PyObject* feed_tape(const Slot* slots) noexcept;

}  // namespace pyjs
