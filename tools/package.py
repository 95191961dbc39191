"""Adds the Python packages, compiled, to the standard library's zip."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

from tools import process, stdlib


def add(packages: Iterable[Path], archive: Path, build_python: Path, work: Path, log: Path) -> None:
    """Compile the modules of the folders `packages` and append them to the zip `archive`."""
    shutil.rmtree(work, ignore_errors=True)
    sources, compiled = work / "source", work / "compiled"
    for package in packages:
        shutil.copytree(package, sources / package.name)
    shown = "/lib/python_stdlib.zip"
    process.run(
        [build_python, "-I", "-c", stdlib.COMPILE, sources, compiled, shown],
        "compiling the packages",
        log,
    )
    with zipfile.ZipFile(archive, "a") as target:
        stdlib.add(target, compiled)
