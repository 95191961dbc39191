"""What an http.client connection writes, taken apart: request line, headers and body."""

from __future__ import annotations

from typing import Any


class Writing:
    """Collects the bytes of one request; knows when it is complete, as a server would."""

    def __init__(self) -> None:
        self.method = self.target = ""
        self.headers: list[tuple[str, str]] = []
        self.is_complete = False
        self.parts: list[bytes] = []
        self._rest = bytearray()
        self._add: Any = self._add_head
        self._missing = 0

    def add(self, data: Any) -> None:
        """Take bytes or a buffer.

        Raises:
            OSError: they are no request, or more than it has said.
        """
        if self.is_complete:
            raise OSError(
                f"http.client: {self.method} {self.target}: more was sent than the headers say; "
                "give Content-Length or Transfer-Encoding: chunked"
            )
        self._add(bytes(data))

    def get(self, name: str) -> str:
        """Give the value of a header, by its name in lower case; "" where there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    def describe_rest(self) -> str:
        """Say what is missing of the request."""
        if self._add == self._add_length:
            return f"{self._missing} bytes fewer were sent than Content-Length says"
        return "its headers, or its chunks, have no end"

    def _add_head(self, data: bytes) -> None:
        self._rest += data
        end = self._rest.find(b"\r\n\r\n")
        if end < 0:
            return
        first, *lines = self._rest[:end].decode("latin-1").split("\r\n")
        self.method, self.target, _version = first.split(" ", 2)
        for line in lines:
            if line.startswith(("\t", " ")):  # more of the last one
                name, value = self.headers[-1]
                self.headers[-1] = name, f"{value} {line.strip()}"
                continue
            name, _, value = line.partition(":")
            self.headers.append((name, value.strip()))
        rest = bytes(self._rest[end + 4 :])
        self._rest.clear()
        self._begin_body(rest)

    def _begin_body(self, rest: bytes) -> None:
        length = self.get("content-length")
        if self.get("transfer-encoding").lower() == "chunked":
            self._add = self._add_chunks
        elif length.isdecimal() and int(length):
            self._missing, self._add = int(length), self._add_length
        else:
            self.is_complete = True
        if rest:
            self.add(rest)

    def _add_length(self, data: bytes) -> None:
        self._missing -= len(data)
        if self._missing < 0:
            raise OSError(
                f"http.client: {self.method} {self.target}: {-self._missing} bytes more were sent "
                "than Content-Length says"
            )
        self.parts.append(data)
        self.is_complete = self._missing == 0

    def _add_chunks(self, data: bytes) -> None:
        self._rest += data
        at = 0
        while not self.is_complete:
            end = self._rest.find(b"\r\n", at)
            if end < 0:
                break
            size = self._size(self._rest[at:end])
            stop = end + 2 + size
            if len(self._rest) < stop + 2:
                break
            if size == 0:
                # What may follow are trailers, which no host sends.
                self.is_complete = self._rest.endswith(b"\r\n\r\n")
                break
            self.parts.append(bytes(self._rest[end + 2 : stop]))
            at = stop + 2
        del self._rest[:at]

    def _size(self, line: bytearray) -> int:
        try:
            return int(line.partition(b";")[0], 16)
        except ValueError:
            raise OSError(
                f"http.client: {self.method} {self.target}: expected the size of a chunk in "
                f"hexadecimal digits, got {bytes(line[:40])!r}; encode_chunked=True writes chunks"
            ) from None
