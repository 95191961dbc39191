// deep_to_py.hpp: JavaScript structures as Python ones, in one crossing.
#pragma once

#include <Python.h>

#include "slot.hpp"

namespace pyjs {

/// Which objects that are no containers become Python's. Mirrored by `Known` in js/core/types.ts.
enum class Known : std::uint32_t {
    Registered = 0,
    AndDates = 1,
    None = 2,
};

/// What the JavaScript value of `handle` becomes down to `depth`; `converter` may be null.
/// New reference, or null with the Python error set.
[[nodiscard]] PyObject* deep_to_py(Handle handle, long depth, PyObject* converter,
                                   Known known) noexcept;

/// Reads one of the tapes of a conversion whose converter asks for a part: PyOp::FromTape.
[[nodiscard]] PyObject* feed_tape(const Slot* slots) noexcept;

}  // namespace pyjs
