// js_await.cpp: `await` on a JavaScript thenable: a future of asyncio's, which JavaScript ends.
#include "glue.hpp"
#include "hooks.hpp"
#include "js_types.hpp"
#include "py_ops.hpp"
#include "pyjs/error.hpp"

namespace pyjs {
namespace {

/// What a cancelled future aborts: called with it when it has ended.
PyObject* on_end(PyObject* promise, PyObject* future) {
    PyObject* cancelled = PyObject_CallMethod(future, "cancelled", nullptr);
    if (cancelled == nullptr) {
        return nullptr;
    }
    Slot slots[2];
    PyObject* result = cancelled == Py_True
                           ? finish(js_op(JsOp::Abort, handle_of(promise), slots), slots)
                           : Py_NewRef(Py_None);
    Py_DECREF(cancelled);
    return result;
}

PyMethodDef on_end_def = {"abort_if_cancelled", on_end, METH_O, nullptr};

bool abort_with(PyObject* future, PyObject* promise) {
    PyObject* callback = PyCFunction_New(&on_end_def, promise);
    PyObject* added = callback == nullptr
                          ? nullptr
                          : PyObject_CallMethod(future, "add_done_callback", "O", callback);
    Py_XDECREF(callback);
    Py_XDECREF(added);
    return added != nullptr;
}

PyObject* await_thenable(PyObject* self) {
    Slot slots[2];
    PyObject* future = js_future(JsOp::Then, self, slots, 0);
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

/// The exception of PyOp::Fail; null with the Python error set.
PyObject* error_in(Slot* slots) {
    if (slots[0].kind() == Tag::Missing) {
        PyErr_SetString(PyExc_RuntimeError, "aclose: the JavaScript generator yielded once more");
    } else {
        static_cast<void>(finish(slots[0].kind(), slots));  // raises it
    }
    return PyErr_GetRaisedException();
}

/// What the future gets, and by which method; the exception when the value cannot be decoded.
PyObject* outcome(PyOp op, Slot* slots, const char*& method) {
    method = "set_exception";
    if (op == PyOp::Fail) {
        return error_in(slots);
    }
    PyObject* value = decode(slots[0]);
    if (value == nullptr) {
        return PyErr_GetRaisedException();
    }
    if (op == PyOp::Fulfil) {
        method = "set_result";
        return value;
    }
    PyObject* stop = PyObject_CallOneArg(PyExc_StopAsyncIteration, value);
    Py_DECREF(value);
    return stop == nullptr ? PyErr_GetRaisedException() : stop;
}

PyObject* interned(const char* name) {
    static PyObject* const set_result = PyUnicode_InternFromString("set_result");
    static PyObject* const set_exception = PyUnicode_InternFromString("set_exception");
    return name[4] == 'r' ? set_result : set_exception;
}

bool has_ended(PyObject* future) {
    PyObject* done = PyObject_CallMethod(future, "done", nullptr);
    Py_XDECREF(done);
    return done == Py_True;
}

}  // namespace

PyObject* js_future(JsOp op, PyObject* self, Slot* slots, int place) noexcept {
    PyObject* future = call_hook(Hook::NewFuture);
    if (future != nullptr && !end_with(op, self, slots, place, future)) {
        Py_CLEAR(future);
    }
    return future;
}

bool end_with(JsOp op, PyObject* self, Slot* slots, int place, PyObject* future) noexcept {
    slots[place].set(Tag::Object);
    slots[place].object = future;
    PyObject* aborts = finish(js_op(op, handle_of(self), slots), slots);
    const bool is_ready = aborts != nullptr && (aborts != Py_True || abort_with(future, self));
    Py_XDECREF(aborts);
    return is_ready;
}

// One that was cancelled has ended; what then comes is dropped. No error has anywhere to go.
bool end_future(PyOp op, PyObject* future, Slot* slots) noexcept {
    const char* method = nullptr;
    PyObject* value = outcome(op, slots, method);
    PyObject* done = PyObject_CallMethodOneArg(future, interned(method), value);
    Py_DECREF(value);
    if (done == nullptr) {
        PyObject* error = PyErr_GetRaisedException();
        if (has_ended(future)) {
            Py_DECREF(error);
            PyErr_Clear();
            return op == PyOp::Fail;
        }
        PyErr_SetRaisedException(error);
        PyErr_WriteUnraisable(future);
    }
    Py_XDECREF(done);
    return false;
}

bool report_unretrieved(PyObject* future, Slot* slots) noexcept {
    PyObject* error = error_in(slots);
    PyObject* message = PyUnicode_FromString(
        future == nullptr
            ? "JavaScript that nobody waits for any more failed: exception was never retrieved"
            : "what a cancelled task waited for failed: exception was never retrieved");
    PyObject* told = message == nullptr ? nullptr
                                        : call_hook(Hook::Unretrieved, message, error,
                                                    future == nullptr ? Py_None : future);
    Py_XDECREF(message);
    Py_XDECREF(error);
    Py_XDECREF(told);
    return told != nullptr;
}

namespace {

PyObject* call_then(PyObject* self, PyObject* fulfilled, PyObject* rejected, PyObject* settled) {
    return call_hook(Hook::Then, self, fulfilled, rejected, settled);
}

PyObject* then(PyObject* self, PyObject* args, PyObject* keywords) {
    static const char* const names[] = {"onfulfilled", "onrejected", nullptr};
    PyObject* fulfilled = Py_None;
    PyObject* rejected = Py_None;
    return PyArg_ParseTupleAndKeywords(args, keywords, "|OO:then", const_cast<char**>(names),
                                       &fulfilled, &rejected) == 0
               ? nullptr
               : call_then(self, fulfilled, rejected, Py_None);
}

PyObject* catch_(PyObject* self, PyObject* rejected) {
    return call_then(self, Py_None, rejected, Py_None);
}

PyObject* finally_(PyObject* self, PyObject* settled) {
    return call_then(self, Py_None, Py_None, settled);
}

PyMethodDef methods[] = {
    {"then", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(then)),
     METH_VARARGS | METH_KEYWORDS,
     "then(onfulfilled=None, onrejected=None): a future of what the called one of them gives.\n\n"
     "onfulfilled is called with the promise's value, onrejected with its exception. What they\n"
     "return is awaited as long as it is awaitable. Without one, the future ends as the promise.\n"
     "Cancelling the future stops waiting, and aborts what can be aborted.\n\n"
     ">>> from pyjs import js\n"
     ">>> await js.Promise.resolve(20).then(lambda value: value + 1)\n21\n\n"
     "Source: Pyodide, JsPromise.then; ECMA-262, Promise.prototype.then."},
    {"catch", catch_, METH_O,
     "catch(onrejected): then(None, onrejected).\n\n"
     ">>> from pyjs import js\n"
     ">>> await js.Promise.reject(js.Error.new('no')).catch(lambda error: error.message)\n'no'\n\n"
     "Source: Pyodide, JsPromise.catch; ECMA-262, Promise.prototype.catch."},
    {"finally_", finally_, METH_O,
     "finally_(onfinally): a future that ends as the promise, when onfinally() has ended.\n\n"
     "An error of onfinally() takes the place of the promise's outcome.\n\n"
     ">>> from pyjs import js\n"
     ">>> await js.Promise.resolve(5).finally_(lambda: print('done'))\ndone\n5\n\n"
     "Source: Pyodide, JsPromise.finally_; ECMA-262, Promise.prototype.finally."},
    {nullptr, nullptr, 0, nullptr},
};

/// asyncio.gather and as_completed look for what they are given twice. A type that has this
/// inherits no comparison.
Py_hash_t hash(PyObject* self) {
    PyObject* identity = js_identity(self, nullptr);
    const Py_hash_t result = identity == nullptr ? -1 : PyObject_Hash(identity);
    Py_XDECREF(identity);
    return result;
}

const PyType_Slot slots[] = {
    {Py_tp_hash, reinterpret_cast<void*>(hash)},
    {Py_tp_richcompare, reinterpret_cast<void*>(js_compare)},
    {Py_am_await, reinterpret_cast<void*>(await_thenable)},
    {0, nullptr},
};

}  // namespace

const Mixin js_awaitable = {[](std::uint32_t flags) { return has(flags, JsFlag::Awaitable); },
                            slots, methods};

}  // namespace pyjs
