"""The end of an interpreter: dispose(), fatal errors, and what is left of it."""

import pytest

from tests.hosts.base import Host
from tests.js import Site, run_fresh, run_node

_TEXT = """
const says = async (act) => {
  try { await act(); return "nothing"; } catch (error) { return error.message; }
};
"""
_DISPOSED = "this Python interpreter is gone: dispose() was called; load another with loadPyjs()"

# Each ends the interpreter in a way of its own.
_FATAL = {
    "a trap": "import ctypes; ctypes.string_at(0xfffffff0, 64)",
    "abort": "import os; os.abort()",
}


def test_every_use_after_dispose_says_so(host: Host) -> None:
    texts = host.load(
        f"""{_TEXT}
        const py = await loadPyjs();
        const list = py.runPython("[1, 2]"), f = py.runPython("lambda: 1");
        const d = py.runPython("{{'a': 1}}"), gen = py.runPython("(x for x in 'ab')");
        const walk = list[Symbol.iterator]();
        const later = py.runPython("import asyncio; asyncio.sleep(0)");
        py.dispose();
        return Promise.all([
          () => py.runPython("1"), () => py.runPythonAsync("1"),
          () => py.pyimport("sys"),
          () => py.toPy([1]), () => py.globals.get("x"), () => f(),
          () => f.callKwargs({{}}),
          () => list.length, () => list[0], () => list.map((x) => x), () => [...list],
          () => walk.next(), () => list.push(3), () => d.a, () => "a" in d, () => Object.keys(d),
          () => delete d.a, () => d.set("a", 2), () => gen.next(), () => list.toJs(),
          () => list.copy(), () => String(list), () => list.type, () => {{ d.b = 1; }},
          () => f.captureThis(), () => later,
          () => py.FS.readdir("/"), () => py.FS.readFile("/lib/python_stdlib.zip"),
          () => py.FS.writeFile("/x", "text"),
        ].map(says));
        """
    )
    assert texts == [_DISPOSED] * 29


def test_views_of_memory_are_empty_after_dispose(host: Host) -> None:
    assert host.load(
        f"""{_TEXT}
        const py = await loadPyjs();
        const view = py.runPython("bytearray(b'abc')").getBuffer(), array = view.data;
        const heap = py.runPython("bytes(8)").getBuffer("f64").data;
        py.dispose();
        const text = await says(() => view.data);
        view.release();
        return [text, array.length, array[0] === undefined, heap.buffer.byteLength];
        """
    ) == [_DISPOSED, 0, True, 0]


def test_what_is_harmless_after_dispose(host: Host) -> None:
    assert host.load(
        """
        const py = await loadPyjs(), list = py.runPython("[1]");
        py.dispose(); py.dispose(); list.destroy(); list.destroy();
        return [list instanceof py.ffi.PyProxy, list instanceof py.ffi.PySequence, py.version];
        """
    ) == [True, True, "0.1.0"]


def test_dispose_runs_exit_handlers_and_writes_what_was_printed(host: Host) -> None:
    assert (
        host.load(
            """
        const out = [];
        const py = await loadPyjs({stdout: {write: (bytes) => out.push(...bytes)}});
        py.runPython("import atexit; atexit.register(print, 'bye'); print('half', end='')");
        py.dispose();
        return new TextDecoder().decode(new Uint8Array(out));
        """
        )
        == "halfbye\n"
    )


def test_what_waits_for_python_is_rejected_and_timers_stop(host: Host) -> None:
    assert host.load(
        """
        const fired = [];
        const py = await loadPyjs({stdout: (line) => fired.push(line)});
        py.runPython("import asyncio");
        const waits = py.runPythonAsync("await asyncio.sleep(0.05); print('late')");
        const onJs = py.runPythonAsync(
          "import pyjs; await pyjs.js.Promise.resolve(1); print('soon')");
        py.runPython("asyncio.get_event_loop().call_soon(print, 'soon')");
        py.runPython("asyncio.get_event_loop().call_later(0.02, print, 'timer')");
        const texts = [waits, onJs].map((each) => each.catch((error) => error.message));
        py.dispose();
        await new Promise((resolve) => setTimeout(resolve, 100));
        return [fired, await Promise.all(texts)];
        """
    ) == [[], [_DISPOSED, _DISPOSED]]


def test_python_that_runs_is_not_disposed_of(host: Host) -> None:
    text, value = host.load(
        f"""{_TEXT}
        const py = await loadPyjs();
        globalThis.end = () => py.dispose();
        const text = await says(() => py.runPython("import pyjs; pyjs.js.end()"));
        return [text, py.runPython("1 + 1")];
        """
    )
    assert "dispose: Python is running and would return into nothing" in text
    assert value == 2


