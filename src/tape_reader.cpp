// tape_reader.cpp: what the words of a tape become in Python.
#include "tape_reader.hpp"

#include <cstdlib>
#include <cstring>

#include "conversion_error.hpp"
#include "encode.hpp"
#include "values.hpp"

namespace pyjs {
namespace {

constexpr Tape kRoot = static_cast<Tape>((1U << kTapeKind) - 1);

}  // namespace

/// The words and texts of one tape; frees what was not read.
class TapeReader::Tapes {
public:
    explicit Tapes(const Slot* slots)
        : base_(static_cast<const std::uint32_t*>(slots[0].data)),
          end_(base_ + slots[0].aux),
          at_(base_),
          texts_(slots[1].data),
          text_(static_cast<const char*>(texts_)),
          ascii_(slots[1].kind() == Tag::Ascii) {}
    Tapes(const Tapes&) = delete;
    Tapes& operator=(const Tapes&) = delete;
    ~Tapes() {
        while (more()) {
            const std::uint32_t word = next();
            skip(tape_kind(word), word >> kTapeKind);
        }
        std::free(const_cast<std::uint32_t*>(base_));
        std::free(const_cast<void*>(texts_));
    }

    [[nodiscard]] bool more() const { return at_ < end_; }
    std::uint32_t next() { return *at_++; }
    void align() { at_ += (at_ - base_) % 2; }

    double number() {
        double value = 0;
        std::memcpy(&value, at_, sizeof(value));
        at_ += 2;
        return value;
    }

    Slot slot() {
        align();
        Slot slot;
        std::memcpy(&slot, at_, sizeof(slot));
        at_ += sizeof(slot) / sizeof(*at_);
        return slot;
    }

    PyObject* text(std::uint32_t length) {
        const char* start = text_;
        text_ += ascii_ ? length : 2 * length;
        if (!ascii_) {
            return decode_utf16(reinterpret_cast<const char16_t*>(start), length);
        }
        PyObject* text = PyUnicode_New(length, 0x7f);
        if (text != nullptr) {
            std::memcpy(PyUnicode_DATA(text), start, length);
        }
        return text;
    }

private:
    void skip(Tape kind, std::uint32_t number) {
        switch (kind) {
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
                std::free(reinterpret_cast<void*>(next()));
                next();
                break;
            case Tape::List:
            case Tape::Map:
            case Tape::Set:
                next();
                break;
            case Tape::Keys:
                at_ += number;
                break;
            case Tape::Record:
            case Tape::Resume:
                at_ += 2;
                break;
            default:
                break;
        }
    }

