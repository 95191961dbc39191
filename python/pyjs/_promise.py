"""Futures and promises: awaiting JavaScript's promises, and handing it Python's results."""

import asyncio
from collections.abc import Callable
from typing import Any

from pyjs import _core

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
