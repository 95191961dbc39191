"""Builds what is not up to date, checks the code, and runs the tests.

python3 -m tools.test [--hosts LIST] [--no-lint] [PYTEST ARGUMENTS]
"""

from __future__ import annotations

import argparse
import os
import subprocess

from tools import browsers, build, lint, node, packages, pyvenv, versions, wheel
from tools.report import ToolError, main, say

_HOSTS = "node,node-jspi,chromium,wheel-node,wheel-chromium"
# Each process has its own Node and Chromium, which need half a gigabyte, and waits for them often.
_PROCESSES = min(4, (os.cpu_count() or 1) + 1)
_IN_PARALLEL = (f"--numprocesses={_PROCESSES}", "--dist=worksteal")


def _fetch(hosts: list[str]) -> None:
    """What the hosts need, before the tests look for it; tests of what is not there are skipped."""
    if {"chromium", "wheel-chromium"} & set(hosts):
        browsers.chromium()
    if "node-jspi" in hosts:
        try:
            node.with_jspi()
        except node.NotForThisMachine as error:
            say("test", f"skipping node-jspi: {error}")


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
    command = ["python", "-m", "pytest", *_IN_PARALLEL, f"--hosts={options.hosts}", *rest]
    done = subprocess.run(command, cwd=versions.ROOT, env=pyvenv.activated(), check=False)
    if done.returncode != 0:
        raise ToolError(f"the tests failed: pytest exited with {done.returncode}")
    return 0


if __name__ == "__main__":
    main(_entry)
