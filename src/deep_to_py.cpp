// deep_to_py.cpp: the reader of a tape; iterative, so that nesting is bounded by memory alone.
#include "deep_to_py.hpp"

#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "encode.hpp"
#include "values.hpp"
#include "wrap.hpp"

namespace pyjs {
namespace {

/// What a word of a tape opens. Mirrored by `Tape` in js/core/types.ts.
enum class Tape : std::uint32_t {
    Reference = 0,  // number of a container
    None = 1,
    Null = 2,
    False = 3,
    True = 4,
    Int32 = 5,    // value
    Number = 6,   // two halves of a double
    BigHex = 7,   // length; the digits are the next text
    Text = 8,     // length; the characters are the next text
    Handle = 9,   // handle, JsFlag bits
    Object = 10,  // address
    List = 11,    // length, then the elements
    Dict = 12,    // length, then keys and values in turn
    Set = 13,     // length, then the elements
    Buffer = 14,  // address, length, format character; malloc'ed
};

struct Frame {
    PyObject* container;  // borrowed from `containers`
    Tape kind;
    std::uint32_t done;
    std::uint32_t count;
    PyObject* key;  // owned, between a key and its value
};

class Reader {
public:
    explicit Reader(const Slot* slots)
        : words_(static_cast<const std::uint32_t*>(slots[0].data)),
          end_(words_ + slots[0].aux),
          text_(static_cast<const char*>(slots[1].data)),
          ascii_(slots[1].kind() == Tag::Ascii) {}
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader() {
        for (const Frame& frame : stack_) {
            Py_XDECREF(frame.key);
        }
        for (PyObject* container : containers_) {
            Py_DECREF(container);
        }
    }

    PyObject* run() {
        PyObject* root = read();
        while (root != nullptr && !stack_.empty()) {
            if (stack_.back().done == stack_.back().count) {
                stack_.pop_back();
            } else if (!step()) {
                Py_CLEAR(root);
            }
        }
        if (root == nullptr) {
            release_rest();
        }
        return root;
    }

private:
    // Index, not reference: reading an element may push a frame.
    bool step() {
        const std::size_t at = stack_.size() - 1;
        PyObject* value = read();
        if (value == nullptr) {
            return false;
        }
        Frame& frame = stack_[at];
        switch (frame.kind) {
            case Tape::List:
                PyList_SET_ITEM(frame.container, static_cast<Py_ssize_t>(frame.done++), value);
                return true;
            case Tape::Set: {
                ++frame.done;
                const int status = PySet_Add(frame.container, value);
                Py_DECREF(value);
                return status == 0;
            }
            default:
                return add_to_dict(frame, value);
        }
    }

    static bool add_to_dict(Frame& frame, PyObject* value) {
        ++frame.done;
        if (frame.key == nullptr) {
            frame.key = value;
            return true;
        }
        const int status = PyDict_SetItem(frame.container, frame.key, value);
        Py_CLEAR(frame.key);
        Py_DECREF(value);
        return status == 0;
    }

    PyObject* read() {
        const auto tape = static_cast<Tape>(*words_++);
        switch (tape) {
            case Tape::Reference:
                return Py_NewRef(containers_[*words_++]);
            case Tape::None:
                Py_RETURN_NONE;
            case Tape::Null:
                return Py_NewRef(js_null());
            case Tape::False:
                Py_RETURN_FALSE;
            case Tape::True:
                Py_RETURN_TRUE;
            case Tape::Int32:
                return PyLong_FromLong(static_cast<std::int32_t>(*words_++));
            case Tape::Number:
                return read_number();
            case Tape::BigHex:
                return read_big();
            case Tape::Text:
                return read_text();
            case Tape::Handle: {
                const auto handle = reinterpret_cast<Handle>(words_[0]);
                words_ += 2;
                return wrap_js(handle, words_[-1]);
            }
            case Tape::Object:
                return reinterpret_cast<PyObject*>(*words_++);
            case Tape::List:
                return open(tape, PyList_New(static_cast<Py_ssize_t>(*words_)));
            case Tape::Dict:
                return open(tape, PyDict_New());
            case Tape::Set:
                return open(tape, PySet_New(nullptr));
            case Tape::Buffer:
                return read_buffer();
        }
        PyErr_Format(PyExc_SystemError, "to_py: the tape holds the unknown word %u",
                     static_cast<unsigned>(tape));
        return nullptr;
    }

    PyObject* open(Tape kind, PyObject* container) {
        const std::uint32_t count = *words_++;
        if (container != nullptr) {
            containers_.push_back(Py_NewRef(container));
            stack_.push_back({container, kind, 0, kind == Tape::Dict ? 2 * count : count, nullptr});
        }
        return container;
    }

    PyObject* read_number() {
        double value = 0;
        std::memcpy(&value, words_, sizeof(value));
        words_ += 2;
        return decode_number(value);
    }

    PyObject* read_big() {
        PyObject* digits = read_text();
        if (digits == nullptr) {
            return nullptr;
        }
        PyObject* value = PyLong_FromUnicodeObject(digits, 16);
        Py_DECREF(digits);
        return make_js_bigint(value);
    }

    PyObject* read_text() {
        const std::uint32_t length = *words_++;
        if (ascii_) {
            PyObject* text = PyUnicode_New(length, 0x7f);
            if (text != nullptr) {
                std::memcpy(PyUnicode_DATA(text), text_, length);
            }
            text_ += length;
            return text;
        }
        const auto* units = reinterpret_cast<const char16_t*>(text_);
        text_ += 2 * length;
        return decode_utf16(units, length);
    }

    // A memoryview over a bytearray that owns the copy.
    PyObject* read_buffer() {
        auto* data = reinterpret_cast<char*>(words_[0]);
        PyObject* bytes = PyByteArray_FromStringAndSize(data, static_cast<Py_ssize_t>(words_[1]));
        std::free(data);
        const auto format = static_cast<int>(words_[2]);
        words_ += 3;
        PyObject* plain = bytes == nullptr ? nullptr : PyMemoryView_FromObject(bytes);
        Py_XDECREF(bytes);
        PyObject* view =
            plain == nullptr ? nullptr : PyObject_CallMethod(plain, "cast", "C", format);
        Py_XDECREF(plain);
        if (view != nullptr) {
            containers_.push_back(Py_NewRef(view));
        }
        return view;
    }

    // After a failure: handles and memory that no object took over.
    void release_rest() {
        while (words_ < end_) {
            switch (static_cast<Tape>(*words_++)) {
                case Tape::None:
                case Tape::Null:
                case Tape::False:
                case Tape::True:
                    break;
                case Tape::Number:
                    words_ += 2;
                    break;
                case Tape::Handle:
                    static_cast<void>(own(reinterpret_cast<Handle>(words_[0])));
                    words_ += 2;
                    break;
                case Tape::Object:
                    Py_DECREF(reinterpret_cast<PyObject*>(*words_++));
                    break;
                case Tape::Buffer:
                    std::free(reinterpret_cast<void*>(words_[0]));
                    words_ += 3;
                    break;
                default:
                    words_ += 1;
            }
        }
    }

    const std::uint32_t* words_;
    const std::uint32_t* end_;
    const char* text_;
    bool ascii_;
    std::vector<Frame> stack_;
    std::vector<PyObject*> containers_;
};

}  // namespace

PyObject* decode_tape(const Slot* slots) noexcept {
    PyObject* result = Reader(slots).run();
    std::free(const_cast<void*>(slots[0].data));
    std::free(const_cast<void*>(slots[1].data));
    return result;
}

}  // namespace pyjs
