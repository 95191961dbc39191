"""Tracebacks that begin in the user's code and show its lines."""

import linecache
import traceback

import pyjs

_OWN = tuple(
    path.rpartition("/")[0] + "/" for path in (__file__, pyjs.__file__) if path is not None
)
_LIMIT = 64

_sources: list[str] = []


def remember(filename: str, source: str) -> None:
    """Keep the text behind `filename`, which is no file, for tracebacks to quote."""
    lines = source.splitlines(keepends=True)
    # Without a modification time linecache never asks the file system for the file.
    linecache.cache[filename] = (len(source), None, lines, filename)
    _sources.append(filename)
    if len(_sources) > _LIMIT:
        linecache.cache.pop(_sources.pop(0), None)


def describe(error: BaseException, *, colour: bool) -> str:
    """The traceback of `error`, without the frames that ran the user's code."""
    shown = traceback.TracebackException.from_exception(error)
    _strip(shown, set())
    return "".join(shown.format(colorize=colour))  # type: ignore[call-arg]


def _strip(shown: traceback.TracebackException, seen: set[int]) -> None:
    if id(shown) in seen:
        return
    seen.add(id(shown))
    shown.stack[:] = [frame for frame in shown.stack if not frame.filename.startswith(_OWN)]
    for other in (shown.__cause__, shown.__context__, *(shown.exceptions or ())):
        if other is not None:
            _strip(other, seen)
