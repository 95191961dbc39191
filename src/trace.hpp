// trace.hpp: what made each JsProxy that lives, for whoever looks for a leak.
#pragma once

#include <pybind11/pybind11.h>

namespace pyjs {

/// Whether proxies are written down when they are made.
extern bool tracing;

/// Begins or ends that; frames of files in the folder `own` are not shown.
void trace(bool active, const pybind11::str& own);

/// Notes which frames of both languages made `proxy`. Runs no Python code: arguments may be unread.
void trace_made(PyObject* proxy) noexcept;
/// Called for every proxy that ends.
void trace_gone(PyObject* proxy) noexcept;

/// Of each traced JsProxy that lives: the proxy, its Python stack, its JavaScript stack.
[[nodiscard]] pybind11::list js_traces();

/// The text of the user's Python frames. New reference, or null with the Python error set.
[[nodiscard]] PyObject* python_stack() noexcept;

}  // namespace pyjs
