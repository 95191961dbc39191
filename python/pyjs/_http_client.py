"""http.client over the host's HTTP: connections whose socket is the host's fetch()."""

from __future__ import annotations

import socket
import sys
from http import client
from typing import Any

from pyjs._http_answer import Route
from pyjs._http_socket import HostSocket

_connect = client.HTTPConnection.connect
_default_timeout: Any = socket._GLOBAL_DEFAULT_TIMEOUT  # type: ignore[attr-defined]


def _connect_to_host(self: client.HTTPConnection) -> None:
    """Connect to the host and port specified in __init__."""
    own: Any = self
    if own._create_connection is not socket.create_connection:
        _connect(self)  # the program brings sockets of its own
        return
    sys.audit("http.client.connect", self, self.host, self.port)
    if own._tunnel_host:
        raise OSError(
            f"http.client: set_tunnel: {self.host} cannot be made a proxy: the host connects to "
            "servers by itself; proxies are a setting of the browser, or of Node "
            "(NODE_USE_ENV_PROXY)"
        )
    if own.source_address is not None:
        raise OSError("http.client: source_address: the host chooses it; leave it out")
    scheme = "https" if isinstance(self, client.HTTPSConnection) else "http"
    own.sock = HostSocket(self, scheme, route_of(self))


def route_of(connection: client.HTTPConnection) -> Route:
    """Give the Route of a connection, which lasts as long as that."""
    try:
        return connection._pyjs_route  # type: ignore[attr-defined, no-any-return]
    except AttributeError:
        route = connection._pyjs_route = Route()  # type: ignore[attr-defined]
        return route


class _HostTLS:
    """Stands for the SSLContext that HTTPSHandler asks for: the host has its own."""

    @property
    def check_hostname(self) -> bool:
        return True

    @check_hostname.setter
    def check_hostname(self, value: bool) -> None:
        if not value:
            raise ValueError(
                "HTTPSHandler: check_hostname: expected True or None, got False: the host verifies "
                "certificates itself"
            )


class HTTPSConnection(client.HTTPConnection):
    """An HTTPConnection over TLS, which is the host's; the interpreter has no module ssl."""

    default_port = client.HTTPS_PORT

    def __init__(
        self,
        host: str,
        port: int | None = None,
        *,
        timeout: Any = _default_timeout,
        source_address: Any = None,
        context: Any = None,
        blocksize: int = 8192,
    ) -> None:
        super().__init__(host, port, timeout, source_address, blocksize)
        if context is not None and not isinstance(context, _HostTLS):
            raise ValueError(
                f"HTTPSConnection: context: expected None, got {type(context).__name__}: the host "
                "makes TLS connections and verifies certificates itself"
            )
        self._context = context


def install() -> None:
    """Let all connections go through the host; those of subclasses that bring their own stay."""
    module: Any = client
    client.HTTPConnection.connect = _connect_to_host  # type: ignore[method-assign]
    if hasattr(client, "HTTPSConnection"):
        return
    HTTPSConnection.__module__ = client.__name__
    module.HTTPSConnection = HTTPSConnection
    module._create_https_context = lambda _version: _HostTLS()
    module.__all__.append("HTTPSConnection")
