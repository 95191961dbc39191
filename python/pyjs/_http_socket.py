"""What stands in the place of an HTTPConnection's socket: what is written to it is a request to the
host, what is read is the answer."""

from __future__ import annotations

import errno
import io
import socket
import warnings
from http.client import HTTPConnection, RemoteDisconnected
from typing import Any
from urllib.parse import urlsplit

from pyjs import _core, _http_exchange
from pyjs._core import JsException
from pyjs._http_answer import LIBRARY, Answer, Route, failure
from pyjs._http_exchange import Exchange, Question
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
        answer = Answer(exchange, self._label, self._route, self.gettimeout)
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
            raise failure(error, self._label) from None

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
                skip_file_prefixes=(LIBRARY,),
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
