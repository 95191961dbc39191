// buffer_layout.cpp: where the elements of Python's buffers are, whatever an exporter says.
#include "buffer_layout.hpp"

#include <algorithm>

namespace pyjs {
namespace {

constexpr std::int64_t kPage = 65536;
constexpr std::int64_t kTooLarge = std::int64_t{1} << 31;

/// False when the shape contradicts the size.
bool measure(const Py_buffer& view, std::int32_t* shape, std::int32_t* strides) {
    std::int64_t size = view.itemsize;
    for (int i = view.ndim - 1; i >= 0; --i) {
        if (view.shape[i] < 0) {
            return false;
        }
        shape[i] = static_cast<std::int32_t>(view.shape[i]);
        strides[i] = static_cast<std::int32_t>(view.strides != nullptr ? view.strides[i] : size);
        size = std::min(size * shape[i], kTooLarge);
    }
    return view.len == size;
}

/// False when the elements reach beyond the memory.
bool reach(const Py_buffer& view, const std::int32_t* shape, const std::int32_t* strides,
           Extent& extent) {
    const auto start = static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(view.buf));
    const auto end = static_cast<std::int64_t>(__builtin_wasm_memory_size(0)) * kPage;
    extent = {0, view.itemsize};
    for (int i = 0; i < view.ndim; ++i) {
        const std::int64_t last = (shape[i] - std::int64_t{1}) * strides[i];
        (last < 0 ? extent.low : extent.high) += last;
        if (start + extent.low < 0 || start + extent.high > end) {
            return false;
        }
    }
    return start + extent.high <= end;
}

}  // namespace

bool has_shape(const Py_buffer& view) noexcept {
    return view.ndim >= 0 && view.ndim <= PyBUF_MAX_NDIM && view.itemsize >= 0 &&
           (view.ndim == 0 || view.shape != nullptr);
}

bool is_indirect(const Py_buffer& view) noexcept {
    return view.suboffsets != nullptr && std::any_of(view.suboffsets, view.suboffsets + view.ndim,
                                                     [](Py_ssize_t offset) { return offset >= 0; });
}

const char* lay_out(const Py_buffer& view, std::int32_t* shape, std::int32_t* strides,
                    Extent& extent) noexcept {
    if (!has_shape(view)) {
        return "has no shape that can be read";
    }
    if (!measure(view, shape, strides)) {
        return "contradicts itself: its shape does not make its size in bytes";
    }
    if (view.len != 0 && !is_indirect(view) && !reach(view, shape, strides, extent)) {
        return "has elements outside of the memory";
    }
    return nullptr;
}

}  // namespace pyjs
