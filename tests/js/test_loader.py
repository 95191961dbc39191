"""loadPyjs(): its options, its streams, its errors, and several runtimes side by side."""

import shutil
from pathlib import Path

import pytest

from tests.hosts.base import Host
from tests.js import DIST, run_fresh, run_node


def test_run_python_takes_options(host: Host) -> None:
    assert host.js(
        """
        const globals = py.runPython("{'x': 5}"), locals = py.runPython("{'y': 6}");
        const out = [py.runPython("x", {globals}), py.runPython("x + y", {globals, locals}),
                     py.runPython("x = 1") === undefined, py.runPython("") === undefined];
        const fails = (act) => { try { act(); return 'none'; } catch (e) { return e.message; } };
        const text = fails(() => py.runPython("1/0", {filename: "mine.py"}));
        out.push(text.includes('File "mine.py", line 1'));
        out.push(fails(() => py.runPython("1", {nope: 1})));
        out.push(fails(() => py.runPython(5)));
        out.push(fails(() => py.runPython("1", {globals: {}})).includes("globals must be a dict"));
        out.push(await py.runPythonAsync("import asyncio; await asyncio.sleep(0); 7"));
        out.push(await py.runPythonAsync("1", {nope: 1}).catch((e) => e.message));
        globals.destroy(); locals.destroy(); py.runPython("del x");
        return out;
        """
    ) == [
        5,
        11,
        True,
        True,
        True,
        "runPython: unknown option nope; known are globals, locals, filename",
        "runPython: expected Python code as a string, got number",
        True,
        7,
        "runPythonAsync: unknown option nope; known are globals, locals, filename",
    ]


def test_environment_arguments_and_progress(host: Host) -> None:
    env, argv, rising, end = host.load(
        """
        const seen = [];
        const py = await loadPyjs({env: {MINE: 'ü'}, args: ['a.py', 'b ü'],
                                   onProgress: (p) => seen.push({...p})});
        return [py.runPython("import os; os.environ['MINE'] + os.environ['HOME']"),
                py.runPython("import sys; '|'.join(sys.argv)"),
                seen.every((p, i) => i === 0 || p.loaded > seen[i - 1].loaded),
                seen.at(-1).loaded === seen.at(-1).total];
        """
    )
    assert (env, argv, rising, end) == ("ü/home/web_user", "a.py|b ü", True, True)


def test_an_unknown_option_is_refused(host: Host) -> None:
    message = host.load("return await loadPyjs({nope: 1}).catch((e) => `${e.name}: ${e.message}`);")
    assert message.startswith("TypeError: loadPyjs: unknown option nope; known are indexURL")


def test_output_arrives_by_line_or_as_bytes(host: Host) -> None:
    lines, raw, tty = host.load(
        """
        const lines = [], bytes = [];
        const py = await loadPyjs({stdout: (l) => lines.push(l),
                                   stderr: {isatty: false, write: (b) => bytes.push(...b)}});
        py.runPython("import sys\\nprint('a\\\\nbü', end=''); print('c')");
        py.runPython("print('é', file=sys.stderr)");
        py.runPython("sys.stderr.flush()");
        return [lines, bytes, py.runPython("sys.stderr.isatty()")];
        """
    )
    assert lines == ["a", "büc"]
    assert bytes(raw).decode() == "é\n"
    assert tty is False


def test_a_function_feeds_input(host: Host) -> None:
    assert (
        host.load(
            """
        const given = ["one\\n", "tw", "o ü\\n", new TextEncoder().encode("three\\n"), null];
        const py = await loadPyjs({stdin: () => given.shift()});
        return py.runPython(`
got = [input(), input(), input()]
try:
    input()
except EOFError:
    got.append("EOF")
"|".join(got)`);
        """
        )
        == "one|two ü|three|EOF"
    )


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ("{stdout: () => { throw new Error('mine') }, stderr: () => {}}", "print('x')"),
        ("{stdin: () => { throw new Error('mine') }}", "input()"),
        ("{stdin: () => 5}", "input()"),
    ],
)
def test_a_stream_that_fails_is_an_error_and_leaves_python_usable(options: str, code: str) -> None:
    kinds, alive, reported = run_fresh(
        """
        let reported = 0;
        process.on('uncaughtException', () => reported++);
        const py = await loadPyjs(eval(`(${args[0]})`));
        const kinds = [];
        for (let i = 0; i < 20; i++)
          try { py.runPython(args[1]); } catch (e) { kinds.push(e.type ?? e.name); }
        const alive = py.runPython("def f(n): return n and f(n - 1)\\nf(300) + 2");
        await new Promise((resolve) => setTimeout(resolve, 10));
        return [[...new Set(kinds)], alive, reported];
        """,
        options,
        code,
    )
    assert alive == 2
    assert kinds == ["OSError"]
    # The error of the callback itself is not swallowed: the host reports it.
    assert reported >= 20


