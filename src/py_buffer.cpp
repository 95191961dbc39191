// py_buffer.cpp: the memory of Python objects with the buffer protocol, lent to JavaScript.
#include "py_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

#include "buffer_format.hpp"
#include "buffer_layout.hpp"
#include "py_result.hpp"

namespace pyjs {
namespace {

constexpr std::uint32_t kUndefined = static_cast<std::uint32_t>(Tag::Undefined);

bool refuse(const char* type, const char* why) {
    PyErr_Format(PyExc_BufferError, "getBuffer: the buffer of a %.200s %s", type, why);
    return false;
}

std::uint32_t flags_of(const Py_buffer& view) {
    const auto flag = [](BufferFlag bit, bool present) {
        return present ? static_cast<std::uint32_t>(bit) : 0;
    };
    return flag(BufferFlag::ReadOnly, view.readonly != 0) |
           flag(BufferFlag::CContiguous, PyBuffer_IsContiguous(&view, 'C') != 0) |
           flag(BufferFlag::FContiguous, PyBuffer_IsContiguous(&view, 'F') != 0) |
           flag(BufferFlag::BigEndian, is_big_endian(view));
}

/// Writes all words but Export; false with the Python error set.
bool describe(const Py_buffer& view, const char* type, std::uint32_t* words) {
    if (has_shape(view) && is_indirect(view)) {
        return refuse(type,
                      "is not one block of memory (it has suboffsets): copy it first, e.g. with "
                      "bytes()");
    }
    const auto put = [words](BufferWord word, std::uint32_t value) {
        words[static_cast<std::uint32_t>(word)] = value;
    };
    auto* shape =
        reinterpret_cast<std::int32_t*>(words) + static_cast<std::uint32_t>(BufferWord::Shape);
    Extent extent;
    if (const char* why = lay_out(view, shape, shape + view.ndim, extent)) {
        return refuse(type, why);
    }
    const char* format = view.format == nullptr ? "B" : view.format;
    const auto start = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(view.buf));
    // Nothing has no address: some exporters give one that no typed array may begin at.
    put(BufferWord::Start, view.len == 0 ? 0 : start + static_cast<std::uint32_t>(extent.low));
    put(BufferWord::Length, static_cast<std::uint32_t>(extent.high - extent.low));
    put(BufferWord::Offset, static_cast<std::uint32_t>(-extent.low));
    put(BufferWord::ItemSize, static_cast<std::uint32_t>(view.itemsize));
    put(BufferWord::Dimensions, static_cast<std::uint32_t>(view.ndim));
    put(BufferWord::Flags, flags_of(view));
    put(BufferWord::Code, static_cast<unsigned char>(element_code(view)));
    put(BufferWord::Format, static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(format)));
    put(BufferWord::FormatLength, static_cast<std::uint32_t>(std::strlen(format)));
    return true;
}

}  // namespace

std::uint32_t get_buffer(PyObject* object, Slot* slots) noexcept {
    std::unique_ptr<Export> exported(new (std::nothrow) Export);
    if (exported == nullptr) {
        PyErr_NoMemory();
        return fail(slots);
    }
    auto* words = reinterpret_cast<std::uint32_t*>(slots + 1);
    if (PyObject_GetBuffer(object, &exported->view, PyBUF_FULL_RO) < 0) {
        return fail(slots);
    }
    if (!describe(exported->view, Py_TYPE(object)->tp_name, words)) {
        PyObject* error = PyErr_GetRaisedException();
        exported.reset();  // may run Python code
        PyErr_SetRaisedException(error);
        return fail(slots);
    }
    words[static_cast<std::uint32_t>(BufferWord::Export)] =
        static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(exported.release()));
    return kUndefined;
}

std::uint32_t release_buffer(Slot* slots) noexcept {
    // An exporter's code that runs here must not see or clear an exception that is pending.
    PyObject* pending = PyErr_GetRaisedException();
    delete static_cast<Export*>(const_cast<void*>(slots[0].data));
    PyErr_SetRaisedException(pending);
    return kUndefined;
}

}  // namespace pyjs
