// tape_leaf.cpp: what a tape says of values that hold no others.
#include <cstring>
#include <utility>

#include "tape_writer.hpp"
#include "values.hpp"
#include "wrap.hpp"

namespace pyjs {
namespace {

/// Longer texts are not copied: JavaScript decodes them where Python has them.
constexpr Py_ssize_t kLongest = 256;

}  // namespace

void TapeWriter::align() {
    if (words_.size() % 2 != 0) {
        words_.push(0);
    }
}

/// A JavaScript value other than those that `quick` knows.
bool TapeWriter::is_implicit(PyObject* object) {
    return PyLong_Check(object) || PyFloat_Check(object) || PyUnicode_Check(object) ||
           object == js_null() || unwrap_js(object) != nullptr;
}

void TapeWriter::put_number(double value) {
    align();
    std::memcpy(words_.extend(2), &value, sizeof(value));
}

void TapeWriter::put_slot(Tape kind, const Slot& slot, std::size_t number) {
    put(kind, number);
    align();
    std::memcpy(words_.extend(sizeof(Slot) / sizeof(std::uint32_t)), &slot, sizeof(Slot));
}

bool TapeWriter::put_object(Tape kind, PyObject* object, std::size_t number) {
    Slot slot;
    Scratch scratch;
    kept_.push_back(Py_NewRef(object));
    const bool as_bigint = numeric_.bigints && PyLong_Check(object) && !PyBool_Check(object);
    if (!(as_bigint ? encode_bigint : encode)(object, slot, scratch)) {
        return false;
    }
    if (PyObject* temporary = scratch.release()) {
        kept_.push_back(temporary);
    }
    put_slot(kind, slot, number);
    return true;
}

bool TapeWriter::leaf(PyObject* object) {
    const int done = quick(object);
    if (done != 0) {
        return done > 0;
    }
    if (!proxies_ && !is_implicit(object)) {
        return fail("no conversion is known for %.200s, and create_pyproxies is False",
                    Py_TYPE(object)->tp_name);
    }
    PyObject* original = std::exchange(original_, nullptr);
    if (original == nullptr && !is_implicit(object)) {
        return proxy(object);
    }
    if (original == nullptr || (is_implicit(object) && unwrap_js(object) == nullptr)) {
        return put_object(Tape::Slot, object);
    }
    if (!record(original, object)) {
        return false;
    }
    put(Tape::Reference, next_number_ - 1);
    return true;
}

/// Writes a PyProxy, which is one where the object occurs twice. A container has another number: it
/// may be converted where it does not lie too deep.
bool TapeWriter::proxy(PyObject* object) {
    if (Py_REFCNT(object) == 1) {
        return put_object(Tape::Slot, object);  // it cannot be met again
    }
    std::uint32_t number = proxied_.find(object);
    if (number == Numbers::kNone) {
        if (!put_object(Tape::Register, object)) {
            return false;
        }
        number = next_number_++;
        proxied_.add(object, number);
    }
    put(Tape::Reference, number);
    return true;
}

int TapeWriter::quick(PyObject* object) {
    const PyTypeObject* type = Py_TYPE(object);
    if (type == &PyUnicode_Type) {
        return text(object, Tape::Text, Tape::Wide, Tape::Slot) ? 1 : -1;
    }
    if (type == &PyLong_Type) {
        return integer(object) ? 1 : -1;
    }
    if (type == &PyFloat_Type) {
        numbers(&object, 1);
        return 1;
    }
    if (object == Py_None) {
        put(Tape::None);
        return 1;
    }
    if (type == &PyBool_Type) {
        put(object == Py_True ? Tape::True : Tape::False);
        return 1;
    }
    return 0;
}

bool TapeWriter::integer(PyObject* integer) {
    return ints(&integer, 1) == 1 || put_object(Tape::Slot, integer);
}

/// Writes the small ints at the begin of `items`, unless they become bigints; how many.
Py_ssize_t TapeWriter::ints(PyObject** items, Py_ssize_t count) {
    if (numeric_.bigints) {
        return 0;
    }
    const std::size_t header = words_.size();
    words_.reserve(static_cast<std::size_t>(count) + 1);
    std::uint32_t* out = words_.data() + header + 1;
    Py_ssize_t done = 0;
    for (; done < count && done < static_cast<Py_ssize_t>(kTapeMost); ++done) {
        const auto* compact = reinterpret_cast<PyLongObject*>(items[done]);
        if (Py_TYPE(items[done]) != &PyLong_Type || !PyUnstable_Long_IsCompact(compact)) {
            break;
        }
        // One digit of 30 bits.
        out[done] = static_cast<std::uint32_t>(PyUnstable_Long_CompactValue(compact));
    }
    if (done != 0) {
        *words_.extend(static_cast<std::size_t>(done) + 1) =
            tape_word(Tape::Ints, static_cast<std::uint32_t>(done));
    }
    return done;
}

Py_ssize_t TapeWriter::numbers(PyObject** items, Py_ssize_t count) {
    const std::size_t header = words_.size();
    put(Tape::Numbers);
    align();
    words_.reserve(2 * static_cast<std::size_t>(count));
    std::uint32_t* out = words_.data() + words_.size();
    Py_ssize_t done = 0;
    for (; done < count && done < static_cast<Py_ssize_t>(kTapeMost); ++done) {
        if (Py_TYPE(items[done]) != &PyFloat_Type) {
            break;
        }
        const double value = PyFloat_AS_DOUBLE(items[done]);
        std::memcpy(out + 2 * done, &value, sizeof(value));
    }
    words_.extend(2 * static_cast<std::size_t>(done));
    words_.data()[header] = tape_word(Tape::Numbers, static_cast<std::uint32_t>(done));
    return done;
}

bool TapeWriter::text(PyObject* text, Tape narrow, Tape wide, Tape slot) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    if (length > kLongest) {
        return put_object(slot, text);
    }
    if (PyUnicode_IS_ASCII(text)) {
        const auto size = static_cast<std::size_t>(length);
        std::memcpy(narrow_.extend(size), PyUnicode_1BYTE_DATA(text), size);
        put(narrow, size);
        return true;
    }
    return widen(text, wide) || put_object(slot, text);
}

