"""Tracebacks that show the user's frames and not the bridge's own."""

import linecache
import traceback

_OWN = __file__.rpartition("/")[0] + "/"

# Source text of code that came from no file, by the name its frames show.
_sources: dict[str, str] = {}
_LIMIT = 256


def remember(filename: str, source: str) -> None:
    """Keep the text of `filename`, so that a traceback can show its lines."""
    _sources.pop(filename, None)
    _sources[filename] = source
    if len(_sources) > _LIMIT:
        del _sources[next(iter(_sources))]


def format_exception(exception: BaseException) -> str:
    """The text CPython would print for `exception`, causes included."""
    for filename, source in _sources.items():
        lines = source.splitlines(keepends=True)
        linecache.cache[filename] = (len(source), None, lines, filename)
    shown = traceback.TracebackException.from_exception(exception)
    _without_own_frames(shown, set())
    return "".join(shown.format())


def _without_own_frames(shown: traceback.TracebackException, seen: set[int]) -> None:
    if id(shown) in seen:
        return
    seen.add(id(shown))
    shown.stack[:] = [frame for frame in shown.stack if not frame.filename.startswith(_OWN)]
    for other in (shown.__cause__, shown.__context__, *(shown.exceptions or ())):
        if other is not None:
            _without_own_frames(other, seen)
