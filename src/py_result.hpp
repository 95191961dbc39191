// py_result.hpp: how a Python result or error is handed to JavaScript.
#pragma once

#include <cstdint>

#include "slot.hpp"

namespace pyjs {

/// Writes `result` into slots[0] and takes over its reference; null means that
/// the Python error is set. Returns the tag, with Held when JavaScript must
/// drop slots[1].object after reading. The arena behind `slots` has room for
/// kInline bytes.
[[nodiscard]] std::uint32_t give(PyObject* result, Slot* slots) noexcept;

/// Moves the current Python error into slots[0]; sets sys.last_exc.
[[nodiscard]] std::uint32_t fail(Slot* slots) noexcept;

/// Takes over an exception and writes it into slots[0], as an error to throw or to look at.
[[nodiscard]] std::uint32_t give_error(PyObject* exception, Slot* slots) noexcept;

/// Short strings are copied behind the slot, so that JavaScript need not come back.
constexpr std::uint32_t kInline = 512;

}  // namespace pyjs
