"""Tests whose body runs inside the runtime."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import pytest

from tests.hosts.base import Host
from tests.hosts.source import Source

#: Marks what does not hold for the wheel in stock Pyodide, with the reason.
not_in_pyodide = pytest.mark.not_in_pyodide


def inside(function: Callable[..., Any]) -> Callable[..., None]:
    """Run the decorated test, async or not, in the runtime of every host.

    Its arguments come from `pytest.mark.parametrize` and must be literals; it
    sees nothing else of the module it stands in, but for `until` and `turns` of tests.waits.
    """
    source = Source.of(function)
    parameters = inspect.signature(function).parameters

    @functools.wraps(function)
    def test(host: Host, **arguments: Any) -> None:
        host.run(source, arguments)

    names = ["host", *parameters]
    keyword = inspect.Parameter.KEYWORD_ONLY
    test.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(name, keyword) for name in names]
    )
    del test.__wrapped__
    return test
