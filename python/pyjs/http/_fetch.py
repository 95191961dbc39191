"""pyfetch: JavaScript's fetch() with Python's values."""

import asyncio
import json as _json
from builtins import bytes as _bytes
from builtins import memoryview as _memoryview
from typing import Any, Self

from pyjs._core import JsBuffer, JsException, JsFetchResponse, JsProxy, js, jsnull, to_js
from pyjs.http._body import Pairs, encode, header_pairs, with_params
from pyjs.http._errors import AbortError, BodyUsedError, Headers, raise_for

# What fetch() takes; the last ones are Node's and new ones of browsers'.
KNOWN = (
    "body", "browsingTopics", "cache", "credentials", "dispatcher", "duplex", "headers",
    "integrity", "keepalive", "method", "mode", "priority", "redirect", "referrer",
    "referrerPolicy", "targetAddressSpace", "window",
)  # fmt: skip


# What abort() is given and JavaScript keeps: it has no Python object that dies with the call.
_KEPT = (str, bool, int, float, JsProxy, JsException)


async def _abortable(awaitable: Any, controller: Any, signal: Any, reasons: list[Any]) -> Any:
    """Await it; cancelling that aborts the request."""
    try:
        return await awaitable
    except asyncio.CancelledError:
        controller.abort()
        raise
    except JsException as error:
        if signal.aborted:
            raise AbortError(reasons[0] if reasons else signal.reason) from error
        raise


def _leave(reader: Any) -> None:
    """Let the rest of a body be; where the request has failed, that fails too and says nothing."""
    reader.cancel().catch(js.Boolean)


class BodyStream:
    """The chunks of a body as they come; asks for one when it is wanted, and not before."""

    def __init__(self, response: "FetchResponse") -> None:
        body = response.js_response.body
        self._response = response
        self._reader = None if body is None or body is jsnull else body.getReader()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> _bytes:
        if self._reader is None:
            raise StopAsyncIteration
        try:
            step = await self._response._await(self._reader.read())
        except OSError:
            self._reader = None
            raise
        if step.done:
            self._reader = None
            raise StopAsyncIteration
        return step.value.to_bytes()  # type: ignore[no-any-return]

    async def aclose(self) -> None:
        """Stop: the rest of the body is not fetched."""
        reader, self._reader = self._reader, None
        if reader is not None:
            await reader.cancel().catch(js.Boolean)

    def __del__(self) -> None:
        # A loop that was left early.
        reader = getattr(self, "_reader", None)
        if reader is not None:
            _leave(reader)


