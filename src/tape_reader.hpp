// tape_reader.hpp: builds Python objects from tapes that JavaScript wrote; iterative.
#pragma once

#include <Python.h>

#include <string>
#include <vector>

#include "slot.hpp"
#include "tape.hpp"
#include "tape_array.hpp"
#include "tape_shapes.hpp"

namespace pyjs {

class TapeParts;

/// What JavaScript's values become where there is more than one way.
struct Reading {
    bool null_is_none = false;
    bool floats = false;     // every number becomes a float, and every bigint an int
    Typed typed = kUntyped;  // Arrays of nothing but numbers become array.array
};

/// Reads one structure from one tape or more. A tape is three slots: the words, the texts, and
/// a number that tells what to do beside reading (`Feed`).
class TapeReader {
public:
    /// `many`: Python code runs between tapes, and may see lists that are not complete; a tape may
    /// tell that it runs meanwhile.
    explicit TapeReader(bool many, Reading how = {});
    TapeReader(const TapeReader&) = delete;
    TapeReader& operator=(const TapeReader&) = delete;
    ~TapeReader();

    /// Takes over all that the slots own. The value of the root that ends, or None; null with
    /// the Python error set. Throws std::bad_alloc.
    [[nodiscard]] PyObject* feed(const Slot* slots, Feed also);

    /// Where the value is that is read, as in "$.users[3].when".
    [[nodiscard]] std::string path() const;

    /// The living reader at `address`, or null.
    [[nodiscard]] static TapeReader* at(std::uint32_t address) noexcept;
    /// Whether any lives: the tape of its conversion is being written or read.
    [[nodiscard]] static bool is_reading() noexcept { return innermost_ != nullptr; }

private:
    struct Frame {
        Tape kind;  // kRoot for a root
        PyObject* target;
        std::uint32_t done;
        std::uint32_t count;
        PyObject* key;
        bool has_key;  // the key waits for its value
        Shape* shape;  // of a record
        // Where members go by their order, each so many places behind the one before; null where
        // they go another way.
        PyObject** places;
        std::uint32_t step;
    };

    void begin();
    void resume(std::uint32_t containers, std::uint32_t shapes);
    [[nodiscard]] PyObject* end();
    /// The target of the innermost frame, which goes.
    [[nodiscard]] PyObject* take();
    void pop();
    [[nodiscard]] bool run(TapeParts& tape);
    [[nodiscard]] bool step(TapeParts& tape);
    // tape_places.cpp
    /// Reads into containers whose members have places, up to a word that is for step().
    [[nodiscard]] bool fill(TapeParts& tape);
    [[nodiscard]] bool fill(TapeParts& tape, Frame& frame);
    [[nodiscard]] Py_ssize_t fill_numbers(TapeParts& tape, PyObject** places);
    /// Numbers for containers whose members have none.
    [[nodiscard]] bool numbers(TapeParts& tape, Tape kind, std::uint32_t count);
    [[nodiscard]] bool learn(TapeParts& tape, std::uint32_t count);
    [[nodiscard]] bool recall(std::uint32_t place);
    [[nodiscard]] PyObject* read(TapeParts& tape, Tape kind, std::uint32_t number);
    [[nodiscard]] PyObject* text(TapeParts& tape, std::uint32_t number);
    /// The text that was kept at this place.
    [[nodiscard]] PyObject* again(std::uint32_t place) const;
    [[nodiscard]] PyObject* buffer(TapeParts& tape, std::uint32_t number);
    // tape_registry.cpp
    [[nodiscard]] PyObject* date(double milliseconds);
    [[nodiscard]] PyObject* convert(const Slot& argument, std::uint32_t number);
    [[nodiscard]] PyObject* value(const Slot& slot) const;
    /// Reads a list as an array; false without an error when it is no table.
    [[nodiscard]] bool table(TapeParts& tape, std::uint32_t count);
    [[nodiscard]] PyObject* make(Tape kind, std::uint32_t count, Shape* shape) const;
    [[nodiscard]] bool open(Tape kind, std::uint32_t count, Shape* shape);
    /// Puts a new reference into the innermost container, and leaves all that are complete.
    [[nodiscard]] bool deliver(PyObject* value);
    [[nodiscard]] bool put(PyObject* value);
    [[nodiscard]] bool put_member(Frame& frame, PyObject* value);
    [[nodiscard]] bool put_pair(Frame& frame, PyObject* value);
    void leave();
    bool fail(const char* text) const;
    void fail_unhashable(PyObject* value, const char* role) const;
    /// Takes over the reference of `text`, which may be null with the Python error set.
    bool fail_with(PyObject* text, PyObject* cause) const;

    bool many_;
    bool numbered_ = true;
    Reading how_;
    std::vector<Frame> stack_;
    std::vector<PyObject*> containers_;
    std::vector<ShapeRef> shapes_;
    std::vector<PyObject*> texts_;  // those that may come again; none until the first is kept
    TapeReader* outer_;
    static TapeReader* innermost_;
};

}  // namespace pyjs
