"""pyjs in Pyodide's interpreter: what the host does there, and values of its own bridge.

Each bridge has proxies of its own for one JavaScript object. A value goes from one to the other
through a property of an object that both hold.
"""

from __future__ import annotations

from typing import Any

from pyjs import _core

_ours = _core.guest


def _join() -> Any:
    """Pyodide's proxy of the object that both hold."""
    import pyodide_js
    from pyodide.ffi import create_proxy

    key = f"pyjs-{id(_ours)}"
    # Not by way of globalThis: with the option jsglobals, Pyodide's `js` is another object.
    function = _core.js.Function
    _core.js.Reflect.set(function, key, _ours)
    try:
        theirs = getattr(pyodide_js.constructor.constructor, key)
    finally:
        _core.js.Reflect.deleteProperty(function, key)
    theirs.enter = create_proxy(_core.run_kept)
    # The class that pyodide.ffi has tells its instances by a metaclass: they are of another.
    _core.set_foreign(type(theirs).__mro__[-2], from_pyodide)
    return theirs


def _pass(bridge: Any, other: Any, value: Any) -> Any:
    """What one bridge's value is to the other."""
    bridge.value = value
    try:
        return other.value
    finally:
        bridge.value = None


def from_pyodide(jsproxy: Any) -> Any:
    """The JavaScript value that a proxy of Pyodide's stands for, as pyjs has it.

    Args:
        jsproxy: a `pyodide.ffi.JsProxy`.

    Returns:
        A JsProxy of pyjs's for the same object.

    Raises:
        TypeError: `jsproxy` is no JsProxy of Pyodide's.

    >>> import js, pyjs  # js is Pyodide's
    >>> point = js.JSON.parse('{"x": 1}')
    >>> ours = pyjs.from_pyodide(point)
    >>> isinstance(point, pyjs.JsProxy), isinstance(ours, pyjs.JsProxy), ours.x
    (False, True, 1)
    """
    from pyodide.ffi import JsProxy

    if not isinstance(jsproxy, JsProxy):
        raise TypeError(
            f"from_pyodide: expected a pyodide.ffi.JsProxy, got {type(jsproxy).__name__}"
        )
    return _pass(_theirs, _ours, jsproxy)


def to_pyodide(jsproxy: Any) -> Any:
    """The JavaScript value that a proxy of pyjs's stands for, as Pyodide has it.

    Args:
        jsproxy: a `pyjs.JsProxy`.

    Returns:
        A `pyodide.ffi.JsProxy` for the same object.

    Raises:
        TypeError: `jsproxy` is no JsProxy of pyjs's.

    >>> import pyjs
    >>> from pyodide.ffi import JsProxy
    >>> point = pyjs.to_js({"x": 1}, dict_converter=pyjs.js.Object.fromEntries)
    >>> theirs = pyjs.to_pyodide(point)
    >>> isinstance(theirs, JsProxy), theirs.x
    (True, 1)
    """
    if not isinstance(jsproxy, _core.JsProxy):
        raise TypeError(f"to_pyodide: expected a pyjs.JsProxy, got {type(jsproxy).__name__}")
    return _pass(_ours, _theirs, jsproxy)


def set_proxy_lifetime(lifetime: str) -> None:
    """How long functions live that Python passes to JavaScript: `proxyLifetime` of loadPyjs().

    Args:
        lifetime: "auto", until JavaScript drops them, as it is at first; or "call", until the call
            that they are passed to has ended, as PEP 818 says and Pyodide's bridge does.

    Raises:
        ValueError: `lifetime` is neither.

    >>> import pyjs
    >>> pyjs.set_proxy_lifetime("call")
    >>> pyjs.run_js("f => { globalThis.kept = f; return f(); }")(lambda: "called")
    'called'
    >>> try:
    ...     pyjs.js.kept()
    ... except pyjs.JsException:
    ...     print("its call has ended")
    its call has ended
    >>> del pyjs.js.kept
    """
    if lifetime not in ("auto", "call"):
        raise ValueError(f"set_proxy_lifetime: expected 'auto' or 'call', given {lifetime!r}")
    _ours.setRetains(lifetime == "auto")


def can_run_sync() -> bool:
    """What `pyodide.ffi.can_run_sync` says.

    >>> import asyncio
    >>> from pyjs.ffi import can_run_sync, run_sync
    >>> run_sync(asyncio.sleep(0.01, "now")) if can_run_sync() else "now"
    'now'
    """
    from pyodide.ffi import can_run_sync

    return bool(can_run_sync())


def run_sync(awaitable: Any) -> Any:
    """What `pyodide.ffi.run_sync` does, for promises of pyjs's too.

    >>> from pyjs import js
    >>> from pyjs.ffi import can_run_sync, run_sync
    >>> run_sync(js.Promise.resolve(5)) if can_run_sync() else 5
    5
    """
    from pyodide.ffi import run_sync

    if not hasattr(awaitable, "__await__"):
        kind = type(awaitable).__name__
        raise TypeError(f"run_sync: expected a coroutine, future or promise, got {kind}")
    if not can_run_sync():
        return run_sync(awaitable)  # which says why not
    value, error = run_sync(_outcome(awaitable))
    if error is None:
        return value
    try:
        raise error
    finally:
        del error  # whose traceback has this frame


async def _outcome(awaitable: Any) -> tuple[Any, BaseException | None]:
    """Errors as values: on their way through run_sync Pyodide would keep or replace them."""
    try:
        return await awaitable, None
    except BaseException as error:
        return None, error


_theirs = _join()


def __getattr__(name: str) -> Any:
    """`api`: a JsProxy of the API for JavaScript, without what belongs to a loader.

    >>> import pyjs
    >>> pyjs.run_js("api => api.runPython('sum(range(5))')")(pyjs.api)
    10
    """
    if name != "api":
        raise AttributeError(f"module 'pyjs._guest' has no attribute {name!r}")
    return _ours.api
