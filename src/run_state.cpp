// run_state.cpp: moves what belongs to one stack out of the thread, and back.
#include <pybind11/pybind11.h>

#include <cstring>
#include <utility>

#include "suspend.hpp"

/// libc++abi: the exceptions that are being handled, and how many are on their way.
extern "C" void* __cxa_get_globals() noexcept;

// pybind11 keeps a list of the calls of its functions, which end in the reverse order: of one
// stack.
namespace {

using LifeSupport = pybind11::detail::loader_life_support;

template <auto Function>
struct Reach {
    friend LifeSupport*& life_support() { return Function(); }
};
LifeSupport*& life_support();
// An explicit instantiation may name what is private.
template struct Reach<&LifeSupport::tls_current_frame>;

}  // namespace

namespace pyjs {

void RunState::take(PyThreadState* thread) noexcept {
    depth = entered().depth;
    running_ = std::exchange(running, {nullptr, 0});
    context = std::exchange(thread->context, nullptr);
    python_ = {
        thread->py_recursion_limit - thread->py_recursion_remaining,
        thread->c_recursion_remaining,
        thread->recursion_headroom,
        thread->tracing,
        thread->what_event,
        std::exchange(thread->current_frame, nullptr),
        std::exchange(thread->current_exception, nullptr),
        std::exchange(thread->delete_later, nullptr),
        thread->exc_info,
        std::exchange(thread->datastack_chunk, nullptr),
        std::exchange(thread->datastack_top, nullptr),
        std::exchange(thread->datastack_limit, nullptr),
    };
    void* globals = __cxa_get_globals();
    std::memcpy(caught_, globals, sizeof caught_);
    std::memset(globals, 0, sizeof caught_);
    life_support_ = std::exchange(life_support(), nullptr);
}

void RunState::give(PyThreadState* thread) noexcept {
    entered().depth = depth;
    running = running_;
    thread->context = std::exchange(context, nullptr);
    ++thread->context_ver;  // what context variables have cached is another context's
    thread->py_recursion_remaining = thread->py_recursion_limit - python_.recursion;
    thread->c_recursion_remaining = python_.c_recursion_remaining;
    thread->recursion_headroom = python_.recursion_headroom;
    thread->tracing = python_.tracing;
    thread->what_event = python_.what_event;
    thread->current_frame = python_.frame;
    thread->current_exception = python_.exception;
    thread->delete_later = python_.delete_later;
    thread->exc_info = python_.handled;
    thread->datastack_chunk = python_.chunk;
    thread->datastack_top = python_.top;
    thread->datastack_limit = python_.limit;
    std::memcpy(__cxa_get_globals(), caught_, sizeof caught_);
    life_support() = static_cast<LifeSupport*>(std::exchange(life_support_, nullptr));
}

}  // namespace pyjs
