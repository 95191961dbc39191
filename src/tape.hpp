// tape.hpp: the words in which a whole structure crosses at once, in either direction.
#pragma once

#include <cstdint>

#include "slot.hpp"

namespace pyjs {

/// What a word of a tape says: the kind stands in its low bits, a number in the bits above.
/// "Aligned" data begin at the next even word. Mirrored by `Tape` in js/core/types.ts.
enum class Tape : std::uint32_t {
    Reference = 0,  // the container of this number
    None = 1,
    Null = 2,
    False = 3,
    True = 4,
    Ints = 5,     // how many 32-bit words follow; more than one only in a list
    Numbers = 6,  // how many doubles follow, aligned; likewise
    // Length; the characters are the next of the narrow text. To Python the bits above kTextLength
    // are the place from 1 on where the text is kept.
    Text = 7,
    Wide = 8,  // length in UTF-16 units; the next of the wide text
    Slot = 9,  // a slot, aligned; to Python, bit 0 tells whether the value gets the next number
    // A dict has a key before every value. Bit 0 tells whether the number above it is the place
    // of a kept one, or its number in this tape.
    Key = 10,
    NewKey = 11,   // a key, as Text
    NewWide = 12,  // a key, as Wide
    NewSlot = 13,  // a key, as Slot
    List = 14,     // a container: bit 0 tells whether it gets the next number, then a count
    Dict = 15,     // its keys are texts
    Keyed = 16,    // its keys are values, which become texts
    Map = 17,
    Entries = 18,  // the converter of dicts gets its pairs
    Set = 19,
    Buffer = 20,    // bit 0 as above, the format's character above it; then address and length, or
                    // a bytearray
    Register = 21,  // a slot, aligned: a value that gets the next number
    Keys = 22,      // count; the place that keeps them or -1, and lengths of texts: the next shape
    Record = 23,    // a dict: the number of the shape that its values have
    Resume = 24,    // after a failure; how many containers, then how many shapes have numbers
    Date = 25,      // bit 0 as above; its milliseconds as a double, aligned
    // A slot, aligned. To Python: what the converter of this number gets; the result has the next
    // number. To JavaScript: a text; bit 0 as above, bit 1 tells the href of a URL from a RegExp,
    // "flags/source".
    Convert = 26,
    Tiny = 27,   // a text of up to three Latin-1 characters: how many, then each in eight bits
    Again = 28,  // the text that was kept at this place
    Shape = 29,  // the place of a kept shape, which is the next shape
    More = 30,   // aligned slots of the words and the text that follow these
    Keep = 31,   // the last key is kept at this place from now on
};

constexpr std::uint32_t kTapeKind = 5;
constexpr std::uint32_t kTextLength = 13;
/// js/core/recent.ts has the same.
constexpr std::uint32_t kTextPlaces = 256;
constexpr std::uint32_t kTapeMost = (1U << (32 - kTapeKind)) - 1;

[[nodiscard]] constexpr std::uint32_t tape_word(Tape kind, std::uint32_t number = 0) noexcept {
    return static_cast<std::uint32_t>(kind) | number << kTapeKind;
}

[[nodiscard]] constexpr Tape tape_kind(std::uint32_t word) noexcept {
    return static_cast<Tape>(word & ((1U << kTapeKind) - 1));
}

/// What a reader does beside reading. Mirrored by `Feed` in js/core/types.ts.
enum class Feed : std::uint32_t {
    None = 0,
    Begin = 1,       // a root comes first
    End = 2,         // it is complete: its value is the result
    Drop = 4,        // it will not be complete
    Tree = 8,        // no container is referred to
    Code = 16,       // converters run while it is read, and may look at what there is
    NoProxies = 32,  // what a converter of dicts gives is no PyProxy
};

[[nodiscard]] constexpr Feed operator|(Feed a, Feed b) noexcept {
    return static_cast<Feed>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}

}  // namespace pyjs
