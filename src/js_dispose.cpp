// js_dispose.cpp: `with` and `async with` over JavaScript's disposable objects.
#include "glue.hpp"
#include "hooks.hpp"
#include "js_types.hpp"

namespace pyjs {
namespace {

PyObject* enter(PyObject* self, PyObject*) { return Py_NewRef(self); }

PyObject* leave(PyObject* self, PyObject*) {
    Slot slots[2];
    return finish(js_op(JsOp::Dispose, handle_of(self), slots), slots);
}

PyObject* enter_async(PyObject* self, PyObject*) { return call_hook(Hook::Ready, self); }

PyObject* leave_async(PyObject* self, PyObject*) {
    Slot slots[2];
    return finish(js_op(JsOp::AsyncDispose, handle_of(self), slots), slots);
}

#define SOURCE "\n\nSource: ECMA-262, Explicit Resource Management; PEP 818, 'HAS_DISPOSE'."

PyMethodDef methods[] = {
    {"__enter__", enter, METH_NOARGS, "The object itself." SOURCE},
    {"__exit__", leave, METH_VARARGS, "Calls the object's [Symbol.dispose]()." SOURCE},
    {nullptr, nullptr, 0, nullptr},
};
PyMethodDef async_methods[] = {
    {"__aenter__", enter_async, METH_NOARGS, "The object itself, awaited." SOURCE},
    {"__aexit__", leave_async, METH_VARARGS,
     "Calls the object's [Symbol.asyncDispose](), to be awaited." SOURCE},
    {nullptr, nullptr, 0, nullptr},
};

#undef SOURCE

}  // namespace

const Mixin js_dispose = {[](std::uint32_t flags) { return has(flags, JsFlag::Dispose); }, nullptr,
                          methods};
const Mixin js_async_dispose = {
    [](std::uint32_t flags) { return has(flags, JsFlag::AsyncDispose); }, nullptr, async_methods};

}  // namespace pyjs
