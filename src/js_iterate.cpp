// js_iterate.cpp: for loops over JavaScript iterables, and generators; one crossing per element.
#include "encode.hpp"
#include "glue.hpp"
#include "js_types.hpp"
#include "pyjs/error.hpp"

namespace pyjs {
namespace {

/// Goes over a sequence by index, which needs no iterator object of JavaScript's.
struct IndexIterator {
    PyObject_HEAD PyObject* sequence;  // null at the end
    std::int32_t index;
};

void index_dealloc(PyObject* self) {
    PyTypeObject* type = Py_TYPE(self);
    Py_XDECREF(reinterpret_cast<IndexIterator*>(self)->sequence);
    type->tp_free(self);
    Py_DECREF(type);
}

PyObject* index_next(PyObject* self) {
    auto* iterator = reinterpret_cast<IndexIterator*>(self);
    if (iterator->sequence == nullptr) {
        return nullptr;
    }
    Slot slots[2];
    const auto view = view_bits(iterator->sequence);
    ++crossings;
    const auto tag =
        static_cast<Tag>(pyjs_js_item(handle_of(iterator->sequence), iterator->index, slots, view));
    if (tag == Tag::Missing) {
        Py_CLEAR(iterator->sequence);
        return nullptr;
    }
    iterator->index += 1;
    return finish(tag, slots);
}

PyTypeObject* index_iterator_type() {
    static PyTypeObject* type = nullptr;
    if (type == nullptr) {
        PyType_Slot slots[] = {
            {Py_tp_dealloc, reinterpret_cast<void*>(index_dealloc)},
            {Py_tp_iter, reinterpret_cast<void*>(PyObject_SelfIter)},
            {Py_tp_iternext, reinterpret_cast<void*>(index_next)},
            {0, nullptr},
        };
        PyType_Spec spec = {"pyjs._core.JsArrayIterator", sizeof(IndexIterator), 0,
                            Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
        type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
    }
    return type;
}

PyObject* by_index(PyObject* sequence) {
    PyTypeObject* type = index_iterator_type();
    PyObject* self = type == nullptr ? nullptr : type->tp_alloc(type, 0);
    if (self != nullptr) {
        reinterpret_cast<IndexIterator*>(self)->sequence = Py_NewRef(sequence);
    }
    return self;
}

PyObject* iterate(PyObject* self) {
    const std::uint32_t flags = type_flags(Py_TYPE(self));
    Slot slots[2];
    Tag tag = Tag::Missing;
    if (is_mapping(flags)) {
        const auto view = static_cast<std::uint32_t>(view_of(flags));
        tag = js_op(JsOp::IterateKeys, handle_of(self), slots, 0, view);
    } else {
        tag = js_op(JsOp::Iterate, handle_of(self), slots, is_sequence(flags) ? 1 : 0);
    }
    if (tag == Tag::Handle && can_loop(slots[0].aux)) {
        slots[0].aux |= static_cast<std::uint32_t>(JsFlag::Loop);
    }
    return tag == Tag::Missing ? by_index(self) : finish(tag, slots);
}

PyObject* iterate_self(PyObject* self) { return js_begin_loop(self) ? Py_NewRef(self) : nullptr; }

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

/// One that has ended, or has thrown, is not closed any more.
void note_end(PyObject* self, Tag tag) {
    if (tag == Tag::Missing || tag == Tag::JsError || tag == Tag::PyError) {
        js_end_loop(self);
    }
}

PyObject* next_of_loop(PyObject* self) {
    Slot slots[2];
    const Tag tag = js_op(JsOp::Next, handle_of(self), slots);
    note_end(self, tag);
    return tag == Tag::Missing ? stop(slots) : finish(tag, slots);
}

/// Python drops an iterator before its end: as JavaScript when it leaves a for...of loop.
void leave(PyObject* self) {
    PyObject* pending = PyErr_GetRaisedException();
    Slot slots[2];
    PyObject* result = finish(js_op(JsOp::Leave, handle_of(self), slots), slots);
    if (result == nullptr) {
        PyErr_FormatUnraisable("Exception ignored while closing a JavaScript iterator");
    }
    Py_XDECREF(result);
    PyErr_SetRaisedException(pending);
    js_type(0)->tp_dealloc(self);
}

/// Unlike tp_iternext, a method must set StopIteration also when there is no value.
PyObject* method_result(PyObject* self, Tag tag, const Slot* slots) {
    note_end(self, tag);
    if (tag != Tag::Missing) {
        return finish(tag, slots);
    }
    stop(slots);
    if (!PyErr_Occurred()) {
        PyErr_SetNone(PyExc_StopIteration);
    }
    return nullptr;
}

PyObject* send(PyObject* self, PyObject* value) {
    Slot slots[2];
    Scratch scratch;
    return encode(value, slots[0], scratch)
               ? method_result(self, js_op(JsOp::Send, handle_of(self), slots), slots)
               : nullptr;
}

PyObject* throw_in(PyObject* self, PyObject* args) {
    py::object exception = js_exception_argument(args);
    if (!exception) {
        return nullptr;
    }
    const val error = exception_to_js(exception);
    Slot slots[2];
    slots[0].set(Tag::Handle);
    slots[0].handle = borrow(error);
    return method_result(self, js_op(JsOp::Throw, handle_of(self), slots), slots);
}

PyObject* close(PyObject* self, PyObject*) {
    js_end_loop(self);
    Slot slots[2];
    const Tag tag = js_op(JsOp::Return, handle_of(self), slots);
    if (tag == Tag::Missing) {
        return decode(slots[0]);
    }
    PyObject* value = finish(tag, slots);
    if (value != nullptr) {
        Py_DECREF(value);
        PyErr_SetString(PyExc_RuntimeError, "close: the JavaScript generator yielded once more");
    }
    return nullptr;
}

PyMethodDef generator_methods[] = {
    {"send", send, METH_O,
     "send(value): goes on with the value as the result of the yield; the next value yielded.\n\n"
     "Raises StopIteration at the end, with what the generator returns.\n\n"
     "Source: ECMA-262, Generator.prototype.next; PEP 342."},
    {"throw", throw_in, METH_VARARGS,
     "throw(exception): raises it at the yield; the next value yielded.\n\n"
     "Source: ECMA-262, Generator.prototype.throw; PEP 342."},
    {"close", close, METH_NOARGS,
     "close(): ends the generator, running its finally blocks; what it returns.\n\n"
     "Raises RuntimeError when it yields once more.\n\n"
     "Source: ECMA-262, Generator.prototype.return; PEP 342."},
    {nullptr, nullptr, 0, nullptr},
};

const PyType_Slot iterable_slots[] = {
    {Py_tp_iter, reinterpret_cast<void*>(iterate)},
    {0, nullptr},
};
const PyType_Slot iterator_slots[] = {
    {Py_tp_iter, reinterpret_cast<void*>(PyObject_SelfIter)},
    {Py_tp_iternext, reinterpret_cast<void*>(next)},
    {0, nullptr},
};
const PyType_Slot closable_slots[] = {
    {Py_tp_iter, reinterpret_cast<void*>(iterate_self)},
    {0, nullptr},
};
const PyType_Slot loop_slots[] = {
    {Py_tp_iternext, reinterpret_cast<void*>(next_of_loop)},
    {Py_tp_dealloc, reinterpret_cast<void*>(leave)},
    {0, nullptr},
};

/// Types that differ in JsFlag::Loop alone lay out their objects alike. False with the Python error
/// set.
bool set_type(PyObject* self, std::uint32_t flags) {
    PyTypeObject* type = js_type(flags);
    if (type == nullptr) {
        return false;
    }
    PyTypeObject* before = Py_TYPE(self);
    Py_INCREF(type);
    Py_SET_TYPE(self, type);
    Py_DECREF(before);
    return true;
}
}  // namespace

bool js_begin_loop(PyObject* self) noexcept {
    PyTypeObject* type = Py_TYPE(self);
    const std::uint32_t flags = type_flags(type);
    // The type of an instance of a Python class is that class, and stays it.
    return !can_loop(flags) || !Py_IS_TYPE(reinterpret_cast<PyObject*>(type), js_meta) ||
           set_type(self, flags | static_cast<std::uint32_t>(JsFlag::Loop));
}

void js_end_loop(PyObject* self) noexcept {
    const std::uint32_t flags = type_flags(Py_TYPE(self));
    if (has(flags, JsFlag::Loop)) {  // that type exists: the proxy was of it
        static_cast<void>(set_type(self, flags & ~static_cast<std::uint32_t>(JsFlag::Loop)));
    }
}

py::object js_exception_argument(PyObject* args) noexcept {
    PyObject* type = nullptr;
    PyObject* value = nullptr;
    PyObject* traceback = nullptr;  // of the old form, throw(type, value, traceback)
    if (!PyArg_UnpackTuple(args, "throw", 1, 3, &type, &value, &traceback)) {
        return {};
    }
    PyObject* made = nullptr;
    if (PyExceptionInstance_Check(type)) {
        made = Py_NewRef(type);
    } else if (PyExceptionClass_Check(type)) {
        if (value != nullptr && PyObject_IsInstance(value, type) == 1) {
            made = Py_NewRef(value);
        } else {
            made = value == nullptr || value == Py_None ? PyObject_CallNoArgs(type)
                                                        : PyObject_CallOneArg(type, value);
        }
    } else {
        PyErr_Format(PyExc_TypeError, "throw: expected an exception or its class, given %.100s",
                     Py_TYPE(type)->tp_name);
    }
    return py::reinterpret_steal<py::object>(made);
}

const Mixin js_iterable = {[](std::uint32_t flags) { return has(flags, JsFlag::Iterable); },
                           iterable_slots, nullptr};
const Mixin js_iterator = {[](std::uint32_t flags) { return has(flags, JsFlag::Iterator); },
                           iterator_slots, nullptr};
const Mixin js_closable = {
    [](std::uint32_t flags) { return has(flags, JsFlag::Iterator) && can_loop(flags); },
    closable_slots, nullptr};
const Mixin js_loop = {
    [](std::uint32_t flags) { return has(flags, JsFlag::Iterator) && has(flags, JsFlag::Loop); },
    loop_slots, nullptr};
const Mixin js_generator = {[](std::uint32_t flags) { return has(flags, JsFlag::Generator); },
                            nullptr, generator_methods};

}  // namespace pyjs