/// False for a lone surrogate, which no decoder of JavaScript keeps.
bool TapeWriter::widen(PyObject* text, Tape kind) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    const int width = PyUnicode_KIND(text);
    const void* data = PyUnicode_DATA(text);
    const std::size_t start = wide_.size();
    wide_.reserve(2 * static_cast<std::size_t>(length));
    char16_t* out = wide_.data() + start;
    for (Py_ssize_t i = 0; i < length; ++i) {
        const Py_UCS4 character = PyUnicode_READ(width, data, i);
        if (character > 0xffff) {
            *out++ = Py_UNICODE_HIGH_SURROGATE(character);
            *out++ = Py_UNICODE_LOW_SURROGATE(character);
        } else if (Py_UNICODE_IS_SURROGATE(character)) {
            return false;
        } else {
            *out++ = static_cast<char16_t>(character);
        }
    }
    const auto units = static_cast<std::size_t>(out - (wide_.data() + start));
    wide_.extend(units);
    put(kind, units);
    return true;
}

bool TapeWriter::member(PyObject* object, const char* of) {
    const int done = quick(object);
    if (done < 0) {
        Py_CLEAR(stack_.back().key);  // the path is that of the container
    }
    if (done != 0) {
        return done > 0;
    }
    const int found = looks() ? registered_member(object, of) : 0;
    return found == 0 ? plain_member(object, of) : found > 0;
}

bool TapeWriter::plain_member(PyObject* object, const char* of) {
    const int done = quick(object);
    if (done != 0) {
        return done > 0;
    }
    if (is_implicit(object)) {
        return put_object(Tape::Slot, object);
    }
    return fail_at(
        stack_.size() - 1,
        "cannot use %R as %s, which must be None, a boolean, a number, a string or a JsProxy",
        object, of);
}

}  // namespace pyjs
