// tape_keys.cpp: the keys of dicts, which repeat: in a tape, and from one conversion to the next.
#include "tape_writer.hpp"

namespace pyjs {
namespace {

/// Most often a key that repeats is the same object.
struct CachedKey {
    PyObject* key;
    std::uint32_t generation;
    std::uint32_t number;
    bool is_owned;  // else it is alive while the generation lasts
};
constexpr std::size_t kKeys = 1024;
CachedKey cached_keys[kKeys] = {};

/// What JavaScript keeps, by place; js/core/tape_keys.ts is the other half. Each is owned, and null
/// until JavaScript has read the tape that told it.
PyObject* kept_keys[kKeys] = {};
/// Longer ones are seldom names.
constexpr Py_ssize_t kLongestKept = 64;

std::uint32_t place_of(PyObject* key) {
    const auto address = reinterpret_cast<std::uintptr_t>(key);
    return static_cast<std::uint32_t>((address >> 4 ^ address >> 12) % kKeys);
}

/// No name that can be set by assignment.
constexpr char kPrototype[] = "__proto__";

bool is_worth_keeping(PyObject* key) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(key);
    return length <= kLongestKept && PyUnicode_CheckExact(key) && PyUnicode_IS_ASCII(key) &&
           (length != sizeof(kPrototype) - 1 || PyUnicode_EqualToUTF8(key, kPrototype) == 0);
}

}  // namespace

int TapeWriter::living_ = 0;

bool TapeWriter::key(PyObject* key) {
    const std::uint32_t place = place_of(key);
    if (kept_keys[place] == key) {
        put(Tape::Key, place << 1 | 1);
        return true;
    }
    CachedKey& known = cached_keys[place];
    if (known.key != key || known.generation != generation_) {
        return new_key(key, place);
    }
    put(Tape::Key, known.number << 1);
    return true;
}

bool TapeWriter::new_key(PyObject* key, std::uint32_t place) {
    CachedKey& known = cached_keys[place];
    const bool came_before = known.is_owned && known.key == key;
    if (!came_before) {
        PyObject* former = known.is_owned ? known.key : nullptr;
        known.is_owned = is_worth_keeping(key);
        known.key = key;
        if (known.is_owned) {
            Py_INCREF(key);
        } else {
            kept_.push_back(Py_NewRef(key));
        }
        Py_XDECREF(former);
    }
    known.generation = generation_;
    known.number = next_key_++;
    if (!text(key, Tape::NewKey, Tape::NewWide, Tape::NewSlot)) {
        return false;
    }
    // What is written or read elsewhere may name what would be replaced.
    if (came_before && living_ == 1) {
        Py_CLEAR(kept_keys[place]);
        put(Tape::Keep, place);
        to_keep_.push_back({place, Py_NewRef(key)});
    }
    return true;
}

void TapeWriter::keep_keys() {
    for (const Kept& kept : to_keep_) {
        Py_XSETREF(kept_keys[kept.place], Py_NewRef(kept.key));
    }
}

void TapeWriter::forget_keys() {
    for (const Kept& kept : to_keep_) {
        Py_DECREF(kept.key);
    }
    to_keep_.clear();
}

}  // namespace pyjs
