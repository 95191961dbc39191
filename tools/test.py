"""Builds what is not up to date, checks the code, and runs the tests.

python3 -m tools.test [--hosts LIST] [--no-lint] [PYTEST ARGUMENTS]

A few tests that failed run once more, alone; what passes then is named in the end.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tools import browsers, build, lint, node, packages, pyvenv, versions, wheel
from tools.report import ToolError, main, say

_HOSTS = "node,node-jspi,chromium,wheel-node,wheel-chromium"
# Each process has its own Node and Chromium, which need half a gigabyte, and waits for them often.
_PROCESSES = min(4, (os.cpu_count() or 1) + 1)
_IN_PARALLEL = (f"--numprocesses={_PROCESSES}", "--dist=worksteal")
_ALONE = ("--numprocesses=0", "--dist=no")
_TESTS_FAILED = 1  # pytest's exit code; others say that it was interrupted, or could not run
# A busy machine makes a few tests fail; a host whose state one of them has spoiled, those after it.
FEW = 20


def _fetch(hosts: list[str]) -> None:
    """What the hosts need, before the tests look for it; tests of what is not there are skipped."""
    if {"chromium", "wheel-chromium"} & set(hosts):
        browsers.chromium()
    if "node-jspi" in hosts:
        try:
            node.with_jspi()
        except node.NotForThisMachine as error:
            say("test", f"skipping node-jspi: {error}")


def run(arguments: list[str]) -> None:
    """Run pytest in parallel. A few tests that failed must pass alone, one after the other.

    Raises a ToolError when they do not, when there are more, or when pytest was cut short.
    """
    with tempfile.TemporaryDirectory(prefix="pyjs-outcomes-") as folder:
        first, second = Path(folder, "first.json"), Path(folder, "second.json")
        status = _pytest([*_IN_PARALLEL, *arguments, f"--outcomes={first}"])
        if status == 0:
            return
        if status != _TESTS_FAILED or not first.exists():
            raise ToolError(f"the tests failed: pytest exited with {status}")
        failed = json.loads(first.read_text())["failed"]
        if len(failed) > FEW:
            raise ToolError(f"the tests failed: {len(failed)}, too many to run again alone")
        say("test", f"running again what failed, alone: {len(failed)}")
        again = [*arguments, *_ALONE, f"--failed-in={first}", f"--outcomes={second}"]
        status = _pytest(again)
        passed = json.loads(second.read_text())["passed"] if second.exists() else []
    if missing := failed.keys() - set(passed):
        raise ToolError(_listed("the tests failed, alone too", sorted(missing)))
    if status != 0:
        raise ToolError(f"the tests failed: alone, pytest exited with {status}")
    lines = (f"{name}\n      {reason}" for name, reason in failed.items())
    print(_listed("FAILED ON THE BUSY MACHINE, PASSED ALONE", lines), flush=True)


def _pytest(arguments: list[str]) -> int:
    command = ["python", "-m", "pytest", "-p", "tests.outcomes", *arguments]
    done = subprocess.run(command, cwd=versions.ROOT, env=pyvenv.activated(), check=False)
    return done.returncode


def _listed(heading: str, lines: Iterable[str]) -> str:
    each = list(lines)
    return "\n  ".join([f"{heading}: {len(each)}", *each])


def _entry(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tools.test")
    parser.add_argument("--hosts", default=_HOSTS)
    parser.add_argument("--no-lint", action="store_true")
    options, rest = parser.parse_known_args(arguments)
    packages.complete(build.build(), list(packages.pins()))
    wheel.build()
    if not options.no_lint:
        lint.lint()
    _fetch(options.hosts.split(","))
    run([f"--hosts={options.hosts}", *rest])
    return 0


if __name__ == "__main__":
    main(_entry)
