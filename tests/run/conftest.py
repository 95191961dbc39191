"""The hosts of the command line: Firefox besides those of the bridge's own tests."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.run import Cli

_HOSTS = ("node", "chromium", "firefox")
_FIREFOX = ("firefox-esr", "firefox")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Firefox starts slowly: its tests run when `--hosts` names it."""
    if "cli" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--hosts").split(",")
        hosts = [each for each in _HOSTS if each in chosen]
        if getattr(metafunc.module, "SAME_EVERYWHERE", False) and "firefox" not in chosen:
            hosts = hosts[:1]  # each start of a browser takes seconds
        metafunc.parametrize("cli", hosts, indirect=True)


@pytest.fixture
def cli(request: pytest.FixtureRequest, tmp_path: Path) -> Cli:
    if request.param == "firefox" and not any(map(shutil.which, _FIREFOX)):
        pytest.skip("firefox-esr is not installed")
    return Cli(request.param, tmp_path)


@pytest.fixture
def node(tmp_path: Path) -> Cli:
    """For what does not depend on the host."""
    return Cli("node", tmp_path)


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for the temporary files of browsers, whose paths must be short."""
    path = Path(tempfile.mkdtemp(prefix="pyjs-test-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)
