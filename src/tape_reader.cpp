// tape_reader.cpp: what the words of a tape become in Python.
#include "tape_reader.hpp"

#include <cstring>

#include "conversion_error.hpp"
#include "dict_values.h"
#include "encode.hpp"
#include "tape_parts.hpp"
#include "values.hpp"

namespace pyjs {
namespace {

constexpr Tape kRoot = static_cast<Tape>((1U << kTapeKind) - 1);

}  // namespace

TapeReader* TapeReader::innermost_ = nullptr;

TapeReader::TapeReader(bool many, Reading how) : many_(many), how_(how), outer_(innermost_) {
    innermost_ = this;
}

TapeReader::~TapeReader() {
    innermost_ = outer_;
    while (!stack_.empty()) {
        pop();
    }
    for (PyObject* container : containers_) {
        Py_DECREF(container);
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
    TapeParts tape(slots);
    many_ = many_ || asks(Feed::Code);
    numbered_ = many_ || !asks(Feed::Tree);
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
void TapeReader::resume(std::uint32_t containers, std::uint32_t shapes) {
    containers_.reserve(containers);
    while (containers_.size() < containers) {
        containers_.push_back(Py_NewRef(Py_None));
    }
    shapes_.resize(shapes);
}

void TapeReader::begin() {
    stack_.push_back({kRoot, nullptr, 0, 1, nullptr, false, nullptr, false});
}

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

bool TapeReader::run(TapeParts& tape) {
    while (tape.more()) {
        const std::uint32_t word = tape.next();
        const Tape kind = tape_kind(word);
        const std::uint32_t number = word >> kTapeKind;
        bool done = false;
        switch (kind) {
            case Tape::Ints:
            case Tape::Numbers:
                done = how_.floats ? floats(tape, number) : values(tape, kind, number);
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
            case Tape::Resume: {
                const std::uint32_t containers = tape.next();
                resume(containers, tape.next());
                done = true;
                break;
            }
            case Tape::List:
                if (how_.typed != kUntyped) {
                    const std::uint32_t count = tape.next();
                    done = table(tape, count) ||
                           (PyErr_Occurred() == nullptr && open(kind, count, nullptr));
                    break;
                }
                [[fallthrough]];
            case Tape::Map:
            case Tape::Set:
                done = open(kind, tape.next(), nullptr);
                break;
            case Tape::Record:
                done = open(kind, shapes_[number]->size(), shapes_[number].get());
                break;
            case Tape::Shape:
                done = recall(number);
                break;
            case Tape::More:
                tape.follow();
                done = true;
                break;
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

bool TapeReader::values(TapeParts& tape, Tape kind, std::uint32_t count) {
    if (kind == Tape::Ints) {
        const std::uint32_t* words = tape.take(count);
        return fill(count, [words](std::uint32_t i) {
            return PyLong_FromLong(static_cast<std::int32_t>(words[i]));
        });
    }
    tape.align();
    const std::uint32_t* words = tape.take(2 * count);
    return fill(count, [words](std::uint32_t i) {
        return decode_number(double_at(words + std::size_t{2} * i));
    });
}

template <class Make>
bool TapeReader::fill(std::uint32_t count, Make make) {
    Frame& frame = stack_.back();
    if (frame.kind != Tape::List || many_) {
        for (std::uint32_t i = 0; i < count; ++i) {
            PyObject* value = make(i);
            if (value == nullptr || !deliver(value)) {
                return false;
            }
        }
        return true;
    }
    PyObject* const list = frame.target;
    const std::uint32_t done = frame.done;
    for (std::uint32_t i = 0; i < count; ++i) {
        PyObject* value = make(i);
        if (value == nullptr) {
            return false;
        }
        PyList_SET_ITEM(list, static_cast<Py_ssize_t>(done + i), value);
    }
    frame.done = done + count;
    if (frame.done == frame.count) {
        leave();
    }
    return true;
}

bool TapeReader::floats(TapeParts& tape, std::uint32_t count) {
    tape.align();
    const std::uint32_t* words = tape.take(2 * count);
    return fill(count, [words](std::uint32_t i) {
        return PyFloat_FromDouble(double_at(words + std::size_t{2} * i));
    });
}

bool TapeReader::learn(TapeParts& tape, std::uint32_t count) {
    const std::uint32_t place = tape.next();
    const std::uint32_t* lengths = tape.take(count);
    const auto shape = std::make_shared<Shape>(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        PyObject* text = tape.text(lengths[i]);
        if (text == nullptr) {
            count_shape_failure();
            return false;
        }
        shape->add(text);
    }
    shapes_.push_back(shape);
    if (place != kNotKept) {
        keep_shape(place, shape);
    }
    return true;
}

bool TapeReader::recall(std::uint32_t place) {
    const ShapeRef shape = kept_shape(place);
    if (shape == nullptr) {
        PyErr_SetString(PyExc_SystemError, "to_py: the tape names a shape that is not kept");
        return false;
    }
    shapes_.push_back(shape);
    return true;
}

PyObject* TapeReader::read(TapeParts& tape, Tape kind, std::uint32_t number) {
    switch (kind) {
        case Tape::Reference:
            return Py_NewRef(containers_[number]);
        case Tape::None:
            Py_RETURN_NONE;
        case Tape::Null:
            return Py_NewRef(how_.null_is_none ? Py_None : js_null());
        case Tape::False:
            Py_RETURN_FALSE;
        case Tape::True:
            Py_RETURN_TRUE;
        case Tape::Text:
            return tape.text(number);
        case Tape::Slot: {
            PyObject* made = value(tape.slot());
            if (made != nullptr && number != 0 && numbered_) {
                containers_.push_back(Py_NewRef(made));
            }
            return made;
        }
        case Tape::Buffer:
            return buffer(tape, number);
        case Tape::Date:
            tape.align();
            return date(double_at(tape.take(2)));
        case Tape::Convert:
            return convert(tape.slot(), number);
        default:
            PyErr_Format(PyExc_SystemError, "to_py: the tape holds the unknown word %u",
                         static_cast<unsigned>(kind));
            return nullptr;
    }
}

// A memoryview over a bytearray that owns the copy.
PyObject* TapeReader::buffer(TapeParts& tape, std::uint32_t number) {
    auto* bytes = reinterpret_cast<PyObject*>(tape.next());
    PyObject* plain = PyMemoryView_FromObject(bytes);
    Py_DECREF(bytes);
    PyObject* view = plain == nullptr
                         ? nullptr
                         : PyObject_CallMethod(plain, "cast", "C", static_cast<int>(number >> 1));
    Py_XDECREF(plain);
    if (view != nullptr && numbered_) {
        containers_.push_back(Py_NewRef(view));
    }
    return view;
}

PyObject* TapeReader::value(const Slot& slot) const {
    PyObject* made = decode(slot);
    const bool is_big = slot.kind() == Tag::Int64 || slot.kind() == Tag::BigHex;
    if (!how_.floats || !is_big || made == nullptr) {
        return made;
    }
    PyObject* plain = PyLong_Type.tp_as_number->nb_int(made);  // instead of the JsBigInt
    Py_DECREF(made);
    return plain;
}

bool TapeReader::table(TapeParts& tape, std::uint32_t count) {
    const TapeSpan span = tape.span();
    TapeSpan rest = span;
    if (!skip_numbers(rest, count, how_.typed)) {
        return false;
    }
    std::uint32_t misfit = 0;
    PyObject* number = nullptr;
    PyObject* array = read_array(span, count, how_.typed, misfit, &number);
    if (array == nullptr) {
        if (number != nullptr) {
            const std::string where = path() + "[" + std::to_string(misfit) + "]";
            raise_misfit("to_py", where, how_.typed, number);
            Py_DECREF(number);
        }
        return false;
    }
    tape.pass(rest.at);
    if (numbered_) {
        containers_.push_back(Py_NewRef(array));
    }
    return deliver(array);
}

PyObject* TapeReader::make(Tape kind, std::uint32_t count, Shape* shape) const {
    switch (kind) {
        case Tape::List:
            return PyList_New(many_ ? 0 : static_cast<Py_ssize_t>(count));
        case Tape::Set:
            return PySet_New(nullptr);
        case Tape::Record:
            // Python code would see the values that are to come.
            return many_ ? PyDict_New() : shape->new_dict();
        default:
            return PyDict_New();
    }
}

bool TapeReader::open(Tape kind, std::uint32_t count, Shape* shape) {
    PyObject* target = make(kind, count, shape);
    if (target == nullptr) {
        return false;
    }
    if (numbered_) {
        containers_.push_back(Py_NewRef(target));
    }
    if (!put(Py_NewRef(target))) {
        Py_DECREF(target);
        return false;
    }
    const bool dense = kind == Tape::Record && !many_ && shape->has_model();
    stack_.push_back({kind, target, 0, count, nullptr, false, shape, dense});
    if (count == 0) {
        leave();
    }
    return true;
}

bool TapeReader::deliver(PyObject* value) {
    Frame& frame = stack_.back();
    if (!put(value)) {
        return false;
    }
    if (frame.has_key) {  // of a Map, whose value is to come
        return true;
    }
    if (++frame.done == frame.count) {
        leave();
    }
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
            if (frame.dense) {
                pyjs_dict_put(frame.target, frame.done, value);
                return true;
            }
            status = PyDict_SetItem(frame.target, frame.shape->key(frame.done), value);
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
            path += path_step(frame.shape->key(frame.done));
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
