"""The members that loadPyodide() gives, where they are not those of pyjs.mjs."""

import json
import subprocess

import pytest

from tests.hosts.base import Host
from tests.hosts.start import DIST
from tools import versions, wheel_env

_NAMES = """
const names = (object) => {
  const found = new Set();
  for (let at = object; at && at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const key of Reflect.ownKeys(at)) if (typeof key === "string") found.add(key);
  return [...found];
};
"""


def test_nothing_that_pyodide_has_is_missing() -> None:
    """Told by Pyodide itself, which runs beside."""
    pyodide = wheel_env.package(versions.wheel_targets()[0])
    script = (
        _NAMES
        + f"""
    const load = async (folder) => (await import(folder + "/pyodide.mjs")).loadPyodide();
    const [theirs, ours] = [await load({json.dumps(str(pyodide))}),
      await load({json.dumps(str(DIST))})];
    const missing = (get) => {{
      const own = new Set(names(get(ours)));
      return names(get(theirs)).filter((name) => !own.has(name));
    }};
    const result = [missing((p) => p), missing((p) => p.ffi), missing((p) => p._api),
      missing((p) => p.FS)];
    process.stdout.write("\\nRESULT " + JSON.stringify(result));
    process.exit(0);
    """
    )
    command = ["node", "--input-type=module", "-e", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    api, ffi, internals, files = json.loads(done.stdout.rpartition("RESULT ")[2])
    # A class of theirs is the prototype of the object; these are a class's own.
    assert set(api) <= {"length", "name", "prototype", "constructor"}
    assert ffi == []
    # What their loader and its parts tell each other, and no program.
    assert set(internals) <= {
        "finalizeBootstrap", "getExpectedKeys", "initializeNodeSockFS", "makeSnapshot",
        "restoreSnapshot", "serializeHiwireState", "getTypeTag",
    }  # fmt: skip
    assert files == ["trackingDelegate"]  # for debugging Emscripten


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("  x = 2\n  x + 1", 3),
        ("\n\n    if True:\n        y = 5\n    y", 5),
        ("\t'tab'", "tab"),
        ("  '''a\n\n    b'''", "a\n\n  b"),
        ("'''a\n   \nb'''", "a\n\nb"),
        ("'''a\n b'''", "a\n b"),
        ("   ", None),
    ],
)
def test_programs_may_be_indented(pyodide: Host, code: str, value: object) -> None:
    body = "return [py.runPython(args[0]) ?? null, (await py.runPythonAsync(args[0])) ?? null]"
    assert pyodide.js(body, code) == [value, value]


def test_options_of_run_python(pyodide: Host) -> None:
    assert pyodide.js(
        """
        const globals = py.toPy({ a: 1 }), locals = py.toPy({ b: 2 });
        const caught = (act) => { try { return act(); } catch (e) { return e.message; } };
        const text = caught(() => py.runPython(" 1", { dedent: false, globals }));
        const got = [py.runPython("  a + b", { globals, locals, nope: 1 }),
                     await py.runPythonAsync("a + b", { globals, locals, other: 2 }),
                     text.includes("IndentationError"), caught(() => py.runPython(5)),
                     caught(() => py.runPython("1", 5)),
                     caught(() => py.runPython("1/0", {
                       filename: "mine.py" })).includes('"mine.py", line 1')];
        globals.destroy(); locals.destroy();
        return got;
        """
    ) == [
        3,
        3,
        True,
        "runPython: expected Python code as a string, got number",
        "runPython: expected an object of options (dedent), got number",
        True,
    ]


def test_options_that_are_unknown_are_passed_over(pyodide: Host) -> None:
    assert pyodide.js(
        """
        const list = py.toPy([[1]], { depth: 1, nope: 2 });
        const got = [list.toJs({ depth: 2, create_proxies: 1 }), py.setStdout({ batched: () => {},
          x: 1 }) ?? 0];
        py.setStdout(); py.setStdin({ nope: 1 });
        py.unpackArchive(new Uint8Array(1024), "tar", { extractDir: "/tmp/a", extract_dir: 1 });
        list.destroy();
        return got;
        """
    ) == [[[1]], 0]


def test_handlers_are_called_as_methods(pyodide: Host) -> None:
    assert pyodide.js(
        """
        const handler = { lines: [], batched(line) { this.lines.push(line); } };
        py.setStdout(handler);
        py.runPython("print('one')");
        py.setStdout();
        return handler.lines;
        """
    ) == ["one"]


def test_functions_end_with_their_call(pyodide: Host) -> None:
    assert pyodide.js(
        """
        let kept;
        globalThis.keep = (f) => { kept = f; return f(); };
        const got = [py.runPython("from js import keep; keep(lambda: 5)")];
        try { kept(); } catch (error) { got.push(error.message.includes("destroyed")); }
        delete globalThis.keep;
        py.runPython("del keep");
        return got;
        """
    ) == [5, True]


def test_python_has_the_api(pyodide: Host) -> None:
    assert pyodide.js(
        """
        const list = py.runPython(`
            import pyodide_js, sys
            from pyodide_js import runPython, _api
            from pyodide_js._api import sitepackages
            [runPython('1 + 1'), sitepackages, pyodide_js.version,
              str(pyodide_js.globals is not None),
             '_pyodide_core' in sys.modules]
        `);
        const got = list.toJs();
        list.destroy();
        py.runPython("del pyodide_js, runPython, _api, sitepackages");
        return got;
        """
    ) == [2, "/lib/python3.13/site-packages", "314.0.7", "True", True]


def test_canvases_are_kept(pyodide: Host) -> None:
    assert pyodide.js(
        """
        const mine = {};
        const { canvas } = py;
        canvas.setCanvas2D(mine);
        return [canvas.getCanvas2D() === mine, canvas.getCanvas3D() === mine,
                py._module.canvas === mine, canvas.setCanvas3D(undefined) ?? 0,
                  canvas.getCanvas2D() ?? 0];
        """
    ) == [True, True, True, 0, 0]


def test_what_is_not_here_says_so(pyodide: Host) -> None:
    assert pyodide.js(
        """
        const caught = async (act) => { try { await act(); return "none"; } catch (e) {
          return e.message; } };
        return [await caught(() => py.makeMemorySnapshot()),
          await caught(() => py.useNodeSockFS())];
        """
    ) == [
        "makeMemorySnapshot: interpreters cannot be saved and restored here",
        "useNodeSockFS: there are no sockets here; use fetch, or what is built on it",
    ]


def test_versions_agree() -> None:
    package = json.loads((DIST / "package.json").read_text())
    script = f"""
    import {{ version }} from {json.dumps(f"{DIST.as_uri()}/pyodide.mjs")};
    import {{ createRequire }} from "node:module";
    const required = createRequire("/")({json.dumps(str(DIST / "pyodide"))});
    process.stdout.write(JSON.stringify([version, required.version, typeof required.loadPyodide]));
    """
    command = ["node", "--input-type=module", "-e", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [package["version"], package["version"], "function"]
