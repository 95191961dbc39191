"""Futures and promises: `then` for both, and handing JavaScript what awaitables of Python give."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from types import CoroutineType
from typing import Any, cast

from pyjs import _core, _loop_state, _made_at

type _Handler[T] = Callable[[T], Any] | None


class PromiseFuture[T](asyncio.Future[T]):
    """An asyncio future with the methods of JavaScript's promises.

    What `loop.create_future()` and the `then`, `catch` and `finally_` of promises give.

    >>> import asyncio
    >>> from pyjs.webloop import PromiseFuture
    >>> future = PromiseFuture()
    >>> doubled = future.then(lambda value: 2 * value)
    >>> future.set_result(21)
    >>> await doubled
    42

    Source: Pyodide, PyodideFuture.
    """

    _place: _made_at.Place | None = None

    def then(
        self, onfulfilled: _Handler[T], onrejected: _Handler[BaseException] = None
    ) -> "PromiseFuture[Any]":
        """Give a future of what the called one of two functions returns.

        Args:
            onfulfilled: called with the result; without it the result is passed on.
            onrejected: called with the exception, a CancelledError too; without it that is
                passed on.

        What they return is awaited as long as it is awaitable; what they raise is the
        exception of the future.

        Raises:
            TypeError: one of them is neither callable nor None.
        """
        return _chain(self, _handler("then", onfulfilled), _handler("then", onrejected))

    def catch(self, onrejected: _Handler[BaseException]) -> "PromiseFuture[Any]":
        """`then(None, onrejected)`."""
        return _chain(self, None, _handler("catch", onrejected))

    def finally_(self, onfinally: Callable[[], Any] | None) -> "PromiseFuture[T]":
        """Give a future that ends as this one, when what `onfinally()` returns has ended.

        What `onfinally` raises takes the place of this future's outcome.
        """
        return _chain(self, *_finally(_handler("finally_", onfinally)))

    def __repr__(self) -> str:
        text, place = super().__repr__(), _made_at.text(self._place)
        return f"{text[:-1]} made at {place}>" if place else text


class PromiseTask[T](asyncio.Task[T], PromiseFuture[T]):
    """An asyncio task with the methods of JavaScript's promises.

    What the loops' `create_task` gives once `loadPyodide` has loaded the interpreter: tasks of
    asyncio's own type are made and awaited faster.

    >>> import asyncio
    >>> from pyjs.webloop import PromiseTask
    >>> task = PromiseTask(asyncio.sleep(0.01, 21))
    >>> await task.then(lambda value: 2 * value)
    42

    Source: Pyodide, PyodideTask.
    """


def _handler(operation: str, handler: Any) -> Any:
    if handler is not None and not callable(handler):
        kind = type(handler).__name__
        raise TypeError(f"{operation}: expected a callable or None, given {kind}")
    return handler


def _finally(onfinally: Callable[[], Any] | None) -> tuple[_Handler[Any], _Handler[BaseException]]:
    if onfinally is None:
        return None, None

    async def fulfilled(value: Any) -> Any:
        await _final(onfinally())
        return value

    async def rejected(error: BaseException) -> Any:
        await _final(onfinally())
        raise error

    return fulfilled, rejected


async def _final(value: Any) -> Any:
    while isawaitable(value) or isinstance(value, _core.JsPromise):
        value = await value
    return value


def _chain(
    source: asyncio.Future[Any],
    fulfilled: _Handler[Any],
    rejected: _Handler[BaseException],
) -> PromiseFuture[Any]:
    """A future of what the handler of `source`'s outcome gives."""
    result = PromiseFuture[Any](loop=source.get_loop())
    result._place = _made_at.made_at()

    def ended(_: object) -> None:
        error = asyncio.CancelledError() if source.cancelled() else source.exception()
        if result.done():
            return
        handler = fulfilled if error is None else rejected
        if handler is None:
            _end(result, error, None if error else source.result())
            return
        try:
            value = handler(source.result() if error is None else error)
        except BaseException as raised:
            _end(result, raised, None)
            return
        if isawaitable(value) or isinstance(value, _core.JsPromise):
            _follow(result, asyncio.ensure_future(_final(value), loop=source.get_loop()))
        else:
            _end(result, None, value)

    source.add_done_callback(ended)
    return result


def _end(result: asyncio.Future[Any], error: BaseException | None, value: Any) -> None:
    if isinstance(error, asyncio.CancelledError):
        result.cancel(*error.args)
    elif error is not None:
        result.set_exception(error)
    else:
        result.set_result(value)


def _follow(result: asyncio.Future[Any], task: asyncio.Future[Any]) -> None:
    """End `result` as `task`, and cancel the task with it."""

    def ended(_: object) -> None:
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        if not result.done():
            _end(result, error, None if error else task.result())

    task.add_done_callback(ended)
    result.add_done_callback(lambda _: task.cancel() if result.cancelled() else None)


def to_future(
    thenable: _core.JsProxy, loop: asyncio.AbstractEventLoop | None = None
) -> PromiseFuture[Any]:
    """A future that ends as the JavaScript thenable does."""
    future = PromiseFuture[Any](loop=loop)
    _core.then(thenable, future)
    return future