class FetchResponse:
    """What a server answered: JavaScript's Response with Python's values.

    A body can be had once, as bytes, text, JSON or a stream:

    >>> from pyjs.http import pyfetch
    >>> response = await pyfetch("data:text/plain,Hello")
    >>> response.status, response.headers["content-type"], await response.text()
    (200, 'text/plain', 'Hello')
    >>> [chunk async for chunk in await pyfetch("data:,Hello")]
    [b'Hello']

    Source: Pyodide, pyodide.http.FetchResponse.
    """

    js_request: Any
    js_response: JsFetchResponse
    abort_controller: Any
    abort_signal: Any

    def __init__(
        self,
        request: Any,
        js_response: JsFetchResponse,
        abort_controller: Any = None,
        abort_signal: Any = None,
    ) -> None:
        self._request = request
        self.js_request = request if isinstance(request, JsProxy) else None
        self.js_response = js_response
        self.abort_controller = abort_controller
        self.abort_signal = abort_signal
        # What abort() was given, which JavaScript could not keep; clones share it.
        self._reasons: list[Any] = []

    def __repr__(self) -> str:
        return f"<FetchResponse {self.status} {self.url}>"

    @property
    def status(self) -> int:
        """The number of the status."""
        return int(self.js_response.status)

    @property
    def status_text(self) -> str:
        """The text that the server gave with the status."""
        return str(self.js_response.statusText)

    @property
    def ok(self) -> bool:
        """Whether the status is 200 to 299."""
        return bool(self.js_response.ok)

    @property
    def url(self) -> str:
        """What answered in the end, after redirections."""
        return str(self.js_response.url)

    @property
    def redirected(self) -> bool:
        """Whether there was a redirection."""
        return bool(self.js_response.redirected)

    @property
    def type(self) -> str:
        """Such as "basic", "cors" or "opaque"."""
        return str(self.js_response.type)

    @property
    def headers(self) -> dict[str, str]:
        """By their names in lower case; asked for in any case."""
        return Headers((name, value) for name, value in self.js_response.headers.entries())

    @property
    def body_used(self) -> bool:
        """Whether the body was asked for."""
        return bool(self.js_response.bodyUsed)

    def raise_for_status(self) -> None:
        """Raise an HttpStatusError when the status is 400 to 599."""
        raise_for(self.status, self.status_text, self.url)

    def clone(self) -> "FetchResponse":
        """Give a second response with a body of its own.

        Raises:
            BodyUsedError: the body was asked for.
        """
        self._expect_unused()
        copy = self.js_response.clone()
        other = FetchResponse(self._request, copy, self.abort_controller, self.abort_signal)
        other._reasons = self._reasons
        return other

    def abort(self, reason: Any = None) -> None:
        """Abort the request; what waits for its body gets an AbortError.

        Raises:
            ValueError: the response was not made by pyfetch, and has no AbortController.
        """
        if self.abort_controller is None:
            raise ValueError("FetchResponse.abort: the response has no AbortController")
        if reason is None:
            self.abort_controller.abort()
            return
        if isinstance(reason, _KEPT):
            self.abort_controller.abort(reason)
        else:
            self._reasons.append(reason)
            self.abort_controller.abort(js.DOMException.new(str(reason), "AbortError"))

    async def buffer(self) -> JsBuffer:
        """The body as a JavaScript ArrayBuffer."""
        return await self._read("arrayBuffer")  # type: ignore[no-any-return]

    async def bytes(self) -> _bytes:
        """The body as bytes."""
        return (await self.buffer()).to_bytes()

    async def memoryview(self) -> _memoryview:
        """The body as a memoryview."""
        return (await self.buffer()).to_memoryview()

    async def text(self) -> str:
        """The body as text, which UTF-8 says."""
        return await self._read("text")  # type: ignore[no-any-return]

    async def string(self) -> str:
        """What `text` gives: its former name."""
        return await self.text()

    async def json(self, **options: Any) -> Any:
        """What `json.loads` makes of the body; `options` are its."""
        return _json.loads(await self.text(), **options)

    async def _into_file(self, f: Any) -> None:
        """Let the body be the content of an open empty file, uncopied where it is in memory."""
        (await self.buffer())._into_file(f)

    async def _create_file(self, path: str) -> None:
        """Let the body be the content of a new file, uncopied where it is in memory.

        Raises:
            FileExistsError: there is a file at `path`.
            OSError: its folder is not there.
        """
        with open(path, "xb") as file:
            await self._into_file(file)

    async def unpack_archive(
        self, *, extract_dir: str | None = None, format: str | None = None
    ) -> None:
        """Unpack the body, an archive, into a folder.

        Args:
            extract_dir: the folder, by default the current one.
            format: such as "zip" or "gztar"; by default the end of the URL says it.

        Raises:
            ValueError: the format is unknown, or the body is not of it.
        """
        from pyjs import _archive

        name = format
        if name is None:
            path = self.url.partition("?")[0].rpartition("/")[2]
            ends = (end for end in _archive.ENDS if path.endswith(f".{end}"))
            name = max(ends, key=len, default=None)
        if name is None:
            raise ValueError(f"unpack_archive: {self.url} does not say a format; give format=")
        _archive.unpack(await self.buffer(), name, extract_dir)

    def stream(self) -> BodyStream:
        """Give an asynchronous iterator of the body's chunks, which are bytes.

        One chunk is asked for at a time. What is left of the body is not fetched when the
        iterator is closed, or dropped before its end.
        """
        self._expect_unused()
        return BodyStream(self)

    def __aiter__(self) -> BodyStream:
        return self.stream()

    def _expect_unused(self) -> None:
        if not self.body_used:
            return
        # Node uses up a body that it aborts.
        if self.abort_signal is not None and self.abort_signal.aborted:
            raise AbortError(self._reasons[0] if self._reasons else self.abort_signal.reason)
        raise BodyUsedError

    async def _read(self, method: str) -> Any:
        self._expect_unused()
        return await self._await(getattr(self.js_response, method)())

    async def _await(self, promise: Any) -> Any:
        try:
            if self.abort_controller is None:
                return await promise
            controller, signal = self.abort_controller, self.abort_signal
            return await _abortable(promise, controller, signal, self._reasons)
        except JsException as error:
            raise OSError(f"FetchResponse: {self.url}: {_why(error)}") from error


