"""Here `host` has Pyodide's API; `site` serves dist/ to pages of a test's own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.compat import DIST, start
from tests.conftest import _Hosts, running_hosts
from tests.js import Site
from tools import webdriver
from tools.server import serving


@pytest.fixture(scope="session")
def _hosts() -> Iterator[_Hosts]:
    yield from running_hosts(start)


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
