"""Time slices: long-running code gives control back to the host between two bytecodes (JSPI).

The loader looks at the clock while bytecode runs, and sends a signal when the slice is used up.
"""

import _signal  # type: ignore[import-not-found]
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from pyjs import _core, _suspend

# The last of those for real time; Python gives it no name of its own, nor does anybody send it.
_SIGNAL = 64

# By number, how many critical sections a stack is in.
_critical: dict[int, int] = {}


def install() -> None:
    """Take the signal that ends a slice."""
    _signal.signal(_SIGNAL, _end)


def _end(_signum: int, _frame: FrameType | None) -> None:
    number = _core.stack()
    if number != 0 and number not in _critical:
        _suspend.preempt(number)


@contextmanager
def critical_section() -> Iterator[None]:
    """A block of code during which no other Python code runs: no time slice ends in it.

    Where slices are on (`setTimeSlice` in JavaScript), callbacks from JavaScript may run between
    any two bytecodes of a program. Awaiting, or `run_sync`, lets them run all the same. Blocks may
    be nested. Where there are no slices it does nothing.

    >>> from pyjs import critical_section
    >>> balance = {"a": 3, "b": 0}
    >>> with critical_section():
    ...     balance["a"] -= 1
    ...     balance["b"] += 1
    >>> sum(balance.values())
    3
    """
    number = _core.stack()
    _critical[number] = _critical.get(number, 0) + 1
    try:
        yield
    finally:
        _critical[number] -= 1
        if _critical[number] == 0:
            del _critical[number]
