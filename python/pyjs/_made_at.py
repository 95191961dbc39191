"""Where a program made a future or task, which is told when nobody gets its error.

Debug mode keeps the whole stack; this is one line, found in so little time that it is kept always.
"""

from __future__ import annotations

import sys
from types import CodeType, FrameType
from typing import Any

type Place = tuple[CodeType, int]

_OWN = ("asyncio", "pyjs")


def made_at() -> Place | None:
    """The line of the program's that is running: none of asyncio's, nor of this package."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_globals.get("__package__") not in _OWN:
            return frame.f_code, frame.f_lasti
        frame = frame.f_back
    return None


def text(place: Place | None) -> str:
    """The file and the number of the line."""
    return "" if place is None else f"{place[0].co_filename}:{_line(place)}"


def _line(place: Place) -> int:
    code, instruction = place
    for begin, end, line in code.co_lines():
        if begin <= instruction < end:
            return line or code.co_firstlineno
    return code.co_firstlineno


def tell(context: dict[str, Any]) -> None:
    """Let the handler of a loop's errors know of it, by the key that debug mode uses."""
    made = context.get("task") or context.get("future")
    place: Place | None = getattr(made, "_place", None)
    if place is None or "source_traceback" in context:
        return
    from traceback import FrameSummary, StackSummary

    code = place[0]
    frame = FrameSummary(code.co_filename, _line(place), code.co_name)
    context["source_traceback"] = StackSummary.from_list([frame])
