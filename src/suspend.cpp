// suspend.cpp: stacks that can be suspended; what JavaScript enters them by.
#include "suspend.hpp"

#include <emscripten/em_macros.h>
#include <emscripten/stack.h>

#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "encode.hpp"
#include "pyjs/suspend.hpp"
#include "glue.hpp"
#include "py_ops.hpp"
#include "py_result.hpp"
#include "js_types.hpp"
#include "waiting.hpp"
#include "wrap.hpp"

extern "C" {
void _emscripten_stack_restore(std::uintptr_t pointer);
/// pyjs_js_suspend, or kNotSuspended when the engine throws because it cannot.
std::uint32_t pyjs_try_suspend(std::uint32_t ticket, pyjs::Handle thenable);
}

// C++ has no way to catch what is no exception of its own.
asm(R"(
  .functype pyjs_js_suspend (i32, i32) -> (i32)
  .section .text.pyjs_try_suspend,"",@
  .hidden pyjs_try_suspend
  .globl pyjs_try_suspend
  .type pyjs_try_suspend,@function
pyjs_try_suspend:
  .functype pyjs_try_suspend (i32, i32) -> (i32)
  try i32
  local.get 0
  local.get 1
  call pyjs_js_suspend
  catch_all
  i32.const 1
  end_try
  end_function
)");

