// tape_writer.cpp: the walk through containers, and where it is when something is wrong.
#include "tape_writer.hpp"

#include <cstdarg>
#include <utility>

#include "conversion_error.hpp"
#include "values.hpp"
#include "wrap.hpp"

namespace pyjs {
namespace {

std::uint32_t last_generation = 0;

bool is_list(PyObject* object) { return PyList_Check(object) || PyTuple_Check(object); }

/// The first of `items` that is no pair, or null. Borrowed.
PyObject* no_pair_in(PyObject* items) {
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(items); ++i) {
        PyObject* item = PyList_GET_ITEM(items, i);
        if (!PyTuple_Check(item) || PyTuple_GET_SIZE(item) != 2) {
            return item;
        }
    }
    return nullptr;
}

/// Of the pairs, unless they are null. Borrowed.
bool next_key(PyObject* dict, PyObject* pairs, Py_ssize_t& at, PyObject** key) {
    if (pairs == nullptr) {
        return PyDict_Next(dict, &at, key, nullptr) != 0;
    }
    if (at == PyList_GET_SIZE(pairs)) {
        return false;
    }
    *key = PyTuple_GET_ITEM(PyList_GET_ITEM(pairs, at++), 0);
    return true;
}

/// Whether no two keys are the same text, though they may not be equal; -1 with the error set.
int differ(PyObject* dict, PyObject* pairs) {
    PyObject* texts = PySet_New(nullptr);
    PyObject* key = nullptr;
    Py_ssize_t count = 0;
    for (Py_ssize_t at = 0; texts != nullptr && next_key(dict, pairs, at, &key); ++count) {
        PyObject* text = PyUnicode_FromObject(key);
        if (text == nullptr || PySet_Add(texts, text) < 0) {
            Py_CLEAR(texts);
        }
        Py_XDECREF(text);
    }
    const int result = texts == nullptr ? -1 : PySet_GET_SIZE(texts) == count ? 1 : 0;
    Py_XDECREF(texts);
    return result;
}

/// Whether all keys are texts, none of them twice; -1 with the error set.
int are_names(PyObject* dict, PyObject* pairs) {
    bool differs = pairs == nullptr;  // as keys of a dict that are exactly str
    PyObject* key = nullptr;
    for (Py_ssize_t at = 0; next_key(dict, pairs, at, &key);) {
        if (!PyUnicode_CheckExact(key)) {
            if (!PyUnicode_Check(key)) {
                return 0;
            }
            differs = false;
        }
    }
    return differs ? 1 : differ(dict, pairs);
}

}  // namespace

std::size_t Numbers::place(PyObject* object) const noexcept {
    const std::size_t mask = entries_.size() - 1;
    const auto address = reinterpret_cast<std::uintptr_t>(object);
    std::size_t at = (address >> 4 ^ address >> 12) & mask;
    while (entries_[at].object != nullptr && entries_[at].object != object) {
        at = (at + 1) & mask;
    }
    return at;
}

std::uint32_t Numbers::find(PyObject* object) const noexcept {
    if (used_ == 0) {
        return kNone;
    }
    const Entry& entry = entries_[place(object)];
    return entry.object == nullptr ? kNone : entry.number;
}

void Numbers::add(PyObject* object, std::uint32_t number) {
    if (2 * (used_ + 1) > entries_.size()) {
        std::vector<Entry> old(entries_.empty() ? 16 : 2 * entries_.size());
        old.swap(entries_);
        for (const Entry& entry : old) {
            if (entry.object != nullptr) {
                entries_[place(entry.object)] = entry;
            }
        }
    }
    Entry& entry = entries_[place(object)];
    if (entry.object == nullptr) {
        entry.object = Py_NewRef(object);
        ++used_;
    }
    entry.number = number;
}

void Numbers::forget_from(std::uint32_t number) noexcept {
    for (Entry& entry : entries_) {
        if (entry.number >= number) {
            entry.number = kNone;
        }
    }
}

Numbers::~Numbers() {
    for (const Entry& entry : entries_) {
        Py_XDECREF(entry.object);
    }
}

