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
# What the command line runs on besides; the bridge's own tests do not know it.
RUN_HOSTS = (*HOSTS, "firefox")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--hosts", default=",".join(HOSTS), help="hosts to test on, with commas")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    chosen = metafunc.config.getoption("--hosts").split(",")
    unknown = sorted(set(chosen) - set(RUN_HOSTS))
    if unknown:
        raise pytest.UsageError(
            f"--hosts: expected some of {', '.join(RUN_HOSTS)}; given {unknown}"
        )
    if "host" in metafunc.fixturenames:
        metafunc.parametrize("host_name", [name for name in chosen if name in HOSTS])


def _start(name: str) -> Host:
    return NodeHost(DIST) if name == "node" else ChromiumHost()


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
