"""The wheels that tools.wheel built, and where they run."""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from tools import server, versions, wheel, wheel_pyodide

TARGETS = {target.name: target for target in versions.wheel_targets()}


@dataclass(frozen=True)
class Wheel:
    """A built wheel and the Pyodide that it is for."""

    target: versions.WheelTarget
    path: Path
    abi: str

    @property
    def tag(self) -> str:
        """The wheel's tag, as its WHEEL file has it."""
        python = f"cp{self.target.python.replace('.', '')}"
        return f"{python}-{python}-pyemscripten_{self.abi}_wasm32"

    @property
    def extension(self) -> str:
        """The name of the extension inside it."""
        return f"pyjs/_core.cpython-{self.target.python.replace('.', '')}-wasm32-emscripten.so"

    @property
    def cache_tag(self) -> str:
        """What its Python puts into the names of bytecode."""
        return f"cpython-{self.target.python.replace('.', '')}"

    @property
    def bytecode(self) -> set[str]:
        """The names of the compiled modules in it."""
        return {name for name in self.files if name.endswith(".pyc")}

    @cached_property
    def files(self) -> dict[str, bytes]:
        """What it holds."""
        with zipfile.ZipFile(self.path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(params=TARGETS)
def built(request: pytest.FixtureRequest) -> Wheel:
    """The wheel of each Pyodide."""
    return wheel_of(request.param)


def wheel_of(name: str) -> Wheel:
    target = TARGETS[name]
    return Wheel(target, wheel.built(target), wheel.abi(target))


@pytest.fixture(scope="session")
def wheelhouse() -> Iterator[str]:
    """The address of a server of the built wheels."""
    with server.serving(wheel.DIST) as address:
        yield address


def session(target: versions.WheelTarget, body: str, *args: str) -> Any:
    """What the body of an async function gives, in a fresh Pyodide; see session.mjs."""
    script = Path(__file__).with_name("session.mjs")
    dist = wheel_pyodide.distribution(target)
    command: list[str | Path] = ["node", script, dist, body, *args]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    # Node shows the line of the error, which has the whole of Pyodide's loader.
    said = [line[:300] for line in (done.stdout + done.stderr).splitlines()]
    assert done.returncode == 0, "\n".join(said)
    return json.loads(done.stdout.splitlines()[-1])
