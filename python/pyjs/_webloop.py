"""WebLoop: an asyncio event loop whose ticks run in tasks of the page, worker or Node.

A loop is served by the host (`_serve`), or runs its own queue while Python blocks
(`_run_once`). Both run the same ticks: the timers that are due join the callbacks
that are ready, and those that are ready then run.
"""

import asyncio
import heapq
import itertools
import time
from asyncio import base_events, events, format_helpers, futures, log
from collections.abc import Callable
from concurrent.futures import Executor
from contextvars import Context, copy_context
from threading import get_ident
from types import CoroutineType
from typing import Any

from pyjs import _core, _loop_state, _made_at, _suspend
from pyjs._loop_limits import HostLimits
from pyjs._promise import PromiseFuture, as_coroutine, loop_closed

_CANCELLED_AT_LEAST = 100  # cancelled timers, before it pays to take them out of the heap
_SOON, _NO_TIMER, _NOTHING = 0.0, -1.0, -float("inf")  # what _core.wake() takes

_numbers = itertools.count(1)
served: dict[int, "WebLoop"] = {}
# Those whose tick came while there were none: a stack had used up its time slice.
_missed: dict[int, "WebLoop"] = {}


def tick(number: float, fired: bool, interrupt: BaseException | None) -> bool:
    """Run one tick of a loop, for the host; whether it left callbacks that are ready.

    `interrupt` came when no Python ran: it is for the stacks that wait, or the loop if there are
    none.
    """
    loop: WebLoop | None = served.get(number)  # type: ignore[call-overload]
    if interrupt is not None and not _suspend.interrupt(interrupt) and loop is not None:
        loop._fail(interrupt)
    if loop is None:
        return False
    if _suspend.is_preempted():
        if fired:
            loop._armed = None
        _missed[loop._number] = loop
        return False  # go_on() asks again
    return loop._tick(fired)


# How often the stack of any callback was suspended. For pyjs._suspend, as what follows.
_suspensions = 0


def between() -> Any:
    """The loop that counts as running when no stack runs."""
    return _loop_state.active[0]


switch = _loop_state.switch


def suspending() -> None:
    """The stack that runs is about to be suspended: its tick is to leave the rest to others."""
    global _suspensions
    _suspensions += 1


def go_on() -> None:
    """There were no ticks for a while, and there are again."""
    missed = list(_missed.values())
    _missed.clear()
    for loop in missed:
        if loop._number in served:
            loop._post()


class _Handle(events.Handle):
    """A callback; its constructor asks nobody for the debug mode, which is off."""

    __slots__ = ()

    def __init__(
        self,
        callback: Callable[..., object],
        args: tuple[Any, ...],
        loop: "WebLoop",
        context: Context | None,
    ) -> None:
        self._context = copy_context() if context is None else context
        self._loop = loop
        self._callback = callback
        self._args = args
        self._cancelled = False
        self._repr = None
        self._source_traceback = None


class _Timer(events.TimerHandle):
    """A callback for later; cancelling it cancels the host's timer too."""

    __slots__ = ()
    _loop: "WebLoop"
    _scheduled: bool

    def cancel(self) -> None:
        if not self._cancelled:
            events.Handle.cancel(self)
            if self._scheduled:
                self._loop._forget_timer()


def _created_by_caller[H](handle: H) -> H:
    """In debug mode a handle or task tells where it was created, which is not in this file."""
    if traceback := handle._source_traceback:  # type: ignore[attr-defined]
        del traceback[-1]
    return handle