def test_two_runtimes_are_strangers(host: Host) -> None:
    assert host.load(
        """
        const [a, b] = await Promise.all([loadPyjs(), loadPyjs()]);
        a.runPython("x = [1, 2]"); b.runPython("x = 7");
        const list = a.globals.get('x');
        const kind = b.runPython(
          "lambda o: type(o).__mro__[-2].__name__ + str(len(o)) + str(o[1])");
        const out = [b.globals.get('x'), a.runPython('len(x)'), kind(list),
                     list instanceof b.ffi.PyProxy];
        const thrower = a.runPython("def f(): raise KeyError('k')\\nf");
        const caught = b.runPython("from pyjs import JsException\\ndef c(f):\\n  try: f()\\n"
          + "  except JsException as e: return e.name\\nc");
        out.push(caught(thrower));
        list.destroy();
        return out;
        """
    ) == [7, 2, "JsProxy22", False, "PythonError"]


def test_what_few_programs_use_is_imported_when_they_do(host: Host) -> None:
    assert host.load(
        """
        const py = await loadPyjs();
        const names = "'asyncio', 'pyjs._interrupts', 'pyjs._leaks', 'pyjs.explicit'";
        const imported = () =>
          py.runPython(`import sys\\n",".join(n for n in (${names}) if n in sys.modules)`);
        const out = [imported()];
        py.checkInterrupt();
        out.push(imported());
        py.runPython("from pyjs.ffi import Leak\\nimport pyjs\\nassert Leak is pyjs.Leak");
        out.push(imported(), py.runPython("'leaks' in dir(pyjs.ffi) and 'leaks' in dir(pyjs)"));
        try { py.runPython("pyjs.ffi.absent") } catch (error) { out.push(error.type) }
        return out;
        """
    ) == ["", "pyjs._interrupts", "pyjs._interrupts,pyjs._leaks", True, "AttributeError"]


def _copy(folder: Path) -> Path:
    for name in ("pyjs.mjs", "pyjs.wasm", "python_stdlib.zip"):
        shutil.copy(DIST / name, folder / name)
    return folder


def _load_error(dist: Path) -> str:
    return str(
        run_node(
            "return await loadPyjs({indexURL}).then(() => 'loaded', (e) => e.message);", dist=dist
        )
    )


@pytest.mark.parametrize("name", ["pyjs.wasm", "python_stdlib.zip"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    (_copy(tmp_path) / name).unlink()
    message = _load_error(tmp_path)
    assert f"cannot load {tmp_path.as_uri()}/{name}" in message
    assert "ENOENT" in message


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("pyjs.wasm", b"not wasm"),
        ("pyjs.wasm", b""),
        ("pyjs.wasm", b"\0asm\1\0\0\0"),
        ("pyjs.wasm", None),
        ("python_stdlib.zip", None),
        ("python_stdlib.zip", b""),
    ],
)
def test_a_corrupt_file_is_named(tmp_path: Path, name: str, data: bytes | None) -> None:
    file = _copy(tmp_path) / name
    file.write_bytes(file.read_bytes()[:100_000] if data is None else data)
    assert f"cannot load {file.as_uri()}" in _load_error(tmp_path)


def test_the_console_of_node_shows_the_python_object() -> None:
    shown = run_node(
        """
        const { inspect } = await import("node:util");
        const py = await loadPyjs();
        const bad = "class A:\\n    def __str__(self): raise ValueError('no')\\nA()";
        const gone = py.runPython("[1]");
        gone.destroy();
        const show = (code) => inspect(py.runPython(code));
        return [show("[1, 'a']"), show("len"), show("['x' * 900]").length, inspect(gone),
                inspect([py.runPython("{}")]), show(bad).includes("ValueError: no")];
        """
    )
    assert shown == [
        "PyProxy(list) [1, 'a']",
        "[Function: call] {\n"
        "  root: PyProxy(builtin_function_or_method) <built-in function len>\n}",
        515,
        "PyProxy (destroyed: destroy() was called)",
        "[ PyProxy(dict) {} ]",
        True,
    ]


def test_options_of_the_wrong_kind_are_refused(host: Host) -> None:
    assert host.js(
        """
        const caught = (act) => { try { act(); return "none"; } catch (e) { return String(e); } };
        return [caught(() => py.runPython("1", 5)),
                caught(() => py.runPython("1", { filename: 5 })),
                caught(() => py.runPython(null)), caught(() => py.toPy([], 5)),
                caught(() => py.toPy([], { depth: "1" })), caught(() => py.toPy(1, { nope: 1 })),
                caught(() => py.toPy([], { defaultConverter: 1 }))];
        """
    ) == [
        "TypeError: runPython: expected an object of options (globals, locals, filename), "
        "got number",
        "TypeError: runPython: expected filename to be a string, got number",
        "TypeError: runPython: expected Python code as a string, got null",
        "TypeError: toPy: expected an object of options (depth, defaultConverter, "
        "convertNullToNone, numbers, typed, dates), got number",
        "TypeError: toPy: expected depth to be a number, got string",
        "TypeError: toPy: unknown option nope; known are depth, defaultConverter, "
        "convertNullToNone, numbers, typed, dates",
        "TypeError: toPy: expected defaultConverter to be a function, got number",
    ]
