"""What stands in the place of an HTTPConnection's socket: what is written to it is a request to the
host, what is read is the answer."""

from __future__ import annotations

import errno
import io
import socket
import warnings
from http.client import HTTPConnection, IncompleteRead, RemoteDisconnected, responses
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from pyjs import _core, _http_exchange
from pyjs._core import JsException
from pyjs._http_exchange import Exchange, Head, Question
from pyjs._http_request import Writing

# What concerns the connection, which is the host's.
_OWN = ("connection", "content-length", "keep-alive", "proxy-connection", "transfer-encoding")
# What browsers keep for themselves (WHATWG, Fetch, "forbidden request-header").
_FORBIDDEN = (
    "accept-charset", "accept-encoding", "access-control-request-headers",
    "access-control-request-method", "access-control-request-private-network", "cookie", "cookie2",
    "date", "dnt", "expect", "host", "origin", "referer", "set-cookie", "te", "trailer", "upgrade",
    "via",
)  # fmt: skip
# Nor does Node's fetch() send these.
_REFUSED = ("expect", "host", "upgrade")
_PORTS = {"http": 80, "https": 443}
_LIBRARY = str(PurePath(socket.__file__).parent)


class Route:
    """How a connection asks, and what it learnt; urllib.request looks at it too."""

    def __init__(self) -> None:
        # A browser does not show redirections, so that it has to follow them.
        self.redirect = "follow" if _core.http.isBrowser else "manual"
        self.answered: Head | None = None


