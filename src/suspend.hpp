// suspend.hpp: stacks that can be suspended, and all that belongs to one.
//
// A call that JavaScript makes "promising" runs on a stack of its own: the engine's (JSPI), a
// region of linear memory for C, and what Python keeps of a thread while it runs. Suspending
// gives control back to whoever made the call; resuming comes from an empty engine stack.
#pragma once

#include <Python.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "depth.hpp"
#include "pyjs/handle.hpp"

namespace pyjs {

/// What a thread's state and C++ have of the code that runs, and of no other.
class RunState {
public:
    /// Moves it out of the thread.
    void take(PyThreadState* thread) noexcept;
    /// Moves it back; what the thread has meanwhile was moved out before.
    void give(PyThreadState* thread) noexcept;

    std::uint32_t depth = 0;  // calls between the languages: see `Entered`
    PyObject* context = nullptr;

private:
    struct {  // CPython 3.13, PyThreadState
        int recursion, c_recursion_remaining, recursion_headroom, tracing, what_event;
        struct _PyInterpreterFrame* frame;
        PyObject *exception, *delete_later;
        _PyErr_StackItem* handled;
        _PyStackChunk* chunk;
        PyObject **top, **limit;
    } python_{};
    Running running_{};
    void* caught_[2] = {};  // __cxa_eh_globals
    void* life_support_ = nullptr;
};

/// A stack that can be suspended. Lives from the call of begin() to that of end().
class Stack {
public:
    /// Begins to run on a new stack: all but the stack pointer is set. Null with the Python error
    /// set when memory is full.
    [[nodiscard]] static Stack* begin(std::uint32_t ticket) noexcept;
    /// The opposite: what was before runs again.
    void end() noexcept;

    /// Suspends this stack, which runs, until Python wakes it or the thenable (unless null) has
    /// settled. New reference to what it settled with; None otherwise. Null with the Python error
    /// set: what it was rejected with, or why the engine did not suspend.
    [[nodiscard]] PyObject* suspend(Handle thenable) noexcept;

    /// Calls `callable`, which may enter any context of this stack. New reference, or null with the
    /// Python error set.
    [[nodiscard]] PyObject* call_detached(PyObject* callable) noexcept;

    [[nodiscard]] std::uint32_t ticket() const noexcept { return ticket_; }
    [[nodiscard]] std::uintptr_t top() const noexcept;

    /// The stack pointer of what called or resumed this stack.
    std::uintptr_t outer_pointer = 0;
    /// Its own, while it is suspended.
    std::uintptr_t pointer = 0;

private:
    Stack() = default;
    [[nodiscard]] static Stack* allocate() noexcept;
    void recycle() noexcept;
    void check() const noexcept;
    using Contexts = std::vector<PyObject*>;  // the innermost first
    [[nodiscard]] Contexts leave_contexts(PyThreadState* thread) noexcept;
    static void enter_contexts(Contexts contexts) noexcept;
    void give_back_task() noexcept;

    unsigned char* memory_ = nullptr;
    std::uint32_t ticket_ = 0;
    RunState outer_;
    RunState own_;
    _PyErr_StackItem handled_{};        // the end of the chain of what `except` blocks handle
    PyObject* base_context_ = nullptr;  // borrowed: the thread's, while it runs
    PyObject* outer_task_ = nullptr;    // asyncio's state of what called it, to be given back
};

/// Adds the functions of `pyjs._suspend`'s base. False with the Python error set.
[[nodiscard]] bool add_suspend(PyObject* module) noexcept;

}  // namespace pyjs