TapeWriter::TapeWriter(Dicts dicts, long depth, bool proxies, Numeric numeric, bool dates,
                       const char* operation)
    : dicts_(dicts),
      depth_(depth),
      proxies_(proxies),
      numeric_(numeric),
      dates_(dates),
      operation_(operation),
      generation_(++last_generation) {
    ++living_;
}

TapeWriter::~TapeWriter() {
    while (!stack_.empty()) {
        pop();
    }
    clear();
    Py_XDECREF(met_);
    --living_;
}

void TapeWriter::point(Slot* slots) const {
    slots[0].set(Tag::Tape);
    slots[0].aux = static_cast<std::uint32_t>(words_.size());
    slots[0].data = words_.data();
    slots[1].set(Tag::Ascii);
    slots[1].aux = static_cast<std::uint32_t>(narrow_.size());
    slots[1].data = narrow_.data();
    slots[2].set(Tag::Utf16);
    slots[2].aux = static_cast<std::uint32_t>(wide_.size());
    slots[2].data = wide_.data();
}

void TapeWriter::clear() {
    words_.clear();
    narrow_.clear();
    wide_.clear();
    for (Py_buffer& view : views_) {
        PyBuffer_Release(&view);
    }
    views_.clear();
    generation_ = ++last_generation;  // keys are known by address while they are kept
    for (PyObject* object : kept_) {
        Py_DECREF(object);
    }
    kept_.clear();
    forget_keys();
}

bool TapeWriter::write(PyObject* root, long level) {
    const std::size_t base = stack_.size();
    const int done = quick(root);
    if (done < 0 || (done == 0 && !slow(root, level))) {
        return false;
    }
    while (stack_.size() > base) {
        if (!step()) {
            return false;
        }
    }
    return true;
}

void TapeWriter::unwind(const Mark& mark) {
    while (stack_.size() > mark.frames) {
        pop();
    }
    numbers_.forget_from(mark.number);
    proxied_.forget_from(mark.number);
    clear();
    put(Tape::Resume);
    words_.push(next_number_);
    words_.push(next_key_);
}

bool TapeWriter::step() {
    Frame& frame = stack_.back();
    if (frame.done == frame.count) {
        const bool is_dict = frame.kind != Tape::List && frame.kind != Tape::Set;
        if (is_dict && frame.items == nullptr && frame.begun != codes_ && !is_in_order(frame)) {
            return fail_changed(frame);
        }
        pop();
        return true;
    }
    switch (frame.kind) {
        case Tape::List:
            return step_list();
        case Tape::Set:
            return step_set();
        default:
            return step_dict();
    }
}

void TapeWriter::pop() {
    const Frame frame = stack_.back();
    stack_.pop_back();
    Py_DECREF(frame.container);
    Py_XDECREF(frame.items);
    Py_XDECREF(frame.key);
}

// Each of these returns when it has opened a container, which comes first.
bool TapeWriter::step_list() {
    const std::size_t at = stack_.size() - 1;
    for (;;) {
        Frame& frame = stack_[at];
        if (PySequence_Fast_GET_SIZE(frame.container) != frame.count) {
            return fail_changed(frame);
        }
        if (frame.done == frame.count) {
            return true;
        }
        PyObject** items = PySequence_Fast_ITEMS(frame.container) + frame.done;
        const PyTypeObject* type = Py_TYPE(*items);
        Py_ssize_t run = 0;
        if (type == &PyLong_Type) {
            run = ints(items, frame.count - frame.done);
        } else if (type == &PyFloat_Type) {
            run = numbers(items, frame.count - frame.done);
        }
        frame.done += run;
        if (run == 0) {
            ++frame.done;
            if (!value_of(nullptr, *items)) {
                return false;
            }
            if (stack_.size() != at + 1) {
                return true;
            }
        }
    }
}

bool TapeWriter::step_dict() {
    const std::size_t at = stack_.size() - 1;
    for (;;) {
        Frame& frame = stack_[at];
        if (frame.done == frame.count) {
            return true;
        }
        PyObject* key_object = nullptr;
        PyObject* value = nullptr;
        if (!next_pair(frame, &key_object, &value)) {
            return false;
        }
        if (frame.kind != Tape::Dict) {
            if (!member(key_object, "a key")) {
                return false;
            }
        } else if (!PyUnicode_Check(key_object)) {
            return fail_changed(frame);
        } else if (!key(key_object)) {
            return false;
        }
        if (!value_of(key_object, value)) {
            return false;
        }
        if (stack_.size() != at + 1) {
            return true;
        }
    }
}

