// tape_places.cpp: see tape_places.hpp. Most of a structure is read here: values that hold no
// others, one after the other.
#include "tape_places.hpp"

#include "encode.hpp"
#include "number_values.h"
#include "tape_parts.hpp"
#include "tape_reader.hpp"
#include "values.hpp"

namespace pyjs {
namespace {

/// The length stands in so many bits, and behind it characters of eight each.
constexpr std::uint32_t kTinyLength = 2;
constexpr std::uint32_t kNotAscii = 0x808080;

/// The last tiny texts, which repeat: what means something is often as short. Never destroyed.
struct KnownText {
    std::uint32_t number;
    PyObject* text;
};
constexpr std::uint32_t kKnownTexts = 1024;
KnownText known_texts[kKnownTexts] = {};

/// Letters and digits differ in five low bits.
KnownText& known_text(std::uint32_t characters) noexcept {
    constexpr std::uint32_t kLow = 0x1f;
    const std::uint32_t first = characters & kLow;
    const std::uint32_t second = (characters >> 8) & kLow;
    return known_texts[((first | second << 5) ^ (characters >> 16) * 37) % kKnownTexts];
}

PyObject* new_tiny_text(std::uint32_t characters, Py_ssize_t length) noexcept {
    PyObject* text = PyUnicode_New(length, 0x7f);
    if (text != nullptr) {
        auto* out = static_cast<Py_UCS1*>(PyUnicode_DATA(text));
        for (Py_ssize_t i = 0; i < length; ++i) {
            out[i] = static_cast<Py_UCS1>(characters >> (8 * i));
        }
    }
    return text;
}

constexpr bool is_number(Tape kind) { return kind == Tape::Ints || kind == Tape::Numbers; }

}  // namespace

PyObject* new_list(Py_ssize_t count) noexcept {
    PyObject* list = PyList_New(0);
    if (list == nullptr || count == 0) {
        return list;
    }
    // Without the zeros that PyList_New() writes first.
    auto* const places = PyMem_New(PyObject*, count);
    if (places == nullptr) {
        Py_DECREF(list);
        return PyErr_NoMemory();
    }
    reinterpret_cast<PyListObject*>(list)->ob_item = places;
    reinterpret_cast<PyListObject*>(list)->allocated = count;
    return list;
}

PyObject* tiny_text(std::uint32_t number) noexcept {
    const std::uint32_t characters = number >> kTinyLength;
    const auto length = static_cast<Py_ssize_t>(number & ((1U << kTinyLength) - 1));
    if (length < 2 || (characters & kNotAscii) != 0) {  // Python has one of each character
        return PyUnicode_FromKindAndData(PyUnicode_1BYTE_KIND, &characters, length);
    }
    KnownText& known = known_text(characters);
    if (known.number == number) {
        return Py_NewRef(known.text);
    }
    PyObject* text = new_tiny_text(characters, length);
    if (text != nullptr) {
        known.number = number;
        Py_XSETREF(known.text, Py_NewRef(text));
    }
    return text;
}

bool TapeReader::fill(TapeParts& tape) {
    while (stack_.back().places != nullptr) {
        Frame& frame = stack_.back();
        if (!fill(tape, frame)) {
            return false;
        }
        if (frame.done < frame.count) {
            return true;
        }
        leave();
    }
    return true;
}

bool TapeReader::fill(TapeParts& tape, Frame& frame) {
    const std::uint32_t step = frame.step;
    PyObject** place = frame.places + std::size_t{frame.done} * step;
    while (frame.done < frame.count && tape.more()) {
        const std::uint32_t word = tape.peek();
        const Tape kind = tape_kind(word);
        if (is_number(kind)) {
            const Py_ssize_t count = word >> kTapeKind;
            const Py_ssize_t done = fill_numbers(tape, place);
            frame.done += static_cast<std::uint32_t>(done);
            if (done < count) {
                return false;
            }
            place += count * step;  // of a record each has a word of its own
            continue;
        }
        PyObject* value = nullptr;
        switch (kind) {
            case Tape::Text:
                tape.next();
                value = text(tape, word >> kTapeKind);
                break;
            case Tape::Again:
                tape.next();
                value = again(word >> kTapeKind);
                break;
            case Tape::Tiny:
                tape.next();
                value = tiny_text(word >> kTapeKind);
                break;
            case Tape::None:
            case Tape::Null:
            case Tape::False:
            case Tape::True:
                tape.next();
                value = read(tape, kind, 0);
                break;
            default:
                return true;
        }
        if (value == nullptr) {
            return false;
        }
        *place = value;
        place += step;
        ++frame.done;
    }
    return true;
}

Py_ssize_t TapeReader::fill_numbers(TapeParts& tape, PyObject** places) {
    const std::uint32_t word = tape.next();
    const std::uint32_t count = word >> kTapeKind;
    if (tape_kind(word) == Tape::Ints) {
        const auto* values = reinterpret_cast<const std::int32_t*>(tape.take(count));
        return pyjs_put_ints(places, values, static_cast<Py_ssize_t>(count));
    }
    tape.align();
    const std::uint32_t* values = tape.take(2 * count);
    return how_.floats ? pyjs_put_floats(places, values, static_cast<Py_ssize_t>(count))
                       : pyjs_put_numbers(places, values, static_cast<Py_ssize_t>(count));
}

bool TapeReader::numbers(TapeParts& tape, Tape kind, std::uint32_t count) {
    const bool ints = kind == Tape::Ints;
    if (!ints) {
        tape.align();
    }
    const std::uint32_t* words = tape.take(ints ? count : 2 * count);
    for (std::uint32_t i = 0; i < count; ++i) {
        PyObject* value = nullptr;
        const Py_ssize_t made =
            ints ? pyjs_put_ints(&value, reinterpret_cast<const std::int32_t*>(words + i), 1)
            : how_.floats ? pyjs_put_floats(&value, words + std::size_t{2} * i, 1)
                          : pyjs_put_numbers(&value, words + std::size_t{2} * i, 1);
        if (made == 0 || !deliver(value)) {
            return false;
        }
    }
    return true;
}

}  // namespace pyjs
