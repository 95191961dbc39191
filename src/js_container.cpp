// js_container.cpp: len(), indexing and `in` over arrays, maps and sets.
#include "encode.hpp"
#include "glue.hpp"
#include "js_types.hpp"

namespace pyjs {
namespace {

Py_ssize_t length(PyObject* self) {
    Slot slots[2];
    PyObject* result = finish(js_op(JsOp::Length, handle_of(self), slots), slots);
    if (result == nullptr) {
        return -1;
    }
    const Py_ssize_t count = PyLong_AsSsize_t(result);
    Py_DECREF(result);
    if (count < 0 && !PyErr_Occurred()) {
        PyErr_SetString(PyExc_ValueError, "len() of a JavaScript object: its length is negative");
    }
    return count;
}

// A negative index counts from the end, as in Python; arrays only.
bool normalise(PyObject* self, PyObject* key, Slot& slot) {
    Py_ssize_t index = PyNumber_AsSsize_t(key, PyExc_IndexError);
    if (index == -1 && PyErr_Occurred()) {
        return false;
    }
    if (index < 0) {
        const Py_ssize_t count = length(self);
        if (count < 0) {
            return false;
        }
        index += count;
    }
    slot.set(Tag::Number);
    slot.number = static_cast<double>(index);
    return true;
}

bool is_sequence(PyObject* self) {
    const std::uint32_t flags = type_flags(Py_TYPE(self));
    return has(flags, JsFlag::Array) || has(flags, JsFlag::ArrayLike) || has(flags, JsFlag::Buffer);
}

bool encode_key(PyObject* self, PyObject* key, Slot& slot, Scratch& scratch) {
    if (!is_sequence(self)) {
        return encode(key, slot, scratch);
    }
    if (PyIndex_Check(key)) {
        return normalise(self, key, slot);
    }
    PyErr_Format(PyExc_TypeError, "JavaScript array indices must be integers, not %.100s",
                 Py_TYPE(key)->tp_name);
    return false;
}

void no_item(PyObject* self, PyObject* key) {
    if (is_sequence(self)) {
        PyErr_SetString(PyExc_IndexError, "JavaScript array index out of range");
    } else {
        PyErr_SetObject(PyExc_KeyError, key);
    }
}

PyObject* subscript(PyObject* self, PyObject* key) {
    Slot slots[2];
    Scratch scratch;
    if (!encode_key(self, key, slots[0], scratch)) {
        return nullptr;
    }
    const Tag tag = js_op(JsOp::GetItem, handle_of(self), slots);
    if (tag == Tag::Missing) {
        no_item(self, key);
        return nullptr;
    }
    return finish(tag, slots);
}

int assign(PyObject* self, PyObject* key, PyObject* value) {
    if (value == nullptr && has(type_flags(Py_TYPE(self)), JsFlag::Buffer)) {
        PyErr_SetString(
            PyExc_TypeError,
            "cannot delete an element of a JavaScript typed array: its length is fixed");
        return -1;
    }
    Slot slots[2];
    Scratch scratch;
    if (!encode_key(self, key, slots[0], scratch) ||
        (value != nullptr && !encode(value, slots[1], scratch))) {
        return -1;
    }
    const Tag tag = js_op(value == nullptr ? JsOp::DelItem : JsOp::SetItem, handle_of(self), slots);
    if (tag == Tag::Missing) {
        no_item(self, key);
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
    PyObject* result = finish(js_op(JsOp::Contains, handle_of(self), slots), slots);
    const int answer = result == nullptr ? -1 : (result == Py_True ? 1 : 0);
    Py_XDECREF(result);
    return answer;
}

const PyType_Slot length_slots[] = {
    {Py_mp_length, reinterpret_cast<void*>(length)},
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

}  // namespace

const Mixin js_length = {static_cast<std::uint32_t>(JsFlag::HasLength), length_slots};
const Mixin js_get = {static_cast<std::uint32_t>(JsFlag::HasGet), get_slots};
const Mixin js_set = {static_cast<std::uint32_t>(JsFlag::HasSet), set_slots};
const Mixin js_contains = {static_cast<std::uint32_t>(JsFlag::HasContains), contains_slots};

}  // namespace pyjs
