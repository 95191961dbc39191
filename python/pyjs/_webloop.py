"""WebLoop: asyncio on the event loop that the page, worker or Node runs anyway.

The loop counts as running all the time: `asyncio.create_task(...)` works at
the top level of a program. `run_until_complete` and `asyncio.run` cannot block
there; they schedule, and return the task.
"""

import asyncio
import time
from asyncio import base_events, events
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context
from typing import Any

from pyjs import _core, _suspend

_LONGEST_TIMEOUT = 2**31 - 1  # milliseconds; HTML's setTimeout takes a signed 32-bit integer


class _Timer(events.TimerHandle):
    """A timer of the host; cancelling it cancels the host's too."""

    host_timer: int | None = None


class WebLoop(base_events.BaseEventLoop):
    """An asyncio event loop that runs its callbacks in the host's macrotasks."""

    def __init__(self) -> None:
        self._queue: deque[events.Handle] = deque()
        # Not a set: equal timers are two.
        self._timers: dict[int, _Timer] = {}
        self._posted = False
        self._batch: object = None  # the one that runs, unless it was suspended
        self._started = False
        super().__init__()
        self._started = True

    def is_running(self) -> bool:
        return self._started and not self.is_closed()

    def time(self) -> float:
        return time.monotonic()

    def call_soon[*Ts](
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> events.Handle:
        self._expect_open()
        handle = events.Handle(callback, args, self, context)
        self._add(handle)
        return handle

    def call_soon_threadsafe[*Ts](
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> events.Handle:
        return self.call_soon(callback, *args, context=context)

    def call_later[*Ts](
        self,
        delay: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> events.TimerHandle:
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at[*Ts](
        self,
        when: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> events.TimerHandle:
        self._expect_open()
        handle = _Timer(when, callback, args, self, context)
        self._arm(handle)
        return handle

    def run_forever(self) -> None:
        """Nothing to do: the host runs the loop."""

    def run_until_complete(  # type: ignore[override]
        self, future: Awaitable[Any]
    ) -> asyncio.Future[Any]:
        """Schedule `future` and return its task: the host cannot be blocked."""
        return asyncio.ensure_future(future, loop=self)

    def stop(self) -> None:
        """Nothing to do: the host runs the loop."""

    async def idle(self) -> None:
        """Wait until the loop has nothing to do: no callback, timer, or task but the caller's.

        A task that waits for JavaScript alone keeps the loop from being idle; a promise or
        listener that no task waits for does not.

        >>> import asyncio
        >>> timer = asyncio.get_event_loop().call_later(0.01, print, "now")
        >>> await asyncio.get_event_loop().idle()
        now
        """
        while True:
            await asyncio.sleep(0)
            if tasks := asyncio.all_tasks(self) - {asyncio.current_task(self)}:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            elif self._timers:
                due = min(timer.when() for timer in self._timers.values())
                await asyncio.sleep(max(0.0, due - self.time()))
            elif not self._queue:
                return

    def _expect_open(self) -> None:
        if self.is_closed():
            raise RuntimeError("Event loop is closed")

    def _add(self, handle: events.Handle) -> None:
        self._queue.append(handle)
        if not self._posted:
            self._posted = True
            _core.post(self._run_queue)

    def _run_queue(self) -> None:
        self._posted = False
        if _suspend.is_preempted():
            return  # _suspending() goes on
        # What these callbacks schedule waits for the next task, as in asyncio.
        batch = self._batch = object()
        for _ in range(len(self._queue)):
            handle = self._queue.popleft()
            if not handle.cancelled():
                self._run_handle(handle)
            if self._batch is not batch:
                return  # it was suspended, and another task of the host's went on with the queue
        if self._queue and not self._posted:
            self._posted = True
            _core.post(self._run_queue)

    def _suspending(self) -> None:
        """The callback that runs is about to be suspended: the rest of its batch goes on."""
        self._batch = None
        if self._queue and not self._posted:
            self._posted = True
            _core.post(self._run_queue)

    def _run_handle(self, handle: events.Handle) -> None:
        try:
            handle._run()
        except (SystemExit, KeyboardInterrupt) as error:
            # A task that raised it holds it, and reports it to its awaiter.
            if isinstance(getattr(handle._callback, "__self__", None), asyncio.Future):  # type: ignore[attr-defined]
                return
            context = {"message": f"a callback raised {error!r}", "exception": error}
            self.call_exception_handler({**context, "handle": handle})

    def _arm(self, handle: _Timer) -> None:
        delay = max(0.0, (handle.when() - self.time()) * 1000)
        self._timers[id(handle)] = handle
        # Rounded up, for a timer must not fire early; the longest is armed again.
        milliseconds = -(-min(delay, _LONGEST_TIMEOUT) // 1)
        handle.host_timer = _core.start_timer(lambda: self._wake(handle), milliseconds)

    def _wake(self, handle: _Timer) -> None:
        self._disarm(handle)
        if handle.cancelled():
            return
        if handle.when() > self.time():
            self._arm(handle)
        elif self._queue or _suspend.is_preempted():
            self._queue.append(handle)  # what was ready before goes first, as in asyncio
        else:
            self._run_handle(handle)

    def _timer_handle_cancelled(self, handle: events.TimerHandle) -> None:
        if isinstance(handle, _Timer) and handle.host_timer is not None:
            _core.cancel_timer(handle.host_timer)
            self._disarm(handle)

    def _disarm(self, handle: _Timer) -> None:
        del self._timers[id(handle)]
        handle.host_timer = None


class WebLoopPolicy(asyncio.DefaultEventLoopPolicy):
    """Gives everyone the one WebLoop there is."""

    def __init__(self, loop: WebLoop) -> None:
        super().__init__()
        self._web_loop = loop

    def get_event_loop(self) -> WebLoop:
        return self._web_loop

    def new_event_loop(self) -> WebLoop:
        return self._web_loop


def run(main: Coroutine[Any, Any, Any], **_options: Any) -> asyncio.Future[Any]:
    """What `asyncio.run` does here: schedule `main` and return its task."""
    return asyncio.ensure_future(main)


_loop: WebLoop | None = None


def install() -> None:
    """Make WebLoop the loop of every import of asyncio. The second call does nothing."""
    global _loop
    if _loop is None:
        _loop = WebLoop()
        _suspend.attach(_loop, _loop._suspending)
        asyncio.set_event_loop_policy(WebLoopPolicy(_loop))
        events._set_running_loop(_loop)
        asyncio.run = run  # type: ignore[assignment]


type _Callback = Callable[[Any], None]


def _fulfilled(future: asyncio.Future[Any]) -> _Callback:
    def fulfilled(value: Any) -> None:
        if not future.done():
            future.set_result(value)

    return fulfilled


def _rejected(future: asyncio.Future[Any]) -> _Callback:
    def rejected(rethrow: Callable[[], Any]) -> None:
        # Throwing is how an error crosses with its identity kept.
        try:
            rethrow()
        except BaseException as error:
            if not future.done():
                future.set_exception(error)

    return rejected


def to_future(thenable: _core.JsProxy) -> asyncio.Future[Any]:
    """A future that ends as the JavaScript thenable does."""
    future = asyncio.get_event_loop().create_future()
    _core.then(thenable, _fulfilled(future), _rejected(future))
    return future


def async_step(iterator: _core.JsProxy, method: str, argument: Any) -> asyncio.Future[Any]:
    """One step of an asynchronous iterator: a future of what it yields.

    At its end the future raises StopAsyncIteration; that of `return` then has None.
    """
    future = asyncio.get_event_loop().create_future()

    def yielded_once_more(_value: Any) -> None:
        if not future.done():
            message = "aclose: the JavaScript generator yielded once more"
            future.set_exception(RuntimeError(message))

    def ended(value: Any) -> None:
        if future.done():
            return
        if method == "return":
            future.set_result(None)
        else:
            future.set_exception(StopAsyncIteration(value))

    yielded = yielded_once_more if method == "return" else _fulfilled(future)
    _core.async_step(iterator, method, argument, yielded, ended, _rejected(future))
    return future


def settle(awaitable: Any, resolve: _core.JsCallable, reject: _core.JsCallable) -> None:
    """Run `awaitable`, then hand its result or exception to a JavaScript promise."""
    task = asyncio.ensure_future(awaitable)

    def done(task: asyncio.Future[Any]) -> None:
        if task.cancelled():
            reject(asyncio.CancelledError())
        elif (error := task.exception()) is not None:
            reject(error)
        else:
            resolve(task.result())

    task.add_done_callback(done)
