"""pyjs in stock Pyodide: both bridges side by side, the host's loop and its stacks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hosts.base import Host
from tests.hosts.start import start
from tests.test_examples import check_examples


@pytest.fixture(scope="module", params=["wheel-node", "wheel-chromium"])
def guest(request: pytest.FixtureRequest) -> Iterator[Host]:
    """Stock Pyodide with the wheel."""
    running = start(request.param)
    yield running
    running.close()


def _run(guest: Host, code: str) -> str:
    """What the last expression of the code gives, as JSON text."""
    return str(guest.js("return await py.runPythonAsync(args[0]);", code))


def test_a_value_goes_from_one_bridge_to_the_other(guest: Host) -> None:
    assert (
        _run(
            guest,
            """
import js as theirs, json, pyjs
from pyodide.ffi import JsProxy
o = theirs.Object.new()
o.q = 7
ours = pyjs.from_pyodide(o)
back = pyjs.to_pyodide(ours)
json.dumps([ours.q, isinstance(ours, pyjs.JsProxy), isinstance(back, JsProxy), back == o])
""",
        )
        == "[7, true, true, true]"
    )


def test_proxies_of_pyodide_are_taken_for_what_they_stand_for(guest: Host) -> None:
    assert (
        _run(
            guest,
            """
import js as theirs, json
from pyjs import js, to_js
o = theirs.Object.new()
o.q = 7
holder = js.Object.new()
holder.x = o
deep = to_js([o, {"a": o}], dict_converter=js.Object.fromEntries)
json.dumps([js.JSON.stringify(value) for value in (o, holder, deep)])
""",
        )
        == r'["{\"q\":7}", "{\"x\":{\"q\":7}}", "[{\"q\":7},{\"a\":{\"q\":7}}]"]'
    )


@pytest.mark.parametrize("name", ["from_pyodide", "to_pyodide"])
def test_what_is_no_proxy_is_refused(guest: Host, name: str) -> None:
    kind = "pyodide.ffi" if name == "from_pyodide" else "pyjs"
    assert (
        _run(
            guest,
            f"""
import pyjs
try:
    pyjs.{name}(5)
except TypeError as error:
    said = str(error)
said
""",
        )
        == f"{name}: expected a {kind}.JsProxy, got int"
    )


def test_the_hosts_modules_and_loop_stay_the_hosts(guest: Host) -> None:
    assert (
        _run(
            guest,
            """
import asyncio, js, json, pyjs
from pyjs.webloop import WebLoop
import pyodide.webloop
json.dumps([type(js).__module__, WebLoop is pyodide.webloop.WebLoop,
            isinstance(asyncio.get_running_loop(), WebLoop), await pyjs.js.Promise.resolve(5),
            await asyncio.gather(pyjs.js.Promise.resolve(1), asyncio.sleep(0, 2))])
""",
        )
        == '["pyodide.ffi", true, true, 5, [1, 2]]'
    )


def test_another_import_gets_the_same_core(guest: Host) -> None:
    assert (
        _run(
            guest,
            """
import sys, json, pyjs
first = pyjs.js.Object.new()
for name in [name for name in sys.modules if name.partition(".")[0] == "pyjs"]:
    del sys.modules[name]
import pyjs
json.dumps([type(first) is type(pyjs.js.Object.new()), pyjs.js.Math.max(1, 3),
            pyjs.js.Object.is_(first, first)])
""",
        )
        == "[true, 3, true]"
    )


def test_a_module_that_is_reloaded_works_on(guest: Host) -> None:
    assert (
        _run(
            guest,
            """
import asyncio, importlib, json, sys, pyjs
core, before, proxy = pyjs.js, sys.modules["pyjs.ffi"], pyjs.js.Object.new()
names = sorted(name for name in sys.modules if name.partition(".")[0] == "pyjs")
for name in (*names, "pyjs"):
    importlib.reload(sys.modules[name])
import js as theirs
from pyjs import js, to_js
json.dumps([pyjs.js is core, type(proxy) is type(js.Object.new()), isinstance(proxy, pyjs.JsProxy),
            sys.modules["pyjs.ffi"] is before, js.JSON.stringify(to_js([1, theirs.Array.new()])),
            await js.Promise.resolve(5), await asyncio.gather(js.Promise.resolve(6))])
""",
        )
        == '[true, true, true, true, "[1,[]]", 5, [6]]'
    )


def test_promising_calls_wait_on_the_hosts_stacks(guest: Host) -> None:
    if not guest.js("return typeof WebAssembly.promising === 'function'"):
        pytest.skip(f"{guest.name} has no JavaScript Promise Integration (JSPI)")
    assert guest.js(
        """
        const f = py.runPython(`
import asyncio
from pyjs.ffi import can_run_sync, run_sync
def f(x, y=1):
    run_sync(asyncio.sleep(0.03 / x))
    return [x * y, can_run_sync()]
f`);
        const all = [1, 2, 3].map((x) => f.callPromisingKwargs(x, { y: 2 }));
        const got = (await Promise.all(all)).map((list) => list.toJs());
        f.destroy();
        return got;
        """
    ) == [[2, True], [4, True], [6, True]]


def test_how_long_functions_live(guest: Host) -> None:
    assert guest.js(
        """
        const text = (call) => { try { return String(call()); } catch (e) { return e.message; } };
        const keep = (lifetime) => {
          py.runPython(`
import pyjs
pyjs.set_proxy_lifetime("${lifetime}")
pyjs.run_js("f => { globalThis.kept = f }")(lambda: 5)`);
          return text(() => globalThis.kept());
        };
        const got = [keep("auto"), keep("call"), text(() => keep("ever"))];
        delete globalThis.kept;
        return got.map((said) => said.trim().split("\\n").at(-1).slice(0, 60));
        """
    ) == [
        "5",
        "this PyProxy of a Python callable was destroyed: it was argu",
        "ValueError: set_proxy_lifetime: expected 'auto' or 'call', g",
    ]


def test_long_tables_become_arrays(guest: Host) -> None:
    assert guest.js(
        """
        const made = py.toPy(Array.from({ length: 100000 }, (_, i) => i / 2), { typed: "f64" });
        const found = [made.type, made.length, made.get(99999)];
        made.destroy();
        return found;
        """
    ) == ["array", 100000, 49999.5]


@pytest.mark.parametrize(
    "name",
    [
        "_guest.from_pyodide",
        "_guest.to_pyodide",
        "_guest.set_proxy_lifetime",
        "_guest.can_run_sync",
        "_guest.run_sync",
        "_guest.__getattr__",
        "_host.explain",
    ],
)
def test_examples_of_what_pyodide_alone_has(guest: Host, name: str) -> None:
    doc = _run(guest, f"import pyjs._guest, pyjs._host; pyjs.{name}.__doc__")
    assert ">>>" in doc
    check_examples(guest, name, doc)
