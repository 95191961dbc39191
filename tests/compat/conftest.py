"""Fixtures: hosts with Pyodide's API, and a site that serves dist/ to pages of a test's own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.compat.hosts import start
from tests.conftest import _Hosts, borrowed, running_hosts
from tests.hosts.base import Host
from tests.hosts.start import DIST
from tests.js import Site
from tools import webdriver
from tools.server import serving


@pytest.fixture(scope="session")
def _pyodides() -> Iterator[_Hosts]:
    yield from running_hosts(start)


@pytest.fixture
def pyodide(host_name: str, _pyodides: _Hosts) -> Iterator[Host]:
    """As `host`; `py` is what loadPyodide() gave, and `loadPyodide` is global."""
    yield from borrowed(_pyodides, host_name)


@pytest.fixture(scope="module")
def site(pytestconfig: pytest.Config) -> Iterator[Site]:
    if "chromium" not in pytestconfig.getoption("--hosts").split(","):
        pytest.skip("needs --hosts with chromium")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pyjs-site-")))
        shutil.copytree(DIST, folder, dirs_exist_ok=True)
        url = stack.enter_context(serving(folder))
        driver = stack.enter_context(webdriver.chromium())
        yield Site(folder, driver, int(url.rstrip("/").rpartition(":")[2]))
