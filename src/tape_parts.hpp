// tape_parts.hpp: the words and texts of a tape that JavaScript wrote, part after part.
#pragma once

#include <Python.h>

#include <cstdint>
#include <cstring>

#include "slot.hpp"
#include "tape.hpp"
#include "tape_array.hpp"

namespace pyjs {

/// What the word Keys has for a place that keeps none.
constexpr std::uint32_t kNotKept = 0xffffffff;

/// One tape; what was not read is freed at the end.
class TapeParts {
public:
    explicit TapeParts(const Slot* slots) { begin(slots); }
    TapeParts(const TapeParts&) = delete;
    TapeParts& operator=(const TapeParts&) = delete;
    ~TapeParts();

    [[nodiscard]] bool more() const { return at_ < end_; }
    [[nodiscard]] std::uint32_t peek() const { return *at_; }
    std::uint32_t next() { return *at_++; }
    void align() { at_ += (at_ - base_) % 2; }

    [[nodiscard]] TapeSpan span() const { return {base_, at_, end_}; }
    /// Frees what the words up to `to` own, and the parts that they fill.
    void pass(const std::uint32_t* to) {
        while (at_ != to) {
            pass_word();
        }
    }

    /// The next `count` words, which are passed: what fails amid them leaves them behind.
    const std::uint32_t* take(std::uint32_t count) {
        const std::uint32_t* start = at_;
        at_ += count;
        return start;
    }

    Slot slot() {
        align();
        return slot_at(take(sizeof(Slot) / sizeof(*at_)));
    }

    /// Goes on with the next part of the tape.
    void follow() {
        align();
        Slot slots[2];
        std::memcpy(slots, at_, sizeof(slots));
        end();
        begin(slots);
    }

    /// The next text; null with the Python error set.
    [[nodiscard]] PyObject* text(std::uint32_t length);

private:
    void begin(const Slot* slots) {
        base_ = static_cast<const std::uint32_t*>(slots[0].data);
        end_ = base_ + slots[0].aux;
        at_ = base_;
        texts_ = slots[1].data;
        text_ = static_cast<const char*>(texts_);
        ascii_ = slots[1].kind() == Tag::Ascii;
    }

    void end();
    void pass_word() {
        const std::uint32_t word = next();
        skip(tape_kind(word), word >> kTapeKind);
    }

    void skip(Tape kind, std::uint32_t number);

    const std::uint32_t* base_;
    const std::uint32_t* end_;
    const std::uint32_t* at_;
    const void* texts_;
    const char* text_;
    bool ascii_;
};

}  // namespace pyjs