# asyncio's own, also where this module is executed once more.
_ensure_future: Any = getattr(asyncio.ensure_future, "_own", asyncio.ensure_future)


def ensure_future(
    coro_or_future: Any, *, loop: asyncio.AbstractEventLoop | None = None
) -> asyncio.Future[Any]:
    """What `asyncio.ensure_future` does, but waits for a promise at once.

    A task would begin to wait when the host had already reported a rejection as unhandled.
    """
    if type(coro_or_future) is not CoroutineType and isinstance(coro_or_future, _core.JsPromise):
        future = to_future(coro_or_future, loop)
        future._place = _made_at.made_at()
        return future
    return _ensure_future(coro_or_future, loop=loop)  # type: ignore[no-any-return]


ensure_future._own = _ensure_future  # type: ignore[attr-defined]


def as_coroutine(
    promise: _core.JsProxy, loop: asyncio.AbstractEventLoop
) -> CoroutineType[Any, Any, Any]:
    """A coroutine for a task of `loop` that waits for a promise, which is waited for at once."""
    future = to_future(promise, loop)
    future._place = _made_at.made_at()
    coroutine: Any = _waiting(_Held(future))
    coroutine.__name__ = "promise"
    coroutine.__qualname__ = f"promise made at {_made_at.text(future._place)}"
    return cast(CoroutineType[Any, Any, Any], coroutine)


class _Held:
    """Cancels its future when it is let go: a task that is cancelled before it began."""

    def __init__(self, future: asyncio.Future[Any]) -> None:
        self.future = future

    def __del__(self) -> None:
        self.future.cancel()


async def _waiting(held: _Held) -> Any:
    return await held.future


def install() -> None:
    """Let `gather`, `shield` and `as_completed` take promises as they take futures."""
    asyncio.ensure_future = asyncio.tasks.ensure_future = ensure_future  # type: ignore[assignment]


def then(promise: _core.JsProxy, fulfilled: Any, rejected: Any, settled: Any) -> PromiseFuture[Any]:
    """What `then`, `catch` and `finally_` of a promise do; cancelling stops waiting for it."""
    handlers = _handler("then", fulfilled), _handler("then", rejected)
    if settled is not None:
        handlers = _finally(_handler("finally_", settled))
    source = to_future(promise)
    result = _chain(source, *handlers)
    result.add_done_callback(lambda _: source.cancel() if result.cancelled() else None)
    return result


def unretrieved(message: str, error: BaseException, future: asyncio.Future[Any] | None) -> None:
    """Tell the exception handler of the loop of an error that nobody can get any more."""
    context: dict[str, Any] = {"message": message, "exception": error}
    if future is not None:
        context["future"] = future
        if traceback := getattr(future, "_source_traceback", None):
            context["source_traceback"] = traceback
    loop = _loop_state.running() if future is None else future.get_loop()
    loop.call_exception_handler(context)


type _Run = tuple[Any, asyncio.Future[Any], Callable[[asyncio.Future[Any]], None]]

# What JavaScript's promises stand for, until it has ended, and the function that is then called.
# importlib.reload must not forget those that have not.
_running: dict[int, _Run] = globals().get("_running", {})


def settle(awaitable: Awaitable[Any], resolve: _core.JsCallable, reject: _core.JsCallable) -> None:
    """Run `awaitable`, then hand its result or exception to a JavaScript promise."""
    loop = None if asyncio.isfuture(awaitable) else _loop_of(awaitable)
    task = asyncio.ensure_future(awaitable, loop=loop)

    def ended(task: asyncio.Future[Any]) -> None:
        if _running.pop(id(awaitable), None) is None:
            return
        if not task.done():
            reject(asyncio.CancelledError("its event loop was closed"))
        elif task.cancelled():
            reject(asyncio.CancelledError())
        elif (error := task.exception()) is not None:
            reject(error)
        else:
            resolve(task.result())

    _running[id(awaitable)] = awaitable, task, ended
    task.add_done_callback(ended)


# What the methods of an asynchronous generator give, and the generator refers to first.
_STEPS = "async_generator_asend", "async_generator_athrow"


def _loop_of(awaitable: Any) -> Any:
    """The loop that counts as running; of an asynchronous generator that in which it began.

    JavaScript asks for its steps between ticks, when another loop may count as running.
    """
    if type(awaitable).__name__ in _STEPS:
        generator = next(iter(gc.get_referents(awaitable)), None)
        for loop in _loop_state.ours():
            if generator in loop._asyncgens:
                return loop
    return _loop_state.running()


def loop_closed(loop: asyncio.AbstractEventLoop) -> None:
    """What JavaScript awaits of `loop` does not end any more: its promises do."""
    for _, task, ended in list(_running.values()):
        if task.get_loop() is loop:
            ended(task)


def cancel(awaitable: Any, message: Any) -> bool:
    """Cancel what runs `awaitable`, or the future that it is; whether it could."""
    if (entry := _running.get(id(awaitable))) is not None:
        return entry[1].cancel(message)
    own = getattr(awaitable, "cancel", None)
    return bool(own()) if callable(own) else False