namespace pyjs {
namespace {

/// Where Python limits recursion C has used 400 kB at most, by sorted() in its own key function.
constexpr std::size_t kSize = 512 * 1024;
constexpr std::uint32_t kNotSuspended = 1;
/// Instead of a thenable, where no handle is; js/core/suspend.ts has the same.
const auto kNextTask = reinterpret_cast<Handle>(1);
/// Stacks that are kept for the next calls.
constexpr std::size_t kMostSpare = 8;
std::vector<Stack*> spare;

/// Stands at the end that the stack must not reach.
constexpr std::uint64_t kGuard = 0x5af371c6d0b9e24cULL;

/// (state or None) -> state: exchanges what asyncio knows of the running task.
PyObject* exchange_task = nullptr;

/// Without memory of its own on the stack, whose pointer it sets: so are the next two.
[[gnu::noinline]] std::uint32_t leave_stack(Stack* stack, Handle thenable) {
    stack->pointer = emscripten_stack_get_current();
    _emscripten_stack_restore(stack->outer_pointer);
    const std::uint32_t outcome = pyjs_try_suspend(stack->ticket(), thenable);
    stack->outer_pointer = emscripten_stack_get_current();
    _emscripten_stack_restore(stack->pointer);
    return outcome;
}

PyObject* call(PyObject* callable, Slot* slots, std::uint32_t positional, std::uint32_t keywords) {
    Py_INCREF(callable);
    PyObject* result = call_python(callable, slots, positional, keywords);
    Py_DECREF(callable);
    return result;
}

/// As PyOp::Tick: the slots are the loop's number, and whether its timer fired.
PyObject* run_ticks(const Slot* slots) {
    PyObject* loop = PyFloat_FromDouble(slots[0].number);
    if (loop == nullptr) {
        return nullptr;
    }
    PyObject* fired = slots[1].tag == static_cast<std::uint32_t>(Tag::True) ? Py_True : Py_False;
    PyObject* more = pyjs::run_ticks(loop, fired);
    Py_DECREF(loop);
    return more;
}

/// As pyjs_py_call, with the answer handed to JavaScript: it may be long until then.
[[gnu::noinline]] void run(Stack* stack, PyObject* callable, Slot* slots, std::uint32_t positional,
                           std::uint32_t keywords) {
    alignas(16) unsigned char memory[2 * sizeof(Slot) + kInline];
    auto* answer = reinterpret_cast<Slot*>(memory);
    const Depth guard;
    std::uint32_t tag = 0;
    if (guard.exceeded()) {
        std::for_each(slots, slots + positional + 2 * keywords, discard);
        tag = fail(answer);
    } else {
        running = {stack, running.below};
        PyObject* result =
            callable == nullptr ? run_ticks(slots) : call(callable, slots, positional, keywords);
        tag = give(result, answer);
    }
    pyjs_js_done(stack->ticket(), tag, answer);
}

/// The same for a call that memory did not suffice to begin.
void refuse(Slot* slots, std::uint32_t count, std::uint32_t ticket) {
    ++entered().arrived;
    std::for_each(slots, slots + count, discard);
    pyjs_js_done(ticket, fail(slots), slots);
}

/// While it lives, no handler runs of a signal that has arrived before.
class SignalsWait {
public:
    SignalsWait() : pending_(thread_->eval_breaker & kSignalsPending) {
        thread_->eval_breaker &= ~kSignalsPending;
    }
    ~SignalsWait() { thread_->eval_breaker |= pending_; }
    SignalsWait(const SignalsWait&) = delete;
    SignalsWait& operator=(const SignalsWait&) = delete;

private:
    PyThreadState* thread_ = PyThreadState_Get();
    std::uintptr_t pending_;
};

PyObject* swap_task(PyObject* state) {
    const SignalsWait guard;
    PyObject* former = PyObject_CallOneArg(exchange_task, state);
    if (former == nullptr) {
        PyErr_WriteUnraisable(exchange_task);
    }
    return former;
}

}  // namespace

Barrier::Barrier() noexcept : stack_(running.stack), below_(running.below) {
    running = {nullptr, below_ + (stack_ != nullptr ? 1 : 0)};
}

Barrier::~Barrier() { running = {static_cast<Stack*>(stack_), below_}; }

std::uintptr_t Stack::top() const noexcept {
    return reinterpret_cast<std::uintptr_t>(memory_) + kSize;
}

Stack* Stack::allocate() noexcept {
    if (!spare.empty()) {
        Stack* stack = spare.back();
        spare.pop_back();
        return stack;
    }
    auto* stack = new (std::nothrow) Stack;
    auto* memory = static_cast<unsigned char*>(std::aligned_alloc(16, kSize));
    if (stack == nullptr || memory == nullptr) {
        delete stack;
        std::free(memory);
        PyErr_NoMemory();
        return nullptr;
    }
    std::memcpy(memory, &kGuard, sizeof kGuard);
    stack->memory_ = memory;
    return stack;
}

void Stack::recycle() noexcept {
    if (spare.size() < kMostSpare) {
        spare.push_back(this);
        return;
    }
    std::free(memory_);
    delete this;
}

void Stack::check() const noexcept {
    if (std::memcmp(memory_, &kGuard, sizeof kGuard) != 0) {
        Py_FatalError("pyjs: the C stack of a call that can be suspended has overflowed");
    }
}

Stack* Stack::begin(std::uint32_t ticket) noexcept {
    PyThreadState* thread = PyThreadState_Get();
    PyObject* context = PyContext_CopyCurrent();
    Stack* stack = context == nullptr ? nullptr : allocate();
    if (stack == nullptr) {
        Py_XDECREF(context);
        return nullptr;
    }
    stack->ticket_ = ticket;
    // Called by Python that runs: its task is not this call's.
    if (thread->current_frame != nullptr && exchange_task != nullptr) {
        stack->outer_task_ = swap_task(Py_None);
    }
    stack->outer_.take(thread);
    thread->context = stack->base_context_ = context;
    ++thread->context_ver;
    thread->py_recursion_remaining = thread->py_recursion_limit;
    thread->c_recursion_remaining = Py_C_RECURSION_LIMIT;
    thread->tracing = 0;
    thread->what_event = -1;
    thread->exc_info = &stack->handled_;
    return stack;
}

void Stack::give_back_task() noexcept {
    if (outer_task_ != nullptr) {
        PyObject* task = std::exchange(outer_task_, nullptr);
        Py_XDECREF(swap_task(task));
        Py_DECREF(task);
    }
}

void Stack::end() noexcept {
    check();
    PyThreadState* thread = PyThreadState_Get();
    Py_CLEAR(thread->context);
    Py_CLEAR(handled_.exc_value);
    // The memory of its frames; what is left of it is the first piece.
    if (_PyStackChunk* chunk = std::exchange(thread->datastack_chunk, nullptr)) {
        if (thread->datastack_cached_chunk == nullptr) {
            thread->datastack_cached_chunk = chunk;
        } else {
            PyObjectArenaAllocator arenas;
            PyObject_GetArenaAllocator(&arenas);
            arenas.free(arenas.ctx, chunk, chunk->size);
        }
    }
    outer_.give(thread);
    give_back_task();
    recycle();
}

// A context that was entered may be entered by no other: so it is left while it waits.
Stack::Contexts Stack::leave_contexts(PyThreadState* thread) noexcept {
    Contexts left;
    while (thread->context != base_context_) {
        PyObject* context = Py_NewRef(thread->context);
        if (PyContext_Exit(context) < 0) {
            PyErr_WriteUnraisable(context);
            Py_DECREF(context);
            break;
        }
        left.push_back(context);
    }
    return left;
}

void Stack::enter_contexts(Contexts contexts) noexcept {
    for (; !contexts.empty(); contexts.pop_back()) {
        PyObject* context = contexts.back();
        if (PyContext_Enter(context) < 0) {
            PyErr_WriteUnraisable(context);
        }
        Py_DECREF(context);
    }
}

PyObject* Stack::call_detached(PyObject* callable) noexcept {
    Contexts contexts = leave_contexts(PyThreadState_Get());
    PyObject* result = PyObject_CallNoArgs(callable);
    PyObject* error = PyErr_GetRaisedException();
    enter_contexts(std::move(contexts));
    PyErr_SetRaisedException(error);
    return result;
}

PyObject* Stack::suspend(Handle thenable) noexcept {
    PyThreadState* thread = PyThreadState_Get();
    check();
    Contexts contexts = leave_contexts(thread);
    own_.take(thread);
    own_.depth -= outer_.depth;
    outer_.give(thread);
    give_back_task();
    const std::uint32_t outcome = leave_stack(this, thenable);
    outer_.take(thread);
    own_.depth += outer_.depth;
    own_.give(thread);
    enter_contexts(std::move(contexts));
    Slot slots[2];
    slots[0].set(Tag::Number);
    slots[0].number = ticket_;
    if (outcome == kNotSuspended) {
        static_cast<void>(js_op(JsOp::Resume, nullptr, slots));
        PyErr_SetString(PyExc_RuntimeError,
                        "run_sync: the engine cannot suspend here, since a frame of JavaScript's "
                        "lies between (a callback of ctypes is one): await instead");
        return nullptr;
    }
    ++entered().arrived;
    const Tag tag = js_op(JsOp::Resumed, nullptr, slots);
    return finish(tag, slots);
}

extern "C" {

// Entered through WebAssembly.promising; has no memory on the stack, see leave_stack.
EMSCRIPTEN_KEEPALIVE void pyjs_run_promising(PyObject* callable, Slot* slots,
                                             std::uint32_t positional, std::uint32_t keywords,
                                             std::uint32_t ticket) {
    Stack* stack = Stack::begin(ticket);
    if (stack == nullptr) {
        refuse(slots, positional + 2 * keywords, ticket);
        return;
    }
    stack->outer_pointer = emscripten_stack_get_current();
    _emscripten_stack_restore(stack->top());
    run(stack, callable, slots, positional, keywords);
    _emscripten_stack_restore(stack->outer_pointer);
    stack->end();
}

}  // extern "C"

namespace {

PyObject* current(PyObject*, PyObject*) {
    return PyLong_FromUnsignedLong(running.stack == nullptr ? 0 : running.stack->ticket());
}

PyObject* is_barred(PyObject*, PyObject*) { return PyBool_FromLong(running.below != 0); }

PyObject* suspend_until(Handle thenable) {
    if (running.stack == nullptr) {
        PyErr_SetString(PyExc_RuntimeError, "suspend: this stack cannot be suspended");
        return nullptr;
    }
    return running.stack->suspend(thenable);
}

PyObject* suspend(PyObject*, PyObject* thenable) {
    return suspend_until(thenable == Py_None ? nullptr : unwrap_js(thenable));
}

PyObject* yield_to_host(PyObject*, PyObject*) { return suspend_until(kNextTask); }

PyObject* call_detached(PyObject*, PyObject* callable) {
    return running.stack == nullptr ? PyObject_CallNoArgs(callable)
                                    : running.stack->call_detached(callable);
}

PyObject* resume(PyObject*, PyObject* ticket) {
    Slot slots[2];
    slots[0].set(Tag::Number);
    slots[0].number = PyLong_AsDouble(ticket);
    if (slots[0].number == -1.0 && PyErr_Occurred() != nullptr) {
        return nullptr;
    }
    const Tag tag = js_op(JsOp::Resume, nullptr, slots);
    return finish(tag, slots);
}

/// CPython 3.13, Modules/_asynciomodule.c.
struct TaskObject {
    PyObject_HEAD PyObject* of_future[10];
    int state;
    unsigned log_traceback : 1, blocking : 1, must_cancel : 1, log_destroy_pending : 1;
    int cancels;
    PyObject* of_task[4];
};

// asyncio has no other way: cancel() sets it in a task that runs, and the next step of it takes it.
PyObject* take_cancel(PyObject*, PyObject* task) {
    const PyTypeObject* type = Py_TYPE(task);
    while (type != nullptr && std::strcmp(type->tp_name, "_asyncio.Task") != 0) {
        type = type->tp_base;
    }
    if (type == nullptr || type->tp_basicsize != sizeof(TaskObject)) {  // one made of Python
        return PyObject_SetAttrString(task, "_must_cancel", Py_False) < 0 ? nullptr
                                                                          : Py_NewRef(Py_True);
    }
    auto* fields = reinterpret_cast<TaskObject*>(task);
    const bool requested = fields->must_cancel != 0;
    fields->must_cancel = 0;
    return PyBool_FromLong(requested);
}

PyObject* current_context(PyObject*, PyObject*) {
    PyThreadState* thread = PyThreadState_Get();
    if (thread->context == nullptr) {
        // Copying makes one, when there is none.
        PyObject* copy = PyContext_CopyCurrent();
        if (copy == nullptr) {
            return nullptr;
        }
        Py_DECREF(copy);
    }
    return Py_NewRef(thread->context);
}

PyObject* set_exchange(PyObject*, PyObject* callable) {
    Py_XSETREF(exchange_task, Py_NewRef(callable));
    Py_RETURN_NONE;
}

PyMethodDef functions[] = {
    {"stack", current, METH_NOARGS,
     "stack(): the number of the stack that can be suspended; or 0."},
    {"is_barred", is_barred, METH_NOARGS, "is_barred(): whether JavaScript stands on such a one."},
    {"suspend", suspend, METH_O, "suspend(thenable or None): until it settles, or resume()."},
    {"yield_to_host", yield_to_host, METH_NOARGS, "yield_to_host(): until the host's next task."},
    {"call_detached", call_detached, METH_O,
     "call_detached(callable): calls it where it may enter the contexts of the caller."},
    {"resume", resume, METH_O, "resume(number): resumes a stack that was suspended."},
    {"take_cancel", take_cancel, METH_O, "take_cancel(task): takes its request to be cancelled."},
    {"current_context", current_context, METH_NOARGS, "current_context(): itself, no copy."},
    {"set_exchange", set_exchange, METH_O, "set_exchange(callable): see pyjs._suspend."},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

bool add_suspend(PyObject* module) noexcept {
    return PyModule_AddFunctions(module, functions) == 0;
}

}  // namespace pyjs
