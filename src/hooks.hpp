// hooks.hpp: what the Python package lends to the core, which never imports it.
#pragma once

#include <Python.h>

#include <cstddef>

namespace pyjs {

enum class Hook : std::size_t {
    NewFuture = 0,     // () -> a future of the running loop
    Settle = 1,        // (awaitable, resolve, reject) -> None: runs it, then calls one of them
    Format = 2,        // (exception) -> the text of its traceback
    Cancel = 3,        // (awaitable, message) -> whether that cancels it
    Ready = 4,         // (value) -> a future that has it
    Rebuild = 5,       // (name, message, stack) -> a JsException of an equal Error
    Subclass = 6,      // (JsProxy of a class) -> the Python class to derive from
    Bind = 7,          // (JsProxy, signature) -> the proxy, bound to it
    Then = 8,          // (JsProxy, on_fulfilled, on_rejected, finally) -> a future
    Tick = 9,          // (loop's number, timer fired, error or None) -> whether callbacks are left
    Unretrieved = 10,  // (message, exception, future or None): tells the loop's handler
    Unwrap = 11,       // (proxy of the host's bridge) -> JsProxy of the same object
    Count = 12,
};

/// Installs a hook; takes its own reference.
void set_hook(Hook hook, PyObject* callable) noexcept;

/// Calls a hook. New reference, or null with the Python error set; the error
/// says so when the package was not imported.
template <class... Args>
[[nodiscard]] PyObject* call_hook(Hook hook, Args*... args) noexcept;

/// Whether the package was imported.
[[nodiscard]] bool has_hooks() noexcept;

/// Borrowed; null with the Python error set.
[[nodiscard]] PyObject* get_hook(Hook hook) noexcept;

template <class... Args>
PyObject* call_hook(Hook hook, Args*... args) noexcept {
    PyObject* callable = get_hook(hook);
    return callable == nullptr ? nullptr : PyObject_CallFunctionObjArgs(callable, args..., nullptr);
}

}  // namespace pyjs
