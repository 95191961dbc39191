"""One operation is one crossing: counts the calls of the core's imports. Each runs in Node."""

import json

from tests.js import run_fresh

_MAKE = """
const wasm = { crossings: 0 };
const instantiate = WebAssembly.instantiate;
const counting = (name, f) => typeof f !== "function" || !name.startsWith("pyjs_js_") ? f
  : (...args) => { wasm.crossings++; return f(...args); };
WebAssembly.instantiate = (source, imports) => {
  const env = new Proxy(imports.env, { get: (env, name) => counting(String(name), env[name]) });
  return instantiate(source, { ...imports, env });
};
WebAssembly.instantiateStreaming = undefined;
globalThis.crossings = () => wasm.crossings;
const py = await loadPyjs({ indexURL });
"""
_SETUP = """
from pyjs import js_call, run_js, to_js
o = run_js("({x: 1, m: (...a) => a.length, k: {}})")
f = run_js("(...a) => a.length")
a = run_js("Array.from({length: 100}, (_, i) => i)")
t = run_js("new Float64Array(100)")
s = run_js("new Set([1])")
m = run_js("new Map([['k', 1], ['x', 2]])")
d = run_js("({k: 1, x: 2, n: {y: 1}})").as_object_map()
j = run_js("({k: [{y: 1}]})").as_py_json()
table = run_js("({x: [1, 2], y: [1, 2.5, null], z: [[1n], [2]]})")
it = iter(run_js("new Set([1, 2, 3, 4, 5, 6, 7, 8, 9])"))
o.y = 1
g = run_js("(function* () { for (;;) yield 1 })()")
fifty, hundred = list(range(50)), list(range(100))
crossings = run_js("crossings")
def counted(act):
    before = crossings()
    act()
    return int(crossings() - before - 1)
"""
_ONE = """
o.x
o.x = 1
del o.y
o.m()
o.m(1, 2)
o.m(1, 2, 3, 4, 5, 6, 7, 8, 9, k=1)
o.m("text", o, None)
f(1, 2, a=3)
f(fifty)
a[5]
a[-1]
a[5] = 1
a[-1] = "text"
del a[5]
a[1:3]
a[::-2]
a[1:3] = fifty
a[1:3] = a
del a[1:3]
a.append(1)
a.extend(hundred)
a.extend(s)
a.insert(3, 1)
a.pop()
a.pop(2)
a.remove(7)
a.reverse()
a.clear()
a.copy()
a + fifty
a += fifty
a * 2
5 in a
"no" in a
a.index(8)
a.count(8)
len(a)
bool(a)
repr(a)
t[5]
t[1:3]
t[0:100] = hundred
1 in s
len(s)
m["k"]
m["k"] = 2
del m["k"]
m.get("k")
m.get("no", 5)
m.pop("k")
m.pop("no", 5)
"k" in m
len(m)
m.clear()
d["k"]
d["k"] = 2
del d["k"]
d.get("k")
d.pop("k")
"k" in d
len(d)
bool(d)
d["n"]
j["k"]
next(it)
next(g)
g.send(1)
o == a
to_js(fifty, ints="bigint")
to_js([fifty, {"x": hundred}], typed="auto")
table.to_py()
table.to_py(typed="auto", null=None)
table.to_py(numbers="float")
js_call(f)
js_call(f, [1, {"a": fifty}], 2, k={"l": hundred, "o": o})
""".strip().splitlines()


def counts(lines: list[str], setup: str = _SETUP) -> dict[str, int]:
    """How many crossings each line of Python makes, after a setup of its own."""
    program = ["import json", "results = {}"]
    for line in lines:
        program.append(f"{setup}\ndef line(a=a, it=it):\n    {line}")
        program.append(f"results[{line!r}] = counted(line)")
    program.append("json.dumps(results)")
    text = run_fresh(f"{_MAKE} return py.runPython(args[0]);", "\n".join(program))
    return dict(json.loads(text))


def test_each_operation_is_one_crossing() -> None:
    found = counts(_ONE)
    assert {line: count for line, count in found.items() if count != 1} == {}
    assert len(found) == len(_ONE)


_REGISTERED = """
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pyjs import to_js, to_py
from pyjs.converters import enable, register_to_js, register_to_py
class Mine: pass
@dataclass
class Row:
    price: Decimal
enable()
register_to_js(Mine, lambda mine: {"f": f, "x": [Row(Decimal(1))]})
register_to_py("Kilo", lambda kilo: 1)
days = [datetime(2000, 1, 1, tzinfo=UTC)] * 500 + [datetime(2000, 1, i, tzinfo=UTC) for i in (1, 2)]
rows = [Row(Decimal(i)) for i in range(1000)]
mine = [Mine() for i in range(1000)]
patterns = [re.compile("a" * i) for i in range(100)]
js_days = run_js("Array.from({length: 1000}, (_, i) => new Date(i))")
kilos = run_js("(K => Array.from({length: 1000}, () => new K))(class Kilo {})")
js_patterns = run_js("Array.from({length: 100}, () => /a/)")
"""


def test_registered_objects_cross_at_once() -> None:
    lines = ["to_js(days)", "to_js(rows)", "to_js(mine)", "to_js(patterns)"]
    lines += ["to_py(js_days)", "js_days.to_py(dates=True)", "to_py(kilos)", "to_py(js_patterns)"]
    found = counts(lines, _SETUP + _REGISTERED)
    assert {line: count for line, count in found.items() if count != 1} == {}


def test_a_loop_is_a_crossing_for_each_element_and_two_more_at_most() -> None:
    lines = {
        "for x in a: pass": 100,
        "for x in t: pass": 100,
        "list(a)": 101,  # it asks for the length first
        "for x in s: pass": 1,
        "for x in m: pass": 2,
        "for x in d: pass": 3,
        "for x in it: pass": 9,
        "p, *q = a": 100,
    }
    found = counts(list(lines))
    over = {line: found[line] - lines[line] for line in lines if found[line] > lines[line] + 2}
    assert over == {}
    assert all(found[line] > lines[line] for line in lines)
