// js_iterate.cpp: for loops over JavaScript iterables; one crossing per element.
#include "encode.hpp"
#include "glue.hpp"
#include "js_types.hpp"

namespace pyjs {
namespace {

PyObject* iterate(PyObject* self) {
    Slot slots[2];
    return finish(js_op(JsOp::Iterate, handle_of(self), slots), slots);
}

// A value that the iterator returned at its end travels in StopIteration, as
// a Python generator's does.
PyObject* stop(const Slot* slots) {
    PyObject* value = decode(slots[0]);
    if (value != nullptr && value != Py_None) {
        PyObject* stopped = PyObject_CallOneArg(PyExc_StopIteration, value);
        if (stopped != nullptr) {
            PyErr_SetRaisedException(stopped);
        }
    }
    Py_XDECREF(value);
    return nullptr;
}

PyObject* next(PyObject* self) {
    Slot slots[2];
    const Tag tag = js_op(JsOp::Next, handle_of(self), slots);
    return tag == Tag::Missing ? stop(slots) : finish(tag, slots);
}

const PyType_Slot iterable_slots[] = {
    {Py_tp_iter, reinterpret_cast<void*>(iterate)},
    {0, nullptr},
};
const PyType_Slot iterator_slots[] = {
    {Py_tp_iter, reinterpret_cast<void*>(PyObject_SelfIter)},
    {Py_tp_iternext, reinterpret_cast<void*>(next)},
    {0, nullptr},
};

}  // namespace

const Mixin js_iterable = {static_cast<std::uint32_t>(JsFlag::Iterable), iterable_slots};
const Mixin js_iterator = {static_cast<std::uint32_t>(JsFlag::Iterator), iterator_slots};

}  // namespace pyjs
