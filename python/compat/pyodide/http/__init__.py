"""Requests by the host: `pyfetch` on fetch(), and what answers before it returns, `pyxhr`.

Source: Pyodide's API reference, pyodide.http.
"""

from pyjs.http import AbortError, BodyUsedError, FetchResponse, HttpStatusError, open_url

from pyodide.http import pyxhr
from pyodide.http._pyfetch import pyfetch

__all__ = [
    "AbortError",
    "BodyUsedError",
    "FetchResponse",
    "HttpStatusError",
    "open_url",
    "pyfetch",
    "pyxhr",
]
