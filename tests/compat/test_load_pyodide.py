"""loadPyodide(): its options, and how it fails."""

import shutil
from pathlib import Path

import pytest

from tests.hosts.base import Host
from tests.hosts.start import DIST

_USING = """
const using = async (options, act) => {
  const pyodide = await loadPyodide(options);
  try { return await act(pyodide); } finally { pyodide.dispose(); }
};
const failure = (options) => using(options, () => "none").catch((e) => `${e.name}: ${e.message}`);
"""


def test_python_starts_at_home(pyodide: Host) -> None:
    assert pyodide.js(
        _USING
        + """
        const code = "import os; '|'.join([os.getcwd(), os.environ['HOME']])";
        const where = (p) => p.runPython(code);
        return [await using({}, where), await using({ env: { HOME: "/home/me", A: 1 } }, where)];
        """
    ) == ["/home/pyodide|/home/pyodide", "/home/me|/home/me"]


@pytest.mark.parametrize(
    ("args", "argv", "dev", "name"),
    [
        ([], [""], False, "/bin/python3"),
        (["a", "-x", "ü"], ["a", "-x", "ü"], False, "/bin/python3"),
        (["-X", "dev", "-c", "1", "z"], ["-c", "z"], True, "/bin/python3"),
    ],
)
def test_arguments_are_a_command_line(
    pyodide: Host, args: list[str], argv: list[str], dev: bool, name: str
) -> None:
    assert pyodide.js(
        _USING
        + """
        return using({ args: args[0] }, (p) => p.runPython(
          "import sys; [sys.argv, sys.flags.dev_mode, sys.executable]").toJs());
        """,
        args,
    ) == [argv, dev, name]


def test_the_program_can_be_named(pyodide: Host) -> None:
    code = "import sys; sys.executable"
    body = _USING + f"return using({{ _sysExecutable: '/x/py' }}, (p) => p.runPython({code!r}));"
    assert pyodide.js(body) == "/x/py"


def test_streams_get_lines(pyodide: Host) -> None:
    assert pyodide.js(
        _USING
        + """
        const out = [], err = [], lines = ["one", "two", "three\\n", null];
        const options = {
          stdin: () => lines.shift(), stdout: (l) => out.push(l), stderr: (l) => err.push(l),
        };
        return using(options, (p) => {
          p.runPython("print(input() + input(), input())");
          p.runPython("import sys; print('e', file=sys.stderr); print('a\\\\nb')");
          try { p.runPython("input()"); } catch (e) { out.push(e.type); }
          return [out, err];
        });
        """
    ) == [["onetwo three", "a", "b", "EOFError"], ["e"]]


def test_js_is_what_the_caller_says(pyodide: Host) -> None:
    assert pyodide.js(
        _USING
        + """
        const mine = { console, answer: 42, deep: { er: 1 } };
        const code = "import js, js.deep; [js.answer, js.deep.er, hasattr(js, 'setTimeout')]";
        return [await using({ jsglobals: mine }, (p) => p.runPython(code).toJs()),
                await using({ jsglobals: globalThis }, (p) => p.runPython(
                  "import js; from js import Math; hasattr(js, 'setTimeout') and Math.max(1, 2)"))];
        """
    ) == [[42, 1, False], 2]


def test_files_can_be_prepared(pyodide: Host) -> None:
    """Before Python starts: here what its site module runs."""
    assert pyodide.js(
        _USING
        + """
        const seen = [];
        const fsInit = async (FS, { sitePackages }) => {
          seen.push(sitePackages,
            FS.readdir(sitePackages).filter((name) => name !== "." && name !== "..").length);
          await new Promise((resolve) => setTimeout(resolve));
          FS.writeFile(`${sitePackages}/mine.pth`, "import sys; sys.prepared = 5");
        };
        seen.push(await using({ fsInit }, (p) => p.runPython("import sys; sys.prepared")));
        const fails = () => { throw new RangeError("not today"); };
        seen.push(await failure({ fsInit: fails }));
        return seen;
        """
    ) == ["/lib/python3.13/site-packages", 0, 5, "RangeError: not today"]


def test_null_is_none_when_asked_for(pyodide: Host) -> None:
    asked, otherwise = pyodide.js(
        _USING
        + """
        const look = (p) => {
          const show = p.runPython("lambda x: repr(x)");
          const list = p.runPython("lambda x: repr(list(x))");
          return [show(null), list([null]), p.toPy({ a: [null, undefined] }).toString(),
                  p.runPython("from js import JSON; repr(JSON.parse('[null]').to_py())"),
                  p.runPython("None") === undefined];
        };
        return [await using({ convertNullToNone: true }, look), await using({}, look)];
        """
    )
    assert asked == ["None", "[None]", "{'a': [None, None]}", "[None]", True]
    assert otherwise == ["jsnull", "[jsnull]", "{'a': [jsnull, None]}", "[jsnull]", True]


