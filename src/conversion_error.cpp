// conversion_error.cpp: ConversionError and its paths, such as "$.users[3].when".
#include "conversion_error.hpp"

namespace pyjs {
namespace {

PyObject* error_class = nullptr;

void add_note(const char* format, const char* operation, const char* where) noexcept {
    PyObject* error = PyErr_GetRaisedException();
    PyObject* text = PyUnicode_FromFormat(format, operation, where);
    if (text != nullptr) {
        Py_XDECREF(PyObject_CallMethod(error, "add_note", "N", text));
    }
    PyErr_Clear();  // an exception that takes no notes goes without
    PyErr_SetRaisedException(error);
}

}  // namespace

bool add_conversion_error(PyObject* module) noexcept {
    error_class = PyErr_NewExceptionWithDoc(
        "pyjs.ffi.ConversionError",
        "A structure has no counterpart in the other language; the text names the part.\n\n"
        ">>> from pyjs import to_js\n"
        ">>> from pyjs.ffi import ConversionError\n"
        ">>> try:\n"
        "...     to_js({\"a\": [{(1, 2)}]})\n"
        "... except ConversionError as error:\n"
        "...     print(str(error).split(\": \")[1])\n"
        "$.a[0]\n\n"
        "Source: Pyodide, ConversionError.",
        PyExc_Exception, nullptr);
    return error_class != nullptr &&
           PyModule_AddObjectRef(module, "ConversionError", error_class) == 0;
}

std::string path_step(PyObject* key) {
    PyObject* error = PyErr_GetRaisedException();
    const bool name = PyUnicode_Check(key) && PyUnicode_IsIdentifier(key) == 1;
    PyObject* text = name ? Py_NewRef(key) : PyObject_ASCII(key);
    const char* characters = text == nullptr ? nullptr : PyUnicode_AsUTF8(text);
    std::string step = characters == nullptr ? "?" : characters;
    Py_XDECREF(text);
    PyErr_SetRaisedException(error);  // not that of a key whose repr() fails
    return name ? "." + step : "[" + step + "]";
}

void raise_conversion_error(const char* operation, const std::string& where, PyObject* text,
                            PyObject* cause) noexcept {
    if (cause != nullptr && Py_IS_TYPE(cause, (PyTypeObject*)PyExc_MemoryError)) {
        Py_DECREF(cause);
        PyErr_Format(PyExc_MemoryError, "%s: %s: out of memory", operation, where.c_str());
        return;
    }
    PyErr_Format(error_class, "%s: %s: %U", operation, where.c_str(), text);
    if (cause != nullptr) {
        PyObject* error = PyErr_GetRaisedException();
        PyException_SetContext(error, Py_NewRef(cause));
        PyException_SetCause(error, cause);
        PyErr_SetRaisedException(error);
    }
}

void place_memory_error(const char* operation, const std::string& where) noexcept {
    PyObject* error = PyErr_GetRaisedException();
    const bool bare = error != nullptr && Py_IS_TYPE(error, (PyTypeObject*)PyExc_MemoryError) &&
                      PyTuple_GET_SIZE(((PyBaseExceptionObject*)error)->args) == 0;
    if (!bare) {
        PyErr_SetRaisedException(error);
        return;
    }
    Py_DECREF(error);  // Python may have one for all, which is not to be changed
    PyErr_Format(PyExc_MemoryError, "%s: %s: out of memory", operation, where.c_str());
}

void add_path_note(const char* operation, const std::string& where) noexcept {
    add_note("in a converter of %s, for %s", operation, where.c_str());
}

void add_place_note(const char* operation, const char* where) noexcept {
    PyObject* error = PyErr_GetRaisedException();
    const bool says = PyErr_GivenExceptionMatches(error, error_class) != 0 ||
                      PyObject_HasAttrString(error, "__notes__") != 0;
    PyErr_SetRaisedException(error);
    if (!says) {
        add_note("in %s, for %s", operation, where);
    }
}

}  // namespace pyjs
