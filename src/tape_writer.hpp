// tape_writer.hpp: writes Python objects as a tape; iterative, so that nesting is bounded by
// memory alone.
#pragma once

#include <pybind11/pybind11.h>

#include <cstddef>
#include <string>
#include <vector>

#include "encode.hpp"
#include "growing.hpp"
#include "registry.hpp"
#include "tape.hpp"
#include "typed.hpp"

namespace pyjs {

/// Which container of JavaScript a dict becomes.
enum class Dicts { Object, Map, Converted };

/// What numbers become.
struct Numeric {
    bool bigints = false;    // every int becomes a bigint
    Typed typed = kUntyped;  // lists of nothing but numbers become typed arrays
};

/// The numbers of containers, by identity; keeps them alive.
class Numbers {
public:
    Numbers() = default;
    Numbers(const Numbers&) = delete;
    Numbers& operator=(const Numbers&) = delete;
    ~Numbers();

    /// The number of `object`, or kNone.
    [[nodiscard]] std::uint32_t find(PyObject* object) const noexcept;
    void add(PyObject* object, std::uint32_t number);
    /// Forgets the objects with `number` and those after it.
    void forget_from(std::uint32_t number) noexcept;

    static constexpr std::uint32_t kNone = 0xffffffff;

private:
    struct Entry {
        PyObject* object = nullptr;
        std::uint32_t number = 0;
    };
    [[nodiscard]] std::size_t place(PyObject* object) const noexcept;

    std::vector<Entry> entries_;
    std::size_t used_ = 0;
};

/// Member functions that return bool leave the Python error set when it is false. They throw
/// std::bad_alloc, and nothing else.
class TapeWriter {
public:
    /// `operation` is what errors name.
    TapeWriter(Dicts dicts, long depth, bool proxies, Numeric numeric, bool dates,
               const char* operation = "to_js");
    TapeWriter(const TapeWriter&) = delete;
    TapeWriter& operator=(const TapeWriter&) = delete;
    virtual ~TapeWriter();

protected:
    /// Writes `root` and all that is in it.
    [[nodiscard]] bool write(PyObject* root, long level);
    /// The same, but when memory runs out the error tells where.
    [[nodiscard]] bool write_placed(PyObject* root, long level);
    /// Writes `object` as PEP 818's implicit conversion makes it; a PyProxy of it when there is
    /// no other, and proxies may be made.
    [[nodiscard]] bool leaf(PyObject* object);
    /// Opens `object` when it is a container, or asks `unknown`.
    [[nodiscard]] bool ordinary(PyObject* object, long level);
    /// Whether what `object` becomes is known already.
    [[nodiscard]] bool is_known(PyObject* object) const noexcept {
        return numbers_.find(object) != Numbers::kNone;
    }
    /// Whether `depth` ends before containers of this level.
    [[nodiscard]] bool is_too_deep(long level) const noexcept {
        return depth_ >= 0 && level >= depth_;
    }
    /// Opens a dict whose keys are strings, whatever other dicts become.
    [[nodiscard]] bool open_object(PyObject* dict, long level);
    /// `object` is converted to `value` from now on.
    [[nodiscard]] bool record(PyObject* object, PyObject* value);
    /// Code of a program's runs, which may change what is being written.
    void note_code() { ++codes_; }
    /// What is written next does not stand for what a registered converter replaced.
    void forget_original() { original_ = nullptr; }

    /// Called for all that implicit conversion does not make a JavaScript value.
    [[nodiscard]] virtual bool meet(PyObject* object, long level) = 0;
    /// Called for what has no conversion; `why` is null, or what is wrong with it.
    [[nodiscard]] virtual bool unknown(PyObject* object, long level, const char* why) = 0;
    /// Called for the current error, which a converter raised.
    virtual void note() = 0;

    /// Where the value is that the writer writes: "$.users[3].when".
    [[nodiscard]] std::string path() const { return path(stack_.size()); }
    /// Sets a ConversionError that names the path, and has the current error as its cause;
    /// `format` is PyUnicode_FromFormat's. Returns false.
    template <class... Arguments>
    bool fail(const char* format, Arguments... arguments) const {
        return fail_at(stack_.size(), format, arguments...);
    }

    /// How far the writer is.
    struct Mark {
        std::size_t frames;
        std::uint32_t number;
    };
    [[nodiscard]] Mark mark() const { return {stack_.size(), next_number_}; }
    /// Leaves the containers that were opened since, which nothing can refer to any more, and
    /// forgets what is not handed over.
    void unwind(const Mark& mark);

    /// Points three slots to what was written since `clear`: words, narrow and wide text.
    void point(Slot* slots) const;
    /// JavaScript has read what was written since `clear`.
    void keep_keys();
    void clear();

private:
    struct Frame {
        PyObject* container;
        PyObject* items;  // the pairs of a dict of a class of its own; the iterator of a set
        Tape kind;
        Py_ssize_t next = 0;
        Py_ssize_t done = 0;
        Py_ssize_t count;
        long level;
        PyObject* key = nullptr;   // of the value that is being written, for the path
        std::uint32_t made;        // how many of it and those around it converters made
        std::uint32_t begun;       // how often code had run
        std::uint32_t seen;        // the same when it was last known not to have changed
        Py_ssize_t place = 0;      // where the last key stood in a dict
        PyObject* last = nullptr;  // its address
    };