    const std::uint32_t* base_;
    const std::uint32_t* end_;
    const std::uint32_t* at_;
    const void* texts_;
    const char* text_;
    bool ascii_;
};

TapeReader* TapeReader::innermost_ = nullptr;

TapeReader::TapeReader(bool many) : many_(many), outer_(innermost_) { innermost_ = this; }

TapeReader::~TapeReader() {
    innermost_ = outer_;
    while (!stack_.empty()) {
        pop();
    }
    for (PyObject* container : containers_) {
        Py_DECREF(container);
    }
    for (PyObject* key : keys_) {
        Py_DECREF(key);
    }
}

TapeReader* TapeReader::at(std::uint32_t address) noexcept {
    TapeReader* reader = innermost_;
    while (reader != nullptr && reinterpret_cast<std::uintptr_t>(reader) != address) {
        reader = reader->outer_;
    }
    return reader;
}

PyObject* TapeReader::feed(const Slot* slots, Feed also) {
    const auto what =
        static_cast<std::uint32_t>(slots[2].number) | static_cast<std::uint32_t>(also);
    const auto asks = [what](Feed feed) { return (what & static_cast<std::uint32_t>(feed)) != 0; };
    Tapes tape(slots);
    many_ = many_ || asks(Feed::Code);
    if (asks(Feed::Begin)) {
        begin();
    }
    if (!run(tape)) {
        return nullptr;
    }
    if (asks(Feed::Drop)) {
        while (stack_.back().kind != kRoot) {
            pop();
        }
        pop();
    }
    return asks(Feed::End) ? end() : Py_NewRef(Py_None);
}

// What was not read before a failure has numbers, to which nothing refers.
void TapeReader::resume(std::vector<PyObject*>& known, std::uint32_t count) {
    known.reserve(count);
    while (known.size() < count) {
        known.push_back(Py_NewRef(Py_None));
    }
}

void TapeReader::begin() { stack_.push_back({kRoot, nullptr, 0, 1, nullptr, false, 0}); }

PyObject* TapeReader::end() {
    PyObject* value = Py_NewRef(stack_.back().target);
    pop();
    return value;
}

void TapeReader::pop() {
    const Frame frame = stack_.back();
    stack_.pop_back();
    Py_XDECREF(frame.target);
    Py_XDECREF(frame.key);
}

bool TapeReader::run(Tapes& tape) {
    while (tape.more()) {
        const std::uint32_t word = tape.next();
        const Tape kind = tape_kind(word);
        const std::uint32_t number = word >> kTapeKind;
        bool done = false;
        switch (kind) {
            case Tape::Ints:
            case Tape::Numbers:
                done = values(tape, kind, number);
                break;
            case Tape::Keys:
                done = learn(tape, number);
                break;
            case Tape::Register: {
                PyObject* value = decode(tape.slot());
                if (value != nullptr) {
                    containers_.push_back(value);
                    done = true;
                }
                break;
            }
            case Tape::Resume:
                resume(containers_, tape.next());
                resume(keys_, tape.next());
                done = true;
                break;
            case Tape::List:
            case Tape::Map:
            case Tape::Set:
                done = open(kind, tape.next(), 0);
                break;
            case Tape::Record: {
                const std::uint32_t count = tape.next();
                done = open(kind, count, tape.next());
                break;
            }
            default: {
                PyObject* value = read(tape, kind, number);
                done = value != nullptr && deliver(value);
            }
        }
        if (!done) {
            return false;
        }
    }
    return true;
}

bool TapeReader::values(Tapes& tape, Tape kind, std::uint32_t count) {
    if (kind == Tape::Numbers) {
        tape.align();
    }
    const auto next = [&tape, kind] {
        return kind == Tape::Ints ? PyLong_FromLong(static_cast<std::int32_t>(tape.next()))
                                  : decode_number(tape.number());
    };
    Frame& frame = stack_.back();
    const bool filling = frame.kind == Tape::List && !many_;
    for (; count > 0; --count) {
        PyObject* value = next();
        if (value == nullptr || (!filling && !deliver(value))) {
            return false;
        }
        if (filling) {
            PyList_SET_ITEM(frame.target, static_cast<Py_ssize_t>(frame.done++), value);
        }
    }
    if (filling) {
        leave();
    }
    return true;
}

bool TapeReader::learn(Tapes& tape, std::uint32_t count) {
    keys_.reserve(keys_.size() + count);
    for (; count > 0; --count) {
        PyObject* text = tape.text(tape.next());
        if (text == nullptr) {
            return false;
        }
        keys_.push_back(text);
    }
    return true;
}

PyObject* TapeReader::read(Tapes& tape, Tape kind, std::uint32_t number) {
    switch (kind) {
        case Tape::Reference:
            return Py_NewRef(containers_[number]);
        case Tape::None:
            Py_RETURN_NONE;
        case Tape::Null:
            return Py_NewRef(js_null());
        case Tape::False:
            Py_RETURN_FALSE;
        case Tape::True:
            Py_RETURN_TRUE;
        case Tape::Text:
            return tape.text(number);
        case Tape::Slot:
            return decode(tape.slot());
        case Tape::Buffer:
            return buffer(tape, number);
        case Tape::Date:
            tape.align();
            return date(tape.number());
        case Tape::Convert:
            return convert(tape.slot(), number);
        default:
            PyErr_Format(PyExc_SystemError, "to_py: the tape holds the unknown word %u",
                         static_cast<unsigned>(kind));
            return nullptr;
    }
}

// A memoryview over a bytearray that owns the copy.
PyObject* TapeReader::buffer(Tapes& tape, std::uint32_t number) {
    auto* data = reinterpret_cast<char*>(tape.next());
    PyObject* bytes = PyByteArray_FromStringAndSize(data, static_cast<Py_ssize_t>(tape.next()));
    std::free(data);
    PyObject* plain = bytes == nullptr ? nullptr : PyMemoryView_FromObject(bytes);
    Py_XDECREF(bytes);
    PyObject* view = plain == nullptr
                         ? nullptr
                         : PyObject_CallMethod(plain, "cast", "C", static_cast<int>(number >> 1));
    Py_XDECREF(plain);
    if (view != nullptr) {
        containers_.push_back(Py_NewRef(view));
    }
    return view;
}

bool TapeReader::open(Tape kind, std::uint32_t count, std::uint32_t first) {
    PyObject* target = nullptr;
    if (kind == Tape::List) {
        target = PyList_New(many_ ? 0 : static_cast<Py_ssize_t>(count));
    } else {
        target = kind == Tape::Set ? PySet_New(nullptr) : PyDict_New();
    }
    if (target == nullptr) {
        return false;
    }
    containers_.push_back(Py_NewRef(target));
    if (!put(Py_NewRef(target))) {
        Py_DECREF(target);
        return false;
    }
    stack_.push_back({kind, target, 0, count, nullptr, false, first});
    leave();
    return true;
}

bool TapeReader::deliver(PyObject* value) {
    if (!put(value)) {
        return false;
    }
    Frame& frame = stack_.back();
    if (frame.has_key) {  // of a Map, whose value is to come
        return true;
    }
    ++frame.done;
    leave();
    return true;
}

bool TapeReader::put(PyObject* value) {
    Frame& frame = stack_.back();
    int status = 0;
    switch (frame.kind) {
        case Tape::List:
            if (!many_) {
                PyList_SET_ITEM(frame.target, static_cast<Py_ssize_t>(frame.done), value);
                return true;
            }
            status = PyList_Append(frame.target, value);
            break;
        case Tape::Set:
            return put_member(frame, value);
        case Tape::Record:
            status = PyDict_SetItem(frame.target, keys_[frame.first + frame.done], value);
            Py_DECREF(value);
            return status == 0;
        case Tape::Map:
            return put_pair(frame, value);
        default:
            Py_XSETREF(frame.target, value);
            return true;
    }
    Py_DECREF(value);
    return status == 0;
}

bool TapeReader::put_member(Frame& frame, PyObject* value) {
    const Py_ssize_t before = PySet_GET_SIZE(frame.target);
    const int status = PySet_Add(frame.target, value);
    Py_DECREF(value);
    if (status < 0) {
        return fail("cannot be a member of a set");
    }
    return PySet_GET_SIZE(frame.target) != before ||
           fail("two members of the Set are equal in Python, such as 1 and true");
}

bool TapeReader::put_pair(Frame& frame, PyObject* value) {
    if (!frame.has_key) {
        Py_XSETREF(frame.key, value);
        frame.has_key = true;
        return true;
    }
    frame.has_key = false;
    const Py_ssize_t before = PyDict_GET_SIZE(frame.target);
    const int status = PyDict_SetItem(frame.target, frame.key, value);
    Py_DECREF(value);
    if (status == 0 && PyDict_GET_SIZE(frame.target) != before) {
        return true;
    }
    Py_CLEAR(frame.key);  // the path is that of the dict
    return fail(status < 0 ? "a key of the Map cannot be a key of a dict"
                           : "two keys of the Map are equal in Python, such as 1 and true");
}

// Containers that are complete end with the value that completes them.
void TapeReader::leave() {
    while (stack_.back().kind != kRoot && stack_.back().done == stack_.back().count) {
        pop();
        if (!stack_.back().has_key) {  // else it was the key itself
            ++stack_.back().done;
        }
    }
}

std::string TapeReader::path() const {
    std::string path = "$";
    for (const Frame& frame : stack_) {
        if (frame.kind == Tape::List) {
            path += "[" + std::to_string(frame.done) + "]";
        } else if (frame.kind == Tape::Record && frame.done < frame.count) {
            path += path_step(keys_[frame.first + frame.done]);
        } else if (frame.key != nullptr) {
            path += path_step(frame.key);
        }
    }
    return path;
}

bool TapeReader::fail(const char* text) const {
    PyObject* cause = PyErr_GetRaisedException();
    return fail_with(PyUnicode_FromString(text), cause);
}

bool TapeReader::fail_with(PyObject* text, PyObject* cause) const {
    if (text == nullptr) {
        Py_XDECREF(cause);
        return false;
    }
    raise_conversion_error("to_py", path(), text, cause);
    Py_DECREF(text);
    return false;
}

}  // namespace pyjs
