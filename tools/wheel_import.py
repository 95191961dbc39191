"""Measures `import pyjs` in stock Pyodide: python3 -m tools.wheel_import [PYODIDE [ROUNDS]]

Each round is a fresh process of Node, which loads Pyodide and installs the wheel by micropip. How
long Pyodide takes to load tells how busy the machine is.
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median

from tools import process, server, versions, wheel, wheel_pyodide
from tools.report import main

_SCRIPT = versions.ROOT / "bench/wheel_import.mjs"
_NAMES = ("loading Pyodide and micropip", "micropip.install", "import pyjs")


def samples(target: versions.WheelTarget, rounds: int) -> list[list[float]]:
    """Milliseconds of each round: loading Pyodide, installing, importing."""
    dist = wheel_pyodide.distribution(target)
    name = wheel.built(target).name
    with server.serving(wheel.DIST) as address:
        command: list[str | Path] = ["node", _SCRIPT, dist, address + name]
        runs = [process.output(command, "importing pyjs in Pyodide") for _ in range(rounds)]
    return [json.loads(run.splitlines()[-1]) for run in runs]


def _entry(arguments: list[str]) -> int:
    name, rounds = (arguments + ["314", "9"][len(arguments) :])[:2]
    for what, times in zip(
        _NAMES, zip(*samples(wheel.target(name), int(rounds)), strict=True), strict=True
    ):
        print(f"{what:30} {min(times):8.1f} ms at least, {median(times):8.1f} ms median")
    return 0


if __name__ == "__main__":
    main(_entry)
