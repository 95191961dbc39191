// py_walk.cpp: many elements of a list or tuple in one crossing.
#include "py_walk.hpp"

#include <algorithm>

#include "encode.hpp"
#include "py_result.hpp"

namespace pyjs {
namespace {

constexpr std::uint32_t kFirst = 3;

const void* address_of_items(PyObject* sequence) {
    return PyList_CheckExact(sequence) ? &reinterpret_cast<PyListObject*>(sequence)->ob_item
                                       : nullptr;
}

const void* address_of_size(PyObject* sequence) {
    return PyList_CheckExact(sequence) ? &reinterpret_cast<PyVarObject*>(sequence)->ob_size
                                       : nullptr;
}

std::uint32_t word(const void* address) {
    return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(address));
}

/// Encodes what needs nothing beside its slot; returns how many of the elements did.
Py_ssize_t encode_all(PyObject* const* items, Py_ssize_t count, Slot* slots) {
    Py_ssize_t done = 0;
    while (done < count) {
        Scratch scratch;
        if (!encode(items[done], slots[done], scratch)) {
            PyErr_Clear();  // alone it is encoded again, and fails for its user
            break;
        }
        if (!scratch.is_empty()) {
            break;
        }
        ++done;
    }
    return done;
}

PyObject* hold_all(PyObject* const* items, Py_ssize_t count) {
    PyObject* held = PyTuple_New(count);
    for (Py_ssize_t i = 0; held != nullptr && i < count; ++i) {
        PyTuple_SET_ITEM(held, i, Py_NewRef(items[i]));
    }
    return held;
}

}  // namespace

PyObject* begin_walk(PyObject* iterable, bool& by_index) noexcept {
    by_index = PyList_CheckExact(iterable) || PyTuple_CheckExact(iterable);
    if (!by_index) {
        return PyObject_GetIter(iterable);
    }
    PyObject* walk = PyList_New(2);
    if (walk != nullptr) {
        PyList_SET_ITEM(walk, 0, Py_NewRef(iterable));
        PyList_SET_ITEM(walk, 1, Py_NewRef(Py_None));
    }
    return walk;
}

std::uint32_t walk_on(PyObject* walk, Slot* slots) noexcept {
    PyObject* sequence = PyList_GET_ITEM(walk, 0);
    const auto index = static_cast<Py_ssize_t>(slots[0].number);
    const auto most = static_cast<Py_ssize_t>(slots[1].number);
    // First: a destructor may change the sequence, and use the arena that the answer goes to.
    PyObject* former = PyList_GET_ITEM(walk, 1);
    PyList_SET_ITEM(walk, 1, Py_NewRef(Py_None));
    Py_DECREF(former);
    const Py_ssize_t left = PySequence_Fast_GET_SIZE(sequence) - index;
    if (left <= 0) {
        return static_cast<std::uint32_t>(Tag::Missing);
    }
    PyObject* const* items = PySequence_Fast_ITEMS(sequence) + index;
    const Py_ssize_t limit = std::min({left, most, Py_ssize_t{kMostSteps}});
    const Py_ssize_t count = encode_all(items, limit, slots + kFirst);
    if (count == 0) {
        return give(Py_NewRef(items[0]), slots);
    }
    PyObject* held = hold_all(items, count);
    if (held == nullptr) {
        return fail(slots);
    }
    slots[1].aux = static_cast<std::uint32_t>(count);
    slots[1].data = &PyTuple_GET_ITEM(held, 0);
    slots[2].aux = word(address_of_size(sequence));
    slots[2].data = address_of_items(sequence);
    Py_SETREF(reinterpret_cast<PyListObject*>(walk)->ob_item[1], held);
    return static_cast<std::uint32_t>(Tag::Tape);
}

}  // namespace pyjs
