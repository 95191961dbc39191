// tape_buffer.cpp: objects with the buffer protocol on a tape, as rows of one format.
#include <algorithm>

#include "buffer_format.hpp"
#include "tape_writer.hpp"

namespace pyjs {

bool TapeWriter::open_buffer(PyObject* object, long level) {
    Py_buffer view;
    if (PyObject_GetBuffer(object, &view, PyBUF_FULL_RO) < 0) {
        return fail("the buffer of a %.200s cannot be read", Py_TYPE(object)->tp_name);
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
    if (!swap && PyBuffer_IsContiguous(&view, 'C') != 0) {
        return view.len == 0 ? "" : static_cast<const char*>(view.buf);
    }
    PyObject* copy = PyBytes_FromStringAndSize(nullptr, view.len);
    if (copy == nullptr) {
        return nullptr;
    }
    kept_.push_back(copy);
    char* data = PyBytes_AS_STRING(copy);
    if (PyBuffer_ToContiguous(data, &view, view.len, 'C') < 0) {
        return nullptr;
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
