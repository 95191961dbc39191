"""What hypothesis makes up, many at a time: a request to a host costs more than a check."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hosts.base import Host

# Together 2,000 texts.
_AT_ONCE = 20
_settings = settings(
    derandomize=True,
    deadline=None,
    max_examples=100,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def none_wrong(texts: st.SearchStrategy[str], first_wrong: Callable[..., object]) -> None:
    """Assert that `first_wrong` gives no text for any list of texts, which it gets as arguments."""

    @_settings
    @given(st.lists(texts, min_size=_AT_ONCE, max_size=_AT_ONCE))
    def check(given: list[str]) -> None:
        assert first_wrong(*given) == ""

    check()


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