def test_the_memory_of_a_disposed_interpreter_is_freed() -> None:
    kept, one = run_fresh(
        """
        const { setFlagsFromString } = await import("node:v8");
        setFlagsFromString("--expose-gc");
        const gc = (await import("node:vm")).runInNewContext("gc");
        const megabytes = async () => {
          for (let i = 0; i < 4; i++) {
            gc();
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
          const { external, arrayBuffers, heapUsed } = process.memoryUsage();
          return (external + heapUsed) / 2 ** 20;
        };
        const use = async () => {
          const py = await loadPyjs();
          py.runPython("x = bytearray(30_000_000)");
          const sleeps = py.runPythonAsync("import asyncio; await asyncio.sleep(60)");
          sleeps.catch(() => 0);
          return py;
        };
        (await use()).dispose();
        const before = await megabytes();
        let py = await use();
        const one = await megabytes() - before;
        py.dispose(); py = null;
        for (let i = 0; i < 4; i++) (await use()).dispose();
        return [await megabytes() - before, one];
        """
    )
    assert one > 30
    assert kept < one / 2


def test_an_interpreter_that_is_collected_stops_no_finalizers() -> None:
    """V8 runs none any more when a registry is collected while it has something to call."""
    assert run_fresh(
        """
        const { setFlagsFromString } = await import("node:v8");
        setFlagsFromString("--expose-gc");
        const gc = (await import("node:vm")).runInNewContext("gc");
        const tick = (time = 0) => new Promise((resolve) => setTimeout(resolve, time));
        const useAndEnd = async () => {
          const py = await loadPyjs();
          py.runPython("[]");
          await tick();
          gc(); // the list's finalizer is due
          py.dispose();
        };
        await useAndEnd();
        for (let i = 0; i < 3; i++) gc(); // the interpreter goes before that runs
        await tick(20);
        let ended = false;
        const registry = new FinalizationRegistry(() => { ended = true; });
        (() => registry.register({}, 0))();
        for (let i = 0; i < 20 && !ended; i++) {
          gc();
          await tick(5);
        }
        return ended;
        """
    )


# The API object, its files, a proxy, a function, a class, an exception, a listener, a promise.
_HELD = "py, py.FS, py.globals.get('x'), py.runPython, py.ffi.PyProxy, error, target, promise"


@pytest.mark.parametrize("end", ["py.dispose()", "fail()"])
def test_memory_is_freed_whatever_of_the_interpreter_is_held(end: str) -> None:
    kept, one = run_fresh(
        f"""
        const {{ setFlagsFromString }} = await import("node:v8");
        setFlagsFromString("--expose-gc");
        const gc = (await import("node:vm")).runInNewContext("gc");
        const megabytes = async () => {{
          for (let i = 0; i < 4; i++) {{
            gc();
            await new Promise((resolve) => setTimeout(resolve, 20));
          }}
          const {{ external, heapUsed }} = process.memoryUsage();
          return (external + heapUsed) / 2 ** 20;
        }};
        const use = async () => {{
          const py = await loadPyjs({{stderr: () => 0}}), target = new EventTarget();
          py.runPython("x = bytearray(30_000_000)");
          py.FS.writeFile("/file", new Uint8Array(10_000_000));
          target.addEventListener("event", py.runPython("lambda event: None"));
          const promise = py.runPythonAsync("import asyncio; await asyncio.sleep(60)");
          promise.catch(() => 0);
          let error;
          try {{ py.runPython("1 / 0"); }} catch (thrown) {{ error = thrown; }}
          const fail = () => {{
            try {{ py.runPython("import os; os.abort()"); }} catch {{ return; }}
          }};
          const held = [{_HELD}];
          const full = await megabytes();
          {end};
          return {{ held, full }};
        }};
        const all = [await use()], before = await megabytes();
        for (let i = 0; i < 3; i++) all.push(await use());
        return [(await megabytes() - before) / 3, all.at(-1).full - before];
        """
    )
    assert one > 40
    assert kept < 2


@pytest.mark.parametrize("how", _FATAL)
def test_a_fatal_error_ends_that_interpreter_alone(host: Host, how: str) -> None:
    first, told, same, waiting, again, kept, other = host.load(
        f"""{_TEXT}
        const told = [];
        const py = await loadPyjs({{stderr: () => 0, onFatal: (error) => told.push(error)}});
        const other = await loadPyjs();
        const list = py.runPython("[1]");
        const waiting = py.runPythonAsync("import asyncio; await asyncio.sleep(30)")
                          .catch((error) => error.message);
        let first;
        try {{ py.runPython(args[0]); }} catch (error) {{ first = error; }}
        return [first.message, told.length,
                told[0] === first && first.cause instanceof WebAssembly.RuntimeError,
                await waiting, await says(() => py.runPython("1")), await says(() => list[0]),
                other.runPython("1 + 1")];
        """,
        _FATAL[how],
    )
    assert first.startswith(
        "this Python interpreter is gone: it stopped after a fatal error (RuntimeError: "
    )
    assert told == 1
    assert same is True
    assert waiting == again == kept == first
    assert other == 2


def test_a_fatal_error_below_javascript_passes_through_it(host: Host) -> None:
    assert host.load(
        f"""{_TEXT}
        const told = [];
        const py = await loadPyjs({{onFatal: (error) => told.push(error.message)}});
        globalThis.inner = () => {{
          try {{ py.runPython(args[0]); }} catch {{ return 5; }}
        }};
        const text = await says(() => py.runPython(`
import pyjs
try:
    pyjs.js.inner()
except BaseException:
    pass
while True:
    pass`));
        return [text.includes("it stopped after a fatal error"), told.length];
        """,
        _FATAL["a trap"],
    ) == [True, 1]


