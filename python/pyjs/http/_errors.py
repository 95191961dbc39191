"""What goes wrong with requests; each is an OSError, as in Pyodide."""

from typing import Any

from pyjs._core import JsException


class AbortError(OSError):
    """A request was aborted: by `FetchResponse.abort`, or by an AbortSignal.

    `reason` is what was given to `abort`, or a DOMException.

    Source: Pyodide, pyodide.http.AbortError.
    """

    def __init__(self, reason: Any) -> None:
        self.reason = reason
        text = reason.message if isinstance(reason, JsException) else str(reason)
        super().__init__(text)


class BodyUsedError(OSError):
    """The body of a response was asked for twice; `clone()` it before the first time.

    Source: Pyodide, pyodide.http.BodyUsedError.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*(args or ("Response body is already used",)))


class HttpStatusError(OSError):
    """The status of a response is an error: 400 to 599.

    Args:
        status: the number.
        status_text: the text that the server gave with it, which HTTP/2 leaves out.
        url: what was asked for.

    Source: Pyodide, pyodide.http.HttpStatusError.
    """

    status: int
    status_text: str
    url: str

    def __init__(self, status: int, status_text: str, url: str) -> None:
        self.status, self.status_text, self.url = status, status_text, url
        side = "Client" if status < 500 else "Server"
        super().__init__(f"{status} {side} Error: {status_text} for url: {url}")

    def __reduce__(self) -> Any:
        return type(self), (self.status, self.status_text, self.url)


class Headers(dict[str, str]):
    """The headers of a response, by their names in lower case; asked for in any case."""

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name.lower(), default)


def raise_for(status: int, status_text: str, url: str) -> None:
    if 400 <= status < 600:
        raise HttpStatusError(status, status_text, url)
