"""The rows of the wheel: which they are, and when one passes."""

from __future__ import annotations

import pytest

from tools import bench_wheel
from tools.bench_result import Row, error_lines, line


def _measured(**fastest: float) -> Row:
    """A row as bench/main.mjs measures it, whose loop takes 10 ns in each runtime."""
    samples = {name: [value + 15, value + 10, value + 30] for name, value in fastest.items()}
    loops = {name: [12.0, 10.0, 11.0] for name in fastest}
    return Row("Group", "py_js/getattr", "o.x", "ns", samples, loops=loops)


def test_rows() -> None:
    rows = ["pure/loop", "py_js/getattr", "js_py/call-0", "deep/to-js-ints", "asyncio/sleep"]
    ids = bench_wheel.ids(rows)
    assert ids == ["wheel/py_js/getattr", "wheel/js_py/call-0", "wheel/deep/to-js-ints"]
    assert bench_wheel.plain_ids(ids) == ["py_js/getattr", "js_py/call-0", "deep/to-js-ints"]


@pytest.mark.parametrize(
    ("ours", "theirs", "runtime", "passed"),
    [
        (50, 100, 40, True),  # 1.25 times the runtime's share
        (51, 100, 40, False),
        (99, 100, 200, True),
        (100, 100, 200, False),  # not ahead of Pyodide's own
    ],
)
def test_passes(ours: float, theirs: float, runtime: float, passed: bool) -> None:
    row = bench_wheel.row(_measured(wheel=ours, pyodide=theirs, pyjs=runtime))
    assert row.id == "wheel/py_js/getattr"
    assert row.best_ratio() == ours / theirs
    assert row.passed() is passed


def test_line() -> None:
    row = bench_wheel.row(_measured(wheel=50, pyodide=100, pyjs=40))
    assert line(row).endswith("0.50  ≤1.25 of the runtime's 0.40: 1.25 pass")


def test_what_failed_is_not_judged() -> None:
    measured = _measured(wheel=50, pyjs=40)
    measured.errors["pyodide"] = "TypeError: no"
    row = bench_wheel.row(measured)
    assert row.passed() is None
    assert error_lines(row) == ["    Pyodide 314.0.7: TypeError: no"]
    measured = _measured(wheel=50, pyodide=100)
    measured.errors["pyjs"] = "TypeError: no"
    row = bench_wheel.row(measured)
    assert row.passed() is None
    assert error_lines(row) == ["    our runtime: TypeError: no"]
