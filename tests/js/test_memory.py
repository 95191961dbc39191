"""What proxies take of linear memory, and that they give it back."""

from __future__ import annotations

from typing import Any

from tests.js import MEMORY, run_fresh

_START = (
    MEMORY
    + """
const py = await loadPyjs();
const size = () => memory.buffer.byteLength;
const tick = () => new Promise((resolve) => setTimeout(resolve, 0));
"""
)


def _measure(body: str) -> Any:
    return run_fresh(_START + body)


def test_a_hundred_thousand_calls_leave_the_memory_as_large_as_it_was() -> None:
    before, after = _measure(
        """
        py.runPython(`
from pyjs import run_js
f, o = run_js("(s, o, p) => o"), run_js("({})")
def loop(n):
    for i in range(n):
        f("text\\u20ac" * 20, o, loop)`);
        const loop = py.globals.get("loop");
        const calls = async (n) => { loop(n); await tick(); };
        await calls(1000);
        const before = size();
        for (let i = 0; i < 10; i++) await calls(10000);
        return [before, size()];
        """
    )
    assert after == before


def test_a_million_calls_from_javascript_leave_both_heaps_as_they_were() -> None:
    blocks, pages, handles, proxies, result = _measure(
        """
        py.runPython(`
import gc, sys
from pyjs import _core
def f(text, thing, number):
    return number
def blocks():
    gc.collect()
    return sys.getallocatedblocks()`);
        const [f, blocks, counts] = ["f", "blocks"].map((name) => py.globals.get(name))
          .concat(py.runPython("_core.counts"));
        const thing = { a: 1 }, texts = ["text\u20ac" + "x".repeat(30), "another"];
        const live = () => {
          const all = counts();
          const found = [all.get("handles"), all.get("py_proxies")];
          all.destroy();
          return found;
        };
        let result = 0;
        const calls = (n) => {
          for (let i = 0; i < n; i++) result += f(texts[i & 1], thing, 1);
        };
        calls(1000);
        await tick();
        const [handles, proxies] = live(), pages = size(), before = blocks();
        for (let i = 0; i < 10; i++) {
          calls(100_000);
          await tick();
        }
        const after = blocks(), [laterHandles, laterProxies] = live();
        return [after - before, size() - pages, laterHandles - handles, laterProxies - proxies,
          result];
        """
    )
    assert (handles, proxies, pages, result) == (0, 0, 0, 1_001_000)
    assert abs(blocks) < 20  # what the measuring itself keeps


def test_a_million_proxies_take_64_bytes_each_and_leave_the_heap_where_it_was() -> None:
    start, held, again, dropped, handles = _measure(
        """
        py.runPython(`
from pyjs import _core, run_js
make = run_js("() => ({})")
held = [None] * 1_000_000
def fill():
    for i in range(len(held)):
        held[i] = make()
def drop():
    for i in range(len(held)):
        held[i] = None
def churn():
    for i in range(len(held)):
        make()`);
        const [fill, drop, churn] = ["fill", "drop", "churn"].map((name) => py.globals.get(name));
        const live = () => py.runPython("_core.counts()['handles']");
        const before = live();
        const start = size();
        fill();
        const held = size();
        drop();
        fill();
        const again = size();
        drop();
        churn();
        return [start, held, again, size(), live() - before];
        """
    )
    assert held - start <= 64 * 1_000_000
    assert (again, dropped, handles) == (held, held, 0)
