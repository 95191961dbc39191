"""What conversions take of memory at most, where it ends, and beyond two gigabytes."""

from __future__ import annotations

import pytest

from tests.js import MEMORY, run_fresh

# Memory that nothing has touched costs the machine nothing.
_HELD = """
const py = await loadPyjs();
const run = (code) => py.runPython(code);
run(`
import ctypes
from pyjs import js_call, run_js, to_js, to_py
malloc, free = ctypes.pythonapi.PyMem_RawMalloc, ctypes.pythonapi.PyMem_RawFree
malloc.restype, free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
held = []
def take(size, until=lambda address: False):
    while address := malloc(size):
        held.append((size, address))
        if until(address):
            break
def leave(megabytes):
    "All memory but about so many megabytes."
    for bits in range(28, 19, -1):
        take(1 << bits)
    free(held.pop()[1])
    take(1 << 20)
    while megabytes > 0:
        size, address = held.pop()
        free(address)
        megabytes -= size >> 20
def release():
    while held:
        free(held.pop()[1])
`);
"""

_TO_JS = "to_js({'users': [1, {'when': data}]}%s)"


@pytest.mark.parametrize(
    ("data", "code", "where"),
    [
        ("[[i] for i in range(400000)]", _TO_JS % "", "to_js: $.users[1].when["),
        ("memoryview(bytes(50 << 20))[::2]", _TO_JS % "", "to_js: $.users[1].when: "),
        ("[1.5] * (4 << 20)", _TO_JS % ", typed='f64'", "to_js: $.users[1].when: "),
        (
            "[1.5] * (4 << 20)",
            "js_call(run_js('x => x'), {'users': [1, {'when': data}]})",
            "js_call: $[0].users[1].when",
        ),
    ],
)
def test_to_js_tells_where_memory_ended(data: str, code: str, where: str) -> None:
    name, text, after = run_fresh(
        _HELD
        + """
        run(`data = ${args[0]}; leave(1)`);
        let found;
        try { run(args[1]); } catch (error) { found = [error.type, error.message]; }
        run("release()");
        return [found[0], found[1].trim().split("\\n").at(-1),
          run("len(to_js({'users': [1, {'when': data}]}).users)")];
        """,
        data,
        code,
    )
    assert (name, after) == ("MemoryError", 2)
    assert text.startswith(f"MemoryError: {where}"), text
    assert text.endswith(": out of memory")


@pytest.mark.parametrize(
    ("data", "megabytes", "options", "where"),
    [
        ("new Set(Array.from({length: 600000}, (_, i) => i + .5))", 6, {}, ""),
    ],
)
def test_to_py_tells_where_memory_ended(
    data: str, megabytes: int, options: dict[str, str], where: str
) -> None:
    name, text, after = run_fresh(
        _HELD
        + f"""
        const data = {{ users: [1, {{ when: {data} }}] }};
        """
        + """
        run(`leave(${args[0]})`);
        let found;
        try { py.toPy(data, args[1]); } catch (error) { found = [error.type, error.message]; }
        run("release()");
        const again = py.toPy({ users: [1, data] }, { depth: 1 });
        const after = again.get("users").length;
        again.destroy();
        return [found[0], found[1].trim().split("\\n").at(-1), after];
        """,
        megabytes,
        options,
    )
    assert (name, after) == ("MemoryError", 2)
    assert text.startswith(f"MemoryError: to_py: $.users[1].when{where}"), text
    assert text.endswith(": out of memory")


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ("new Uint8Array(200 << 20)", "$.users[1].when"),
        ("['x'.repeat(200 << 20)]", "$.users[1].when[0]"),
        ("new Map([['a b', [new Uint8Array(200 << 20)]]])", '$.users[1].when["a b"][0]'),
    ],
)
def test_what_is_too_large_for_memory_is_an_error_that_tells_the_size(
    data: str, where: str
) -> None:
    name, text, after = run_fresh(
        _HELD
        + f"const data = {{ users: [1, {{ when: {data} }}] }};"
        + """
        run("leave(1)");
        let found;
        try { py.toPy(data); } catch (error) { found = [error.type, error.message]; }
        run("release()");
        return [found[0], found[1].trim().split("\\n").at(-1), run("1 + 1")];
        """
    )
    needed = f"out of memory, {200 << 20} bytes were needed"
    assert (name, text, after) == ("MemoryError", f"MemoryError: to_py: {where}: {needed}", 2)