bool TapeWriter::step_set() {
    Frame& frame = stack_.back();
    while (frame.done < frame.count) {
        PyObject* object = PyIter_Next(frame.items);
        if (object == nullptr) {
            return fail_changed(frame);
        }
        ++frame.done;
        const bool written = member(object, "a member of a JavaScript Set");
        Py_DECREF(object);
        if (!written) {
            return false;
        }
    }
    return true;
}

/// Borrowed references.
bool TapeWriter::next_pair(Frame& frame, PyObject** key, PyObject** value) {
    if (frame.items != nullptr) {
        PyObject* pair = PyList_GET_ITEM(frame.items, frame.done++);
        *key = PyTuple_GET_ITEM(pair, 0);
        *value = PyTuple_GET_ITEM(pair, 1);
        return true;
    }
    if (frame.seen != codes_ && !is_in_order(frame)) {
        return fail_changed(frame);
    }
    ++frame.done;
    frame.place = frame.next;
    const bool found = PyDict_GET_SIZE(frame.container) == frame.count &&
                       PyDict_Next(frame.container, &frame.next, key, value) != 0;
    frame.last = *key;
    return found || fail_changed(frame);
}

/// Whether code that ran left the dict where it was: another key may stand where the last one
/// stood, or follow where there was none.
bool TapeWriter::is_in_order(Frame& frame) const {
    frame.seen = codes_;
    Py_ssize_t at = frame.place;
    PyObject* key = nullptr;
    const bool stands = frame.done == 0 || (PyDict_Next(frame.container, &at, &key, nullptr) != 0 &&
                                            key == frame.last && at == frame.next);
    return stands && PyDict_GET_SIZE(frame.container) == frame.count &&
           (frame.done < frame.count || PyDict_Next(frame.container, &at, &key, nullptr) == 0);
}

/// Writes a value of the innermost container; its key is null in a list.
bool TapeWriter::value_of(PyObject* key, PyObject* value) {
    const int done = quick(value);
    if (done > 0) {
        return true;
    }
    Frame& frame = stack_.back();
    Py_XSETREF(frame.key, Py_XNewRef(key));  // for the path
    return done == 0 && slow(value, frame.level);
}

bool TapeWriter::fail_changed(const Frame& frame) const {
    return fail_at(stack_.size() - 1, "the %.200s changed while it was converted",
                   Py_TYPE(frame.container)->tp_name);
}

bool TapeWriter::slow(PyObject* object, long level) {
    if (PyList_CheckExact(object) || PyDict_CheckExact(object) || !is_implicit(object)) {
        return meet(object, level);
    }
    // Classes derived from int, float and str may be registered.
    const int done = has_converters ? registered(object, level) : 0;
    if (done != 0) {
        return done > 0;
    }
    return PyUnicode_Check(object) ? text(object, Tape::Text, Tape::Wide, Tape::Slot)
                                   : put_object(Tape::Slot, object);
}

bool TapeWriter::ordinary(PyObject* object, long level) {
    const std::uint32_t number = numbers_.find(object);
    if (number != Numbers::kNone) {
        put(Tape::Reference, number);
        return true;
    }
    const int done = looks() ? registered(object, level) : 0;
    return done == 0 ? contain(object, level) : done > 0;
}

/// Opens what nothing registered stands for.
bool TapeWriter::contain(PyObject* object, long level) {
    if (is_too_deep(level)) {
        PyObject* original = std::exchange(original_, nullptr);
        return unknown(original == nullptr ? object : original, level, nullptr);
    }
    if (is_list(object)) {
        const int done = numeric_.typed == kUntyped ? 0 : table(object);
        if (done != 0) {
            return done > 0;
        }
        return open(Tape::List, object, nullptr, PySequence_Fast_GET_SIZE(object), level);
    }
    if (PyDict_Check(object)) {
        return open_dict(object, level);
    }
    if (PySet_Check(object)) {
        // What a class of its own makes of iteration is not asked.
        PyObject* members = PySet_Type.tp_iter(object);
        return members != nullptr &&
               open(Tape::Set, object, members, PySet_GET_SIZE(object), level);
    }
    if (PyObject_CheckBuffer(object)) {
        kept_.push_back(Py_NewRef(object));  // its __buffer__() may let go of what it is in
        note_code();
        return open_buffer(object, level);
    }
    return unknown(object, level, nullptr);
}

