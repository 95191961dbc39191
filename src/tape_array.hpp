// tape_array.hpp: lists of nothing but numbers on a tape, as array.array objects.
#pragma once

#include <Python.h>

#include <cstdint>
#include <cstring>

#include "slot.hpp"
#include "typed.hpp"

namespace pyjs {

/// What follows the word of a list on a tape, as far as the tape goes.
struct TapeSpan {
    const std::uint32_t* base;  // of the part of the tape: "aligned" is seen from here
    const std::uint32_t* at;
    const std::uint32_t* end;

    void align() noexcept { at += (at - base) % 2; }
};

[[nodiscard]] inline double double_at(const std::uint32_t* at) noexcept {
    double value = 0;
    std::memcpy(&value, at, sizeof value);
    return value;
}

[[nodiscard]] inline Slot slot_at(const std::uint32_t* at) noexcept {
    Slot slot;
    std::memcpy(&slot, at, sizeof slot);
    return slot;
}

/// Moves `span.at` behind a list of `count` elements, when all are numbers that a table of `code`
/// can have: bigints only where elements have 64 bits.
[[nodiscard]] bool skip_numbers(TapeSpan& span, std::uint32_t count, Typed code) noexcept;

/// A new array.array of `count` numbers, which skip_numbers() has seen. Reads only: the tape keeps
/// what its slots own. `misfit` is set to the first that does not fit. Null with the error set, or
/// with `value` set to the misfit.
[[nodiscard]] PyObject* read_array(TapeSpan span, std::uint32_t count, Typed code,
                                   std::uint32_t& misfit, PyObject** value) noexcept;

}  // namespace pyjs
