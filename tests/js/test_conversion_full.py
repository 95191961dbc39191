"""Conversions where linear memory is nearly full, and grows no more."""

from __future__ import annotations

import pytest

from tests.js import run_fresh

# `grow` of the interpreter's memory fails from here on, as at a browser's limit.
_FULL = """
const grow = WebAssembly.Memory.prototype.grow;
let isFull = false;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (isFull) throw new RangeError("no more memory");
  return grow.call(this, pages);
};
const py = await loadPyjs();
py.runPython(`
from collections import Counter
from pyjs import js_call, run_js, to_js, to_py
hog, found = [], Counter()
def fill(left):
    "All but about so many bytes."
    size = 1 << 22
    while size >= 256:
        try:
            hog.append(bytearray(size))
        except MemoryError:
            size >>= 1
    freed = 0
    while hog and freed < left:
        freed += len(hog.pop())
count = run_js("(...args) => args.length")
make = run_js('''(i, n) => Array.from({ length: n }, (_, j) => ({
  ["a" + i]: j, ["b" + (j % 40)]: { x: [1, 2, 3.5], d: new Date(5), l: "\\\\xe9".repeat(30) },
  big: "y".repeat(5000), bytes: new Uint8Array(200), n: 2n ** 90n,
  c: new Map([[j, { ["z" + i]: 1 }]]),
}))''')
small = run_js("(i) => [{ ['a' + i]: 1, b: 2 }, { ['a' + i]: 3, b: 4 }, { ['z' + i]: 5 }]")
wide = run_js("Array.from({ length: 60_000 }, (_, i) => i + 0.5)")
data = [{f"k{i % 50}": i, "s": "t" * 300, "d": [1.5] * 20, "u": "\\xe9" * 50, "big": 2 ** 90,
         "e": b"x" * 100} for i in range(300)]
def attempt(convert):
    try:
        convert()
        found["done"] += 1
    except MemoryError:
        found["MemoryError"] += 1
def attempts(i, left):
    few, many = small(i), make(i, 200)
    fill(left)
    for convert in (lambda: to_py(few), lambda: to_py(many), lambda: to_py(few),
                    lambda: to_py(many, dates=True, typed="auto"), lambda: to_py(wide, typed="f64"),
                    lambda: to_js(data), lambda: to_js(data, typed="auto"),
                    lambda: js_call(count, data, key=data)):
        attempt(convert)
    hog.clear()
def check(i):
    "All is as if nothing had failed."
    assert to_py(small(i)) == [{f"a{i}": 1, "b": 2}, {f"a{i}": 3, "b": 4}, {f"z{i}": 5}]
    many = to_py(make(i, 50))
    assert [list(x)[:2] for x in many] == [[f"a{i}", f"b{j % 40}"] for j in range(50)]
    assert many[7]["c"] == {7: {f"z{i}": 1}} and many[7]["b7"]["l"] == "\\xe9" * 30
    assert to_py(wide, typed="f64")[-1] == 59_999.5
    assert to_js(data).to_py()[299]["k49"] == 299 and js_call(count, data, key=data) == 2
`);
"""


@pytest.mark.parametrize("left", [4_000, 16_000, 64_000, 300_000, 1_000_000])
def test_conversions_fail_clearly_where_memory_is_full(left: int) -> None:
    found = run_fresh(
        _FULL
        + """
        isFull = true;
        const [attempts, check] = ["attempts", "check"].map((name) => py.globals.get(name));
        for (let round = 0; round < 4; round++) {
          const left = args[0] * (1 + round / 8);
          attempts(round, left);
          check(round);
        }
        return py.runPython("dict(found)").toJs();
        """,
        left,
    )
    assert set(found) <= {"done", "MemoryError"}
    assert found["MemoryError"] > 0
    assert sum(found.values()) == 32