def _signal(controller: Any, given: Any, request: Any) -> Any:
    """One that aborts with the controller, and with what the caller gave."""
    if given is None and isinstance(request, JsProxy):
        given = getattr(request, "signal", None)
    if given is None:
        return controller.signal
    if not (isinstance(given, JsProxy) and js.AbortSignal.prototype.isPrototypeOf(given)):
        kind = type(given).__name__
        raise TypeError(f"pyfetch: signal: expected an AbortSignal or None, given {kind}")
    return js.AbortSignal.any(js.Array.of(given, controller.signal))


def _target(request: Any, params: Any) -> Any:
    """What fetch() is called with: a URL with its query, or a Request."""
    if isinstance(request, JsProxy) and isinstance(getattr(request, "href", None), str):
        request = request.href
    if isinstance(request, str):
        return with_params(request, params)
    if not isinstance(request, JsProxy):
        kind = type(request).__name__
        raise TypeError(f"pyfetch: expected a URL as str or a JavaScript Request, given {kind}")
    if params:
        raise TypeError("pyfetch: params: a Request has its query; give the URL as str")
    return request


def _init(options: dict[str, Any], headers: list[tuple[str, str]], body: Any, signal: Any) -> Any:
    # Without a prototype: fetch() would read options that others put on Object's.
    init = js.Object.create(jsnull)
    for name, value in options.items():
        setattr(init, name, to_js(value))
    if headers:
        init.headers = to_js(headers)
    if body is not None:
        init.body = to_js(body)
    init.signal = signal
    return init


async def pyfetch(
    request: Any,
    /,
    *,
    signal: Any = None,
    fetcher: Any = None,
    params: Pairs | str | None = None,
    headers: Any = None,
    body: Any = None,
    json: Any = None,
    form: Any = None,
    **options: Any,
) -> FetchResponse:
    """Fetch a URL; cancelling that, or a timeout around it, aborts the request.

    Args:
        request: the URL as str or JavaScript's, or a JavaScript Request.
        signal: an AbortSignal that aborts it too.
        fetcher: what is called in the place of JavaScript's fetch().
        params: what is added to the query of the URL.
        headers: a dict or pairs.
        body: what is sent: str, a buffer, or a JavaScript object such as a FormData.
        json: what is sent as JSON.
        form: the fields of a form, of which bytes, (name, bytes) and (name, bytes, content type)
            are files, and a list stands for fields of one name.
        **options: those of fetch(), such as `method`, `redirect` and `credentials`.

    Returns:
        A FetchResponse, as soon as its headers are there.

    Raises:
        TypeError: an option is unknown, or the arguments do not fit together.
        AbortError: the signal, or the response's `abort`, aborted it.
        OSError: there was no answer.

    >>> from pyjs.http import pyfetch
    >>> response = await pyfetch("data:text/plain,Hello")
    >>> await response.bytes()
    b'Hello'

    Source: Pyodide, pyodide.http.pyfetch; WHATWG, Fetch.
    """
    unknown = sorted(set(options) - set(KNOWN))
    if unknown and fetcher is None:
        raise TypeError(f"pyfetch: unknown options {unknown}; known are {', '.join(KNOWN)}")
    target = _target(request, params)
    pairs = header_pairs(headers)
    sent = encode("pyfetch", pairs, body, json, form)
    if sent is not None and "method" not in options:
        options["method"] = "POST"
    controller = js.AbortController.new()
    joined = _signal(controller, signal, request)
    init = _init(options, pairs, sent, joined)
    fetch = js.fetch if fetcher is None else fetcher
    try:
        response = await _abortable(fetch(target, init), controller, joined, [])
    except JsException as error:
        raise OSError(f"pyfetch: {request}: {_why(error)}") from error
    return FetchResponse(request, response, controller, joined)


def _why(error: JsException) -> str:
    cause = getattr(error, "cause", None)
    more = getattr(cause, "message", None)
    return f"{error.message}: {more}" if more else str(error.message)
