"""Requests that are answered before the call returns, in the manner of `requests`.

Where `run_sync` can wait, the host goes on meanwhile. Elsewhere a page and a worker use a
synchronous XMLHttpRequest, which stops the page; in Node a thread makes the request, and this one
waits. What can be awaited is `pyfetch`.

>>> from pyjs.http import pyxhr
>>> response = pyxhr.get("data:text/plain,Hello")
>>> response.status_code, response.text
(200, 'Hello')

Source: Pyodide, pyodide.http.pyxhr.
"""

import io
import json as _json
from base64 import b64encode
from typing import Any

from pyjs import _http_exchange
from pyjs._core import JsException
from pyjs._http_exchange import Head, Question
from pyjs.http._body import Pairs, encode, header_pairs, with_params
from pyjs.http._errors import Headers, raise_for

__all__ = [
    "XHRError",
    "XHRNetworkError",
    "XHRResponse",
    "XHRTimeoutError",
    "delete",
    "get",
    "head",
    "open_url",
    "options",
    "patch",
    "post",
    "put",
    "request",
]


class XHRError(OSError):
    """A synchronous request that got no answer."""


class XHRNetworkError(XHRError):
    """The server could not be reached, or does not let this page read its answer (CORS)."""

    def __init__(self, message: str = "Network error occurred") -> None:
        super().__init__(message)


class XHRTimeoutError(XHRError):
    """There was no answer within `timeout` seconds."""


class XHRResponse:
    """The answer to a synchronous request."""

    def __init__(self, head: Head, content: bytes) -> None:
        self._status, self._reason, self._url = head.status, head.reason, head.url
        self._headers = Headers((name, value) for name, value in head.headers)
        self._content = content

    @property
    def status_code(self) -> int:
        """The number of the status."""
        return int(self._status)

    @property
    def reason(self) -> str:
        """The text that the server gave with the status."""
        return str(self._reason)

    @property
    def ok(self) -> bool:
        """Whether the status is below 400."""
        return self.status_code < 400

    @property
    def url(self) -> str:
        """What answered in the end, after redirections."""
        return str(self._url)

    @property
    def headers(self) -> dict[str, str]:
        """By their names in lower case; asked for in any case."""
        return self._headers

    @property
    def content(self) -> bytes:
        """The body."""
        return self._content

    @property
    def text(self) -> str:
        """The body as text, in the charset that its content type says, or else UTF-8."""
        _, _, charset = self._headers.get("content-type", "").lower().partition("charset=")
        name = charset.split(";")[0].strip(" \"'") or "utf-8"
        try:
            return self._content.decode(name, "replace")
        except LookupError:
            return self._content.decode("utf-8", "replace")

    def json(self, **options: Any) -> Any:
        """What `json.loads` makes of the body; `options` are its."""
        return _json.loads(self._content, **options)

    def raise_for_status(self) -> None:
        """Raise an HttpStatusError when the status is 400 to 599."""
        raise_for(self.status_code, self.reason, self.url)

    def __repr__(self) -> str:
        return f"<XHRResponse {self.status_code} {self.url}>"