def test_os_exit_leaves_by_the_error_of_emscripten(host: Host) -> None:
    assert host.load(
        f"""{_TEXT}
        const told = [];
        const py = await loadPyjs({{onFatal: (error) => told.push(error)}});
        let status;
        try {{ py.runPython("import os; os._exit(7)"); }} catch (error) {{
          status = [error.name, error.status];
        }}
        return [status, await says(() => py.runPython("1")), told];
        """
    ) == [
        ["ExitStatus", 7],
        "this Python interpreter is gone: Python called os._exit(7); load another with loadPyjs()",
        [],
    ]


def test_a_full_stack_before_python_begins_harms_nothing(host: Host) -> None:
    """JavaScript's own endless recursion, which calls Python at its end.

    How much room an engine's code takes, and so whether Python begins where the rest does not fit,
    differs from time to time: that ends the interpreter, and is told.
    """
    rounds = host.load(
        """
        const round = async (py) => {
        const f = py.runPython("lambda: 1");
        const o = py.runPython("import types; types.SimpleNamespace()");
        const kinds = new Set();
        let names = 0, own;
        const endless = () => endless();
        try { endless(); } catch (error) { own = error.name; }
        const dive = () => {
          try { dive(); } catch (error) {
            kinds.add(error.name);
            o[`name_${names++}`] = names;
            f();
          }
        };
        try { dive(); } catch (error) { kinds.add(error.name); }
        try { py.runPython("1"); } catch (error) { return [false, false, error.message]; }
        // Each name is what it says, also those that did not arrive the first time.
        const right = [];
        for (let i = 0; i < 8; i++) {
          o[`name_${i}`] = i;
          right.push(o[`name_${i}`] === i);
        }
        return [[...kinds].join() === own, right.every(Boolean), py.runPython("1 + 1")];
        };
        const rounds = [];
        for (let i = 0; i < 4; i++) { // the engine compiles, and frames get smaller
          const py = await loadPyjs();
          rounds.push(await round(py));
          py.dispose();
        }
        return rounds;
        """
    )
    for kinds, right, after in rounds:
        if isinstance(after, str):
            assert "it stopped after a fatal error (" in after
        else:
            assert [kinds, right, after] == [True, True, 2]


def test_runtimes_side_by_side_in_a_page(site: Site) -> None:
    """One is disposed of, one stops after a fatal error, and the third goes on."""
    script = """
    import { loadPyjs } from "/pyjs.mjs";
    const told = [];
    const onFatal = (error) => told.push(error.message);
    const [one, two, three] = await Promise.all([loadPyjs(), loadPyjs({ onFatal }), loadPyjs()]);
    const code = `
from pyjs import js
clicks = []
def click(event):
    clicks.append(event.type)
js.document.addEventListener("click", click)
len(clicks)`;
    for (const py of [one, two, three]) py.runPython(code);
    const errors = [];
    addEventListener("error", (event) => {
      errors.push(event.message.includes("this Python interpreter is gone"));
      event.preventDefault();
    });
    document.body.click();
    const before = [one, two, three].map((py) => py.runPython("len(clicks)"));
    one.dispose();
    try { two.runPython("import ctypes; ctypes.string_at(0xfffffff0, 64)"); } catch {}
    document.body.click();
    const last = "import asyncio; await asyncio.sleep(0.01); len(clicks)";
    const after = await three.runPythonAsync(last);
    document.title = JSON.stringify([before, after, errors, told.length]);
    """
    assert site.open("three.html", script) == "[[1,1,1],2,[true,true],1]"


def test_iterations_that_are_open_at_the_end_are_quiet() -> None:
    assert run_node(
        """
        const said = [];
        const note = (what) => said.push(String(what));
        process.on("unhandledRejection", note);
        process.on("uncaughtException", note);
        const py = await loadPyjs({ stderr: note });
        globalThis.made = function* () { try { yield 1 } finally { said.push("closed") } };
        globalThis.asked = () => ({ [Symbol.asyncIterator]: () => ({
          next: async () => ({ value: 1 }), return: () => Promise.reject(new Error("closing")),
        }) });
        py.runPython("from pyjs import js\\ng = js.made()\\nfor _ in g: break");
        const code = `import asyncio
async for _ in js.asked():
    js.inside = True
    await asyncio.sleep(1000)`;
        const waits = py.runPythonAsync(code).catch((error) => error.message);
        while (!globalThis.inside) await new Promise((resolve) => setTimeout(resolve, 5));
        delete globalThis.inside;
        py.dispose();
        const ended = await waits;
        await new Promise((resolve) => setTimeout(resolve, 20));
        process.off("unhandledRejection", note);
        process.off("uncaughtException", note);
        return [said, ended];
        """
    ) == [[], _DISPOSED]