class WebLoop(HostLimits, base_events.BaseEventLoop):
    """An asyncio event loop that runs its callbacks in tasks of the host.

    `asyncio.new_event_loop()` makes one. `run_forever` and `run_until_complete` suspend
    the Python stack while the host serves the loop, where the engine can do so (JSPI).
    Where it cannot, they run the loop's own callbacks and timers and block meanwhile; since
    nothing of the host's can arrive then, a future that waits for it is a RuntimeError.

    >>> import asyncio
    >>> loop = asyncio.new_event_loop()
    >>> loop.run_until_complete(asyncio.sleep(0.01, "done"))
    'done'
    >>> loop.close()

    Source: CPython, asyncio.AbstractEventLoop.
    """

    # What create_task() makes; PromiseTask once loadPyodide() has loaded the interpreter.
    task_type: type[asyncio.Task[Any]] = asyncio.Task

    # BaseEventLoop's own.
    _closed: bool
    _ready: Any
    _scheduled: list[tuple[float, int, _Timer]]  # by time, then by order of scheduling
    _timer_cancelled_count: int
    _thread_id: int | None
    _stopping: bool
    _debug: bool
    _default_executor: Any
    _task_factory: Any
    _clock_resolution: float

    def __init__(self) -> None:
        self._number = next(_numbers)
        self._order = itertools.count()
        # Whether there is no need to ask the host for a tick: one will come, or none is wanted.
        self._awake = True
        self._armed: float | None = None  # the time for which the host's timer is set
        self._waiter: asyncio.Future[None] | None = None  # what a suspended run_forever awaits
        self._main: asyncio.Future[Any] | None = None  # what run_until_complete runs
        self._failure: BaseException | None = None
        super().__init__()

    def time(self) -> float:
        return time.monotonic()

    def create_task(
        self, coro: Any, *, name: Any = None, context: Context | None = None, **options: Any
    ) -> asyncio.Task[Any]:
        """Run a coroutine as a task; a JavaScript promise too, as a coroutine that awaits it.

        >>> import asyncio
        >>> from pyjs import js
        >>> await asyncio.create_task(js.Promise.resolve(5), name="five")
        5
        """
        if type(coro) is not CoroutineType and isinstance(coro, _core.JsPromise):
            self._check_closed()  # type: ignore[attr-defined]
            coro = as_coroutine(coro, self)
        if self._closed or self._task_factory is not None:
            made = super().create_task(coro, name=name, context=context, **options)
            task = _created_by_caller(made)
        else:
            task = self.task_type(coro, loop=self, name=name, context=context, **options)
            if self._debug:
                _created_by_caller(task)
        if isinstance(task, asyncio.Task):  # a factory may give anything
            task._place = _made_at.made_at()  # type: ignore[attr-defined]
        return task

    def create_future(self) -> asyncio.Future[Any]:
        future = PromiseFuture[Any](loop=self)
        future._place = _made_at.made_at()
        return future

    # Scheduling.

    def call_soon[*Ts](
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> events.Handle:
        if self._closed:
            raise RuntimeError("Event loop is closed")
        handle: events.Handle
        if self._debug:
            handle = _created_by_caller(super().call_soon(callback, *args, context=context))
        else:
            handle = _Handle(callback, args, self, context)
            self._ready.append(handle)
        if not self._awake:
            self._awake = True
            _core.wake(self._number, _SOON)
        return handle

    def call_soon_threadsafe[*Ts](
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> events.Handle:
        """As call_soon(): there is one thread."""
        return _created_by_caller(self.call_soon(callback, *args, context=context))

    def call_later[*Ts](
        self,
        delay: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> events.TimerHandle:
        if delay is None:
            raise TypeError("delay must not be None")
        when = self.time() + delay
        return _created_by_caller(self.call_at(when, callback, *args, context=context))

    def call_at[*Ts](
        self,
        when: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> events.TimerHandle:
        if when is None:
            raise TypeError("when cannot be None")
        if when != when:
            raise ValueError("call_at: expected a time, got NaN")
        if self._closed:
            raise RuntimeError("Event loop is closed")
        if self._debug:
            self._check_callback(callback, "call_at")  # type: ignore[attr-defined]
        handle = _created_by_caller(_Timer(when, callback, args, self, context))
        heapq.heappush(self._scheduled, (when, next(self._order), handle))
        handle._scheduled = True
        if not self._awake:
            self._arm()
        return handle

    def _forget_timer(self) -> None:
        self._timer_cancelled_count += 1
        heap = self._scheduled
        if heap[0][2].cancelled():
            while heap and heap[0][2].cancelled():
                self._timer_cancelled_count -= 1
                heapq.heappop(heap)[2]._scheduled = False
            if not self._awake:
                self._arm()
        elif self._timer_cancelled_count > max(_CANCELLED_AT_LEAST, len(heap) // 2):
            heap[:] = [entry for entry in heap if not entry[2].cancelled()]
            heapq.heapify(heap)
            self._timer_cancelled_count = 0

    # What the host does.

    def _serve(self) -> None:
        """Let the host run the ticks from now on."""
        served[self._number] = self
        self._awake = False
        if self._ready:
            self._post()
        else:
            self._arm()

    def _leave(self) -> None:
        """Let the host run no ticks any more."""
        if served.pop(self._number, None) is not None:
            self._awake = True
            self._armed = None
            _core.wake(self._number, _NOTHING)

    def _post(self) -> None:
        self._awake = True
        _core.wake(self._number, _SOON)

    def _arm(self) -> None:
        """Set the host's one timer for the first of ours."""
        when = self._scheduled[0][0] if self._scheduled else None
        if when == self._armed:
            return
        if when is None:
            self._armed = None
            _core.wake(self._number, _NO_TIMER)
            return
        delay = (when - self.time()) * 1000
        # A host's timer may fire early; browsers would stretch one for the rest to 4 ms.
        if delay < 1:
            self._post()
        else:
            self._armed = when
            _core.wake(self._number, delay)

    def _tick(self, fired: bool) -> bool:
        if fired:
            self._armed = None
        if events._get_running_loop() is not self:
            _loop_state.switch(self)
        try:
            if self._scheduled:
                self._collect_due()
            self._run_ready()
        except BaseException as error:
            self._fail(error)
        if self._waiter is not None and self._stopping and not self._waiter.done():
            self._waiter.set_result(None)
        if _loop_state.active[0] is not self:
            _loop_state.switch(_loop_state.active[0])
        if self._number not in served:
            return False
        if self._ready:
            return True
        self._awake = False
        self._arm()
        return False

    def _collect_due(self) -> None:
        heap = self._scheduled
        end = self.time() + self._clock_resolution
        while heap and heap[0][0] <= end:
            handle = heapq.heappop(heap)[2]
            handle._scheduled = False
            if handle.cancelled():
                self._timer_cancelled_count -= 1
            else:
                self._ready.append(handle)

    def _run_ready(self) -> None:
        ready = self._ready
        # What these callbacks schedule waits for the next tick. A callback that suspends its stack
        # leaves the rest to other ticks.
        handle: Any = None
        before = _suspensions
        for _ in range(len(ready)):
            if not ready or _suspensions != before:
                break
            handle = ready.popleft()
            if handle._cancelled:
                continue
            try:
                if self._debug:
                    self._run_watched(handle)
                else:
                    handle._context.run(handle._callback, *handle._args)
            except (SystemExit, KeyboardInterrupt) as error:
                self._exit(handle, error)
            except BaseException as error:
                self._report(handle, error)
        handle = None  # A traceback that is kept would keep it, and so itself.

    def _run_watched(self, handle: Any) -> None:
        """In debug mode: say so when a callback takes long, while nothing else could run."""
        self._current_handle = handle
        start = self.time()
        _suspend.begin_to_count()
        try:
            handle._run()
        finally:
            self._current_handle = None
            waited = _suspend.end_counting()
        duration = self.time() - start - waited
        if duration >= self.slow_callback_duration:
            shown = base_events._format_handle(handle)  # type: ignore[attr-defined]
            log.logger.warning("Executing %s took %.3f seconds", shown, duration)
        handle = None

    def _report(self, handle: Any, error: BaseException) -> None:
        shown = format_helpers._format_callback_source(handle._callback, handle._args)
        message = f"Exception in callback {shown}"
        context = {"message": message, "exception": error, "handle": handle}
        if handle._source_traceback:
            context["source_traceback"] = handle._source_traceback
        self.call_exception_handler(context)

    def _exit(self, handle: Any, error: BaseException) -> None:
        """A callback raised SystemExit or KeyboardInterrupt: it leaves what runs the loop."""
        raise error

    def _fail(self, error: BaseException) -> None:
        self._failure = error
        self._stopping = True

    # Running until something is done.

    def run_forever(self) -> None:
        """Run until stop() is called; see the class for how.

        Raises:
            RuntimeError: the loop is closed, or runs already; or nothing is left that could
                happen while Python blocks.
        """
        self._check_closed()  # type: ignore[attr-defined]
        self._check_running()
        outer = _loop_state.begin(self)
        self._thread_id = get_ident()
        self._set_coroutine_origin_tracking(self._debug)  # type: ignore[attr-defined]
        try:
            if _suspend.can_run_sync():
                self._run_suspended()
            else:
                self._run_blocking()
        finally:
            self._stopping = False
            self._thread_id = None
            self._set_coroutine_origin_tracking(False)  # type: ignore[attr-defined]
            _loop_state.end(self, outer)

    def run_until_complete(self, future: Any) -> Any:
        """Run until `future`, any awaitable, is done; give its result.

        Cancelling a task that waits here, where the engine can suspend it, cancels `future`.
        """
        self._check_closed()  # type: ignore[attr-defined]
        self._check_running()
        is_new = not asyncio.isfuture(future)
        main: Any = asyncio.ensure_future(future, loop=self)
        if is_new:
            main._log_destroy_pending = False
        outer, self._main = self._main, main
        try:
            return super().run_until_complete(main)
        except BaseException:
            if is_new and main.done() and not main.cancelled():
                main.exception()  # which nobody else can retrieve
            raise
        finally:
            self._main = outer
            del main

    def _check_running(self) -> None:
        # That another loop runs is no hindrance: it goes on, or waits until this one is done.
        if self.is_running():
            raise RuntimeError("This event loop is already running")

    def _run_blocking(self) -> None:
        while True:
            self._run_once()
            if self._stopping:
                return

    def _run_once(self) -> None:
        """One tick while Python blocks; sleeps until the first timer when nothing is ready."""
        if self._scheduled:
            self._collect_due()
        if not self._ready and not self._stopping:
            if not self._scheduled:
                raise RuntimeError(
                    "running an event loop: it waits for what cannot happen while Python blocks, "
                    "such as a promise, an event or a callback from JavaScript, and this engine "
                    "cannot suspend Python (JSPI); await it on the host's loop instead: "
                    "asyncio.run(main()) schedules there"
                )
            time.sleep(max(0.0, self._scheduled[0][0] - self.time()))
            self._collect_due()
        self._run_ready()

    def _run_suspended(self) -> None:
        self._waiter = _loop_state.host().create_future()
        self._serve()
        try:
            if self._stopping:
                self._post()
            _suspend.run_loop(self._waiter, self._main)
        finally:
            self._leave()
            self._waiter = None
            failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def close(self) -> None:
        """Drop all callbacks and timers; the loop must not run."""
        super().close()
        loop_closed(self)
        self._timer_cancelled_count = 0
        if getattr(events.get_event_loop_policy(), "chosen", None) is self:
            _loop_state.choose(None)

    # Blocking functions.

    def run_in_executor[*Ts, T](
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        """Call `func`, in the same thread: there is no other.

        It runs in a later tick, and blocks the loop meanwhile unless it suspends (`run_sync`).
        An executor that is given, or set by set_default_executor(), decides for itself.

        >>> import asyncio
        >>> await asyncio.get_running_loop().run_in_executor(None, sum, [1, 2])
        3
        """
        self._check_closed()  # type: ignore[attr-defined]
        if self._debug:
            self._check_callback(func, "run_in_executor")  # type: ignore[attr-defined]
        if executor is None:
            self._check_default_executor()  # type: ignore[attr-defined]
            executor = self._default_executor
        if executor is not None:
            return futures.wrap_future(executor.submit(func, *args), loop=self)
        future: asyncio.Future[T] = self.create_future()
        self.call_soon(_call_for, future, func, args)
        return future

    def set_default_executor(self, executor: Any) -> None:
        """Let run_in_executor(None, ...) use `executor`, any concurrent.futures.Executor."""
        if not isinstance(executor, Executor):
            raise TypeError(
                "set_default_executor: expected a concurrent.futures.Executor, got "
                f"{type(executor).__name__}"
            )
        self._default_executor = executor

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        """Shut the default executor down, if one was set; `timeout` needs threads."""
        self._executor_shutdown_called = True
        if self._default_executor is not None:
            self._default_executor.shutdown(wait=True)

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Call the handler that was set; a task or future tells the line that made it."""
        _made_at.tell(context)
        super().call_exception_handler(context)

    def default_exception_handler(self, context: dict[str, Any]) -> None:
        """Tell the host's listeners; unless one of them prevents it, log as asyncio does.

        See docs/asyncio.md for the events.
        """
        from pyjs import _loop_report

        if not _loop_report.tell_host(context):
            super().default_exception_handler(context)


def _call_for(future: asyncio.Future[Any], func: Callable[..., Any], args: tuple[Any, ...]) -> None:
    if future.cancelled():
        return
    try:
        result = func(*args)
    except (SystemExit, KeyboardInterrupt) as error:
        if not future.done():
            future.set_exception(error)
        raise
    except BaseException as error:
        # StopIteration cannot be raised into a future: CPython's executor hands on the same.
        if not future.done():
            future.set_exception(error)
    else:
        if not future.done():
            future.set_result(result)
