// encode.hpp: one value between a Python object and a slot, in either direction.
#pragma once

#include <Python.h>

#include <utility>

#include "slot.hpp"

namespace pyjs {

/// Keeps temporary Python objects alive while slots point into them.
class Scratch {
public:
    Scratch() = default;
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() {
        Py_XDECREF(first_);
        Py_XDECREF(rest_);
    }

    /// Takes over one reference. False with the Python error set when full memory stops it.
    [[nodiscard]] bool keep(PyObject* object) noexcept;
    [[nodiscard]] bool is_empty() const noexcept { return first_ == nullptr; }
    /// Hands the single kept object to the caller; null when there is none.
    [[nodiscard]] PyObject* release() noexcept { return std::exchange(first_, nullptr); }

private:
    PyObject* first_ = nullptr;
    PyObject* rest_ = nullptr;
};

/// Python to slot. Lends: the slot points into `object` or into `scratch`, so
/// both outlive the crossing. False with the Python error set.
[[nodiscard]] bool encode(PyObject* object, Slot& slot, Scratch& scratch) noexcept;

/// Encodes an int as a bigint, however small it is.
[[nodiscard]] bool encode_bigint(PyObject* integer, Slot& slot, Scratch& scratch) noexcept;

/// Encodes an attribute name, through the cache of names both sides share.
[[nodiscard]] bool encode_name(PyObject* name, Slot& slot, Scratch& scratch) noexcept;

/// Encodes a str; the only part of `encode` that needs more than the slot.
[[nodiscard]] bool encode_str(PyObject* text, Slot& slot, Scratch& scratch) noexcept;

/// Slot to Python. Takes over what the slot owns (handle, malloc'ed data).
/// Returns a new reference, or null with the Python error set.
[[nodiscard]] PyObject* decode(const Slot& slot) noexcept;

/// The slot of an attribute name, through the cache of names that JavaScript keeps too.
[[nodiscard]] PyObject* decode_name(const Slot& slot) noexcept;

/// A safe integer becomes an int, any other number a float.
[[nodiscard]] PyObject* decode_number(double value) noexcept;

/// UTF-16 code units as a str; a lone surrogate stays the code point it is.
[[nodiscard]] PyObject* decode_utf16(const char16_t* units, std::uint32_t length) noexcept;

/// Drops what an undecoded slot owns.
void discard(const Slot& slot) noexcept;

}  // namespace pyjs
