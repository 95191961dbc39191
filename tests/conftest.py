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
        metafunc.parametrize("host_name", chosen)


def _start(name: str) -> Host:
    if name == "node":
        return NodeHost(DIST)
    if name == "chromium":
        return ChromiumHost()
    raise pytest.UsageError(f"--hosts: expected some of {', '.join(HOSTS)}; given {name}")


class _Hosts(dict[str, tuple[Host, dict[str, int]]]):
    """The hosts that were asked for, with what was live on them; started once."""

    def __missing__(self, name: str) -> tuple[Host, dict[str, int]]:
        host = _start(name)
        self[name] = host, host.counts()
        return self[name]


@pytest.fixture(scope="session")
def _hosts() -> Iterator[_Hosts]:
    hosts = _Hosts()
    yield hosts
    for host, _ in hosts.values():
        host.close()


@pytest.fixture
def host(host_name: str, _hosts: _Hosts) -> Iterator[Host]:
    """A host whose live handles and proxies are the same before and after the test."""
    running, live = _hosts[host_name]
    before = dict(live)
    yield running
    live.update(running.counts(before))
    assert live == before, f"leaked on {running.name}: {before} before, {live} after"
