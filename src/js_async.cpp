// js_async.cpp: `async for` over JavaScript's asynchronous iterables, and their generators.
#include "encode.hpp"
#include "glue.hpp"
#include "hooks.hpp"
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
    return finish(tag, slots);
}

/// The event loop makes the step and gives a future of what it yields.
PyObject* step(PyObject* self, const char* method, PyObject* argument) {
    PyObject* name = PyUnicode_FromString(method);
    PyObject* future = name == nullptr ? nullptr : call_hook(Hook::AsyncStep, self, name, argument);
    Py_XDECREF(name);
    return future;
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
}  // namespace

const Mixin js_async_iterable = {
    [](std::uint32_t flags) { return has(flags, JsFlag::AsyncIterable); }, iterable_slots, nullptr};
const Mixin js_async_iterator = {
    [](std::uint32_t flags) { return has(flags, JsFlag::AsyncIterator); }, iterator_slots, nullptr};
const Mixin js_async_generator = {
    [](std::uint32_t flags) { return has(flags, JsFlag::AsyncGenerator); }, nullptr,
    generator_methods};

}  // namespace pyjs
