"""HTTP by the host: `pyfetch` on fetch(), and what answers before it returns, `pyxhr`.

>>> from pyjs.http import pyfetch
>>> response = await pyfetch("data:application/json,[1,2]")
>>> await response.json()
[1, 2]
"""

from pyjs.http import pyxhr
from pyjs.http._errors import AbortError, BodyUsedError, HttpStatusError
from pyjs.http._fetch import FetchResponse, pyfetch
from pyjs.http.pyxhr import open_url

__all__ = [
    "AbortError",
    "BodyUsedError",
    "FetchResponse",
    "HttpStatusError",
    "open_url",
    "pyfetch",
    "pyxhr",
]
