"""Listeners and timers that keep the Python functions they call until they are done.

>>> from pyodide.ffi.wrappers import set_timeout
>>> timer = set_timeout(lambda: print("now"), 10)
>>> import asyncio
>>> await asyncio.sleep(0.1)
now

Source: Pyodide's API reference, pyodide.ffi.wrappers.
"""

from collections.abc import Callable
from typing import Any, Protocol

from pyjs._core import (
    JsDomElement,
    JsProxy,
    JsWeakRef,
    create_once_callable,
    create_proxy,
    js,
)

__all__ = [
    "add_event_listener",
    "clear_interval",
    "clear_timeout",
    "remove_event_listener",
    "set_interval",
    "set_timeout",
]


class Destroyable(Protocol):
    """What keeps a Python function for JavaScript."""

    def destroy(self) -> None:
        """Let it go."""


type _Listener = Callable[[Any], None]

# By the element, the event and the function. Weakly: an element that is gone drops its listeners.
EVENT_LISTENERS: dict[tuple[int, str, _Listener], JsWeakRef] = {}
# By the number of the timer. Where the host's timers are objects (Node), by that of the object.
TIMEOUTS: dict[int, Destroyable] = {}
INTERVAL_CALLBACKS: dict[int, Destroyable] = {}


def add_event_listener(elt: JsDomElement, event: str, listener: _Listener) -> None:
    """Let `listener` be called with every event of a kind, until `remove_event_listener`.

    Args:
        elt: the element, or any other EventTarget.
        event: the kind, such as "click".
        listener: called with the event. A second time for the same element and event adds nothing.

    Raises:
        TypeError: `elt` is no JavaScript object.

    >>> from pyjs import js
    >>> from pyodide.ffi.wrappers import add_event_listener, remove_event_listener
    >>> target, seen = js.EventTarget.new(), []
    >>> listener = lambda event: seen.append(event.type)
    >>> add_event_listener(target, "done", listener)
    >>> target.dispatchEvent(js.Event.new("done"))
    True
    >>> remove_event_listener(target, "done", listener)
    >>> seen
    ['done']

    Source: Pyodide, pyodide.ffi.wrappers.add_event_listener.
    """
    key = (_id(elt, "add_event_listener"), event, listener)
    known = EVENT_LISTENERS.get(key)
    proxy = None if known is None else known.deref()
    if proxy is None:
        proxy = create_proxy(listener)
        EVENT_LISTENERS[key] = proxy.to_weakref()
    elt.addEventListener(event, proxy)


def remove_event_listener(elt: JsDomElement, event: str, listener: _Listener) -> None:
    """Undo `add_event_listener`, and let the function go.

    Args:
        elt: the element.
        event: the kind of the event.
        listener: the function.

    Raises:
        TypeError: `elt` is no JavaScript object.
        KeyError: the function does not listen to this event of this element.

    Source: Pyodide, pyodide.ffi.wrappers.remove_event_listener.
    """
    key = (_id(elt, "remove_event_listener"), event, listener)
    if key not in EVENT_LISTENERS:
        raise KeyError(key)
    proxy = EVENT_LISTENERS.pop(key).deref()
    if proxy is not None:
        elt.removeEventListener(event, proxy)
        proxy.destroy()


def set_timeout(callback: Callable[[], None], timeout: int) -> int | JsProxy:
    """Call a function once, later; JavaScript's setTimeout().

    Args:
        callback: what to call, without arguments.
        timeout: milliseconds.

    Returns:
        What `clear_timeout` takes.

    Raises:
        TypeError: `callback` is not callable.

    Source: Pyodide, pyodide.ffi.wrappers.set_timeout.
    """
    _expect_callable("set_timeout", callback)

    def call() -> None:
        TIMEOUTS.pop(number, None)
        callback()

    proxy = create_once_callable(call)
    timer: int | JsProxy = js.setTimeout(proxy, timeout)
    number = _number(timer)
    TIMEOUTS[number] = proxy
    return timer


def clear_timeout(timeout_retval: int | JsProxy) -> None:
    """Cancel what `set_timeout` gave; one that is over, or unknown, does nothing.

    Source: Pyodide, pyodide.ffi.wrappers.clear_timeout.
    """
    js.clearTimeout(timeout_retval)
    _let_go(TIMEOUTS, timeout_retval)


def set_interval(callback: Callable[[], None], interval: int) -> int | JsProxy:
    """Call a function again and again; JavaScript's setInterval().

    Args:
        callback: what to call, without arguments.
        interval: milliseconds.

    Returns:
        What `clear_interval` takes.

    Raises:
        TypeError: `callback` is not callable.

    Source: Pyodide, pyodide.ffi.wrappers.set_interval.
    """
    _expect_callable("set_interval", callback)
    proxy = create_proxy(callback)
    timer: int | JsProxy = js.setInterval(proxy, interval)
    INTERVAL_CALLBACKS[_number(timer)] = proxy
    return timer


def clear_interval(interval_retval: int | JsProxy) -> None:
    """End what `set_interval` gave; one that is over, or unknown, does nothing.

    Source: Pyodide, pyodide.ffi.wrappers.clear_interval.
    """
    js.clearInterval(interval_retval)
    _let_go(INTERVAL_CALLBACKS, interval_retval)


def _expect_callable(operation: str, callback: Any) -> None:
    if not callable(callback):
        raise TypeError(f"{operation}: expected a callable, given {type(callback).__name__}")


def _id(elt: Any, operation: str) -> int:
    if not isinstance(elt, JsProxy):
        kind = type(elt).__name__
        raise TypeError(f"{operation}: expected an element, given {kind}")
    return elt.js_id


def _number(timer: int | JsProxy) -> int:
    return timer if isinstance(timer, int) else timer.js_id


def _let_go(kept: dict[int, Destroyable], timer: int | JsProxy) -> None:
    proxy = kept.pop(_number(timer), None)
    if proxy is not None:
        proxy.destroy()
