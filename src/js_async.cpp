// js_async.cpp: `async for` over JavaScript's asynchronous iterables, and their generators.
#include <cstring>

#include "encode.hpp"
#include "glue.hpp"
#include "js_types.hpp"
#include "pyjs/error.hpp"

namespace pyjs {
namespace {

PyObject* iterate(PyObject* self) {
    Slot slots[2];
    const Tag tag = js_op(JsOp::AsyncIterate, handle_of(self), slots);
    if (tag == Tag::Handle && has(slots[0].aux, JsFlag::Iterator)) {
        // One that is not iterable itself looks like a synchronous iterator.
        slots[0].aux &= ~static_cast<std::uint32_t>(JsFlag::Iterator);
        slots[0].aux |= static_cast<std::uint32_t>(JsFlag::AsyncIterator);
    }
    if (tag == Tag::Handle && can_loop(slots[0].aux)) {
        slots[0].aux |= static_cast<std::uint32_t>(JsFlag::Loop);
    }
    return finish(tag, slots);
}

PyObject* iterate_self(PyObject* self) {
    Slot slots[2];
    PyObject* noted = finish(js_op(JsOp::AsyncEnter, handle_of(self), slots), slots);
    const bool begun = noted != nullptr && js_begin_loop(self);
    Py_XDECREF(noted);
    return begun ? Py_NewRef(self) : nullptr;
}

/// A future of what one step yields.
PyObject* step(PyObject* self, const char* method, PyObject* argument) {
    Slot slots[3];
    Scratch scratch;
    slots[0].set(Tag::Ascii);
    slots[0].data = method;
    slots[0].aux = static_cast<std::uint32_t>(std::strlen(method));
    return encode(argument, slots[1], scratch) ? js_future(JsOp::AsyncStep, self, slots, 2)
                                               : nullptr;
}

PyObject* next(PyObject* self) { return step(self, "next", Py_None); }
PyObject* asend(PyObject* self, PyObject* value) { return step(self, "next", value); }
PyObject* aclose(PyObject* self, PyObject*) { return step(self, "return", Py_None); }

PyObject* athrow(PyObject* self, PyObject* args) {
    py::object exception = js_exception_argument(args);
    if (!exception) {
        return nullptr;
    }
    PyObject* error = js_proxy(exception_to_js(exception)).release().ptr();
    PyObject* future = step(self, "throw", error);
    Py_DECREF(error);
    return future;
}

/// Python drops an iterator on which a loop began. Whether it has ended JavaScript knows.
void leave(PyObject* self) {
    PyObject* pending = PyErr_GetRaisedException();
    Slot slots[2];
    PyObject* result = finish(js_op(JsOp::AsyncLeave, handle_of(self), slots), slots);
    if (result == nullptr) {
        PyErr_FormatUnraisable("Exception ignored while closing a JavaScript iterator");
    }
    Py_XDECREF(result);
    PyErr_SetRaisedException(pending);
    js_type(0)->tp_dealloc(self);
}

PyMethodDef generator_methods[] = {
    {"asend", asend, METH_O,
     "await asend(value): goes on with the value as the result of the yield; the next value.\n\n"
     "Raises StopAsyncIteration at the end.\n\n"
     "Source: ECMA-262, AsyncGenerator.prototype.next; PEP 525."},
    {"athrow", athrow, METH_VARARGS,
     "await athrow(exception): raises it at the yield; the next value.\n\n"
     "Source: ECMA-262, AsyncGenerator.prototype.throw; PEP 525."},
    {"aclose", aclose, METH_NOARGS,
     "await aclose(): ends the generator, running its finally blocks.\n\n"
     "Source: ECMA-262, AsyncGenerator.prototype.return; PEP 525."},
    {nullptr, nullptr, 0, nullptr},
};

const PyType_Slot iterable_slots[] = {
    {Py_am_aiter, reinterpret_cast<void*>(iterate)},
    {0, nullptr},
};
const PyType_Slot iterator_slots[] = {
    {Py_am_aiter, reinterpret_cast<void*>(PyObject_SelfIter)},
    {Py_am_anext, reinterpret_cast<void*>(next)},
    {0, nullptr},
};
const PyType_Slot closable_slots[] = {
    {Py_am_aiter, reinterpret_cast<void*>(iterate_self)},
    {0, nullptr},
};
const PyType_Slot loop_slots[] = {
    {Py_tp_dealloc, reinterpret_cast<void*>(leave)},
    {0, nullptr},
};
}  // namespace

const Mixin js_async_iterable = {
    [](std::uint32_t flags) { return has(flags, JsFlag::AsyncIterable); }, iterable_slots, nullptr};
const Mixin js_async_iterator = {
    [](std::uint32_t flags) { return has(flags, JsFlag::AsyncIterator); }, iterator_slots, nullptr};
const Mixin js_async_generator = {
    [](std::uint32_t flags) { return has(flags, JsFlag::AsyncGenerator); }, nullptr,
    generator_methods};

const Mixin js_async_closable = {
    [](std::uint32_t flags) { return has(flags, JsFlag::AsyncIterator) && can_loop(flags); },
    closable_slots, nullptr};
const Mixin js_async_loop = {[](std::uint32_t flags) {
                                 return has(flags, JsFlag::AsyncIterator) &&
                                        has(flags, JsFlag::Loop);
                             },
                             loop_slots, nullptr};

}  // namespace pyjs
