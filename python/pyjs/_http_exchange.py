"""One HTTP request to the host, and its answer.

Where the stack can be suspended it is a fetch(), whose body is read as it comes; elsewhere a
request that blocks. Both raise JsException; whoever asked says what that means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pyjs import _core, _suspend
from pyjs._core import to_js
from pyjs.ffi import can_run_sync, run_sync

if TYPE_CHECKING:
    from collections.abc import Sequence

# Between two looks for signals, while Node's thread makes a request.
_INTERVAL = 20  # milliseconds
_LONGEST = 2**31 - 1  # milliseconds: what setTimeout takes


class Head(NamedTuple):
    """What comes before the body; as js/core/http_exchange.ts has it."""

    status: int
    reason: str
    url: str
    redirected: bool
    headers: list[list[str]]


class Question(NamedTuple):
    """What is asked; as js/core/http_exchange.ts has it, but for the time."""

    method: str
    url: str
    headers: Sequence[tuple[str, str]]
    body: str | bytes | None
    credentials: bool = False
    redirect: str = "follow"

    def encoded(self, timeout: float | None) -> Any:
        body = _core.jsnull if self.body is None else self.body
        return to_js({**self._asdict(), "body": body, "timeout": milliseconds(timeout)})


def milliseconds(timeout: float | None) -> int:
    return 0 if timeout is None else min(max(1, round(timeout * 1000)), _LONGEST)


class Suspended:
    """A request that was sent; each step suspends the stack, for `timeout` seconds at most."""

    def __init__(self, question: Question) -> None:
        self._exchange = _core.http.open(question.encoded(None))

    def head(self, timeout: float | None) -> Head:
        return Head(*self._wait(self._exchange.head, timeout).to_py())

    def read(self, timeout: float | None) -> bytes:
        """Give the next part of the body; nothing at its end."""
        part = self._wait(self._exchange.read, timeout)
        return b"" if part is _core.jsnull else part.to_bytes()

    def whole(self, timeout: float | None) -> tuple[Head, bytes]:
        """Give everything at once, within the time."""
        status, reason, url, redirected, headers, body = self._wait(self._exchange.whole, timeout)
        return Head(status, reason, url, redirected, headers.to_py()), body.to_bytes()

    def abort(self) -> None:
        """Close the connection."""
        self._exchange.abort()

    def _wait(self, step: Any, timeout: float | None) -> Any:
        if not can_run_sync():
            _suspend._refuse()  # before a step is taken whose result would be lost
        try:
            return run_sync(step(milliseconds(timeout)))
        except _core.JsException:
            raise
        except BaseException:  # an interrupt, or the task was cancelled
            self.abort()
            raise


class Blocking:
    """A request that is made, to its end, when its head is asked for."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._body = b""

    def head(self, timeout: float | None) -> Head:
        head, self._body = self.whole(timeout)
        return head

    def read(self, timeout: float | None) -> bytes:
        """Give the body, then nothing."""
        body, self._body = self._body, b""
        return body

    def whole(self, timeout: float | None) -> tuple[Head, bytes]:
        """Give everything at once, within the time."""
        pending = _core.http.block(self._question.encoded(timeout))
        try:
            reply = _answer(pending)
        except _core.JsException:
            raise
        except BaseException:
            pending.abort()
            raise
        headers = reply.headers.to_py()
        head = Head(reply.status, reply.reason, reply.url, reply.redirected, headers)
        return head, reply.body.to_bytes()

    def abort(self) -> None:
        """Do nothing: it is over, or was not begun."""


def _answer(pending: Any) -> Any:
    # No try in here: where this jumps back, Python looks for signals, and 3.13 counts the jump of
    # a loop that ends a try block as outside it.
    while (reply := pending.wait(_INTERVAL)) is None:
        pass
    return reply


type Exchange = Suspended | Blocking


def begin(question: Question) -> Exchange:
    """Ask the host, in the best way that the stack allows."""
    return (Suspended if can_run_sync() else Blocking)(question)
