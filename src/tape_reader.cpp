// tape_reader.cpp: what the words of a tape become in Python.
#include "tape_reader.hpp"

#include <pybind11/pybind11.h>

#include <cstring>
#include <utility>

#include "buffer_format.hpp"
#include "conversion_error.hpp"
#include "dict_values.h"
#include "encode.hpp"
#include "number_values.h"
#include "tape_parts.hpp"
#include "tape_places.hpp"
#include "values.hpp"

namespace pyjs {
namespace {

namespace py = pybind11;

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
    for (PyObject* text : texts_) {
        Py_XDECREF(text);
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
    pyjs_begin_values();
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
    stack_.push_back({kRoot, nullptr, 0, 1, nullptr, false, nullptr, nullptr, 0});
}

PyObject* TapeReader::end() { return take(); }

/// What the innermost frame owns beside its target is given up, and it goes.
PyObject* TapeReader::take() {
    const Frame frame = stack_.back();
    stack_.pop_back();
    Py_XDECREF(frame.key);
    if (frame.kind == Tape::List && frame.places != nullptr) {
        Py_SET_SIZE(frame.target, static_cast<Py_ssize_t>(frame.done));
    }
    return frame.target;
}

void TapeReader::pop() { Py_XDECREF(take()); }

bool TapeReader::run(TapeParts& tape) {
    while (fill(tape)) {
        if (!tape.more()) {
            return true;
        }
        if (!step(tape)) {
            return false;
        }
    }
    return false;
}

bool TapeReader::step(TapeParts& tape) {
    const std::uint32_t word = tape.next();
    const Tape kind = tape_kind(word);
    const std::uint32_t number = word >> kTapeKind;
    switch (kind) {
        case Tape::Ints:
        case Tape::Numbers:
            return numbers(tape, kind, number);
        case Tape::Keys:
            return learn(tape, number);
        case Tape::Register: {
            PyObject* value = decode(tape.slot());
            if (value != nullptr) {
                containers_.push_back(value);
            }
            return value != nullptr;
        }
        case Tape::Resume: {
            const std::uint32_t containers = tape.next();
            resume(containers, tape.next());
            return true;
        }
        case Tape::List:
            if (how_.typed != kUntyped) {
                const std::uint32_t count = tape.next();
                return table(tape, count) ||
                       (PyErr_Occurred() == nullptr && open(kind, count, nullptr));
            }
            [[fallthrough]];
        case Tape::Map:
        case Tape::Set:
            return open(kind, tape.next(), nullptr);
        case Tape::Record:
            return open(kind, shapes_[number]->size(), shapes_[number].get());
        case Tape::Shape:
            return recall(number);
        case Tape::More:
            tape.follow();
            return true;
        default: {
            PyObject* value = read(tape, kind, number);
            return value != nullptr && deliver(value);
        }
    }
}

PyObject* TapeReader::text(TapeParts& tape, std::uint32_t number) {
    const std::uint32_t place = number >> kTextLength;
    if (place != 0 && texts_.empty()) {
        texts_.resize(kTextPlaces);
    }
    PyObject* made = tape.text(number & ((1U << kTextLength) - 1));
    if (place != 0 && made != nullptr) {
        Py_XSETREF(texts_[(place - 1) % kTextPlaces], Py_NewRef(made));
    }
    return made;
}

PyObject* TapeReader::again(std::uint32_t place) const { return Py_NewRef(texts_.at(place)); }

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
            return text(tape, number);
        case Tape::Again:
            return again(number);
        case Tape::Tiny:
            return tiny_text(number);
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
    PyObject* view =
        cast_view(reinterpret_cast<PyObject*>(tape.next()), static_cast<char>(number >> 1));
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
            return many_ ? PyList_New(0) : new_list(static_cast<Py_ssize_t>(count));
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
    auto target = py::reinterpret_steal<py::object>(make(kind, count, shape));
    if (!target) {
        return false;
    }
    if (numbered_) {
        containers_.push_back(target.ptr());
        target.inc_ref();
    }
    // Elsewhere it is put when it is complete.
    if (stack_.back().places == nullptr && !put(Py_NewRef(target.ptr()))) {
        return false;
    }
    stack_.push_back({kind, target.ptr(), 0, count, nullptr, false, shape, nullptr, 1});
    Frame& frame = stack_.back();
    target.release();
    if (!many_ && kind == Tape::List) {
        frame.places = list_places(frame.target);
    } else if (!many_ && kind == Tape::Record && shape->has_model()) {
        frame.places = pyjs_dict_values(frame.target);
        frame.step = PYJS_DICT_STEP;
    }
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
    if (frame.places != nullptr) {
        frame.places[std::size_t{frame.done} * frame.step] = value;
        return true;
    }
    int status = 0;
    switch (frame.kind) {
        case Tape::List:
            status = PyList_Append(frame.target, value);
            break;
        case Tape::Set:
            return put_member(frame, value);
        case Tape::Record:
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
    if (PySet_Add(frame.target, value) < 0) {
        fail_unhashable(value, "a member of a set");
        Py_DECREF(value);
        return false;
    }
    Py_DECREF(value);
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
    PyObject* key = std::exchange(frame.key, nullptr);  // the path is that of the dict
    if (status < 0) {
        fail_unhashable(key, "a key of a dict");
    } else {
        fail("two keys of the Map are equal in Python, such as 1 and true");
    }
    Py_DECREF(key);
    return false;
}

// Containers that are complete end with the value that completes them.
void TapeReader::leave() {
    while (stack_.back().kind != kRoot && stack_.back().done == stack_.back().count) {
        PyObject* made = take();
        Frame& frame = stack_.back();
        if (frame.places != nullptr) {
            frame.places[std::size_t{frame.done} * frame.step] = made;
        } else {
            Py_DECREF(made);
        }
        if (!frame.has_key) {  // else it was the key itself
            ++frame.done;
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

/// Keeps the current error as the cause.
void TapeReader::fail_unhashable(PyObject* value, const char* role) const {
    PyObject* cause = PyErr_GetRaisedException();
    fail_with(PyUnicode_FromFormat("a %.200s cannot be %s", Py_TYPE(value)->tp_name, role), cause);
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
