// py_buffer.hpp: the memory of Python objects with the buffer protocol, lent to JavaScript.
#pragma once

#include <Python.h>

#include <cstdint>

#include "slot.hpp"

namespace pyjs {

/// The words that PyOp::GetBuffer writes from slots[1] on. Mirrored by `BufferWord` in
/// js/core/types.ts. Sizes and offsets are in bytes.
enum class BufferWord : std::uint32_t {
    Export = 0,  // owns the buffer; PyOp::ReleaseBuffer takes it
    Start = 1,   // the lowest address that an element has
    Length = 2,  // from there to the end of the highest element
    Offset = 3,  // of the element [0, ..., 0], from Start
    ItemSize = 4,
    Dimensions = 5,
    Flags = 6,   // BufferFlag bits
    Code = 7,    // the format's only code, or 0: see buffer_format.hpp
    Format = 8,  // its text, valid until the next call
    FormatLength = 9,
    Shape = 10,  // the lengths of all dimensions, then their strides
};

/// Mirrored by `BufferFlag` in js/core/types.ts.
enum class BufferFlag : std::uint32_t {
    ReadOnly = 1 << 0,
    CContiguous = 1 << 1,
    FContiguous = 1 << 2,
    BigEndian = 1 << 3,
};

/// A buffer that is exported while this lives. It never moves: shape and strides may point into it.
struct Export {
    Py_buffer view = {};
    Export() = default;
    ~Export() { PyBuffer_Release(&view); }
    Export(const Export&) = delete;
    Export& operator=(const Export&) = delete;
};

/// Acquires the buffer of `object`, for JavaScript to own until it asks for its release.
[[nodiscard]] std::uint32_t get_buffer(PyObject* object, Slot* slots) noexcept;

/// Lets go of slots[0].data, what get_buffer wrote as Export.
[[nodiscard]] std::uint32_t release_buffer(Slot* slots) noexcept;

}  // namespace pyjs
