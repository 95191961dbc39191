// js_container.cpp: len(), items by key and `in`, over maps, sets and what has their methods.
#include "encode.hpp"
#include "glue.hpp"
#include "js_types.hpp"

namespace pyjs {
namespace {

PyObject* subscript(PyObject* self, PyObject* key) {
    return js_take(JsOp::GetItem, self, key, nullptr);
}

int assign(PyObject* self, PyObject* key, PyObject* value) {
    Slot slots[2];
    Scratch scratch;
    if (!encode(key, slots[0], scratch) ||
        (value != nullptr && !encode(value, slots[1], scratch))) {
        return -1;
    }
    const Tag tag = js_keyed(value == nullptr ? JsOp::DelItem : JsOp::SetItem, self, slots);
    if (tag == Tag::Missing) {
        js_key_error(key);
        return -1;
    }
    PyObject* result = finish(tag, slots);
    Py_XDECREF(result);
    return result == nullptr ? -1 : 0;
}

int contains(PyObject* self, PyObject* value) {
    Slot slots[2];
    Scratch scratch;
    if (!encode(value, slots[0], scratch)) {
        return -1;
    }
    PyObject* result = finish(js_keyed(JsOp::Contains, self, slots), slots);
    const int answer = result == nullptr ? -1 : (result == Py_True ? 1 : 0);
    Py_XDECREF(result);
    return answer;
}

const PyType_Slot length_slots[] = {
    {Py_mp_length, reinterpret_cast<void*>(js_length_of)},
    {0, nullptr},
};
const PyType_Slot get_slots[] = {
    {Py_mp_subscript, reinterpret_cast<void*>(subscript)},
    {0, nullptr},
};
const PyType_Slot set_slots[] = {
    {Py_mp_ass_subscript, reinterpret_cast<void*>(assign)},
    {0, nullptr},
};
const PyType_Slot contains_slots[] = {
    {Py_sq_contains, reinterpret_cast<void*>(contains)},
    {0, nullptr},
};

template <JsFlag Flag>
bool unless_sequence(std::uint32_t flags) {
    return has(flags, Flag) && !is_sequence(flags);
}

}  // namespace

Tag js_keyed(JsOp op, PyObject* self, Slot* slots) noexcept {
    return js_op(op, handle_of(self), slots, 0, view_bits(self));
}

PyObject* js_take(JsOp op, PyObject* self, PyObject* key, PyObject* missing) noexcept {
    Slot slots[2];
    Scratch scratch;
    if (!encode(key, slots[0], scratch)) {
        return nullptr;
    }
    const Tag tag = js_keyed(op, self, slots);
    if (tag != Tag::Missing) {
        return finish(tag, slots);
    }
    if (missing == nullptr) {
        js_key_error(key);
    }
    return Py_XNewRef(missing);
}

void js_key_error(PyObject* key) noexcept {
    // PyErr_SetObject would take a tuple for the arguments of the exception, and None for none.
    PyObject* error = PyObject_CallOneArg(PyExc_KeyError, key);
    if (error != nullptr) {
        PyErr_SetRaisedException(error);
    }
}

Py_ssize_t js_length_of(PyObject* self) noexcept {
    Slot slots[2];
    PyObject* result = finish(js_keyed(JsOp::Length, self, slots), slots);
    if (result == nullptr) {
        return -1;
    }
    const Py_ssize_t count = PyLong_AsSsize_t(result);
    Py_DECREF(result);
    return count;
}

const Mixin js_length = {[](std::uint32_t flags) { return has(flags, JsFlag::HasLength); },
                         length_slots, nullptr};
const Mixin js_get = {unless_sequence<JsFlag::HasGet>, get_slots, nullptr};
const Mixin js_set = {unless_sequence<JsFlag::HasSet>, set_slots, nullptr};
const Mixin js_contains = {unless_sequence<JsFlag::HasContains>, contains_slots, nullptr};

}  // namespace pyjs