def test_dicts_become_literal_maps_when_asked_for(pyodide: Host) -> None:
    assert pyodide.js(
        _USING
        + """
        return using({ toJsLiteralMap: true }, (p) => {
          const map = p.runPython("{'a': {'b': 1}, 2: 3, 'get': 4}").toJs();
          const seen = [map instanceof Map, map.constructor.name, Object.keys(map), map.a.b,
                        map.get("get"), map[2] === undefined, map.get(2)];
          map.a = 5; map.set("c", 6); map.delete("get");
          seen.push(map.get("a"), map.c, Object.keys(map), structuredClone(map).get("c"));
          map.clear();
          seen.push(Object.keys(map));
          p.globals.set("back", p.runPython("{'x': 1}").toJs());
          seen.push(p.runPython("str(back.to_py()) + str(back.x)"));
          p.runPython("from pyjs import to_js; from js import Object");
          seen.push(p.runPython("to_js({'y': [{}]}).constructor.name"));
          const with_ = "to_js({'y': 1}, dict_converter=Object.fromEntries).constructor.name";
          seen.push(p.runPython(with_));
          const plain = p.runPython("{'a': 1}").toJs({ dict_converter: Object.fromEntries });
          return [...seen, plain instanceof Map];
        });
        """
    ) == [
        True, "LiteralMap", ["a"], 1, 4, True, 3,
        5, 6, ["a", "c"], 6,
        [],
        "{'x': 1}1",
        "LiteralMap", "Object", False,
    ]  # fmt: skip


def test_loops_need_not_wait(pyodide: Host) -> None:
    """Of the page's own loop; where the engine cannot suspend Python it gives the task anyway."""
    waiting, not_waiting = pyodide.js(
        _USING
        + """
        const code = `
            import asyncio
            from pyodide.ffi import can_run_sync
            made = asyncio.get_event_loop().run_until_complete(asyncio.sleep(0.01, "slept"))
            ["a task" if isinstance(made, asyncio.Task) else made, can_run_sync()]`;
        const run = async (p) => {
          const list = await p.runPythonAsync(code);
          const plain = list.toJs({ create_pyproxies: false });
          await p.runPythonAsync("await made if plain else None", {
            globals: p.globals, locals: p.toPy({ plain: plain[0] === "a task" }),
          });
          return plain;
        };
        return [await using({}, run), await using({ enableRunUntilComplete: false }, run)];
        """
    )
    assert waiting in (["slept", True], ["a task", False])
    assert not_waiting == ["a task", waiting[1]]


def test_to_string_is_repr_when_asked_for(pyodide: Host) -> None:
    assert pyodide.js(
        _USING
        + """
        const code = "class A:\\n  __repr__ = lambda s: 'R'\\n  __str__ = lambda s: 'S'\\nA()";
        const look = (p) => p.runPython(code).toString() + `${p.runPython("['a']")}`;
        return [await using({ pyproxyToStringRepr: true }, look), await using({}, look)];
        """
    ) == ["R['a']", "S['a']"]


def test_unknown_options_are_passed_over(pyodide: Host) -> None:
    assert (
        pyodide.js(
            _USING
            + """
        const options = {
          nope: 1, fullStdLib: false, BUILD_ID: "x", cdnUrl: "y", packages: [], indexURL: undefined,
          createPyodideModule: () => {}, checkAPIVersion: true, stdin: null, _makeSnapshot: false,
        };
        return using(options, (p) => p.runPython("1 + 1"));
        """
        )
        == 2
    )


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("5", "expected an object of options"),
        ("{ indexURL: 5 }", "expected indexURL to be a string, got number"),
        ("{ lockFileURL: [] }", "expected lockFileURL to be a string, got object"),
        ("{ lockFileContents: 5 }", "expected lockFileContents to be an object, got number"),
        ("{ stdLibURL: {} }", "expected stdLibURL to be a string, got object"),
        ("{ stdin: 5 }", "expected stdin to be a function, got number"),
        ("{ stdout: 'x' }", "expected stdout to be a function, got string"),
        ("{ fsInit: {} }", "expected fsInit to be a function, got object"),
        ("{ jsglobals: 5 }", "expected jsglobals to be an object, got number"),
        ("{ args: 'x' }", "expected args to be an Array of strings, got string"),
        ("{ args: ['a', 1] }", "expected args to be an Array of strings, got one with number"),
        ("{ env: 5 }", "expected env to be an object, got number"),
        ("{ packages: 5 }", "expected packages to be an Array of strings, got number"),
        ("{ packages: [undefined] }",
         "expected packages to be an Array of strings, got one with undefined"),
        ("{ checkAPIVersion: 1 }", "expected checkAPIVersion to be a boolean, got number"),
    ],
)  # fmt: skip
def test_options_of_the_wrong_type(pyodide: Host, option: str, text: str) -> None:
    given = pyodide.js(_USING + f"return failure({option});")
    assert given.startswith(f"TypeError: loadPyodide: {text}")


