"""Fixtures of the bridge's tests."""

from collections.abc import Iterator

import pytest

from tests import http_server


@pytest.fixture
def url() -> Iterator[str]:
    """A server for HTTP tests, each of which has its own: it remembers the names of streams."""
    with http_server.serving() as base:
        yield base
