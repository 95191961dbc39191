"""Fixtures: every test that takes `host` runs on every host, with the leak check on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import http_server
from tests.hosts.base import Host
from tests.hosts.start import HOSTS, in_pyodide, start
from tools import node

# Firefox starts slowly, and not every machine has it.
BY_DEFAULT = ("node", "node-jspi", "chromium", "wheel-node", "wheel-chromium")
# The suite that runs on the wheel too.
_BRIDGE = Path(__file__).parent / "ffi"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--hosts", default=",".join(BY_DEFAULT), help="hosts to test on, with commas")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    chosen = metafunc.config.getoption("--hosts").split(",")
    unknown = sorted(set(chosen) - set(HOSTS))
    if unknown:
        raise pytest.UsageError(f"--hosts: expected some of {', '.join(HOSTS)}; given {unknown}")
    if "host_name" in metafunc.fixturenames:
        # Loaders, streams and worlds of their own are what the wheel's host has its own of.
        bridge = metafunc.definition.path.is_relative_to(_BRIDGE)
        metafunc.parametrize(
            "host_name", [name for name in chosen if bridge or not in_pyodide(name)]
        )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "not_in_pyodide(reason): what does not hold for the wheel in stock Pyodide"
    )


@pytest.fixture(autouse=True)
def _not_in_pyodide(request: pytest.FixtureRequest) -> None:
    marker = request.node.get_closest_marker("not_in_pyodide")
    if marker and in_pyodide(request.node.callspec.params["host_name"]):
        pytest.skip(f"in stock Pyodide: {marker.args[0]}")


@pytest.fixture
def url() -> Iterator[str]:
    """A server for HTTP tests, each of which has its own: it remembers the names of streams."""
    with http_server.serving() as base:
        yield base


class _Hosts(dict[str, tuple[Host, dict[str, int | str]]]):
    """The hosts that were asked for, with what was live on them; each runs until a test ends it."""

    def __init__(self, begin: Callable[[str], Host]) -> None:
        super().__init__()
        self._begin = begin

    def __missing__(self, name: str) -> tuple[Host, dict[str, int | str]]:
        host = self._begin(name)
        self[name] = host, host.counts()
        return self[name]

    def close(self, name: str) -> None:
        host, _ = self.pop(name)
        host.close()


def running_hosts(begin: Callable[[str], Host]) -> Iterator[_Hosts]:
    """The value of a fixture that `host` takes its hosts from; `begin` starts one."""
    hosts = _Hosts(begin)
    yield hosts
    for name in list(hosts):
        hosts.close(name)


@pytest.fixture(scope="session")
def _hosts() -> Iterator[_Hosts]:
    yield from running_hosts(start)


@pytest.fixture
def host(host_name: str, _hosts: _Hosts) -> Iterator[Host]:
    """A host whose live handles and proxies are the same before and after the test."""
    yield from borrowed(_hosts, host_name)


def borrowed(hosts: _Hosts, name: str) -> Iterator[Host]:
    """The value of a fixture: one of the hosts, with the leak check."""
    try:
        running, live = hosts[name]
    except node.NotForThisMachine as error:
        pytest.skip(str(error))
    before = dict(live)
    yield running
    if not running.is_running:
        hosts.close(name)  # the next test gets a new one
        return
    live.update(running.counts(before))
    assert live == before, f"leaked on {running.name}: {before} before, {live} after"