@pytest.mark.parametrize(
    "option", ["{ _makeSnapshot: true }", "{ _loadSnapshot: new ArrayBuffer(8) }"]
)
def test_snapshots_are_refused(pyodide: Host, option: str) -> None:
    given = pyodide.js(_USING + f"return failure({option});")
    assert "interpreters cannot be saved and restored here" in given


def test_a_polluted_prototype_sets_no_option(pyodide: Host) -> None:
    assert (
        pyodide.js(
            _USING
            + """
        Object.defineProperty(Object.prototype, "args", { value: 5, configurable: true });
        try { return await using({}, (p) => p.runPython("2")); }
        finally { delete Object.prototype.args; }
        """
        )
        == 2
    )


def test_two_interpreters_load_at_once(pyodide: Host) -> None:
    assert pyodide.js(
        """
        const [a, b] = await Promise.all([loadPyodide(), loadPyodide({ convertNullToNone: true })]);
        try {
          a.runPython("x = 1"); b.runPython("x = 2");
          const show = (p) => p.runPython("lambda v: repr(v)")(null);
          return [a.globals.get("x"), b.globals.get("x"), show(a), show(b),
            a.ffi.PyProxy === b.ffi.PyProxy];
        } finally { a.dispose(); b.dispose(); }
        """
    ) == [1, 2, "jsnull", "None", False]


@pytest.mark.parametrize("name", ["pyjs.wasm", "python_stdlib.zip"])
def test_a_missing_file_is_named(tmp_path: Path, pyodide: Host, name: str) -> None:
    if not pyodide.is_node:
        pytest.skip("what a server answers: test_entry_points.py")
    for file in ("pyjs.wasm", "python_stdlib.zip"):
        if file != name:
            shutil.copy(DIST / file, tmp_path / file)
    given = pyodide.js(_USING + "return failure({ indexURL: args[0] });", str(tmp_path))
    assert f"cannot load {tmp_path.as_uri()}/{name}" in given


def test_the_standard_library_may_lie_elsewhere(tmp_path: Path, pyodide: Host) -> None:
    if not pyodide.is_node:
        pytest.skip("a path of the machine")
    library = tmp_path / "other.zip"
    shutil.copy(DIST / "python_stdlib.zip", library)
    body = _USING + "return using({ stdLibURL: args[0] }, (p) => p.runPython('import json; 4'));"
    assert pyodide.js(body, str(library)) == 4
    library.unlink()
    body = _USING + "return failure({ stdLibURL: args[0] });"
    assert f"cannot load {library.as_uri()}" in pyodide.js(body, str(library))


def test_files_of_two_builds_are_refused(tmp_path: Path, pyodide: Host) -> None:
    if not pyodide.is_node:
        pytest.skip("a path of the machine")
    shutil.copytree(DIST, tmp_path, dirs_exist_ok=True)
    module = tmp_path / "pyodide.mjs"
    loader = (DIST / "pyjs.mjs").read_text()
    build = next(word for word in loader.split('"') if len(word) == 64 and word.isalnum())
    module.write_text(module.read_text().replace(build, "0" * 64))
    assert pyodide.js(
        """
        const { loadPyodide } = await import(args[0]);
        const text = await loadPyodide().then(() => "loaded", (error) => error.message);
        const pyodide = await loadPyodide({ checkAPIVersion: false });
        try { return [text, pyodide.runPython("3")]; } finally { pyodide.dispose(); }
        """,
        module.as_uri(),
    ) == [
        "loadPyodide: pyodide.mjs and pyjs.mjs are of different builds; load both from one folder, "
        "or pass checkAPIVersion: false",
        3,
    ]
