"""Adds the Python package, compiled, to the standard library's zip."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from tools import process, stdlib


def add(package: Path, archive: Path, build_python: Path, work: Path, log: Path) -> None:
    """Compile the modules under `package` and append them to the zip `archive`."""
    shutil.rmtree(work, ignore_errors=True)
    shown = "/lib/python_stdlib.zip"
    process.run(
        [build_python, "-I", "-c", stdlib.COMPILE, package, work, shown],
        "compiling the package",
        log,
    )
    with zipfile.ZipFile(archive, "a") as target:
        stdlib.add(target, work)