@pytest.mark.parametrize("gigabytes", [2, 5])
def test_a_buffer_that_is_larger_than_any_of_pythons_names_the_method(gigabytes: int) -> None:
    """Its size must not cross as another number either. Not every engine has one of 5 GB."""
    found = run_fresh(
        """
        let data;
        try { data = new Uint8Array(args[0] * 2 ** 30); } catch { return null; }
        const py = await loadPyjs({ indexURL });
        const ask = py.runPython(`
def ask(data):
    import io
    found = []
    for name in ("to_bytes", "to_memoryview", "to_file", "into_file", "from_file"):
        try:
            getattr(data, name)(*[io.BytesIO()][: "file" in name])
        except MemoryError as error:
            found.append(str(error))
    return "; ".join(found)
ask`);
        return ask(data);
        """,
        gigabytes,
    )
    size = gigabytes << 30
    names = ("to_bytes", "to_memoryview", "to_file", "into_file", "from_file")
    lines = [f"{name}: out of memory, {size} bytes were needed" for name in names]
    assert found in (None, "; ".join(lines))


def test_addresses_beyond_two_gigabytes() -> None:
    assert run_fresh(
        _HELD
        + """
        run(`
for _ in range(8):
    malloc(1 << 28)
for _ in range(3):  # what is held leaves room where it was before it grew
    size = 1 << 22
    while size > 8:
        take(size, lambda address: address > 1 << 31)
        size = size * 3 // 4
chain = None
for length in (60, 40, 20, 10, 5, 2, 1):
    while id(chain := (chain, *range(length))) < 1 << 31:
        pass
objects = [[i] for i in range(1000)]`);
        const texts = ["\\u20acuro", "\\xe4uro", "auro", "\\ud800x"].map((x) => x.repeat(2000));
        const same = run("lambda x: x");
        const out = [run("id(chain) > 1 << 31"), texts.every((x) => same(x) === x)];
        out.push(same(2n ** 9000n) === 2n ** 9000n);
        const floats = Array.from({ length: 100_000 }, (_, i) => i + 0.5);
        const records = floats.map((x) => ({ x, text: `\\u20ac${x}`, list: [x] }));
        for (const value of [floats, records, texts]) {
          const made = py.toPy(value);
          out.push(JSON.stringify(made.toJs()) === JSON.stringify(value));
          made.destroy();
        }
        out.push(run("run_js('(...all) => all.length')(*range(5000))"));
        out.push(run("to_js(bytes(range(9)))").join(""));
        out.push(run("sum(run_js('all => all.map((f) => f())')"
          + "(to_js([lambda i=i: i for i in range(100)])))"));
        return out;
        """
    ) == [True, True, True, True, True, True, 5000, "012345678", 4950]


# The most of linear memory: it does not shrink. JavaScript's own heap is asked for by `peak`.
_PEAK = (
    MEMORY
    + """
const py = await loadPyjs();
const MB = 1 << 20;
const used = () => {
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / MB;
};
// What the conversion took: its result and what else it needed.
const taken = (convert) => {
  const start = used();
  const made = convert();
  return [used() - start, made];
};
"""
)

# Memory grows by a fifth at a time.
_GROWTH = 24


