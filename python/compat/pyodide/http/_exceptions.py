"""What goes wrong with requests."""

from pyjs.http import AbortError, BodyUsedError, HttpStatusError
from pyjs.http.pyxhr import XHRError, XHRNetworkError, XHRTimeoutError

__all__ = [
    "AbortError",
    "BodyUsedError",
    "HttpStatusError",
    "XHRError",
    "XHRNetworkError",
    "XHRTimeoutError",
]
