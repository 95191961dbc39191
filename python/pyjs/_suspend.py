"""Waiting for an awaitable in code that is no coroutine: the whole stack is suspended (JSPI).

The event loops join by `attach`. A tick whose stack is suspended leaves the rest of its queue to
the next; while a stack has used up its time slice, there are no ticks.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, Protocol

from pyjs import _core

if TYPE_CHECKING:
    import asyncio
    from typing import SupportsIndex

# Of asyncio: the running loop, and the task that runs in each: a task may run another loop.
type _Tasks = dict[Any, asyncio.Task[Any]]
type _Running = tuple[asyncio.AbstractEventLoop | None, _Tasks]


class _Loops(Protocol):
    """What suspension asks of the event loops."""

    def between(self) -> asyncio.AbstractEventLoop | None:
        """The loop that counts as running when no stack runs."""

    def switch(self, loop: Any) -> None:
        """Make `loop` the one that runs."""

    def suspending(self) -> None:
        """The stack that runs is about to be suspended."""

    def go_on(self) -> None:
        """There were no ticks for a while, and there are again."""


_time_sleep = time.sleep
_loops: _Loops | None = None
# By number, the stacks that wait, and what is to be raised there.
_waiting: dict[int, BaseException | None] = {}
# By number, the seconds for which those stacks waited of which that is counted.
_waited: dict[int, list[float]] = {}
# Stands for a promise: the host's next task.
_NEXT_TASK: Any = object()
# Those that wait for nothing but their next time slice.
_preempted: set[int] = set()
# Those of tasks that could go on, after these.
_held: dict[int, None] = {}


def can_run_sync() -> bool:
    """Whether `run_sync` can wait here.

    It can where the engine has JavaScript Promise Integration (JSPI), in code that was entered by
    `runPythonAsync`, `callPromising`, a task or callback of the event loop, or a proxy that
    `create_proxy(..., promising=True)` made; not in code that JavaScript called from there.

    >>> import asyncio
    >>> from pyjs.ffi import can_run_sync, run_sync
    >>> run_sync(asyncio.sleep(0.01, "now")) if can_run_sync() else "now"
    'now'

    Source: Pyodide, pyodide.ffi.can_run_sync.
    """
    return _core.stack() != 0


def run_sync(awaitable: Any) -> Any:
    """Wait for `awaitable` and return its result; meanwhile everything else goes on.

    The stack that calls is suspended, from any depth: a callback of `sorted` may wait. Python's
    state of it is kept: frames, the exceptions being handled, context variables, the current task,
    the depth of recursion. Any number of stacks may wait, and go on in any order.

    Args:
        awaitable: a coroutine, task or future, or a JavaScript promise. A coroutine runs as a task
            in the context of the caller, so that it sees and sets the caller's context variables.

    Raises:
        RuntimeError: the stack cannot be suspended; the error says why, and what to do.
        TypeError: `awaitable` cannot be awaited.
        asyncio.CancelledError: the task that called was cancelled; `awaitable` is cancelled too.
        KeyboardInterrupt: an interrupt arrived while it waited.
        BaseException: what `awaitable` raises; of a promise, what it was rejected with.

    >>> from pyjs import js
    >>> from pyjs.ffi import can_run_sync, run_sync
    >>> def length(url):
    ...     response = run_sync(js.fetch(url))
    ...     return len(run_sync(response.text()))
    >>> length("data:,hello") if can_run_sync() else 5
    5

    Source: Pyodide, pyodide.ffi.run_sync.
    """
    number = _core.stack()
    if isinstance(awaitable, _core.JsPromise):
        return _wait(number or _refuse(), awaitable, None)
    import asyncio

    if not asyncio.isfuture(awaitable):
        if not hasattr(awaitable, "__await__") and not asyncio.iscoroutine(awaitable):
            kind = type(awaitable).__name__
            raise TypeError(f"run_sync: expected a coroutine, future or promise, got {kind}")
        if number == 0:
            _refuse()
        awaitable = _task_of(awaitable)
    if awaitable.done():
        return _result(awaitable)
    try:
        return _wait_for(number or _refuse(), awaitable)
    finally:
        del awaitable  # which has the exception, whose traceback has this frame


def run_loop(waiter: asyncio.Future[None], main: asyncio.Future[Any] | None) -> None:
    """Wait while a loop runs that this stack runs, until `waiter` is done.

    The loop that counts as running is that one, in which no task runs here. The task that called,
    in another loop, is cancelled by cancelling `main`, or the waiter where there is none.
    """
    from asyncio import tasks

    current: _Tasks = tasks._current_tasks  # type: ignore[attr-defined]
    task = next(reversed(current.values()), None)
    _wait_for(_core.stack(), waiter, task, main)


def _wait_for(
    number: int,
    future: asyncio.Future[Any],
    task: asyncio.Task[Any] | None = None,
    main: asyncio.Future[Any] | None = None,
) -> Any:
    waits = True

    def done(_future: asyncio.Future[Any]) -> None:
        # An interrupt may have come before: what the stack waits for now is something else.
        if waits:
            _core.resume(number)

    future.add_done_callback(done)
    try:
        _wait(number, None, future, task, main)
        return future.result()
    finally:
        waits = False
        future.remove_done_callback(done)
        del future  # as in run_sync()


def _result(future: asyncio.Future[Any]) -> Any:
    try:
        return future.result()
    finally:
        del future


def _task_of(awaitable: Any) -> asyncio.Task[Any]:
    import asyncio

    from pyjs import _loop_state

    coroutine = awaitable if asyncio.iscoroutine(awaitable) else _awaiting(awaitable)
    loop = _loop_state.running()
    if asyncio.events._get_running_loop() is None:
        _loop_state.switch(loop)
        try:
            return _task_of(coroutine)
        finally:
            _loop_state.switch(None)
    context = _core.current_context()
    if loop.get_task_factory() is not None:
        made: asyncio.Task[Any] = loop.create_task(coroutine, context=context)
        return made
    # Begun at once, as by `await`: what does not wait needs no loop.
    return _core.call_detached(
        lambda: asyncio.Task(coroutine, loop=loop, context=context, eager_start=True)
    )


async def _awaiting(awaitable: Any) -> Any:
    return await awaitable


def _refuse() -> int:
    raise RuntimeError(f"run_sync: this stack cannot be suspended, since {why_not()}")


def why_not() -> str:
    """Why this stack cannot be suspended, and what to do."""
    if _core.is_barred():
        return (
            "a JavaScript function, or a call of ctypes, lies between it and what could be "
            "suspended: call Python from there with callPromising(), and await the promise"
        )
    if hasattr(_core.js.WebAssembly, "promising"):
        return (
            "it was called by runPython() or as a plain function: use runPythonAsync(), "
            "callPromising(), a task, or create_proxy(..., promising=True)"
        )
    return (
        "this JavaScript engine has no JavaScript Promise Integration (JSPI): "
        "use await in an async function, or another engine"
    )


def attach(loops: _Loops) -> None:
    """Join the loops, once asyncio is imported."""
    global _loops
    _loops = loops
    _core.set_exchange(_exchange_call)


def _exchange_call(state: _Running | None) -> _Running:
    """The same for a call that Python makes through JavaScript, None: in its loop, and no task."""
    from asyncio import events

    return _exchange(state or (events._get_running_loop(), {}))


def _exchange(state: _Running | None) -> _Running:
    """Make what asyncio says that of another stack; None stands for no stack at all."""
    from asyncio import events, tasks

    current = tasks._current_tasks  # type: ignore[attr-defined]
    loop = events._get_running_loop()
    mine = loop, dict(current)
    if state is None:
        state = (_loops.between() if _loops else None), {}
    other, theirs = state
    if current:
        current.clear()
    if theirs:
        current.update(theirs)
    if other is not loop and _loops is not None:
        _loops.switch(other)
    return mine


def _wait(
    number: int,
    promise: _core.JsPromise | None,
    future: asyncio.Future[Any] | None,
    task: asyncio.Task[Any] | None = None,
    main: asyncio.Future[Any] | None = None,
) -> Any:
    """Suspend the stack of `task`; cancelling that cancels `main`, or else `future`."""
    if _loops is None:
        return _suspend(number, promise)
    state = _exchange(None)
    loop, tasks = state
    task = task or tasks.get(loop)
    try:
        if task is None:
            return _suspend(number, promise)
        return _suspend_task(number, promise, main or future, task)
    except KeyboardInterrupt:
        if future is not None:
            future.cancel()
        raise
    finally:
        _exchange(state)


def _suspend(number: int, promise: _core.JsPromise | None) -> Any:
    _waiting[number] = None
    if _loops is not None:
        _loops.suspending()
    error = None
    begin = time.monotonic() if _waited else 0.0
    try:
        return _core.yield_to_host() if promise is _NEXT_TASK else _core.suspend(promise)
    finally:
        _count_wait(number, begin)
        error = _waiting.pop(number)
        if error is not None:
            raise error


def begin_to_count() -> None:
    """Count how long this stack waits from now on; what counted before goes on afterwards."""
    _waited.setdefault(_core.stack(), []).append(0.0)


def end_counting() -> float:
    """For how many seconds it has waited since the last begin_to_count()."""
    number = _core.stack()
    counts = _waited[number]
    count = counts.pop()
    if counts:
        counts[-1] += count
    else:
        del _waited[number]
    return count


def _count_wait(number: int, begin: float) -> None:
    if begin and number in _waited:
        _waited[number][-1] += time.monotonic() - begin


def _suspend_task(
    number: int,
    promise: _core.JsPromise | None,
    future: asyncio.Future[Any] | None,
    task: asyncio.Task[Any],
) -> Any:
    """The same in a task, whose cancellation must arrive here: it counts as running."""
    if task._must_cancel and future is not None:  # type: ignore[attr-defined]
        # As at an await: the awaitable is cancelled, and tells.
        if future.cancel(*task._make_cancelled_error().args):  # type: ignore[attr-defined]
            _core.take_cancel(task)
    else:
        _raise_cancelled(task)

    def cancel(msg: Any = None) -> bool:
        accepted = type(task).cancel(task, msg)
        if future is None:
            _core.resume(number)
        elif future.cancel(msg):
            _core.take_cancel(task)  # it arrives as the result of the future
        return accepted

    task.cancel = cancel  # type: ignore[method-assign]
    try:
        result = _suspend(number, promise)
    finally:
        while _preempted:
            # As the loop's callbacks, see preempt().
            _held[number] = None
            _core.suspend(None)
        del task.cancel
    _raise_cancelled(task)
    return result


def _raise_cancelled(task: asyncio.Task[Any]) -> None:
    if task._must_cancel and _core.take_cancel(task):  # type: ignore[attr-defined]
        raise task._make_cancelled_error()  # type: ignore[attr-defined]


def wait(number: int, promise: _core.JsPromise | None) -> Any:
    """Suspend the stack, which is this one, until the promise settles, or `_core.resume`."""
    return _wait(number, promise, None)


def preempt(number: int) -> None:
    """Suspend the stack until the host has had its turn; the loop's callbacks wait all the while.

    Nothing that a coroutine does between two awaits is to be interleaved with another.
    """
    state = _exchange(None) if _loops is not None else None
    _preempted.add(number)
    _waiting[number] = None
    error = None
    begin = time.monotonic() if _waited else 0.0
    try:
        _core.yield_to_host()
    except RuntimeError:
        pass  # a frame of JavaScript's that only the engine knows of
    finally:
        _count_wait(number, begin)
        error = _waiting.pop(number)
        _preempted.discard(number)
        if state is not None:
            _exchange(state)
    if not _preempted:
        held = list(_held)
        _held.clear()
        for other in held:
            _core.resume(other)
        if _loops is not None:
            _loops.go_on()
    if error is not None:
        raise error


def is_waiting() -> bool:
    """Whether any stack is suspended."""
    return bool(_waiting)


def is_preempted() -> bool:
    """Whether a stack has used up its time slice, and is to go on before the loop does."""
    return bool(_preempted)


def interrupt(error: BaseException | None = None) -> int:
    """Raise `error`, or KeyboardInterrupt, where the program waits; in how many stacks.

    They are those that used up their time slices, if there are any; else all that wait.
    """
    numbers = list(_preempted or _waiting)
    for number in numbers:
        # One each: a traceback is one stack's.
        own = error is None or type(error) is KeyboardInterrupt
        _waiting[number] = KeyboardInterrupt() if own else error
        _core.resume(number)
    return len(numbers)


def sleep(seconds: float | SupportsIndex, /) -> None:
    """Wait; what else there is to do goes on where the stack can be suspended."""
    number = _core.stack()
    length = seconds if isinstance(seconds, (int, float)) else _index(seconds)
    if not 0 <= length < _ENDLESS or (number == 0 and length <= _SHORT):
        _time_sleep(seconds)  # which raises, or is quick
        return
    sys.audit("time.sleep", seconds)
    if number == 0:
        _core.block(length)
    else:
        _sleep_suspended(number, length)


def _index(value: object) -> float:
    return value.__index__() if hasattr(value, "__index__") else -1.0


def _sleep_suspended(number: int, seconds: float) -> None:
    if seconds == 0:
        _wait(number, _NEXT_TASK, None)
    while seconds > 0:
        part = min(seconds, _LONGEST)
        timer = _core.start_timer(lambda: _core.resume(number), -(-part * 1000 // 1))
        try:
            _wait(number, None, None)
        finally:
            _core.cancel_timer(timer)
        seconds -= part


_LONGEST = 2**31 // 1000  # seconds: what setTimeout takes
_ENDLESS = 2**63 / 1e9  # and CPython
_SHORT = 0.0005  # for what to stop a thread is not worth it


def install() -> None:
    """Let `time.sleep` wait as `run_sync` does, where that can be."""
    sleep.__doc__ = time.sleep.__doc__
    time.sleep = sleep