@pytest.mark.parametrize(
    ("make", "size"),
    [
        ("new Uint8Array(64 * MB)", 64),
        ("'x'.repeat(64 * MB)", 64),
        ("'\\xe4'.repeat(64 * MB)", 64),
        ("'\\u20ac'.repeat(32 * MB)", 64),
    ],
)
def test_to_py_takes_at_most_twice_the_larger(make: str, size: int) -> None:
    took = run_fresh(
        _PEAK
        + f"const value = [{make}];"
        + """
        if (typeof value[0] === "string") value[0].charCodeAt(1);  // makes it one piece
        const [took, made] = taken(() => py.toPy(value));
        return took;
        """
    )
    assert size / 2 <= took <= 2 * size + _GROWTH


@pytest.mark.parametrize(
    ("make", "size"),
    [
        ("bytes(64 << 20)", 64),
        ("['x' * (64 << 20)]", 64),
        ("['\\u20ac' * (32 << 20)]", 64),
        ("['\\xe4' * (64 << 20)]", 64),
        ("['\\ud800' * (32 << 20)]", 64),
        ("memoryview(bytes(128 << 20))[::-2]", 64),
    ],
)
def test_to_js_takes_at_most_twice_the_larger(make: str, size: int) -> None:
    took = run_fresh(
        _PEAK
        + """
        py.runPython("from pyjs import to_js");
        py.globals.set("value", py.runPython(args[0]));
        const value = py.runPython("lambda: to_js(value)");
        const [took, made] = taken(() => value());
        return took;
        """,
        make,
    )
    assert size / 2 <= took <= 2 * size + _GROWTH


# What the whole process has at most, beyond what it had before: garbage counts too.
_RESIDENT = """
const { readFileSync, writeFileSync } = await import("node:fs");
const v8 = await import("node:v8"), vm = await import("node:vm");
v8.setFlagsFromString("--expose-gc");
const gc = vm.runInNewContext("gc");
const py = await loadPyjs();
const MB = 1 << 20;
const status = (name) => {
  const lines = readFileSync("/proc/self/status", "utf8").split("\\n");
  const line = lines.find((x) => x.startsWith(name));
  return Number(line.replace(/[^0-9]/g, "")) / 1024;
};
const heap = () => {
  gc(); gc();
  return process.memoryUsage().heapUsed / MB;
};
const peak = (convert) => {
  gc(); gc();
  writeFileSync("/proc/self/clear_refs", "5");  // VmHWM begins anew
  const before = status("VmRSS");
  const made = convert();
  return [status("VmHWM") - before, made];
};
for (let i = 0; i < 300; i++) {  // engines compile what is used often
  const made = py.toPy({ a: [1.5, 2, "x", { b: [1, 2, 3.5] }], c: [2.5, 1.5], d: [1, 2] });
  made.toJs();
  made.destroy();
}
py.runPython(`
import sys
from pyjs import to_js
def size(x):
    seen, total, todo = set(), 0, [x]
    while todo:
        o = todo.pop()
        if id(o) not in seen:
            seen.add(id(o))
            total += sys.getsizeof(o)
            if isinstance(o, (dict, list)):
                todo += o.values() if isinstance(o, dict) else o
    return total / (1 << 20)`);
const size = py.runPython("size");
const number = (i) => i + 0.5;
const record = (i) => ({ id: i, name: `word number ${i % 97}`, score: i / 7,
  tags: [`a ${i % 31}`, `b`], active: i % 2 === 0, parent: null, position: { x: i * 0.5, y: -i,
    z: 0 } });
"""

# What engines and Python take by the way: code, tables, pages.
_SLACK = 12


