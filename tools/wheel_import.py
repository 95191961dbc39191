"""Measures `import pyjs` in stock Pyodide: python3 -m tools.wheel_import [PYODIDE [ROUNDS]]

Each round is a fresh process of Node, which loads Pyodide and installs the wheel by micropip. How
long Pyodide takes to load tells how busy the machine is.
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median

from tools import process, server, versions, wheel, wheel_env, wheel_pyodide
from tools.report import ToolError, main

_SCRIPT = versions.ROOT / "bench/wheel_import.mjs"
_NAMES = ("loading Pyodide and micropip", "micropip.install", "import pyjs")


def samples(target: versions.WheelTarget, rounds: int) -> list[list[float]]:
    """Milliseconds of each round: loading Pyodide, installing, importing."""
    dist = wheel_pyodide.distribution(target)
    abi = wheel_env.lock_file(wheel_env.package(target))["info"]["abi_version"]
    found = list(wheel.DIST.glob(f"pyjs-*-pyemscripten_{abi}_wasm32.whl"))
    if len(found) != 1:
        raise ToolError(f"measuring: expected one wheel for {abi} in {wheel.DIST}; make wheel")
    with server.serving(wheel.DIST) as address:
        command: list[str | Path] = ["node", _SCRIPT, dist, address + found[0].name]
        runs = [process.output(command, "importing pyjs in Pyodide") for _ in range(rounds)]
    return [json.loads(run.splitlines()[-1]) for run in runs]


def _entry(arguments: list[str]) -> int:
    name, rounds = (arguments + ["314", "9"][len(arguments) :])[:2]
    known = {target.name: target for target in versions.wheel_targets()}
    if name not in known:
        raise ToolError(f"measuring: expected one of {', '.join(known)}, given {name!r}")
    for what, times in zip(
        _NAMES, zip(*samples(known[name], int(rounds)), strict=True), strict=True
    ):
        print(f"{what:30} {min(times):8.1f} ms at least, {median(times):8.1f} ms median")
    return 0


if __name__ == "__main__":
    main(_entry)
