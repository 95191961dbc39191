"""What urllib.request has to know of the host's HTTP: redirections, errors, relative URLs."""

from __future__ import annotations

from http.client import RemoteDisconnected
from typing import Any
from urllib import request
from urllib.error import URLError

from pyjs import _core
from pyjs._http_client import route_of

_do_open = request.AbstractHTTPHandler.do_open
_init_proxies = request.ProxyHandler.__init__
_parse = request.Request._parse  # type: ignore[attr-defined]
_REDIRECTS = ("redirect_request", *(f"http_error_{n}" for n in (301, 302, 303, 307, 308)))


def _open(self: Any, http_class: Any, req: Any, **arguments: Any) -> Any:
    """Return an HTTPResponse object for the request, using http_class."""
    made = []

    def make(host: str, **options: Any) -> Any:
        connection = http_class(host, **options)
        route = route_of(connection)
        if not _may_follow(self.parent):
            route.redirect = "manual"
        made.append(route)
        return connection

    try:
        response = _do_open(self, make, req, **arguments)
    except (URLError, TimeoutError, RemoteDisconnected):
        raise
    except OSError as error:
        # What a socket would have told before the request.
        raise URLError(error) from error
    head = made[0].answered
    if head is not None and head.redirected:
        response.url = head.url
    return response


def _may_follow(opener: Any) -> bool:
    """Whether the opener would follow any redirection, as the host does."""
    plain = request.HTTPRedirectHandler
    return any(
        isinstance(handler, plain)
        and all(getattr(type(handler), name) is getattr(plain, name) for name in _REDIRECTS)
        for handler in opener.handlers
    )


def _without_environment(self: Any, proxies: Any = None) -> None:
    # Those that the environment names are for the host to use.
    _init_proxies(self, {} if proxies is None else proxies)


def _parse_relative(self: Any) -> None:
    try:
        _parse(self)
    except ValueError:
        url = _core.http.absolute(self._full_url)
        if url is None:
            raise
        self._full_url = url
        _parse(self)


def install() -> None:
    """Adapt urllib.request; http.client has been."""
    module: Any = request
    module.AbstractHTTPHandler.do_open = _open
    module.ProxyHandler.__init__ = _without_environment
    module.Request._parse = _parse_relative
