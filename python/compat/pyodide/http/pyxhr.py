"""Requests that are answered before the call returns, in the manner of `requests`.

>>> from pyodide.http import pyxhr
>>> response = pyxhr.get("data:text/plain,Hello World")
>>> response.status_code, response.text
(200, 'Hello World')

Source: Pyodide's API reference, pyodide.http.pyxhr.
"""

from typing import Any, NotRequired, TypedDict, Unpack

from pyjs import _http_exchange
from pyjs._core import JsProxy, jsnull
from pyjs.http import pyxhr as _pyxhr
from pyjs.http.pyxhr import XHRError, XHRNetworkError

__all__ = [
    "XHRError",
    "XHRNetworkError",
    "XHRRequestParams",
    "XHRResponse",
    "delete",
    "get",
    "head",
    "options",
    "patch",
    "post",
    "put",
]


class XHRRequestParams(TypedDict):
    """What the functions of this module take beside a URL."""

    headers: NotRequired[dict[str, str]]
    params: NotRequired[dict[str, Any]]
    data: NotRequired[str | bytes]
    json: NotRequired[dict[str, Any] | list[Any]]
    auth: NotRequired[tuple[str, str] | list[str]]


class XHRResponse(_pyxhr.XHRResponse):
    """The answer to a synchronous request.

    Args:
        xhr: an XMLHttpRequest that is done, or what looks like one.

    Source: Pyodide, pyodide.http.pyxhr.XHRResponse.
    """

    def __init__(self, xhr: Any) -> None:
        head = _http_exchange.Head(
            int(xhr.status), str(xhr.statusText), str(xhr.responseURL), False, _header_lines(xhr)
        )
        super().__init__(head, _content(xhr))


def _header_lines(xhr: Any) -> list[list[str]]:
    text = xhr.getAllResponseHeaders() or ""
    pairs = (line.partition(":") for line in text.splitlines() if ":" in line)
    return [[name.strip().lower(), value.strip()] for name, _, value in pairs]


def _content(xhr: Any) -> bytes:
    body = xhr.response
    if body is None or body is jsnull:
        return b""
    if isinstance(body, str):
        return body.encode()
    return bytes(body.to_bytes() if isinstance(body, JsProxy) else body)


def _request(method: str, url: str, given: Any) -> XHRResponse:
    answer = _pyxhr.request(method, url, **given)
    response = XHRResponse.__new__(XHRResponse)
    vars(response).update(vars(answer))
    return response


def get(url: str, **kwargs: Unpack[XHRRequestParams]) -> XHRResponse:
    """Make a GET request and wait for the answer.

    Args:
        url: what to ask for.
        **kwargs: see XHRRequestParams.

    Raises:
        XHRNetworkError: there was no answer, or a page may not see it.

    Source: Pyodide, pyodide.http.pyxhr.get.
    """
    return _request("GET", url, kwargs)


def post(url: str, **kwargs: Unpack[XHRRequestParams]) -> XHRResponse:
    """Make a POST request and wait for the answer.

    Args:
        url: what to ask for.
        **kwargs: see XHRRequestParams.

    Raises:
        XHRNetworkError: there was no answer, or a page may not see it.

    Source: Pyodide, pyodide.http.pyxhr.post.
    """
    return _request("POST", url, kwargs)


def put(url: str, **kwargs: Unpack[XHRRequestParams]) -> XHRResponse:
    """Make a PUT request and wait for the answer.

    Args:
        url: what to ask for.
        **kwargs: see XHRRequestParams.

    Raises:
        XHRNetworkError: there was no answer, or a page may not see it.

    Source: Pyodide, pyodide.http.pyxhr.put.
    """
    return _request("PUT", url, kwargs)


def delete(url: str, **kwargs: Unpack[XHRRequestParams]) -> XHRResponse:
    """Make a DELETE request and wait for the answer.

    Args:
        url: what to ask for.
        **kwargs: see XHRRequestParams.

    Raises:
        XHRNetworkError: there was no answer, or a page may not see it.

    Source: Pyodide, pyodide.http.pyxhr.delete.
    """
    return _request("DELETE", url, kwargs)


def head(url: str, **kwargs: Unpack[XHRRequestParams]) -> XHRResponse:
    """Make a HEAD request and wait for the answer.

    Args:
        url: what to ask for.
        **kwargs: see XHRRequestParams.

    Raises:
        XHRNetworkError: there was no answer, or a page may not see it.

    Source: Pyodide, pyodide.http.pyxhr.head.
    """
    return _request("HEAD", url, kwargs)


def patch(url: str, **kwargs: Unpack[XHRRequestParams]) -> XHRResponse:
    """Make a PATCH request and wait for the answer.

    Args:
        url: what to ask for.
        **kwargs: see XHRRequestParams.

    Raises:
        XHRNetworkError: there was no answer, or a page may not see it.

    Source: Pyodide, pyodide.http.pyxhr.patch.
    """
    return _request("PATCH", url, kwargs)


def options(url: str, **kwargs: Unpack[XHRRequestParams]) -> XHRResponse:
    """Make an OPTIONS request and wait for the answer.

    Args:
        url: what to ask for.
        **kwargs: see XHRRequestParams.

    Raises:
        XHRNetworkError: there was no answer, or a page may not see it.

    Source: Pyodide, pyodide.http.pyxhr.options.
    """
    return _request("OPTIONS", url, kwargs)
