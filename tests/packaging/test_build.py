"""Builds of the wheel: an unmodified `pyodide build`, elsewhere, gives the same bytes."""

from __future__ import annotations

import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.packaging.conftest import TARGETS, wheel_of
from tools import wheel

# What every place has that builds for Pyodide, and what Debian's LLVM asks for.
_KEPT = ("PYODIDE_XBUILDENV_PATH", "SKIP_EMSCRIPTEN_VERSION_CHECK", "SOURCE_DATE_EPOCH", "LDFLAGS")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, unpacked where no Git and no other file of the project is."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(wheel.sdist(folder)) as archive:
        archive.extractall(folder, filter="data")
    return folder / "pyjs-0.1.0"


def test_sdist_holds_what_a_build_needs(tree: Path) -> None:
    assert {path.name for path in tree.iterdir()} == {
        "CHANGELOG.md",
        "CMakeLists.txt",
        "LICENSE",
        "PKG-INFO",
        "README.md",
        "docs",
        "include",
        "js",
        "package-lock.json",
        "package.json",
        "pyproject.toml",
        "python",
        "src",
        "tools",
        "tsconfig.json",
        "wheel",
    }
    assert {path.name for path in (tree / "tools").iterdir()} == {"bundle.mjs", "check_imports.mjs"}
    assert list(tree.rglob("*.pyc")) == []


def test_pyodide_build_gives_the_same_bytes(tree: Path) -> None:
    """With isolation and in another folder: nothing of where and how it was built is in it."""
    known = wheel_of("314")
    env = wheel.variables(TARGETS["314"])
    assert {name for name in env if name not in os.environ} >= set(_KEPT[:3])
    done = subprocess.run(
        ["pyodide", "build"], cwd=tree, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    made = tree / "dist" / known.path.name
    assert made.read_bytes() == known.path.read_bytes()


def test_build_without_pyodide_build(tree: Path, tmp_path: Path) -> None:
    """CMake by itself says what to use instead."""
    done = subprocess.run(
        ["emcmake", "cmake", "-S", tree, "-B", tmp_path, "-G", "Ninja", "-DSKBUILD=2"],
        env=wheel.variables(TARGETS["314"]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "expected PYTHONINCLUDE to be the folder of the target's Python.h" in done.stderr
    assert "`pyodide build` (docs/wheel.md)" in done.stderr
