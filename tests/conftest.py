"""Fixtures: every test that takes `host` runs on every host, with the leak check on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hosts.base import Host
from tests.hosts.start import HOSTS, start
from tools import node

# Firefox starts slowly, and not every machine has it.
BY_DEFAULT = ("node", "node-jspi", "chromium")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--hosts", default=",".join(BY_DEFAULT), help="hosts to test on, with commas")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    chosen = metafunc.config.getoption("--hosts").split(",")
    unknown = sorted(set(chosen) - set(HOSTS))
    if unknown:
        raise pytest.UsageError(f"--hosts: expected some of {', '.join(HOSTS)}; given {unknown}")
    if "host" in metafunc.fixturenames:
        metafunc.parametrize("host_name", chosen)


class _Hosts(dict[str, tuple[Host, dict[str, int]]]):
    """The hosts that were asked for, with what was live on them; started once."""

    def __missing__(self, name: str) -> tuple[Host, dict[str, int]]:
        host = start(name)
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
    try:
        running, live = _hosts[host_name]
    except node.NotForThisMachine as error:
        pytest.skip(str(error))
    before = dict(live)
    yield running
    live.update(running.counts(before))
    assert live == before, f"leaked on {running.name}: {before} before, {live} after"
