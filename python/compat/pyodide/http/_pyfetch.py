"""pyfetch with Pyodide's signature."""

from typing import Any

from pyjs.http import FetchResponse
from pyjs.http._fetch import KNOWN
from pyjs.http._fetch import pyfetch as _pyfetch

__all__ = ["FetchResponse", "pyfetch"]

# What pyjs.http.pyfetch takes beside the options of fetch().
_MORE = {"params", "json", "form"}


async def pyfetch(
    request: Any, /, *, signal: Any = None, fetcher: Any = None, **kwargs: Any
) -> FetchResponse:
    """Fetch a URL; cancelling that, or a timeout around it, aborts the request.

    Args:
        request: the URL as str, or a JavaScript Request.
        signal: an AbortSignal that aborts it too.
        fetcher: what is called in the place of JavaScript's fetch().
        **kwargs: options of fetch(), and `params`, `json` and `form` of pyjs.http.pyfetch.
            As fetch() does, it ignores what it does not know.

    Raises:
        AbortError: the signal, or the response's `abort`, aborted it.
        OSError: there was no answer.

    >>> from pyodide.http import pyfetch
    >>> response = await pyfetch("data:text/plain,Hello")
    >>> await response.text()
    'Hello'

    Source: Pyodide, pyodide.http.pyfetch.
    """
    if fetcher is None:
        kwargs = {name: kwargs[name] for name in kwargs if name in KNOWN or name in _MORE}
    return await _pyfetch(request, signal=signal, fetcher=fetcher, **kwargs)
