"""What hypothesis makes up, many at a time: a request to a host costs more than a check."""

from __future__ import annotations

import functools
from collections.abc import Callable

from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from tests.hosts.base import Host

_AT_ONCE = 20
_CASES = 2_000
_settings = settings(
    derandomize=True,
    deadline=None,
    max_examples=3_000,  # of which some are the same
    database=None,
    suppress_health_check=list(HealthCheck),
)


@functools.cache
def _different(texts: st.SearchStrategy[str]) -> list[str]:
    """So many texts, no two the same; making them up takes longer than checking them."""
    made: dict[str, None] = {}

    @_settings
    @given(texts)
    def collect(text: str) -> None:
        made[text] = None

    collect()
    assert len(made) >= _CASES
    return list(made)[:_CASES]


def _smallest(texts: st.SearchStrategy[str], is_wrong: Callable[[str], bool]) -> str:
    try:
        return find(texts, is_wrong, settings=_settings)
    except NoSuchExample:
        return ""


def none_wrong(texts: st.SearchStrategy[str], first_wrong: Callable[..., object]) -> None:
    """Assert that `first_wrong` finds none in 2,000 texts, of which it gets some as arguments.

    The strategy is to be one object for all hosts.
    """
    made = _different(texts)
    for begin in range(0, len(made), _AT_ONCE):
        if found := first_wrong(*made[begin : begin + _AT_ONCE]):
            smallest = _smallest(texts, lambda text: first_wrong(text) != "")
            raise AssertionError(f"{found}; the smallest: {smallest}")


def python_finds_none_wrong(
    host: Host, source: str, name: str, texts: st.SearchStrategy[str]
) -> None:
    """The same with the Python function of `source`, which gets `name` before the texts."""
    host.js("globalThis.runTexts = py.runPython(args[0], {globals: py.runPython('{}')})", source)
    try:
        none_wrong(
            texts, lambda *given: host.js("return globalThis.runTexts(...args)", name, *given)
        )
    finally:
        host.js("globalThis.runTexts.destroy(); delete globalThis.runTexts")
