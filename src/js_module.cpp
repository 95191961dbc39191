// js_module.cpp: the part of a module's proxy that Python keeps.
#include "js_module.hpp"

#include <unordered_map>

#include "js_types.hpp"
#include "pyjs/proxy.hpp"

namespace pyjs {
namespace {

// Owned references. Few: a table costs other proxies nothing. What is in it
// has a weak reference, so a look at that field tells most proxies apart.
std::unordered_map<PyObject*, PyObject*> halves;

PyObject* half_of(PyObject* self) noexcept {
    if (fields(self).weakrefs == nullptr) {
        return nullptr;
    }
    const auto found = halves.find(self);
    return found == halves.end() ? nullptr : found->second;
}

PyObject* name_of(PyObject* half) noexcept {
    PyObject* name = PyObject_GetAttrString(half, "__name__");
    if (name == nullptr || !PyUnicode_Check(name)) {
        PyErr_Clear();
        Py_CLEAR(name);
    }
    return name;
}

PyObject* bound_vectorcall(PyObject* self, PyObject* const* args, size_t nargsf, PyObject* names) {
    PyObject* half = Py_NewRef(half_of(self));
    PyObject* result = PyObject_Vectorcall(half, args, nargsf, names);
    Py_DECREF(half);
    return result;
}

bool is_private(PyObject* name) {
    return PyUnicode_GET_LENGTH(name) > 1 && PyUnicode_READ_CHAR(name, 0) == '_' &&
           PyUnicode_READ_CHAR(name, 1) == '_';
}

}  // namespace

py::object make_bound(py::handle object, py::handle half) {
    py::object bound = make_module(object, half);
    fields(bound.ptr()).vectorcall = bound_vectorcall;
    return bound;
}

PyObject* bound_half_with(PyObject* self, PyObject* name) noexcept {
    if (fields(self).vectorcall != bound_vectorcall || is_private(name)) {
        return nullptr;
    }
    static PyObject* const fallback = PyUnicode_InternFromString("__getattr__");
    PyObject* half = half_of(self);
    PyTypeObject* type = Py_TYPE(half);
    return _PyType_Lookup(type, name) != nullptr || _PyType_Lookup(type, fallback) != nullptr
               ? half
               : nullptr;
}

py::object make_module(py::handle object, py::handle half) {
    py::object module = js_proxy(fields(object.ptr()).value);
    fields(module.ptr()).receiver = Py_XNewRef(fields(object.ptr()).receiver);
    py::setattr(half, "__proxy__", py::weakref(module));
    halves.emplace(module.ptr(), half.inc_ref().ptr());
    return module;
}

PyObject* half_with(PyObject* self, PyObject* name) noexcept {
    // All that a half has starts so; most names asked of a module do not.
    if (PyUnicode_GET_LENGTH(name) == 0 || PyUnicode_READ_CHAR(name, 0) != '_') {
        return nullptr;
    }
    PyObject* half = half_of(self);
    return half != nullptr && _PyType_Lookup(Py_TYPE(half), name) != nullptr ? half : nullptr;
}

bool is_submodule(PyObject* self, PyObject* name, PyObject* value) noexcept {
    PyObject* child = is_js(value) ? half_of(value) : nullptr;
    PyObject* parent = child != nullptr ? half_of(self) : nullptr;
    if (parent == nullptr) {
        return false;
    }
    py::object parent_name = py::reinterpret_steal<py::object>(name_of(parent));
    py::object child_name = py::reinterpret_steal<py::object>(name_of(child));
    py::object expected = py::reinterpret_steal<py::object>(
        parent_name ? PyUnicode_FromFormat("%U.%U", parent_name.ptr(), name) : nullptr);
    PyErr_Clear();
    return child_name && expected && PyUnicode_Compare(child_name.ptr(), expected.ptr()) == 0;
}

void drop_half(PyObject* self) noexcept {
    const auto found = halves.find(self);
    if (found != halves.end()) {
        PyObject* half = found->second;
        halves.erase(found);
        Py_DECREF(half);
    }
}

}  // namespace pyjs