bool TapeWriter::record(PyObject* object, PyObject* value) {
    if (!put_object(Tape::Register, value)) {
        return false;
    }
    numbers_.add(object, next_number_++);
    return true;
}

// An object that nothing but its container refers to cannot be met again.
std::uint32_t TapeWriter::share(PyObject* object) {
    if (original_ != nullptr) {
        numbers_.add(original_, next_number_);
    } else if (Py_REFCNT(object) == 1) {
        return 0;
    }
    numbers_.add(object, next_number_++);
    return 1;
}

bool TapeWriter::open(Tape kind, PyObject* object, PyObject* items, Py_ssize_t count, long level) {
    const std::uint32_t made =
        (stack_.empty() ? 0 : stack_.back().made) + (original_ == nullptr ? 0 : 1);
    put(kind, share(object));
    words_.push(static_cast<std::uint32_t>(count));
    stack_.push_back({.container = Py_NewRef(object),
                      .items = items,
                      .kind = kind,
                      .count = count,
                      .level = level + 1,
                      .made = made,
                      .begun = codes_,
                      .seen = codes_});
    return true;
}

bool TapeWriter::open_object(PyObject* dict, long level) {
    return open(Tape::Dict, dict, nullptr, PyDict_GET_SIZE(dict), level);
}

bool TapeWriter::open_dict(PyObject* dict, long level) {
    PyObject* items = nullptr;
    if (!PyDict_CheckExact(dict)) {
        // A class of its own may have an order of its own, and let go of what it is in.
        kept_.push_back(Py_NewRef(dict));
        note_code();
        items = PyMapping_Items(dict);
        if (items == nullptr) {
            return fail("the items() of a %.200s failed", Py_TYPE(dict)->tp_name);
        }
        if (PyObject* item = no_pair_in(items)) {
            fail("the items() of a %.200s gave %R, which is no tuple of a key and a value",
                 Py_TYPE(dict)->tp_name, item);
            Py_DECREF(items);
            return false;
        }
    }
    Tape kind = dicts_ == Dicts::Map ? Tape::Map : Tape::Entries;
    if (dicts_ == Dicts::Object) {
        const int names = are_names(dict, items);
        if (names < 0) {
            Py_XDECREF(items);
            return false;
        }
        kind = names > 0 ? Tape::Dict : Tape::Keyed;
    }
    const Py_ssize_t count = items == nullptr ? PyDict_GET_SIZE(dict) : PyList_GET_SIZE(items);
    return open(kind, dict, items, count, level);
}

bool TapeWriter::write_placed(PyObject* root, long level) {
    return placed(operation_, [&] { return write(root, level); }, [&] { return path(); });
}

std::string TapeWriter::path(std::size_t frames) const {
    std::string path = "$";
    for (std::size_t i = 0; i < frames; ++i) {
        const Frame& frame = stack_[i];
        if (frame.kind == Tape::List && frame.done > 0) {
            path += "[" + std::to_string(frame.done - 1) + "]";
        } else if (frame.key != nullptr) {
            path += path_step(frame.key);
        }
    }
    return path;
}

bool TapeWriter::fail_at(std::size_t frames, const char* format, ...) const {
    PyObject* cause = PyErr_GetRaisedException();
    va_list arguments;
    va_start(arguments, format);
    PyObject* text = PyUnicode_FromFormatV(format, arguments);
    va_end(arguments);
    if (text != nullptr) {
        raise_conversion_error(operation_, path(frames), text, cause);
        Py_DECREF(text);
    } else {
        Py_XDECREF(cause);
    }
    return false;
}

}  // namespace pyjs
