"""Fixtures of the bridge's tests."""

from collections.abc import Iterator

import pytest

from tests import http_server


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """A server for HTTP tests."""
    with http_server.serving() as base:
        yield base
