"""Fixtures: every test that takes `host` runs on every host, with the leak check on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosts.base import Host
from tests.hosts.chromium import ChromiumHost
from tests.hosts.firefox import FirefoxHost
from tests.hosts.node import NodeHost

DIST = Path(__file__).resolve().parents[1] / "dist"
HOSTS = ("node", "chromium", "firefox", "wheel")
# Firefox starts slowly, and not every machine has it.
BY_DEFAULT = ("node", "chromium")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--hosts", default=",".join(BY_DEFAULT), help="hosts to test on, with commas")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    chosen = metafunc.config.getoption("--hosts").split(",")
    unknown = sorted(set(chosen) - set(HOSTS))
    if unknown:
        raise pytest.UsageError(f"--hosts: expected some of {', '.join(HOSTS)}; given {unknown}")
    if "host" in metafunc.fixturenames:
        metafunc.parametrize("host_name", chosen)


def _start(name: str) -> Host:
    match name:
        case "node":
            return NodeHost(DIST)
        case "wheel":
            return NodeHost(DIST, Path("/work/scratch/wheel/agent_node.mjs"))
        case "firefox":
            return FirefoxHost()
        case _:
            return ChromiumHost()


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
    if host_name == "wheel":
        try:
            running.counts()
        except Exception:
            del _hosts[host_name]
            running, live = _hosts[host_name]
    before = dict(live)
    yield running
    live.update(running.counts(before))
    assert live == before, f"leaked on {running.name}: {before} before, {live} after"
