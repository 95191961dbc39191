// deep_to_py.hpp: JavaScript structures as Python ones, in one crossing.
#pragma once

#include <Python.h>

#include "slot.hpp"
#include "tape_reader.hpp"

namespace pyjs {

/// Which objects that are no containers become Python's. Mirrored by `Known` in js/core/types.ts.
enum class Known : std::uint32_t {
    Registered = 0,
    AndDates = 1,
    None = 2,
};

/// What JavaScript does otherwise than it does without options. Mirrored by `Policy` in
/// js/core/types.ts.
enum class Policy : std::uint32_t {
    Doubles = 1 << 1,  // numbers are written as doubles, so that -0 is kept
    Within = 1 << 2,   // another conversion's tape is being written or read
    // Long Arrays of nothing but numbers go beside the tape, as arrays of doubles: all of them, or
    // those that have more than integers of 32 bits.
    Table = 1 << 3,
    AutoTable = 1 << 4,
};

/// The options of `to_py`. The converter is borrowed; null stands for None.
struct DeepToPy {
    long depth = -1;
    PyObject* default_converter = nullptr;
    Known known = Known::Registered;
    Reading how;
};

/// What the JavaScript value of `handle` becomes.
/// New reference, or null with the Python error set.
[[nodiscard]] PyObject* deep_to_py(Handle handle, const DeepToPy& options) noexcept;

/// Reads one of the tapes of a conversion whose converter asks for a part: PyOp::FromTape.
[[nodiscard]] PyObject* feed_tape(const Slot* slots) noexcept;

}  // namespace pyjs
