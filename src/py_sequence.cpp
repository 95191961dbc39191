// py_sequence.cpp: what Array.prototype does that the sequence protocol has no operation for.
#include "py_sequence.hpp"

namespace pyjs {
namespace {

/// Removes `count` elements from `start` on; false with the Python error set.
bool take(PyObject* sequence, Py_ssize_t start, Py_ssize_t count, PyObject* removed) {
    for (Py_ssize_t i = 0; i < count; ++i) {
        PyObject* item = PySequence_GetItem(sequence, start);
        if (item == nullptr) {
            return false;
        }
        const bool done =
            PyList_Append(removed, item) == 0 && PySequence_DelItem(sequence, start) == 0;
        Py_DECREF(item);
        if (!done) {
            return false;
        }
    }
    return true;
}

bool insert(PyObject* sequence, Py_ssize_t start, PyObject* items) {
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(items); ++i) {
        PyObject* done =
            PyObject_CallMethod(sequence, "insert", "nO", start + i, PyList_GET_ITEM(items, i));
        if (done == nullptr) {
            return false;
        }
        Py_DECREF(done);
    }
    return true;
}

bool splice_into(PyObject* sequence, Py_ssize_t start, Py_ssize_t count, PyObject* items,
                 PyObject*& removed) {
    if (PyList_CheckExact(sequence)) {
        removed = PyList_GetSlice(sequence, start, start + count);
        return removed != nullptr && PyList_SetSlice(sequence, start, start + count, items) == 0;
    }
    removed = PyList_New(0);
    return removed != nullptr && take(sequence, start, count, removed) &&
           insert(sequence, start, items);
}

bool put_in_order(PyObject* sequence, PyObject* items, PyObject* order) {
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(order); ++i) {
        const Py_ssize_t from = PyNumber_AsSsize_t(PyList_GET_ITEM(order, i), PyExc_IndexError);
        if (from == -1 && PyErr_Occurred() != nullptr) {
            return false;
        }
        if (from < 0 || from >= PyList_GET_SIZE(items)) {
            PyErr_SetString(PyExc_IndexError, "the sequence changed while it was sorted");
            return false;
        }
        if (PySequence_SetItem(sequence, i, PyList_GET_ITEM(items, from)) < 0) {
            return false;
        }
    }
    return true;
}

}  // namespace

PyObject* splice(PyObject* sequence, PyObject* start, PyObject* count, PyObject* items) noexcept {
    const Py_ssize_t from = PyNumber_AsSsize_t(start, PyExc_IndexError);
    const Py_ssize_t many = from == -1 ? -1 : PyNumber_AsSsize_t(count, PyExc_IndexError);
    if (PyErr_Occurred() != nullptr) {
        return nullptr;
    }
    PyObject* list = PySequence_List(items);
    PyObject* removed = nullptr;
    if (list != nullptr && !splice_into(sequence, from, many, list, removed)) {
        Py_CLEAR(removed);
    }
    Py_XDECREF(list);
    return removed;
}

PyObject* arrange(PyObject* sequence, PyObject* order) noexcept {
    PyObject* items = PySequence_List(sequence);
    PyObject* places = items == nullptr ? nullptr : PySequence_List(order);
    const bool done = places != nullptr && put_in_order(sequence, items, places);
    Py_XDECREF(items);
    Py_XDECREF(places);
    return done ? Py_NewRef(Py_None) : nullptr;
}

}  // namespace pyjs
