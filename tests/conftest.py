"""Fixtures: every test that takes `host` runs on every host, with the leak check on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosts.base import Host
from tests.hosts.chromium import ChromiumHost
from tests.hosts.node import NodeHost

DIST = Path(__file__).resolve().parents[1] / "dist"
HOSTS = ("node", "chromium")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--hosts", default=",".join(HOSTS), help="hosts to test on, with commas")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "host" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--hosts").split(",")
        metafunc.parametrize("host_name", chosen, scope="session")


def _start(name: str) -> Host:
    if name == "node":
        return NodeHost(DIST)
    if name == "chromium":
        return ChromiumHost()
    raise pytest.UsageError(f"--hosts: expected some of {', '.join(HOSTS)}; given {name}")


@pytest.fixture(scope="session")
def _running(host_name: str) -> Iterator[Host]:
    host = _start(host_name)
    yield host
    host.close()


@pytest.fixture
def host(_running: Host) -> Iterator[Host]:
    """A host whose live handles and proxies are the same before and after the test."""
    before = _running.counts()
    yield _running
    after = _running.counts(before)
    assert after == before, f"leaked on {_running.name}: {before} before, {after} after"
