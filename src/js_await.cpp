// js_await.cpp: `await` on a JavaScript thenable, through the event loop's hook.
#include "hooks.hpp"
#include "js_types.hpp"

namespace pyjs {
namespace {

PyObject* await_thenable(PyObject* self) {
    PyObject* future = call_hook(Hook::AwaitThenable, self);
    if (future == nullptr) {
        return nullptr;
    }
    const PyAsyncMethods* async = Py_TYPE(future)->tp_as_async;
    PyObject* iterator = nullptr;
    if (async != nullptr && async->am_await != nullptr) {
        iterator = async->am_await(future);
    } else {
        PyErr_Format(PyExc_TypeError,
                     "await of a JavaScript promise: the event loop gave %.100s, not a future",
                     Py_TYPE(future)->tp_name);
    }
    Py_DECREF(future);
    return iterator;
}

const PyType_Slot slots[] = {
    {Py_am_await, reinterpret_cast<void*>(await_thenable)},
    {0, nullptr},
};

}  // namespace

const Mixin js_awaitable = {[](std::uint32_t flags) { return has(flags, JsFlag::Awaitable); },
                            slots, nullptr};

}  // namespace pyjs
