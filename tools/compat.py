"""Runs Pyodide's own suites against dist/, from a clone of its repository; make compat.

python3 -m tools.compat CLONE [--runtime chrome|node] [PYTEST ARGUMENTS]
make compat CLONE=...   and how dist/ starts beside Pyodide, and what it downloads

CLONE is a clone of Pyodide's repository, which is not part of this one: its suites are copied to
a temporary folder and run there, unmodified, by pytest-pyodide, with all packages that
runtime/packages.json pins in dist/. Without further arguments the suites of the bridge run
(_SUITES); others are named by their path, as src/tests/test_streams.py.
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import tarfile
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

from tools import build, packages, pyodide_py, pyvenv, versions
from tools.report import ToolError, main

_SUITES = ("typeconversions", "jsproxy", "pyproxy", "webloop", "asyncio", "stack_switching")
# With stock Pyodide 314.0.7 470 of them pass in Chromium.
_TOTAL, _WANTED = 477, 465
_PARTS = ("conftest.py", "pyproject.toml", "src/tests")


def unpack(clone: Path, folder: Path) -> None:
    """Copy the suites of a clone's newest commit into `folder`."""
    command: list[str | Path] = ["git", "-C", clone, "archive", "HEAD", *_PARTS]
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, check=False)
    if done.returncode != 0:
        raise ToolError(f"reading the suites in {clone}: {done.stderr.decode().strip()}")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")


def run(folder: Path, dist: Path, runtime: str, arguments: list[str]) -> Path:
    """Run suites that were unpacked into `folder`; gives the file with the results."""
    results = folder / "results.xml"
    suites = [f"src/tests/test_{name}.py" for name in _SUITES]
    named = [each for each in arguments if each.startswith("src/tests/")]
    env = pyvenv.activated()
    # Parts of the suites run in this Python, on what Pyodide's package declares.
    env["PYTHONPATH"] = os.pathsep.join([str(versions.ROOT), str(pyodide_py.wheel())])
    plugins = ("pytest_pyodide.fixture", "pytest_pyodide.hook", "tools.compat_plugin")
    command = [
        "python", "-m", "pytest", "-q", "--tb=short",
        *(f"-p{name}" for name in plugins),
        f"--dist-dir={dist}", f"--rt={runtime}", f"--junitxml={results}",
        *([] if named else suites), *arguments,
    ]  # fmt: skip
    subprocess.run(command, cwd=folder, env=env, check=False)
    if not results.exists():
        raise ToolError(f"running the suites in {folder}: pytest wrote no {results.name}")
    return results


def counts(results: Path) -> tuple[Counter[str], list[str]]:
    """How many tests ended how, and the names of those that failed."""
    ended: Counter[str] = Counter()
    failed: list[str] = []
    for case in ElementTree.parse(results).getroot().iter("testcase"):
        kinds = {child.tag: child.get("type", "") for child in case}
        if "failure" in kinds or "error" in kinds:
            ended["failed"] += 1
            failed.append(f"{case.get('classname')}::{case.get('name')}")
        elif "skipped" in kinds:
            ended["xfailed" if kinds["skipped"] == "pytest.xfail" else "skipped"] += 1
        else:
            ended["passed"] += 1
    return ended, failed


def _entry(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tools.compat", description=__doc__)
    parser.add_argument("clone", type=Path, metavar="CLONE")
    parser.add_argument("--runtime", default="chrome", choices=["chrome", "node"])
    parser.add_argument("--dist", type=Path)
    options, rest = parser.parse_known_args(arguments)
    dist = options.dist or build.build()
    packages.complete(dist, sorted({*packages.base(), *packages.pins()}))
    with tempfile.TemporaryDirectory(prefix="pyjs-compat-") as name:
        folder = Path(name)
        unpack(options.clone, folder)
        ended, failed = counts(run(folder, dist.resolve(), options.runtime, rest))
    print("\n".join(["", *failed, ", ".join(f"{n} {how}" for how, n in ended.items())]))
    if not any(each.startswith("src/tests/") for each in rest):
        print(f"wanted: at least {_WANTED} of {_TOTAL} pass")
        return 0 if ended["passed"] >= _WANTED else 1
    return 0 if not failed else 1


if __name__ == "__main__":
    main(_entry)
