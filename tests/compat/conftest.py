"""Fixtures of the tests of packages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.compat import shelf as shelves


@pytest.fixture
def shelf() -> Iterator[shelves.Shelf]:
    """An empty shelf of packages."""
    with shelves.serving() as running:
        yield running
