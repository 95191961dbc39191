"""exec, eval, exec_eval, async_exec_eval, eval_file, py_call, py_apply: emscripten-forge's pyjs."""

import pytest

from tests.hosts.base import Host

_START = """
const globals = py.runPython("{'x': 5}"), locals = py.runPython("{'y': 6}");
const said = (act) => {
  try { act(); return "nothing"; } catch (e) { return e.message.trim().split("\\n").at(-1); }
};
try {
"""
_END = "} finally { globals.destroy(); locals.destroy(); }"


def test_statements_and_expressions(host: Host) -> None:
    assert host.js(
        _START
        + """
        const none = py.exec("z = x + 1\\n[z]", globals);
        return [
          none === undefined, globals.get("z"),
          py.eval("x + y", globals, locals), py.eval("\\n  x +\\\\\\n  1\\n", globals),
          py.exec_eval("w = x * 2; w + 1", globals), py.exec_eval("w = 1", globals) === undefined,
          py.exec_eval("w = y; w", globals, locals), locals.get("w"),
          await py.async_exec_eval("import asyncio; await asyncio.sleep(0); x", globals),
          await py.async_exec_eval("await asyncio.sleep(0, y)", globals, locals),
        ];
        """
        + _END
    ) == [True, 6, 11, 6, 11, True, 6, 6, 5, 6]


def test_without_globals_it_is_main(host: Host) -> None:
    assert host.js(
        """
        py.exec("shared = 3", null, undefined);
        const got = [py.globals.get("shared"), py.eval("shared", undefined), py.exec_eval("shared"),
                     await py.async_exec_eval("shared", null)];
        py.exec("del shared");
        return got;
        """
    ) == [3, 3, 3, 3]


def test_the_last_expression_is_evaluated_once(host: Host) -> None:
    assert (
        host.js(
            _START
            + """
        py.exec("calls = []\\ncall = lambda: calls.append(0)", globals);
        await py.async_exec_eval("call()", globals);
        py.exec_eval("call()", globals);
        py.exec("call()", globals);
        py.eval("call()", globals);
        return py.eval("len(calls)", globals);
        """
            + _END
        )
        == 4
    )


def test_a_file(host: Host) -> None:
    assert host.js(
        _START
        + """
        py.FS.writeFile("/tmp/one.py", "# coding: latin-1\\nz = 'é'\\nz + str(x)");
        py.FS.writeFile("/tmp/one.py", Uint8Array.from(py.FS.readFile("/tmp/one.py")
          .filter((byte) => byte !== 0xc3).map((byte) => byte === 0xa9 ? 0xe9 : byte)));
        py.FS.writeFile("/tmp/two.py", "def f():\\n    raise KeyError(y)\\nf()");
        let traceback = "";
        try { py.eval_file("/tmp/two.py", globals, locals); } catch (e) { traceback = e.message; }
        return [py.eval_file("/tmp/one.py", globals), globals.get("z"), traceback.includes(
          'File "/tmp/two.py", line 2, in f\\n    raise KeyError(y)')];
        """
        + _END
    ) == ["é5", "é", True]


def test_errors_show_the_source(host: Host) -> None:
    message = host.js(
        _START
        + """
        try { py.eval("(1 +\\n x / 0)", globals); } catch (error) { return error.message; }
        """
        + _END
    )
    assert 'File "<exec>", line 2' in message
    assert "x / 0" in message
    assert "_execute" not in message


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("exec(5)", "exec: expected Python code as a string, got number"),
        ("eval(null)", "eval: expected Python code as a string, got null"),
        ("exec_eval({})", "exec_eval: expected Python code as a string, got object"),
        ("eval_file(undefined)", "eval_file: expected the path as a string, got undefined"),
        ("eval('x = 1')", "SyntaxError: invalid syntax"),
        ("eval('')", "SyntaxError: invalid syntax"),
        ("exec('x', {})", "TypeError: running Python: globals must be a dict, got JsProxy"),
        ("eval('x', {})", "TypeError: running Python: globals must be a dict, got JsProxy"),
        ("exec('1 +')", "SyntaxError: invalid syntax"),
        ("eval_file('/nowhere.py')",
         "FileNotFoundError: [Errno 44] No such file or directory: '/nowhere.py'"),
    ],
)  # fmt: skip
def test_bad_input(host: Host, call: str, message: str) -> None:
    assert host.js(f"{_START} return said(() => py.{call}); {_END}") == message


def test_async_errors_are_rejections(host: Host) -> None:
    assert host.js(
        """
        const said = (code) => {
          const promise = py.async_exec_eval(code);
          return promise.catch((error) => error.message.trim().split("\\n").at(-1));
        };
        return [await said(5), await said("1/0"), await said("1 +")];
        """
    ) == [
        "async_exec_eval: expected Python code as a string, got number",
        "ZeroDivisionError: division by zero",
        "SyntaxError: invalid syntax",
    ]


def test_py_call_and_py_apply(host: Host) -> None:
    assert host.js(
        """
        const f = py.eval("lambda *a, **k: (len(a), sum(a), sorted(k.items()).__repr__())");
        const list = py.eval("[1, 2]"), kwargs = py.eval("{'b': 1}");
        const given = (result) => { const all = [...result]; result.destroy(); return all; };
        const got = [
          f.py_call(), f.py_call(1, 2), f.py_apply([1, 2]), f.py_apply([], { a: 1 }),
          f.py_apply([3], null), f.py_apply(new Uint8Array([4]), undefined),
          f.py_apply(list, kwargs),
        ].map(given);
        f.destroy(); list.destroy(); kwargs.destroy();
        return got;
        """
    ) == [
        [0, 0, "[]"],
        [2, 3, "[]"],
        [2, 3, "[]"],
        [0, 0, "[('a', 1)]"],
        [1, 3, "[]"],
        [1, 4, "[]"],
        [2, 3, "[('b', 1)]"],
    ]


def test_only_callables_have_them_and_attributes_stay(host: Host) -> None:
    assert host.js(
        """
        py.exec("class Thing:\\n  py_call = 7\\n  def get(self): return 'mine'");
        py.exec("thing = Thing()");
        const thing = py.globals.get("thing"), Thing = py.globals.get("Thing");
        const got = [thing.py_call, "py_apply" in thing, typeof Thing.py_call, Thing.$py_call];
        got.push(thing.get());
        const made = Thing.py_apply([]);
        got.push(made.py_call);
        made.destroy(); thing.destroy(); Thing.destroy();
        py.exec("del thing, Thing");
        return got;
        """
    ) == [7, False, "function", 7, "mine", 7]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ("", "py_apply: expected an array of arguments, got undefined"),
        ("null", "py_apply: expected an array of arguments, got null"),
        ("5", "py_apply: expected an array of arguments, got number"),
        ("'ab'", "py_apply: expected an array of arguments, got string"),
        ("{}", "py_apply: expected an array of arguments, got object"),
        ("[], 5", "py_apply: expected an object of keyword arguments, got number"),
        ("[], { nope: 1 }", "TypeError: <lambda>() got an unexpected keyword argument 'nope'"),
    ],
)
def test_py_apply_refuses_what_is_no_array(host: Host, args: str, message: str) -> None:
    assert host.js(
        f"""
        const f = py.eval("lambda: 1");
        try {{ f.py_apply({args}); return "nothing"; }}
        catch (error) {{ return error.message.trim().split("\\n").at(-1); }}
        finally {{ f.destroy(); }}
        """
    ) == message  # fmt: skip
