// waiting.hpp: what waits for the host where no stack is suspended, and whose turn it is to read.
#pragma once

#include <Python.h>

#include <cstdint>

namespace pyjs {

/// Of a thread's eval_breaker: a signal has arrived (pycore_ceval.h).
constexpr std::uintptr_t kSignalsPending = 1U << 1;

/// Whether this thread is about to be blocked: where it is, signals interrupt all code.
inline bool is_blocked = false;

/// Adds `block` and `retype`. False with the Python error set.
[[nodiscard]] bool add_waiting(PyObject* module) noexcept;

}  // namespace pyjs
