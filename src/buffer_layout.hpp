// buffer_layout.hpp: where the elements of Python's buffers are, whatever an exporter says.
#pragma once

#include <Python.h>

#include <cstdint>

namespace pyjs {

/// The bytes that elements have, from view.buf on.
struct Extent {
    std::int64_t low = 0;
    std::int64_t high = 0;
};

/// Whether there is a shape that can be read.
[[nodiscard]] bool has_shape(const Py_buffer& view) noexcept;

/// Whether the elements are behind pointers.
[[nodiscard]] bool is_indirect(const Py_buffer& view) noexcept;

/// Writes shape and strides, which an exporter may leave out, of view.ndim numbers each; what is
/// wrong with them, or nullptr. Elements behind pointers have no extent.
[[nodiscard]] const char* lay_out(const Py_buffer& view, std::int32_t* shape, std::int32_t* strides,
                                  Extent& extent) noexcept;

}  // namespace pyjs
