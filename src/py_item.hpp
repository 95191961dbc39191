// py_item.hpp: items of Python objects, where it is an answer that there is none.
#pragma once

#include <Python.h>

namespace pyjs {

/// Whether no such key or index is what was raised; then it is raised no more. Arrays that are no
/// sequences raise an IndexError for a text, in words of their own.
[[nodiscard]] inline bool clear_missing() noexcept {
    const bool is_missing = PyErr_ExceptionMatches(PyExc_KeyError) != 0 ||
                            PyErr_ExceptionMatches(PyExc_IndexError) != 0;
    if (is_missing) {
        PyErr_Clear();
    }
    return is_missing;
}

/// 1 with a new reference in `result`, 0 when there is no such item, -1 with the Python error set.
[[nodiscard]] inline int find_item(PyObject* object, PyObject* key, PyObject** result) noexcept {
    *result = PyObject_GetItem(object, key);
    if (*result != nullptr) {
        return 1;
    }
    return clear_missing() ? 0 : -1;
}

/// 1, or 0 when there is no such item, -1 with the Python error set.
[[nodiscard]] inline int delete_item(PyObject* object, PyObject* key) noexcept {
    if (PyObject_DelItem(object, key) == 0) {
        return 1;
    }
    return clear_missing() ? 0 : -1;
}

}  // namespace pyjs