@pytest.mark.parametrize(
    ("make", "options"),
    [
        ("Array.from({ length: 60_000 }, (_, i) => record(i))", {}),
        ("Array.from({ length: 2_000_000 }, (_, i) => i)", {}),
        ("Array.from({ length: 2_000_000 }, (_, i) => number(i))", {}),
        ("Array.from({ length: 500_000 }, (_, i) => `text ${i}`)", {}),
        ("Array.from({ length: 2_000_000 }, (_, i) => i)", {"typed": "auto"}),
    ],
)
def test_to_py_of_much_takes_at_most_twice_the_larger(make: str, options: dict[str, str]) -> None:
    took, given, made = run_fresh(
        _RESIDENT
        + f"""
        const before = heap();
        const value = {make};
        const given = heap() - before;
        """
        + """
        const [took, made] = peak(() => py.toPy(value, args[0]));
        return [took, given, size(made), value.length];
        """,
        options,
    )[:3]
    assert took <= 2 * max(given, made) + _SLACK


@pytest.mark.parametrize("typed", ["f64", "auto"])
@pytest.mark.parametrize("make", ["number(i)", "i % 1000 === 999 ? i + 0.5 : i"])
def test_tables_of_doubles_take_little_but_their_memory(make: str, typed: str) -> None:
    took, made = run_fresh(
        _RESIDENT
        + f"""
        const value = Array.from({{ length: 2_000_000 }}, (_, i) => {make});
        """
        + """
        const [took, made] = peak(() => py.toPy(value, args[0]));
        return [took, size(made), value.length];
        """,
        {"typed": typed},
    )[:2]
    assert 15 < made < 17
    assert took <= 2 * made


@pytest.mark.parametrize(
    ("make", "options"),
    [
        (
            "[{'id': i, 'name': f'word number {i % 97}', 'score': i / 7, 'tags': [f'a {i}', 'b'],"
            " 'active': i % 2 == 0, 'parent': None, 'position': {'x': i * 0.5, 'y': -i, 'z': 0}}"
            " for i in range(60_000)]",
            "",
        ),
        ("list(range(2_000_000))", ""),
        ("[i + 0.5 for i in range(2_000_000)]", ""),
        ("[f'text {i}' for i in range(500_000)]", ""),
        ("[i + 0.5 for i in range(2_000_000)]", ", typed='f64'"),
    ],
)
def test_to_js_of_much_takes_at_most_twice_the_larger(make: str, options: str) -> None:
    took, given, made = run_fresh(
        _RESIDENT
        + """
        py.runPython(`value = ${args[0]}`);
        const given = size(py.globals.get("value"));
        const convert = py.runPython(`lambda: to_js(value${args[1]})`);
        const before = heap();
        const [took, made] = peak(convert);
        return [took, given, heap() - before + (made.byteLength ?? 0) / MB];
        """,
        make,
        options,
    )
    assert took <= 2 * max(given, made) + _SLACK


@pytest.mark.parametrize("where", ["{'a': [1, text]}", "{'a': [1, {text: 1}]}"])
def test_a_text_that_is_too_long_for_the_engine_is_told_by_its_place(where: str) -> None:
    error, after = run_fresh(
        """
        const py = await loadPyjs();
        py.runPython("from pyjs import to_js; text = 'x' * (1 << 29)");
        let error = "";
        try {
          py.runPython(`to_js(${args[0]})`);
        } catch (thrown) {
          error = `${thrown.type}: ${thrown.message.trim().split("\\n").at(-1)}`;
        }
        return [error, py.runPython("len(text), to_js([text[:100]])[0] == text[:100]").toJs()];
        """,
        where,
    )
    assert error.startswith("ConversionError: ")
    assert "to_js: $.a[1]: " in error
    assert "longer than 0x1fffffe8" in error
    assert after == [1 << 29, True]


def test_an_array_of_doubles_stays_one() -> None:
    assert run_fresh(
        _RESIDENT
        + """
        v8.setFlagsFromString("--allow-natives-syntax");
        const isOfDoubles = new Function("array", "return %HasDoubleElements(array)");
        const value = Array.from({ length: 10_000 }, (_, i) => number(i));
        const made = [isOfDoubles(value)];
        for (let i = 0; i < 50; i++) py.toPy(value).destroy();
        return [...made, isOfDoubles(value)];
        """
    ) == [True, True]
