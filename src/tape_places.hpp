// tape_places.hpp: containers whose members go straight to their places while a tape is read.
#pragma once

#include <Python.h>

#include <cstdint>

namespace pyjs {

/// A list with room for `count` elements. It has none until its reader tells how many it put into
/// the places; nothing else may have seen it. Null with the Python error set.
[[nodiscard]] PyObject* new_list(Py_ssize_t count) noexcept;

/// Where the elements of such a list go; null when it has no room.
[[nodiscard]] inline PyObject** list_places(PyObject* list) noexcept {
    return reinterpret_cast<PyListObject*>(list)->ob_item;
}

/// What the word Tiny says with `number`.
[[nodiscard]] PyObject* tiny_text(std::uint32_t number) noexcept;

}  // namespace pyjs
