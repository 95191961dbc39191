"""What `import pyjs` puts in place: the core's hooks, and the event loop once asyncio is used."""

import sys
from io import TextIOWrapper
from typing import Any

from pyjs import _core, _first_import, importer
from pyjs._host import IS_GUEST


def start() -> None:
    """Install the hooks. Importing asyncio takes long, so that waits for its first use."""
    _core.install_hooks(
        new_future=_new_future,
        settle=_settle,
        format=_format,
        cancel=_cancel,
        ready=_ready,
        rebuild=rebuild,
        subclass=_subclass,
        bind=_bind,
        then=_then,
        unretrieved=_unretrieved,
    )
    importer.install()
    if IS_GUEST:
        _first_import.install({"asyncio": _install_loop})
        return
    from pyjs import _import_lock, _suspend

    _write_whole_lines()
    _suspend.install()
    _import_lock.install()
    _first_import.install(
        {
            "asyncio": _install_loop,
            "http.client": _install_http,
            "json.encoder": _install_json,
            "urllib.request": _install_urllib,
            "webbrowser": _install_browser,
        }
    )


def stop() -> None:
    """What is left to do before the interpreter is disposed of: exit handlers, unwritten output."""
    import atexit

    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()


def _write_whole_lines() -> None:
    """Show each line when it is printed: the host prints too, and ends without telling Python."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(line_buffering=True)


def _new_future() -> Any:
    # First, for its import is what installs the loop.
    import asyncio

    _core.set_new_future(asyncio.Future)  # from now on without this function
    return asyncio.Future()


def _settle(awaitable: Any, resolve: _core.JsCallable, reject: _core.JsCallable) -> None:
    import asyncio  # noqa: F401

    from pyjs import _promise

    _promise.settle(awaitable, resolve, reject)


def _cancel(awaitable: Any, message: Any) -> bool:
    import asyncio  # noqa: F401

    from pyjs import _promise

    return _promise.cancel(awaitable, message)


def _then(promise: _core.JsProxy, fulfilled: Any, rejected: Any, settled: Any) -> Any:
    import asyncio  # noqa: F401

    from pyjs import _promise

    return _promise.then(promise, fulfilled, rejected, settled)


def _unretrieved(message: str, error: BaseException, future: Any) -> None:
    import asyncio  # noqa: F401

    from pyjs import _promise

    _promise.unretrieved(message, error, future)


def _ready(value: Any) -> Any:
    import asyncio

    future = asyncio.get_event_loop().create_future()
    future.set_result(value)
    return future


def rebuild(name: str, message: str, stack: str) -> _core.JsException:
    """Make a JsException again of what pickle has kept of one."""
    kind = getattr(_core.js, name, None)
    known = isinstance(kind, _core.JsCallable) and _makes_errors(kind)
    error: Any = (kind if known else _core.js.Error).new(message)  # type: ignore[union-attr]
    if not known and name:
        error.name = name
    error.stack = stack
    return error  # type: ignore[no-any-return]


def _makes_errors(kind: _core.JsCallable) -> bool:
    error = _core.js.Error
    return kind == error or error.prototype.isPrototypeOf(kind.prototype) is True


def _format(exception: BaseException) -> str:
    from pyjs import _traceback

    return _traceback.format_exception(exception)


def _subclass(js_class: _core.JsCallable) -> type:
    from pyjs import _subclass

    return _subclass.base_for(js_class)


def _bind(proxy: _core.JsProxy, signature: Any) -> _core.JsProxy:
    from pyjs import signatures

    return signatures.bind(proxy, signature)


def _install_http() -> None:
    from pyjs import _http_client

    _http_client.install()


def _install_urllib() -> None:
    from pyjs import _http_urllib

    _http_urllib.install()


def _install_json() -> None:
    from pyjs import _json_null

    _json_null.install()


def _install_browser() -> None:
    from pyjs import _web_browser

    _web_browser.install()


def _install_loop() -> None:
    from pyjs import _promise

    if not IS_GUEST:
        from pyjs import _loop_run

        _loop_run.install()
    _promise.install()
