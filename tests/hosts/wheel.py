"""Stock Pyodide with the wheel, installed by micropip from a server on this machine."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

from tests.hosts.chromium import ChromiumHost
from tests.hosts.node import NodeHost
from tools import versions, wheel, wheel_env, wheel_pyodide
from tools.server import serving

# What the hosts of the tests run in: the newest Pyodide that has been released.
_TARGET = "314"
_ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}


def _pyodide() -> Path:
    return wheel_pyodide.distribution(_target())


def _target() -> versions.WheelTarget:
    return next(target for target in versions.wheel_targets() if target.name == _TARGET)


def _wheel() -> str:
    """The name of the wheel's file."""
    abi = wheel_env.lock_file(wheel_env.package(_target()))["info"]["abi_version"]
    (found,) = wheel.DIST.glob(f"pyjs-*-pyemscripten_{abi}_wasm32.whl")
    return found.name


class WheelInNodeHost(NodeHost):
    """Pyodide in Node."""

    name = "wheel-node"

    def __init__(self) -> None:
        self._server = ExitStack()
        base = self._server.enter_context(serving(wheel.DIST))
        super().__init__(_pyodide(), more=(f"{base}{_wheel()}",))

    def close(self) -> None:
        super().close()
        self._server.close()


class WheelInChromiumHost(ChromiumHost):
    """Pyodide in a page of headless Chromium."""

    name = "wheel-chromium"

    def __init__(self) -> None:
        self._servers = ExitStack()
        pyodide = self._servers.enter_context(serving(_pyodide(), headers=_ANY_ORIGIN))
        wheels = self._servers.enter_context(serving(wheel.DIST, headers=_ANY_ORIGIN))
        given = urlencode({"pyodide": pyodide, "wheel": f"{wheels}{_wheel()}"})
        super().__init__(f"tests/hosts/pyodide_page.html?{given}")

    def close(self) -> None:
        super().close()
        self._servers.close()