    /// A key that JavaScript keeps at `place` from this tape on.
    struct Kept {
        std::uint32_t place;
        PyObject* key;
    };

    void put(Tape kind, std::size_t number = 0) {
        words_.push(tape_word(kind, static_cast<std::uint32_t>(number)));
    }
    void align();
    void put_number(double value);
    void put_slot(Tape kind, const Slot& slot, std::size_t number = 0);
    [[nodiscard]] bool put_object(Tape kind, PyObject* object, std::size_t number = 0);

    [[nodiscard]] bool step();
    [[nodiscard]] bool step_list();
    [[nodiscard]] bool step_dict();
    [[nodiscard]] bool step_set();
    [[nodiscard]] bool next_pair(Frame& frame, PyObject** key, PyObject** value);
    [[nodiscard]] bool value_of(PyObject* key, PyObject* value);
    [[nodiscard]] std::string path(std::size_t frames) const;
    bool fail_at(std::size_t frames, const char* format, ...) const;
    [[nodiscard]] bool is_in_order(Frame& frame) const;
    bool fail_changed(const Frame& frame) const;
    void pop();

    /// Writes what holds no other object. 0 for anything else, -1 with the error set.
    [[nodiscard]] int quick(PyObject* object);
    [[nodiscard]] bool slow(PyObject* object, long level);
    [[nodiscard]] bool proxy(PyObject* object);
    [[nodiscard]] bool integer(PyObject* integer);
    [[nodiscard]] bool text(PyObject* text, Tape narrow, Tape wide, Tape slot);
    [[nodiscard]] bool widen(PyObject* text, Tape kind);
    Py_ssize_t ints(PyObject** items, Py_ssize_t count);
    Py_ssize_t numbers(PyObject** items, Py_ssize_t count);
    [[nodiscard]] bool key(PyObject* key);
    [[nodiscard]] bool new_key(PyObject* key, std::uint32_t place);
    void forget_keys();
    [[nodiscard]] bool member(PyObject* object, const char* of);
    [[nodiscard]] bool plain_member(PyObject* object, const char* of);
    [[nodiscard]] static bool is_implicit(PyObject* object);

    // What is registered (tape_registry.cpp); those that give an int: as for `quick`.
    [[nodiscard]] bool looks() const { return has_converters || dates_; }
    [[nodiscard]] Converter converter_for(PyObject* object);
    [[nodiscard]] int registered(PyObject* object, long level);
    [[nodiscard]] int registered_member(PyObject* object, const char* of);
    [[nodiscard]] bool replace(pybind11::object& value, Converter& found);
    [[nodiscard]] bool replacement(PyObject* value, long level);
    [[nodiscard]] std::uint32_t share_original();
    [[nodiscard]] bool native(PyObject* value, const Converter& found);
    [[nodiscard]] bool date(PyObject* value);
    [[nodiscard]] bool textual(PyObject* value, const Converter& found);

    [[nodiscard]] bool contain(PyObject* object, long level);
    [[nodiscard]] bool open(Tape kind, PyObject* object, PyObject* items, Py_ssize_t count,
                            long level);
    [[nodiscard]] bool open_dict(PyObject* dict, long level);
    [[nodiscard]] bool open_buffer(PyObject* object, long level);
    /// Writes a list as a typed array. 0 when it is no table, -1 with the error set.
    [[nodiscard]] int table(PyObject* list);
    void put_table(PyObject* list, Typed code, PyObject* bytes);
    void fail_misfit(PyObject* list, Py_ssize_t index) const;
    [[nodiscard]] const char* contiguous(const Py_buffer& view, bool swap);
    void put_rows(const Py_buffer& view, char format, const char*& data, int dimension);
    [[nodiscard]] std::uint32_t share(PyObject* object);

    Dicts dicts_;
    long depth_;
    bool proxies_;
    Numeric numeric_;
    bool dates_;
    const char* operation_;
    PyObject* original_ = nullptr;  // what the value that is being written replaces
    PyTypeObject* met_ = nullptr;   // the last one that was looked for, and what was found
    Converter found_;
    std::uint32_t version_ = 0;
    std::uint32_t generation_;
    std::uint32_t next_number_ = 0;
    std::uint32_t next_key_ = 0;
    std::uint32_t codes_ = 0;
    Growing<std::uint32_t> words_;
    Growing<char> narrow_;
    Growing<char16_t> wide_;
    std::vector<Frame> stack_;
    std::vector<Py_buffer> views_;
    std::vector<PyObject*> kept_;  // what slots and cached keys point to
    std::vector<Kept> to_keep_;    // told in what is written
    Numbers numbers_;
    Numbers proxied_;
    static int living_;  // how many writers there are
};

}  // namespace pyjs
