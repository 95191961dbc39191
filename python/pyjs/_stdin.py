"""Reading from a callback of stdin that gives a promise: the stack that reads is suspended.

The promise arrives below frames of JavaScript's, which cannot be suspended. So the call of C's
ends, with EINTR, and a signal; CPython's reading functions, of whatever layer, then run the
handler of the signal, which waits, and call again. Streams stay what they are until there is a
first promise.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import builtins
import errno
import io
import sys
from typing import TYPE_CHECKING, Any

from pyjs import _core, _suspend

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

# Next to that of time slices; nobody else sends it.
_SIGNAL = 63

# What the next signal is about: a promise to wait for, or a function that throws.
type _Task = _core.JsPromise | _core.JsCallable
_expected: list[_Task] = []


def expect(task: _Task) -> None:
    """Take what the handler of the signal that follows is to wait for, or to call."""
    # Each time, for it raises what other signals that have arrived are to raise: were that to come
    # in place of the wait, the wait would come later, where nothing is read.
    _signal.signal(_SIGNAL, _handle)
    if isinstance(task, _core.JsPromise):
        _take_turns()
    _expected[:] = [task]


def _handle(_signum: int, _frame: FrameType | None) -> None:
    if not _expected:
        return
    task = _expected.pop()
    if not isinstance(task, _core.JsPromise):
        try:
            task()
        finally:
            del task  # it has the exception, whose traceback has this frame
        return
    number = _core.stack()
    if number == 0:
        raise OSError(
            errno.EIO,
            "reading stdin: its callback gave a promise, and this stack cannot be suspended, since "
            f"{_suspend.why_not()}; or give setStdin a callback that answers at once",
        )
    with _Waiting(number):
        _suspend.wait(number, task)


class _Turns:
    """Lets one stack read at a time, in the order in which they came."""

    def __init__(self) -> None:
        self.reader: int | None = None
        # One that began before there were turns, and reads on, whoever waits.
        self.reads_on: int | None = None
        self._depth = 0
        self._queue: list[int] = []

    def __enter__(self) -> None:
        number = _core.stack()
        if self.reader is None and (not self._queue or number == self.reads_on):
            self.reader = number
        elif self.reader != number:
            self._wait(number)
        self._depth += 1

    def __exit__(self, *_exc: object) -> None:
        self._depth -= 1
        if self._depth == 0:
            self.leave()

    def leave(self) -> None:
        """Let the next one read."""
        self.reader = None
        if self._queue:
            _core.resume(self._queue[0])

    def _wait(self, number: int) -> None:
        if number == 0:
            raise OSError(
                errno.EIO,
                "reading stdin: other code waits for its input, and this stack cannot be suspended "
                f"until then, since {_suspend.why_not()}",
            )
        self._queue.append(number)
        try:
            while self.reader is not None or self._queue[0] != number:
                _suspend.wait(number, None)
        except BaseException:
            self._queue.remove(number)
            if self.reader is None and self._queue:
                _core.resume(self._queue[0])
            raise
        del self._queue[0]
        self.reader = number


_turns = _Turns()


class _Waiting:
    """While it waits a stack has its turn, also where it began to read before there were turns."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._takes = _turns.reader is None

    def __enter__(self) -> None:
        if self._takes:
            _turns.reader = _turns.reads_on = self._number

    def __exit__(self, *_exc: object) -> None:
        if self._takes:
            _turns.leave()


def _in_turn(method: Callable[..., Any]) -> Callable[..., Any]:
    # What C calls of itself, of a buffer, may be a part of reading on.
    begins = method.__qualname__.partition(".")[0] != "BufferedReader"

    def reading(*args: Any) -> Any:
        if begins and _turns.reads_on == _core.stack():
            _turns.reads_on = None
        with _turns:
            return method(*args)

    reading.__name__ = method.__name__
    reading.__qualname__ = method.__qualname__
    reading.__doc__ = method.__doc__
    return reading


class StdinBuffer(io.BufferedReader):
    """Of CPython's only one stack at a time may read: the next gets a RuntimeError."""

    __slots__ = ()
    read = _in_turn(io.BufferedReader.read)
    read1 = _in_turn(io.BufferedReader.read1)
    readinto = _in_turn(io.BufferedReader.readinto)
    readinto1 = _in_turn(io.BufferedReader.readinto1)
    readline = _in_turn(io.BufferedReader.readline)
    peek = _in_turn(io.BufferedReader.peek)


class Stdin(io.TextIOWrapper):
    """Of CPython's two stacks would overwrite what the other has yet to read."""

    __slots__ = ()
    read = _in_turn(io.TextIOWrapper.read)
    readline = _in_turn(io.TextIOWrapper.readline)


_input = builtins.input


def _take_turns() -> None:
    """From the first promise on: readers that are never suspended need none of it."""
    stdin = sys.__stdin__
    if type(stdin) is io.TextIOWrapper:
        try:
            buffer = stdin.buffer
        except ValueError:  # detached
            return
        if type(buffer) is io.BufferedReader:
            _core.retype(buffer, StdinBuffer)
        _core.retype(stdin, Stdin)
    if builtins.input is _input:
        builtins.input = _in_turn(_input)
