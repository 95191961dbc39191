// tape_registry.cpp: what registered converters make of objects, on a tape and from one.
#include <pybind11/pybind11.h>

#include <utility>

#include "conversion_error.hpp"
#include "dates.hpp"
#include "encode.hpp"
#include "nested.hpp"
#include "tape_reader.hpp"
#include "tape_writer.hpp"
#include "wrap.hpp"

namespace pyjs {
namespace {

namespace py = pybind11;

/// How many converters one after the other may make what the next one converts.
constexpr int kMostSteps = 100;
/// How many levels of what converters made may lie in each other.
constexpr std::uint32_t kMostNested = 100'000;

/// What has a conversion of its own in any case.
bool is_exact(PyObject* object) {
    const PyTypeObject* type = Py_TYPE(object);
    return type == &PyUnicode_Type || type == &PyLong_Type || type == &PyFloat_Type ||
           type == &PyBool_Type || type == &PyList_Type || type == &PyDict_Type ||
           type == &PyTuple_Type || type == &PySet_Type || object == Py_None;
}

/// A text with that of the current error, which stays. `format` takes it as %S.
template <class... Arguments>
PyObject* with_error(const char* format, Arguments... arguments) {
    PyObject* error = PyErr_GetRaisedException();
    PyObject* text = PyUnicode_FromFormat(format, arguments..., error);
    if (text == nullptr) {
        PyErr_Clear();
        text = PyUnicode_FromFormat("%s", Py_TYPE(error)->tp_name);
    }
    PyErr_SetRaisedException(error);
    return text;
}

}  // namespace

Converter TapeWriter::converter_for(PyObject* object) {
    PyTypeObject* type = Py_TYPE(object);
    if (is_exact(object) || unwrap_js(object) != nullptr) {
        return {};
    }
    // Objects of one class follow each other.
    if (has_converters && (type != met_ || converters_version != version_)) {
        found_ = converter_of(type);
        version_ = converters_version;
        Py_XSETREF(met_, reinterpret_cast<PyTypeObject*>(Py_NewRef(type)));
    }
    const Converter found = has_converters ? found_ : Converter();
    return found.made == Made::Nothing && dates_ && is_datetime(object)
               ? Converter{Made::Date, nullptr}
               : found;
}

int TapeWriter::registered(PyObject* object, long level) {
    if (is_exact(object)) {
        return 0;
    }
    const std::uint32_t number = numbers_.find(object);
    if (number != Numbers::kNone) {
        put(Tape::Reference, number);
        return 1;
    }
    Converter found = converter_for(object);
    if (found.made == Made::Nothing) {
        return 0;
    }
    // What only its container refers to is not met again, unless what replaces it holds it.
    const bool may_return = Py_REFCNT(object) > 1;
    const py::object kept = py::reinterpret_borrow<py::object>(object);
    py::object value = kept;
    if (!replace(value, found)) {
        return -1;
    }
    const bool is_native = found.made != Made::Nothing;
    original_ = is_native && !may_return ? nullptr : object;
    const bool written = is_native ? native(value.ptr(), found) : replacement(value.ptr(), level);
    original_ = nullptr;
    return written ? 1 : -1;
}

int TapeWriter::registered_member(PyObject* object, const char* of) {
    Converter found = converter_for(object);
    if (found.made == Made::Nothing) {
        return 0;
    }
    const bool takes_objects = stack_.back().kind != Tape::Keyed;
    Py_CLEAR(stack_.back().key);  // the path is that of the container
    const py::object kept = py::reinterpret_borrow<py::object>(object);
    py::object value = kept;
    if (!replace(value, found)) {
        return -1;
    }
    if (found.made == Made::Nothing || !takes_objects) {
        return plain_member(value.ptr(), of) ? 1 : -1;
    }
    const std::uint32_t number = numbers_.find(object);
    if (number != Numbers::kNone) {
        put(Tape::Reference, number);
        return 1;
    }
    original_ = object;
    const bool written = native(value.ptr(), found);
    original_ = nullptr;
    return written ? 1 : -1;
}

/// What the converters give in the place of `value`, and what that one's is.
bool TapeWriter::replace(py::object& value, Converter& found) {
    if (!stack_.empty() && stack_.back().made >= kMostNested) {
        std::size_t outermost = 0;
        while (stack_[outermost].made == 0) {
            ++outermost;
        }
        return fail_at(outermost,
                       "what converters made nests %u levels deep: does one make what it converts?",
                       kMostNested);
    }
    const py::object first = value;
    for (int steps = 0; found.made == Made::Value; ++steps) {
        if (steps == kMostSteps) {
            return fail("%d converters in a row made what another one converts, from %.200s on",
                        kMostSteps, Py_TYPE(first.ptr())->tp_name);
        }
        const py::object function = py::reinterpret_borrow<py::object>(found.function);
        note_code();
        const Nested guard;
        py::object made = py::reinterpret_steal<py::object>(
            guard.exceeded() ? nullptr : PyObject_CallOneArg(function.ptr(), value.ptr()));
        if (!made) {
            note();
            return false;
        }
        if (made.is(value) || made.is(first)) {
            return fail("the converter of %.200s gave the object itself, which it has to replace",
                        Py_TYPE(value.ptr())->tp_name);
        }
        value = std::move(made);
        found = converter_for(value.ptr());
    }
    return true;
}

bool TapeWriter::replacement(PyObject* value, long level) {
    const int done = quick(value);
    if (done != 0) {
        return done > 0;
    }
    const std::uint32_t number = numbers_.find(value);
    if (number != Numbers::kNone) {
        numbers_.add(original_, number);
        put(Tape::Reference, number);
        return true;
    }
    return is_implicit(value) ? leaf(value) : contain(value, level);
}

/// Whether what `original_` becomes has a number from now on: 1, or 0.
std::uint32_t TapeWriter::share_original() {
    if (original_ == nullptr) {
        return 0;
    }
    numbers_.add(original_, next_number_++);
    return 1;
}

bool TapeWriter::native(PyObject* value, const Converter& found) {
    return found.made == Made::Date ? date(value) : textual(value, found);
}

bool TapeWriter::date(PyObject* value) {
    double milliseconds = 0;
    switch (moment_of(value, milliseconds)) {
        case Moment::Failed:
            note();
            return false;
        case Moment::Naive:
            return fail(
                "%R has no timezone, so it is no moment: give it a tzinfo, such as "
                "datetime.timezone.utc",
                value);
        default:
            break;
    }
    put(Tape::Date, share_original());
    put_number(milliseconds);
    return true;
}

bool TapeWriter::textual(PyObject* value, const Converter& found) {
    const std::uint32_t is_url = found.made == Made::Url ? 1 : 0;
    const py::object kept = py::reinterpret_borrow<py::object>(found.function);
    const py::object text =
        py::reinterpret_steal<py::object>(PyObject_CallOneArg(kept.ptr(), value));
    if (!text) {
        const auto why = py::reinterpret_steal<py::object>(
            with_error("%R has no counterpart in JavaScript: %S", value));
        return why && fail("%U", why.ptr());
    }
    return put_object(Tape::Convert, text.ptr(), share_original() | is_url << 1);
}

PyObject* TapeReader::date(double milliseconds) {
    PyObject* datetime = datetime_at(milliseconds);
    if (datetime != nullptr) {
        if (numbered_) {
            containers_.push_back(Py_NewRef(datetime));
        }
    } else if (PyErr_Occurred() == nullptr) {
        fail("the Date is invalid, or outside of the years 1 to 9999, which datetime has");
    }
    return datetime;
}

PyObject* TapeReader::convert(const Slot& argument, std::uint32_t number) {
    const auto entry = py::reinterpret_borrow<py::object>(containers_[number]);
    const auto value = py::reinterpret_steal<py::object>(decode(argument));
    if (!value) {
        return nullptr;
    }
    // A tuple has what came with the package: what it refuses has no counterpart.
    const bool own = PyTuple_Check(entry.ptr());
    PyObject* function = own ? PyTuple_GET_ITEM(entry.ptr(), 0) : entry.ptr();
    const Nested guard;
    PyObject* made = guard.exceeded() ? nullptr : PyObject_CallOneArg(function, value.ptr());
    if (made != nullptr) {
        containers_.push_back(Py_NewRef(made));
    } else if (own) {
        PyObject* text = with_error("the RegExp has no counterpart in Python: %S");
        fail_with(text, PyErr_GetRaisedException());
    } else {
        add_path_note("to_py", path());
    }
    return made;
}

}  // namespace pyjs
