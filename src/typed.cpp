// typed.cpp: the names of element types, and what is said of numbers that do not fit.
#include "typed.hpp"

#include "conversion_error.hpp"

namespace pyjs {
namespace {

struct Element {
    const char* name;
    Typed code;
    const char* holds;
};

constexpr Element kElements[] = {
    {"auto", kTypedAuto, ""},
    {"f64", 'd', "floats, and integers that a double represents exactly"},
    {"f32", 'f', "numbers up to 3.4e38, and integers that a float represents exactly"},
    {"i32", 'i', "integers from -2147483648 to 2147483647"},
    {"u32", 'I', "integers from 0 to 4294967295"},
    {"i16", 'h', "integers from -32768 to 32767"},
    {"u16", 'H', "integers from 0 to 65535"},
    {"i8", 'b', "integers from -128 to 127"},
    {"u8", 'B', "integers from 0 to 255"},
    {"i64", 'q', "integers from -2**63 to 2**63-1"},
    {"u64", 'Q', "integers from 0 to 2**64-1"},
};

const Element& element_of(Typed code) {
    for (const Element& element : kElements) {
        if (element.code == code) {
            return element;
        }
    }
    return kElements[0];
}

/// As repr() of its number; the class of `value` may have a repr of its own.
PyObject* digits_of(PyObject* value) {
    PyTypeObject* type = PyLong_Check(value) ? &PyLong_Type : &PyFloat_Type;
    PyObject* text = type->tp_repr(value);
    if (text != nullptr) {
        return text;
    }
    PyErr_Clear();  // Python writes no more digits than sys.set_int_max_str_digits() says
    return PyUnicode_FromString("an int of very many digits");
}

/// Sets the error of an option that is none of the names in `known`.
void refuse(const char* option, const std::string& known, PyObject* given) {
    if (PyUnicode_Check(given)) {
        PyErr_Format(PyExc_ValueError, "%s: expected %s, got %R", option, known.c_str(), given);
    } else {
        PyErr_Format(PyExc_TypeError, "%s: expected %s, got %.200s", option, known.c_str(),
                     Py_TYPE(given)->tp_name);
    }
}

bool is_text(PyObject* given, const char* text) {
    return PyUnicode_Check(given) && PyUnicode_EqualToUTF8(given, text) != 0;
}

}  // namespace

PyObject* new_elements(std::size_t count, std::size_t size) noexcept {
    if (count > static_cast<std::size_t>(PY_SSIZE_T_MAX) / size) {
        return PyErr_NoMemory();
    }
    return PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(count * size));
}

bool fit_long(PyObject* integer, double& out) noexcept {
    out = PyLong_AsDouble(integer);
    PyObject* back = PyErr_Occurred() == nullptr ? PyLong_FromDouble(out) : nullptr;
    // Compared as ints: the class may have an __eq__ of its own.
    PyObject* same = back == nullptr ? nullptr : PyLong_Type.tp_richcompare(integer, back, Py_EQ);
    const bool exact = same == Py_True;
    Py_XDECREF(same);
    Py_XDECREF(back);
    PyErr_Clear();
    return exact;
}

bool fit_long(PyObject* integer, std::uint64_t& out) noexcept {
    out = PyLong_AsUnsignedLongLong(integer);
    const bool fits = PyErr_Occurred() == nullptr;
    PyErr_Clear();
    return fits;
}

void raise_misfit(const char* operation, const std::string& where, Typed code,
                  PyObject* value) noexcept {
    const Element& element = element_of(code);
    PyObject* digits = digits_of(value);
    PyObject* text = digits == nullptr ? nullptr
                                       : PyUnicode_FromFormat(
                                             "%.60U%s cannot be an element of a table of %s, "
                                             "which holds %s",
                                             digits, PyUnicode_GET_LENGTH(digits) > 60 ? "..." : "",
                                             element.name, element.holds);
    if (text != nullptr) {
        raise_conversion_error(operation, where, text, nullptr);
    }
    Py_XDECREF(text);
    Py_XDECREF(digits);
}

bool read_typed(const char* operation, PyObject* given, Typed& typed) noexcept {
    typed = kUntyped;
    if (given == Py_None) {
        return true;
    }
    std::string known;
    for (const Element& element : kElements) {
        if (is_text(given, element.name)) {
            typed = element.code;
            return true;
        }
        known += std::string("'") + element.name + "', ";
    }
    refuse((std::string(operation) + ": typed").c_str(), known + "or None", given);
    return false;
}

int read_choice(const char* option, PyObject* given, const char* first,
                const char* second) noexcept {
    if (given == nullptr || is_text(given, first)) {
        return 0;
    }
    if (is_text(given, second)) {
        return 1;
    }
    refuse(option, std::string("'") + first + "' or '" + second + "'", given);
    return -1;
}

}  // namespace pyjs
