// tape_parts.cpp: see tape_parts.hpp.
#include "tape_parts.hpp"

#include <cstdlib>

#include "encode.hpp"
#include "tape_shapes.hpp"
#include "text_values.h"

namespace pyjs {
namespace {

/// Up to so many characters a loop costs less than a call.
constexpr std::uint32_t kCopyFrom = 16;

}  // namespace

TapeParts::~TapeParts() {
    while (more()) {
        pass_word();
    }
    end();
}

PyObject* TapeParts::text(std::uint32_t length) {
    const char* start = text_;
    text_ += ascii_ ? length : 2 * length;
    if (!ascii_) {
        return decode_utf16(reinterpret_cast<const char16_t*>(start), length);
    }
    PyObject* text = pyjs_new_ascii(length);
    if (text == nullptr) {
        return nullptr;
    }
    char* characters = static_cast<char*>(PyUnicode_DATA(text));
    if (length > kCopyFrom) {
        std::memcpy(characters, start, length);
        return text;
    }
    for (std::uint32_t i = 0; i < length; ++i) {
        characters[i] = start[i];
    }
    return text;
}

void TapeParts::end() {
    std::free(const_cast<std::uint32_t*>(base_));
    std::free(const_cast<void*>(texts_));
}

void TapeParts::skip(Tape kind, std::uint32_t number) {
    switch (kind) {
        case Tape::More:
            follow();
            break;
        case Tape::Ints:
            at_ += number;
            break;
        case Tape::Numbers:
            align();
            at_ += 2 * number;
            break;
        case Tape::Date:
            align();
            at_ += 2;
            break;
        case Tape::Slot:
        case Tape::Register:
        case Tape::Convert:
            discard(slot());
            break;
        case Tape::Buffer:
            Py_DECREF(reinterpret_cast<PyObject*>(next()));
            break;
        case Tape::List:
        case Tape::Map:
        case Tape::Set:
            next();
            break;
        case Tape::Keys:
            if (next() != kNotKept) {
                count_shape_failure();
            }
            at_ += number;
            break;
        case Tape::Resume:
            at_ += 2;
            break;
        default:
            break;
    }
}

}  // namespace pyjs