class HostSocket:
    """The side of a socket that http.client uses."""

    def __init__(self, connection: HTTPConnection, scheme: str, route: Route) -> None:
        host = f"[{connection.host}]" if ":" in connection.host else connection.host
        self._peer = connection.host, connection.port
        self._server = scheme, connection.host.lower(), connection.port
        self._origin = f"{scheme}://{host}"
        if connection.port != _PORTS[scheme]:
            self._origin += f":{connection.port}"
        self._route = route
        self._writing: Writing | None = None
        self._exchange: Exchange | None = None
        self._label = ""
        self.settimeout(connection.timeout)

    def settimeout(self, timeout: float | None) -> None:
        """Limit each step from now on: waiting for the head, and for a part of the body."""
        if timeout is socket._GLOBAL_DEFAULT_TIMEOUT:  # type: ignore[attr-defined]
            timeout = socket.getdefaulttimeout()
        if timeout is not None and timeout < 0:
            raise ValueError("Timeout value out of range")
        if timeout == 0:
            raise BlockingIOError(errno.EINPROGRESS, "http.client: a timeout of 0 cannot be kept")
        self.timeout = timeout

    def gettimeout(self) -> float | None:
        return self.timeout

    def setblocking(self, flag: bool) -> None:
        self.settimeout(None if flag else 0)

    def setsockopt(self, *_: Any) -> None:
        """Do nothing: the connection is the host's."""

    def getpeername(self) -> tuple[str, int]:
        return self._peer

    def fileno(self) -> int:
        return -1

    def sendall(self, data: Any, flags: int = 0) -> None:
        view = memoryview(data)  # what is no buffer is a TypeError, as of a socket
        writing = self._writing
        if writing is None:
            writing = self._writing = Writing()
        writing.add(view)
        if writing.is_complete:
            self._writing = None
            self._exchange = self._ask(writing)

    def send(self, data: Any, flags: int = 0) -> int:
        self.sendall(data, flags)
        return memoryview(data).nbytes

    def makefile(self, mode: str = "r", buffering: int | None = None, **_: Any) -> Any:
        """Give the file of the answer, or what takes the next request."""
        if "r" not in mode or "b" not in mode:
            raise ValueError(f"http.client: makefile: expected the mode 'rb', got {mode!r}")
        if self._writing is not None:
            raise OSError(f"http.client: {self._describe()}: {self._writing.describe_rest()}")
        if self._exchange is None:
            raise RemoteDisconnected("Remote end closed connection without response")
        exchange, self._exchange = self._exchange, None
        answer = Answer(self, exchange, self._label, self._route)
        return answer if buffering == 0 else io.BufferedReader(answer, 65536)

    def shutdown(self, how: int) -> None:
        self.close()

    def close(self) -> None:
        """Let go: a request whose answer nobody reads is aborted; who reads one goes on."""
        exchange, self._exchange, self._writing = self._exchange, None, None
        if exchange is not None:
            exchange.abort()

    def __del__(self) -> None:
        if getattr(self, "_exchange", None) is not None:
            self.close()

    def _describe(self) -> str:
        writing = self._writing
        return f"{writing.method} {self._origin}{writing.target}" if writing else self._label

    def _ask(self, writing: Writing) -> Exchange:
        method = writing.method
        url = self._url(writing)
        self._label = f"{method} {url}"
        body = b"".join(writing.parts)
        self._route.answered = None
        question = Question(
            method, url, self._headers(writing), body or None, redirect=self._route.redirect
        )
        try:
            return _http_exchange.begin(question)
        except JsException as error:
            raise _failure(error, self._label) from None

    def _url(self, writing: Writing) -> str:
        target = writing.target
        if target.startswith("/"):
            return self._origin + target
        if "://" in target:
            parts = urlsplit(target)
            port = parts.port or _PORTS.get(parts.scheme)
            if (parts.scheme, parts.hostname, port) == self._server:
                return target
        raise OSError(
            f"http.client: {writing.method} {target}: the host connects to servers by itself, and "
            f"{self._peer[0]} cannot be made a proxy: that is a setting of the browser, or of "
            "Node (NODE_USE_ENV_PROXY)"
        )

    def _headers(self, writing: Writing) -> list[tuple[str, str]]:
        kept: list[tuple[str, str]] = []
        dropped: list[str] = []
        for name, value in writing.headers:
            if self._is_sent(name.lower(), value):
                kept.append((name, value))
            elif not self._is_usual(name.lower(), value):
                dropped.append(name)
        if dropped:
            what = "a browser" if _core.http.isBrowser else "Node's fetch()"
            warnings.warn(
                f"{writing.method} {self._origin}{writing.target}: {what} does not let a program "
                f"send {', '.join(dropped)}: dropped",
                RuntimeWarning,
                skip_file_prefixes=(_LIBRARY,),
            )
        return kept

    def _is_sent(self, name: str, value: str) -> bool:
        if name in _OWN or name in _REFUSED:
            return False
        if not _core.http.isBrowser:
            return True
        if name == "user-agent":
            # The library's own is not worth asking servers of other origins (a preflight).
            return not value.startswith(("Python-urllib/", "Python-xmlrpc/"))
        return name not in _FORBIDDEN and not name.startswith(("proxy-", "sec-"))

    def _is_usual(self, name: str, value: str) -> bool:
        """Whether leaving the header out changes nothing that the program meant."""
        if name == "host":
            return value.lower() == self._origin.lower().partition("://")[2]
        if name == "accept-encoding":
            # What arrives has been decoded.
            return True
        return name in _OWN or name == "user-agent"


class Answer(io.RawIOBase):
    """The bytes of an answer, as HTTPResponse reads them; the body is asked for as it is read."""

    def __init__(self, sock: HostSocket, exchange: Exchange, label: str, route: Route) -> None:
        super().__init__()
        self._socket, self._route, self._label = sock, route, label
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
            part = self._exchange.read(self._socket.timeout)
        except JsException as error:
            return self._broke(error)
        if self._left is not None:
            self._left -= len(part)
        if not part or self._left == 0:
            self._exchange = None  # it has ended: nothing is to be aborted
        return part

    def _first(self, exchange: Exchange) -> Head:
        try:
            return exchange.head(self._socket.timeout)
        except JsException as error:
            if error.name != "TimeoutUnsupported":
                raise
        warnings.warn(
            f"{self._label}: a page cannot limit the time of a request for which it stops: the "
            "timeout is not kept; runPythonAsync() lets it wait, in an engine with JSPI",
            RuntimeWarning,
            skip_file_prefixes=(_LIBRARY,),
        )
        return exchange.head(None)

    def _broke(self, error: JsException) -> bytes:
        self._exchange = None
        if self._head is not None and self._left is not None and error.name != "TimeoutError":
            return b""  # HTTPResponse sees that there is less than was promised
        self._is_broken = True
        if self._head is None or error.name == "TimeoutError":
            raise _failure(error, self._label) from None
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


def _failure(error: JsException, label: str) -> OSError:
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
