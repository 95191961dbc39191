"""The wheel rows of the benchmark: both bridges in one Pyodide, and our runtime beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tools import versions, wheel
from tools.bench_result import OURS, RUNTIME, Row, Target

_PREFIX = "wheel/"
_GROUPS = ("py_js", "js_py", "deep")
_HOST = "pyodide"
# How the runtimes of bench/runtimes.mjs are called in a row of the wheel.
_NAMES = {"wheel": OURS, _HOST: _HOST, OURS: RUNTIME}
_TARGET = Target(RUNTIME, 1.25)


def ids(rows: list[str]) -> list[str]:
    """What the rows are called that are measured for the wheel too."""
    return [f"{_PREFIX}{row}" for row in rows if row.split("/")[0] in _GROUPS]


def plain_ids(rows: list[str]) -> list[str]:
    """The rows as bench/main.mjs names them."""
    return [row.removeprefix(_PREFIX) for row in rows]


def build() -> Path:
    """The wheel of the Pyodide that is compared with, brought up to date."""
    return wheel.build(versions.wheel_targets()[:1])[0]


def locations(folders: dict[str, Path], file: Path) -> dict[str, Path]:
    """What bench/main.mjs loads: the wheel after the Pyodide that it goes into."""
    return {OURS: folders[OURS], _HOST: folders[_HOST], "wheel": file}


def row(measured: Row) -> Row:
    """The row of the wheel: its samples are ours, those of our runtime what they must come near."""
    return replace(
        measured,
        group=f"Wheel: {measured.group}",
        id=f"{_PREFIX}{measured.id}",
        target=_TARGET,
        samples={_NAMES[name]: taken for name, taken in measured.samples.items()},
        loops={_NAMES[name]: taken for name, taken in measured.loops.items()},
        errors={_NAMES[name]: text for name, text in measured.errors.items()},
    )
