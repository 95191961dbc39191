// py_walk.hpp: lists and tuples, as a loop of JavaScript goes through them.
#pragma once

#include <Python.h>

#include <cstdint>

#include "slot.hpp"

namespace pyjs {

/// How many elements cross at once.
constexpr std::uint32_t kMostSteps = 64;

/// What a loop over `iterable` holds: an iterator, or for a list or tuple itself `[it, None]`, and
/// then sets `by_index`. New reference, or null with the Python error set.
[[nodiscard]] PyObject* begin_walk(PyObject* iterable, bool& by_index) noexcept;

/// The elements of a walk by index from slots[0].number on, slots[1].number of them at the most.
/// Writes them from slots[3] on, and into slots[1] and slots[2] what tells whether they still stand
/// there: their number, the address of their addresses, that of the size of the list, and that of
/// its array (both 0 for a tuple). The walk keeps them alive until the next step. Gives the tag
/// Tape; or that of a single element which needs more than a slot; or Missing at the end.
[[nodiscard]] std::uint32_t walk_on(PyObject* walk, Slot* slots) noexcept;

}  // namespace pyjs
