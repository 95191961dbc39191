"""Completion of names and attributes; unlike rlcompleter it reads no property of a JS object."""

import builtins
import keyword
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

_IMPORT = re.compile(r"^\s*(?:import|from)\s+(\w*)$")
_NAME = re.compile(r"((?:[^\W\d]\w*\.)*)(\w*)$")


def complete(source: str, names: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The word before the cursor that may grow, and the words it may become.

    >>> complete("prin", {})
    ('prin', ['print'])
    """
    line = source.rpartition("\n")[2]
    if found := _IMPORT.search(line):
        return found[1], _matching(found[1], sys.stdlib_module_names | sys.modules.keys())
    found = _NAME.search(line)
    if found is None:
        return "", []
    path, word = found.groups()
    if not path:
        # After a dot stands an attribute of something that only running the code would tell.
        if not word or line[: found.start()].endswith("."):
            return word, []
        return word, _matching(word, {*names, *vars(builtins), *keyword.kwlist})
    owner = _resolve(path.rstrip(".").split("."), names)
    return word, [] if owner is None else _matching(word, dir(owner))


def _resolve(path: list[str], names: Mapping[str, Any]) -> Any:
    """The object that a dotted path names, or None. Nothing is called but attribute access."""
    first, *rest = path
    try:
        value = names[first] if first in names else getattr(builtins, first)
        for name in rest:
            value = getattr(value, name)
    except Exception:  # an attribute's own code may raise anything
        return None
    return value


def _matching(word: str, candidates: Iterable[str]) -> list[str]:
    """Private names wait until an underscore asks for them."""
    hidden = not word.startswith("_")
    return sorted(
        name
        for name in candidates
        if name.startswith(word) and name.isidentifier() and not (hidden and name.startswith("_"))
    )
