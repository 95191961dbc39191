// deep_to_py.hpp: builds Python objects from a tape that JavaScript wrote in one crossing.
#pragma once

#include <Python.h>

#include "slot.hpp"

namespace pyjs {

/// Builds the value of the tape in slots[0], whose texts lie in slots[1]; frees
/// both and takes over the handles in it. New reference, or null with the
/// Python error set.
[[nodiscard]] PyObject* decode_tape(const Slot* slots) noexcept;

}  // namespace pyjs
