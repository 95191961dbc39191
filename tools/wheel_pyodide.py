"""Stock Pyodides that can install packages offline: npm's package, with micropip beside it.

Pyodide's lock file names its packages by URLs on a content network. Those that micropip consists
of are fetched from PyPI instead, where they are built anew, so the lock's checksums change.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from tools import cache, process, versions, wheel_env, wheel_python
from tools.report import say

_RECIPE = cache.recipe(__file__)


def distribution(target: versions.WheelTarget) -> Path:
    """A folder with a target's Pyodide, from which `loadPackage("micropip")` works."""
    pins = versions.python_tools("micropip")
    package = wheel_env.package(target)
    path = cache.root() / f"pyodide-{target.name}-{cache.key(_RECIPE, str(package), *pins)}"
    with cache.building(path) as needed:
        if needed:
            say("wheel", f"completing Pyodide {target.name} with micropip")
            shutil.copytree(package, path, dirs_exist_ok=True)
            _download(path, target, pins)
            _mend_lock(path)
    return path


def _download(path: Path, target: versions.WheelTarget, pins: list[str]) -> None:
    # micropip is for Pythons as new as the target's, and this pip runs on one.
    python = wheel_python.build_tools(wheel_python.host_python(target.python)) / "bin/python"
    command: list[str | Path] = [
        python,
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--dest",
        path,
        *pins,
    ]
    process.run(command, "downloading micropip", cache.log_file(path.name))


def _mend_lock(path: Path) -> None:
    lock = wheel_env.lock_file(path)
    for wheel in path.glob("*.whl"):
        name, version, *_ = wheel.name.split("-")
        lock["packages"][name] |= {
            "file_name": wheel.name,
            "version": version,
            "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        }
    (path / "pyodide-lock.json").write_text(json.dumps(lock))
