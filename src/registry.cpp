// registry.cpp: the table of registered classes.
#include "registry.hpp"

#include "dates.hpp"

namespace pyjs {

bool has_converters = false;
std::uint32_t converters_version = 0;

namespace {

PyObject* types_ = nullptr;
PyObject* dataclass_ = nullptr;

Converter converter_in(PyObject* entry) {
    return {static_cast<Made>(PyLong_AsLong(PyTuple_GET_ITEM(entry, 0))),
            PyTuple_GET_ITEM(entry, 1)};
}

/// Whether the statement of the class itself had the decorator.
bool is_dataclass(PyTypeObject* type) {
    PyObject* names = PyType_GetDict(type);
    const int found = PyDict_ContainsString(names, "__dataclass_fields__");
    Py_XDECREF(names);
    PyErr_Clear();
    return found == 1;
}

PyObject* find(PyTypeObject* type) {
    PyObject* entry = PyDict_GetItemWithError(types_, reinterpret_cast<PyObject*>(type));
    if (entry == nullptr) {
        PyErr_Clear();  // of a metaclass whose __hash__ fails
    }
    return entry == nullptr && dataclass_ != Py_None && is_dataclass(type) ? dataclass_ : entry;
}

bool has_dates(PyObject* types) {
    Py_ssize_t position = 0;
    PyObject* entry = nullptr;
    while (PyDict_Next(types, &position, nullptr, &entry)) {
        if (converter_in(entry).made == Made::Date) {
            return true;
        }
    }
    return false;
}

}  // namespace

Converter converter_of(PyTypeObject* type) noexcept {
    PyObject* order = Py_XNewRef(type->tp_mro);
    Converter found;
    for (Py_ssize_t i = 0; order != nullptr && i < PyTuple_GET_SIZE(order); ++i) {
        PyObject* entry = find(reinterpret_cast<PyTypeObject*>(PyTuple_GET_ITEM(order, i)));
        if (entry != nullptr) {
            found = converter_in(entry);
            break;
        }
    }
    Py_XDECREF(order);
    return found;
}

bool set_converters(PyObject* types, PyObject* dataclass) noexcept {
    if (has_dates(types) && !prepare_dates()) {
        return false;
    }
    has_converters = PyDict_GET_SIZE(types) != 0 || dataclass != Py_None;
    ++converters_version;
    Py_XSETREF(types_, Py_NewRef(types));
    Py_XSETREF(dataclass_, Py_NewRef(dataclass));
    return true;
}

}  // namespace pyjs
