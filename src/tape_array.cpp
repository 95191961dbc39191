// tape_array.cpp: the numbers of a tape as the elements of an array.array.
#include "tape_array.hpp"

#include <emscripten/em_macros.h>

#include <cstring>
#include <string>

#include "encode.hpp"
#include "tape.hpp"

namespace pyjs {
namespace {

constexpr std::uint32_t kSlotWords = sizeof(Slot) / sizeof(std::uint32_t);

/// Goes on with the part of the tape that the word More tells.
void follow(TapeSpan& span) {
    span.align();
    const Slot words = slot_at(span.at);
    span.base = span.at = static_cast<const std::uint32_t*>(words.data);
    span.end = span.base + words.aux;
}

bool has_64_bits(Typed code) { return code == 'q' || code == 'Q'; }

/// Without giving up what the slot owns.
PyObject* int_of(const Slot& slot) {
    if (slot.kind() == Tag::Int64) {
        return PyLong_FromLongLong(slot.int64);
    }
    const std::string digits(static_cast<const char*>(slot.data), slot.aux);
    return PyLong_FromString(digits.c_str(), nullptr, 16);
}

template <class T>
bool fit_slot(const Slot& slot, T& out) {
    if (slot.kind() == Tag::Int64) {
        return fit(static_cast<long long>(slot.int64), out);
    }
    PyObject* integer = int_of(slot);
    const bool fits = integer != nullptr && fit_int(integer, out);
    Py_XDECREF(integer);
    return fits;
}

/// Calls `act` for each number, a double or the slot of a bigint, until it says no.
template <class OnDouble, class OnSlot>
void each(TapeSpan span, std::uint32_t count, OnDouble on_double, OnSlot on_slot) {
    while (count > 0) {
        const std::uint32_t word = *span.at++;
        if (tape_kind(word) == Tape::More) {
            follow(span);
            continue;
        }
        span.align();
        if (tape_kind(word) == Tape::Slot) {
            if (!on_slot(slot_at(span.at))) {
                return;
            }
            span.at += kSlotWords;
            --count;
            continue;
        }
        for (std::uint32_t left = word >> kTapeKind; left > 0; --left, --count, span.at += 2) {
            if (!on_double(double_at(span.at))) {
                return;
            }
        }
    }
}

/// `array.array`, borrowed.
PyObject* array_class() {
    static PyObject* type = nullptr;
    if (type == nullptr) {
        PyObject* module = PyImport_ImportModule("array");
        type = module == nullptr ? nullptr : PyObject_GetAttrString(module, "array");
        Py_XDECREF(module);
    }
    return type;
}

/// An array of zeros, made in one piece.
PyObject* new_array(Typed code, std::uint32_t count) {
    PyObject* type = array_class();
    PyObject* one = type == nullptr ? nullptr : PyObject_CallFunction(type, "C(i)", code, 0);
    PyObject* array = one == nullptr ? nullptr : PySequence_Repeat(one, count);
    Py_XDECREF(one);
    return array;
}

/// The memory of an array while it is written.
class Elements {
public:
    explicit Elements(PyObject* array)
        : exists_(array != nullptr && PyObject_GetBuffer(array, &view_, PyBUF_WRITABLE) == 0),
          next_(exists_ ? static_cast<char*>(view_.buf) : nullptr) {}
    Elements(const Elements&) = delete;
    Elements& operator=(const Elements&) = delete;
    ~Elements() {
        if (exists_) {
            PyBuffer_Release(&view_);
        }
    }

    [[nodiscard]] bool exist() const { return exists_; }
    template <class T>
    bool push(T element) {
        std::memcpy(next_, &element, sizeof element);
        next_ += sizeof element;
        return true;
    }
    /// How many bytes were pushed.
    [[nodiscard]] std::size_t size() const {
        return static_cast<std::size_t>(next_ - static_cast<char*>(view_.buf));
    }

private:
    Py_buffer view_{};
    bool exists_;
    char* next_;
};

/// Whether each is an int32 for every purpose: -0 is none.
bool all_int32(TapeSpan span, std::uint32_t count) {
    bool all = true;
    each(
        span, count,
        [&all](double number) {
            std::int32_t element = 0;
            return all = fit(number, element) && (element != 0 || !std::signbit(number));
        },
        [&all](const Slot&) { return all = false; });
    return all;
}

/// False with the error set, or with `value` set to the number at `misfit`.
template <class T>
bool write(TapeSpan span, std::uint32_t count, PyObject* array, std::uint32_t& misfit,
           PyObject** value) {
    Elements elements(array);
    if (!elements.exist()) {
        return false;
    }
    each(
        span, count,
        [&](double number) {
            T element{};
            if (fit(number, element)) {
                return elements.push(element);
            }
            *value = decode_number(number);
            return false;
        },
        [&](const Slot& slot) {
            T element{};
            if (fit_slot(slot, element)) {
                return elements.push(element);
            }
            *value = int_of(slot);
            return false;
        });
    misfit = static_cast<std::uint32_t>(elements.size() / sizeof(T));
    return misfit == count;
}

}  // namespace

bool skip_numbers(TapeSpan& span, std::uint32_t count, Typed code) noexcept {
    if (count == 0) {
        return false;
    }
    while (count > 0 && span.at < span.end) {
        const std::uint32_t word = *span.at++;
        if (tape_kind(word) == Tape::More) {
            follow(span);
            continue;
        }
        span.align();
        if (tape_kind(word) == Tape::Numbers) {
            span.at += 2 * (word >> kTapeKind);
            count -= word >> kTapeKind;
        } else if (tape_kind(word) == Tape::Slot && has_64_bits(code)) {
            const Tag tag = slot_at(span.at).kind();
            if (tag != Tag::Int64 && tag != Tag::BigHex) {
                return false;
            }
            span.at += kSlotWords;
            --count;
        } else {
            return false;
        }
    }
    return count == 0;
}

PyObject* read_array(TapeSpan span, std::uint32_t count, Typed code, std::uint32_t& misfit,
                     PyObject** value) noexcept {
    if (code == kTypedAuto) {
        code = all_int32(span, count) ? 'i' : 'd';
    }
    PyObject* array = new_array(code, count);
    const bool done = with_element(
        code, [&](auto zero) { return write<decltype(zero)>(span, count, array, misfit, value); });
    if (!done) {
        Py_CLEAR(array);
    }
    return array;
}

}  // namespace pyjs

extern "C" {

/// A new array.array of `count` doubles in slots[0]; 0 when memory is full.
EMSCRIPTEN_KEEPALIVE std::uint32_t pyjs_py_doubles(std::uint32_t count, pyjs::Slot* slots) {
    PyObject* array =
        count > PY_SSIZE_T_MAX / sizeof(double) ? nullptr : pyjs::new_array('d', count);
    PyErr_Clear();
    slots[0].object = array;
    return array == nullptr ? 0 : 1;
}

/// Where they are, until the array is resized; null when there are not so many.
EMSCRIPTEN_KEEPALIVE void* pyjs_py_doubles_at(PyObject* array, std::uint32_t count) {
    Py_buffer view;
    if (PyObject_GetBuffer(array, &view, PyBUF_WRITABLE) < 0) {
        PyErr_Clear();
        return nullptr;
    }
    void* const start =
        static_cast<std::size_t>(view.len) == count * sizeof(double) ? view.buf : nullptr;
    PyBuffer_Release(&view);
    return start;
}

}  // extern "C"
