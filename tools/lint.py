"""Checks that need no build: formatting, types, layers, and the protocol's two halves.

python3 -m tools.lint         check
python3 -m tools.lint --fix   format first
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from tools import layers, node, protocol, pyvenv, versions
from tools.report import ToolError, main, say

ROOT = versions.ROOT
_TYPED = (
    "python/pyjs",
    "python/jstypes",
    "python/compat/pyodide",
    "python/compat/_pyodide",
    "examples/demo/python",
)
_PYTHON = ("tools", "tests", "python", "examples")


def lint(fix: bool = False) -> None:
    """Run every check; raises a ToolError that names the first that fails."""
    node.modules()
    cpp = [str(path) for folder in ("src", "include", "runtime") for path in _sources(folder)]
    if fix:
        _run("format C++", ["clang-format", "-i", *cpp])
        _run("format Python", ["ruff", "format", *_PYTHON])
    _run("C++ format", ["clang-format", "--dry-run", "--Werror", *cpp])
    _run("Python format", ["ruff", "format", "--check", *_PYTHON])
    _run("Python style", ["ruff", "check", *_PYTHON])
    _run("Python types", ["mypy", "tools", "tests"])
    _run("package types", ["mypy", *_TYPED])
    _run("TypeScript types", ["node", "node_modules/typescript/bin/tsc", "--noEmit"])
    layers.check()
    protocol.check()


def _sources(folder: str) -> list[Path]:
    return sorted(p for p in (ROOT / folder).rglob("*") if p.suffix in (".cpp", ".hpp"))


def _run(what: str, command: list[str]) -> None:
    say("lint", what)
    done = subprocess.run(command, cwd=ROOT, env=pyvenv.activated(), check=False)
    if done.returncode != 0:
        raise ToolError(f"{what}: {command[0]} found faults; `make format` mends the layout")


def _entry(arguments: list[str]) -> int:
    if arguments not in ([], ["--fix"]):
        raise ToolError(f"usage: python3 -m tools.lint [--fix]; given {arguments}")
    lint(fix=bool(arguments))
    return 0


if __name__ == "__main__":
    main(_entry)
