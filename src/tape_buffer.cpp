// tape_buffer.cpp: objects with the buffer protocol on a tape, as rows of one format.
#include <algorithm>
#include <cstring>

#include "buffer_format.hpp"
#include "buffer_layout.hpp"
#include "tape_writer.hpp"

namespace pyjs {
namespace {

/// Copies elements in C order. CPython's own function takes as much memory once more.
void copy_elements(const Py_buffer& view, const char* from, int dimension, char*& to) {
    if (dimension == view.ndim) {
        std::memcpy(to, from, static_cast<std::size_t>(view.itemsize));
        to += view.itemsize;
        return;
    }
    const bool is_indirect = view.suboffsets != nullptr && view.suboffsets[dimension] >= 0;
    for (Py_ssize_t i = 0; i < view.shape[dimension]; ++i, from += view.strides[dimension]) {
        const char* item = from;
        if (is_indirect) {
            std::memcpy(&item, from, sizeof(item));
            item += view.suboffsets[dimension];
        }
        copy_elements(view, item, dimension + 1, to);
    }
}

}  // namespace

bool TapeWriter::open_buffer(PyObject* object, long level) {
    Py_buffer view;
    if (PyObject_GetBuffer(object, &view, PyBUF_FULL_RO) < 0) {
        return fail("the buffer of a %.200s cannot be read", Py_TYPE(object)->tp_name);
    }
    std::int32_t shape[PyBUF_MAX_NDIM];
    std::int32_t strides[PyBUF_MAX_NDIM];
    Extent extent;
    if (const char* why = lay_out(view, shape, strides, extent)) {
        PyBuffer_Release(&view);
        return fail("the buffer of a %.200s %s", Py_TYPE(object)->tp_name, why);
    }
    const char code = element_code(view);
    if (code == 0) {
        const std::string why = std::string("its buffer has format '") + view.format +
                                "', for which JavaScript has no typed array";
        PyBuffer_Release(&view);
        return unknown(object, level, why.c_str());
    }
    views_.push_back(view);
    const char* data = contiguous(views_.back(), is_big_endian(view));
    if (data == nullptr) {
        return false;
    }
    const std::uint32_t shared = share(object);
    if (view.ndim > 1) {
        put(Tape::List, shared);
        words_.push(static_cast<std::uint32_t>(view.shape[0]));
        for (Py_ssize_t i = 0; i < view.shape[0]; ++i) {
            put_rows(views_.back(), code, data, 1);
        }
        return true;
    }
    put(Tape::Buffer, shared | static_cast<std::uint32_t>(code) << 1);
    words_.push(static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(data)));
    words_.push(static_cast<std::uint32_t>(view.len));
    return true;
}

/// The elements in C order and native byte order, where they are or as a copy.
const char* TapeWriter::contiguous(const Py_buffer& view, bool swap) {
    const bool is_contiguous = PyBuffer_IsContiguous(&view, 'C') != 0;
    if (!swap && is_contiguous) {
        return view.len == 0 ? "" : static_cast<const char*>(view.buf);
    }
    PyObject* copy = PyBytes_FromStringAndSize(nullptr, view.len);
    if (copy == nullptr) {
        return nullptr;
    }
    kept_.push_back(copy);
    char* data = PyBytes_AS_STRING(copy);
    if (is_contiguous) {
        std::copy_n(static_cast<const char*>(view.buf), view.len, data);
    } else {
        char* to = data;
        copy_elements(view, static_cast<const char*>(view.buf), 0, to);
    }
    for (char* item = data; swap && item < data + view.len; item += view.itemsize) {
        std::reverse(item, item + view.itemsize);
    }
    return data;
}

void TapeWriter::put_rows(const Py_buffer& view, char code, const char*& data, int dimension) {
    const Py_ssize_t count = view.shape[dimension];
    if (dimension + 1 < view.ndim) {
        put(Tape::List);
        words_.push(static_cast<std::uint32_t>(count));
        for (Py_ssize_t i = 0; i < count; ++i) {
            put_rows(view, code, data, dimension + 1);
        }
        return;
    }
    put(Tape::Buffer, static_cast<std::uint32_t>(code) << 1);
    words_.push(static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(data)));
    words_.push(static_cast<std::uint32_t>(count * view.itemsize));
    data += count * view.itemsize;
}

}  // namespace pyjs
