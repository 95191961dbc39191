"""What http.client reads: the answer of the host as the bytes that a socket would give."""

from __future__ import annotations

import errno
import io
import socket
import warnings
from http.client import IncompleteRead, RemoteDisconnected, responses
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from pyjs import _core
from pyjs._core import JsException

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyjs._http_exchange import Exchange, Head

# Whose frames no warning is about.
LIBRARY = str(PurePath(socket.__file__).parent)


class Route:
    """How a connection asks, and what it learnt; urllib.request looks at it too."""

    def __init__(self) -> None:
        # A browser does not show redirections, so that it has to follow them.
        self.redirect = "follow" if _core.http.isBrowser else "manual"
        self.answered: Head | None = None


class Answer(io.RawIOBase):
    """The bytes of an answer, as HTTPResponse reads them; the body is asked for as it is read."""

    def __init__(
        self, exchange: Exchange, label: str, route: Route, timeout: Callable[[], float | None]
    ) -> None:
        super().__init__()
        self._route, self._label, self._timeout = route, label, timeout
        self._exchange: Exchange | None = exchange
        self._pending = memoryview(b"")
        self._head: Head | None = None
        self._left: int | None = None  # of the body, where its length is known
        self._is_broken = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._pending:
            self._pending = memoryview(self._next())
        view = memoryview(buffer).cast("B")
        count = min(len(view), len(self._pending))
        view[:count] = self._pending[:count]
        self._pending = self._pending[count:]
        return count

    def readall(self) -> bytes:
        parts = [bytes(self._pending)]
        self._pending = memoryview(b"")
        try:
            while part := self._next():
                parts.append(part)
        except IncompleteRead as error:
            raise IncompleteRead(b"".join(parts)) from error.__cause__
        return b"".join(parts)

    def close(self) -> None:
        exchange, self._exchange = getattr(self, "_exchange", None), None
        if exchange is not None:
            exchange.abort()
        super().close()

    def _next(self) -> bytes:
        """Give the head, then the parts of the body, then nothing."""
        if self._is_broken:
            raise OSError(f"{self._label}: cannot read from it after an error")
        if self._exchange is None:
            return b""
        try:
            if self._head is None:
                return self._begin(self._first(self._exchange))
            part = self._exchange.read(self._timeout())
        except JsException as error:
            return self._broke(error)
        if self._left is not None:
            self._left -= len(part)
        if not part or self._left == 0:
            self._exchange = None  # it has ended: nothing is to be aborted
        return part

    def _first(self, exchange: Exchange) -> Head:
        try:
            return exchange.head(self._timeout())
        except JsException as error:
            if error.name != "TimeoutUnsupported":
                raise
        warnings.warn(
            f"{self._label}: a page cannot limit the time of a request for which it stops: the "
            "timeout is not kept; runPythonAsync() lets it wait, in an engine with JSPI",
            RuntimeWarning,
            skip_file_prefixes=(LIBRARY,),
        )
        return exchange.head(None)

    def _broke(self, error: JsException) -> bytes:
        self._exchange = None
        if self._head is not None and self._left is not None and error.name != "TimeoutError":
            return b""  # HTTPResponse sees that there is less than was promised
        self._is_broken = True
        if self._head is None or error.name == "TimeoutError":
            raise failure(error, self._label) from None
        raise IncompleteRead(b"") from error

    def _begin(self, head: Head) -> bytes:
        self._head = self._route.answered = head
        names = {name for name, _ in head.headers}
        length = next((value for name, value in head.headers if name == "content-length"), "")
        # The host has decoded the body, so that these do not describe it.
        skipped = {"transfer-encoding"}
        if "content-encoding" in names and not self._label.startswith("HEAD "):
            skipped |= {"content-encoding", "content-length"}
        elif length.isdecimal():
            self._left = int(length)
        reason = head.reason or responses.get(head.status, "")
        lines = [f"HTTP/1.1 {head.status} {reason}"]
        lines += [f"{name}: {value}" for name, value in head.headers if name not in skipped]
        return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


def failure(error: JsException, label: str) -> OSError:
    """Say what it means that there is no answer."""
    if error.name == "TimeoutError":
        return TimeoutError("timed out")
    if error.name == "OpaqueRedirect":
        return OSError(
            f"{label}: the server redirects, and a browser shows neither the status nor the target "
            "of a redirection: only it can follow, which the redirect handler of this opener, or "
            "its lack, does not allow"
        )
    if error.name in ("RequestError", "Unsupported"):
        return OSError(f"{label}: {error.message}")
    text = f"{label}: {error.message}"
    code = getattr(error, "code", None)
    if code == "ENOTFOUND":
        return socket.gaierror(socket.EAI_NONAME, text)
    if code == "UND_ERR_SOCKET":
        return RemoteDisconnected(f"{text}: Remote end closed connection without response")
    if isinstance(code, str) and hasattr(errno, code):
        return OSError(getattr(errno, code), text)
    if _core.http.isBrowser:
        text += (
            ": the server cannot be reached, or it does not let pages of this origin see its "
            "answer (CORS: Access-Control-Allow-Origin, and -Headers for what was sent), or the "
            "page is https and this is not; the browser's console says which"
        )
    return ConnectionError(text)