def request(
    method: str,
    url: str,
    *,
    params: Pairs | str | None = None,
    data: Any = None,
    json: Any = None,
    headers: Any = None,
    auth: tuple[str, str] | None = None,
    timeout: float | None = None,
    credentials: bool = False,
) -> XHRResponse:
    """Make a request and wait for the answer.

    Args:
        method: such as "GET".
        url: in a page or worker it may be relative.
        params: what is added to the query.
        data: the body: str, bytes, or the fields of a form as a dict or pairs.
        json: what becomes the body as JSON.
        headers: a dict or pairs.
        auth: user and password, for basic authentication.
        timeout: seconds; a page cannot limit a request for which it stops.
        credentials: whether cookies go to other origins too.

    Raises:
        TypeError: the arguments do not fit together.
        ValueError: the URL or the method cannot be, or there is a body with GET or HEAD.
        XHRTimeoutError: there was no answer in time.
        XHRNetworkError: there was none at all, or a page may not see it.

    >>> from pyjs.http import pyxhr
    >>> pyxhr.request("GET", "data:application/json,[1]").json()
    [1]
    """
    if timeout is not None and not timeout > 0:
        raise ValueError(f"pyxhr: timeout: expected seconds above 0 or None, given {timeout!r}")
    pairs = header_pairs(headers)
    if auth is not None:
        token = b64encode(":".join(auth).encode()).decode()
        pairs.append(("authorization", f"Basic {token}"))
    is_form = isinstance(data, dict | list)
    body = encode("pyxhr", pairs, None if is_form else data, json, data if is_form else None)
    question = Question(method.upper(), with_params(url, params), pairs, body, credentials)
    try:
        return XHRResponse(*_http_exchange.begin(question).whole(timeout))
    except JsException as error:
        raise _failure(error, method, url, timeout) from None


def _failure(error: JsException, method: str, url: str, timeout: float | None) -> Exception:
    text = f"pyxhr: {method.upper()} {url}: {error.message}"
    if error.name == "TimeoutError":
        return XHRTimeoutError(f"pyxhr: {method.upper()} {url}: no answer within {timeout} s")
    if error.name == "TimeoutUnsupported":
        return ValueError(f"{text}; leave timeout out, or use pyfetch, or a worker")
    if error.name == "RequestError":
        return ValueError(text)
    return XHRNetworkError(text)


def get(url: str, **options: Any) -> XHRResponse:
    """Make a GET request; `options` are those of `request`.

    >>> from pyjs.http import pyxhr
    >>> pyxhr.get("data:,text").content
    b'text'
    """
    return request("GET", url, **options)


def post(url: str, **options: Any) -> XHRResponse:
    """Make a POST request; `options` are those of `request`.

    >>> from pyjs.http import pyxhr
    >>> pyxhr.post("data:text/plain,answer").status_code
    200
    """
    return request("POST", url, **options)


def put(url: str, **options: Any) -> XHRResponse:
    """Make a PUT request; `options` are those of `request`.

    >>> from pyjs.http import pyxhr
    >>> pyxhr.put("data:text/plain,answer").status_code
    200
    """
    return request("PUT", url, **options)


def delete(url: str, **options: Any) -> XHRResponse:
    """Make a DELETE request; `options` are those of `request`.

    >>> from pyjs.http import pyxhr
    >>> pyxhr.delete("data:text/plain,answer").status_code
    200
    """
    return request("DELETE", url, **options)


def head(url: str, **options: Any) -> XHRResponse:
    """Make a HEAD request; `options` are those of `request`.

    >>> from pyjs.http import pyxhr
    >>> pyxhr.head("data:text/plain,answer").status_code
    200
    """
    return request("HEAD", url, **options)


def patch(url: str, **options: Any) -> XHRResponse:
    """Make a PATCH request; `options` are those of `request`.

    >>> from pyjs.http import pyxhr
    >>> pyxhr.patch("data:text/plain,answer").status_code
    200
    """
    return request("PATCH", url, **options)


def options(url: str, **options: Any) -> XHRResponse:
    """Make an OPTIONS request; `options` are those of `request`.

    >>> from pyjs.http import pyxhr
    >>> pyxhr.options("data:text/plain,answer").status_code
    200
    """
    return request("OPTIONS", url, **options)


def open_url(url: str) -> io.StringIO:
    """Fetch a text and wait for it.

    Args:
        url: what to fetch.

    Raises:
        HttpStatusError: the server answers with an error.
        XHRNetworkError: it does not answer.

    >>> from pyjs.http import open_url
    >>> open_url("data:text/plain,two%0Alines").readlines()
    ['two\\n', 'lines']

    Source: Pyodide, pyodide.http.open_url.
    """
    response = get(url)
    response.raise_for_status()
    return io.StringIO(response.text)
