"""Tracebacks that show the user's frames and not the bridge's own.

Importing traceback takes long, so that waits for the first one.
"""

from __future__ import annotations

from _collections_abc import Callable
from collections import deque
from types import CodeType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traceback import TracebackException

OWN = __file__.rpartition("/")[0] + "/"
# With the folders of what calls the package for programs written for Pyodide.
_HIDDEN = (OWN, *(f"{OWN.removesuffix('pyjs/')}{name}/" for name in ("pyodide", "_pyodide")))

# Code that came from no file, with its text, until a traceback is wanted.
_LIMIT = 1024
_pending: deque[tuple[CodeType, str]] = deque(maxlen=_LIMIT)

# Called with each exception before it is shown; they may add notes to it.
advisers: list[Callable[[BaseException], None]] = []


def remember(code: CodeType, source: str) -> None:
    """Keep the text of `code`, so that a traceback can show its lines."""
    _pending.append((code, source))


def _register_sources() -> None:
    import linecache

    while _pending:
        code, source = _pending.popleft()
        linecache._register_code(code, source, code.co_filename)  # type: ignore[attr-defined]
    known = linecache._interactive_cache  # type: ignore[attr-defined]
    for key in list(known)[:-_LIMIT]:
        del known[key]


def format_exception(exception: BaseException, limit: int | None = None) -> str:
    """The text CPython would print for `exception`, causes included; `limit` as in traceback."""
    import traceback

    _register_sources()
    for advise in advisers:
        advise(exception)
    shown = traceback.TracebackException.from_exception(exception, limit=limit)
    _drop_own_frames(shown)
    return "".join(shown.format())


def _drop_own_frames(shown: TracebackException) -> None:
    seen: set[int] = set()
    left = [shown]
    while left:
        current = left.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        current.stack[:] = [f for f in current.stack if not f.filename.startswith(_HIDDEN)]
        others = (current.__cause__, current.__context__, *(current.exceptions or ()))
        left += [other for other in others if other is not None]
