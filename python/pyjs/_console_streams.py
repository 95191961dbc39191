"""Text streams that call a function for what is written to them, or read from them."""

import io
from collections.abc import Callable
from contextlib import _RedirectStream
from typing import Any


class redirect_stdin(_RedirectStream[Any]):  # noqa: N801 - beside contextlib's redirect_stdout
    """`with redirect_stdin(stream)`: sys.stdin is `stream` in the block."""

    _stream = "stdin"


class _Stream(io.TextIOBase):
    """A terminal, as far as programs ask."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        return "strict"

    @property
    def name(self) -> str:
        return self._name

    def isatty(self) -> bool:
        return True

    def _check_open(self) -> None:
        if self.closed:
            raise ValueError("I/O operation on closed file.")


class Writer(_Stream):
    """Calls `handler` with each text; an int that it gives is the number of characters written."""

    def __init__(self, handler: Callable[[str], int | None], name: str) -> None:
        super().__init__(name)
        self._handler = handler

    def writable(self) -> bool:
        return True

    def write(self, text: str, /) -> int:
        self._check_open()
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        text.encode()  # as in any UTF-8 stream: lone surrogates are an error
        written = self._handler(text)
        return len(text) if written is None else written


class Reader(_Stream):
    """Calls `handler` with a number of characters, or -1; an empty text is the end of the input.

    What it gives too much is kept for the next read.
    """

    def __init__(self, handler: Callable[[int], str], name: str) -> None:
        super().__init__(name)
        self._handler = handler
        self._left = ""

    def readable(self) -> bool:
        return True

    def _fill(self, size: int) -> None:
        self._check_open()
        if not self._left:
            text = self._handler(size)
            if not isinstance(text, str):
                raise TypeError(f"stdin_callback: expected a str, given {type(text).__name__}")
            self._left = text

    def _take(self, end: int) -> str:
        text, self._left = self._left[:end], self._left[end:]
        return text

    def read(self, size: int | None = -1, /) -> str:
        size = -1 if size is None else size
        if size == 0:
            return ""
        self._fill(size)
        return self._take(len(self._left) if size < 0 else size)

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        size = -1 if size is None else size
        if size == 0:
            return ""
        self._fill(size)
        end = self._left.find("\n") + 1 or len(self._left)
        return self._take(end if size < 0 else min(end, size))
