// tape_array.cpp: the numbers of a tape as the elements of an array.array.
#include "tape_array.hpp"

#include <cstring>
#include <string>

#include "encode.hpp"
#include "tape.hpp"

namespace pyjs {
namespace {

constexpr std::uint32_t kSlotWords = sizeof(Slot) / sizeof(std::uint32_t);

void align(TapeSpan& span) { span.at += (span.at - span.base) % 2; }

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
        align(span);
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

/// Takes over `bytes`.
PyObject* array_of(Typed code, PyObject* bytes) {
    PyObject* type = array_class();
    PyObject* array = type == nullptr ? nullptr : PyObject_CallFunction(type, "CO", code, bytes);
    Py_DECREF(bytes);
    return array;
}

/// Null without an error when a number is no int32 for every purpose: -0 is none.
PyObject* int32s(TapeSpan span, std::uint32_t count) {
    PyObject* bytes = new_elements(count, sizeof(std::int32_t));
    if (bytes == nullptr) {
        return nullptr;
    }
    char* out = PyBytes_AS_STRING(bytes);
    bool all = true;
    each(
        span, count,
        [&](double number) {
            std::int32_t element = 0;
            all = fit(number, element) && (element != 0 || !std::signbit(number));
            std::memcpy(out, &element, sizeof element);
            out += sizeof element;
            return all;
        },
        [&all](const Slot&) { return all = false; });
    if (!all) {
        Py_CLEAR(bytes);
    }
    return bytes;
}

template <class T>
PyObject* elements(TapeSpan span, std::uint32_t count, std::uint32_t& misfit, PyObject** value) {
    PyObject* bytes = new_elements(count, sizeof(T));
    if (bytes == nullptr) {
        return nullptr;
    }
    char* out = PyBytes_AS_STRING(bytes);
    const auto push = [&out](T element) {
        std::memcpy(out, &element, sizeof element);
        out += sizeof element;
        return true;
    };
    each(
        span, count,
        [&](double number) {
            T element{};
            if (fit(number, element)) {
                return push(element);
            }
            *value = decode_number(number);
            return false;
        },
        [&](const Slot& slot) {
            T element{};
            if (fit_slot(slot, element)) {
                return push(element);
            }
            *value = int_of(slot);
            return false;
        });
    misfit = static_cast<std::uint32_t>((out - PyBytes_AS_STRING(bytes)) / sizeof(T));
    if (misfit == count) {
        return bytes;
    }
    Py_DECREF(bytes);
    return nullptr;
}

}  // namespace

bool skip_numbers(TapeSpan& span, std::uint32_t count, Typed code) noexcept {
    if (count == 0) {
        return false;
    }
    while (count > 0 && span.at < span.end) {
        const std::uint32_t word = *span.at++;
        align(span);
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
        PyObject* bytes = int32s(span, count);
        if (bytes != nullptr || PyErr_Occurred() != nullptr) {
            return bytes == nullptr ? nullptr : array_of('i', bytes);
        }
        code = 'd';
    }
    PyObject* bytes = with_element(
        code, [&](auto zero) { return elements<decltype(zero)>(span, count, misfit, value); });
    return bytes == nullptr ? nullptr : array_of(code, bytes);
}

}  // namespace pyjs
