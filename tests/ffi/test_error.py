"""Errors keep their identity across any number of crossings."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside


@inside
def test_a_javascript_error_is_caught_with_its_properties() -> None:
    from pyjs import JsException, run_js

    try:
        run_js("(() => { throw new TypeError('wrong') })()")
    except JsException as error:
        assert str(error) == "TypeError: wrong"
        assert repr(error) == "JsException('TypeError: wrong')"
        assert (error.name, error.message) == ("TypeError", "wrong")
        assert ":1:" in error.stack  # a place; only V8 repeats the message
        assert error.js_error.name == "TypeError"
    else:
        raise AssertionError("nothing was raised")


@inside
@pytest.mark.parametrize(
    ("thrown", "text", "value"),
    [("1", "1", 1), ("'s'", "s", "s"), ("undefined", "undefined", None), ("false", "false", False)]
    + [("12n", "12", 12), ("''", "", ""), ("0", "0", 0)],
)
def test_a_thrown_primitive_is_caught(thrown: str, text: str, value: object) -> None:
    from pyjs import JsException, run_js

    try:
        run_js(f"(() => {{ throw {thrown} }})()")
    except JsException as error:
        assert str(error) == text
        assert error.js_error == value
    else:
        raise AssertionError("nothing was raised")


@inside
def test_thrown_null_symbol_frozen_object_and_revoked_proxy_are_caught() -> None:
    from pyjs import JsException, jsnull, run_js

    sources = {
        "null": "null",
        "Symbol(s)": "Symbol('s')",
        "[object Object]": "Object.freeze({})",
    }
    for text, source in sources.items():
        try:
            run_js(f"(() => {{ throw {source} }})()")
        except JsException as error:
            assert str(error) == text
            if source == "null":
                assert error.js_error is jsnull
        else:
            raise AssertionError(source)
    try:
        run_js("(() => { const r = Proxy.revocable({}, {}); r.revoke(); throw r.proxy })()")
    except JsException as error:
        # Nothing can be asked of it; that it arrives is what counts.
        assert isinstance(error, JsException)
    else:
        raise AssertionError("revoked")


@inside
def test_a_python_exception_through_javascript_is_the_same_object() -> None:
    from typing import Any

    from pyjs import run_js

    class Mine(Exception):
        pass

    thrown = Mine("here")

    def throws() -> None:
        raise thrown

    call = run_js("f => f()")
    through = call
    for _ in range(5):
        outer = through

        def through(f: object, outer: Any = outer) -> Any:
            return call(lambda: outer(f))

    try:
        through(throws)
    except Mine as caught:
        assert caught is thrown
    else:
        raise AssertionError("nothing was raised")


def test_a_javascript_error_through_python_is_the_same_value(host: Host) -> None:
    same = host.js(
        """
        const run = py.runPython("lambda f: f()");
        const results = [];
        for (const thrown of [new Error("e"), 1, "s", null, undefined, Object.freeze({})]) {
          try { run(() => run(() => { throw thrown; })); }
          catch (caught) { results.push(caught === thrown); }
        }
        run.destroy();
        return results;
        """
    )
    assert same == [True] * 6


def test_a_python_exception_reaches_javascript_as_python_error(host: Host) -> None:
    result = host.js(
        """
        try { py.runPython("def f():\\n    return 1 / 0\\nf()"); }
        catch (error) {
          return [error instanceof py.ffi.PythonError, error instanceof Error, error.name,
                  error.type, error.message, error.stack.startsWith("PythonError: Traceback")];
        }
        """
    )
    assert result[:4] == [True, True, "PythonError", "ZeroDivisionError"]
    assert result[4] == (
        "Traceback (most recent call last):\n"
        '  File "<exec>", line 3, in <module>\n'
        "    f()\n"
        "    ~^^\n"
        '  File "<exec>", line 2, in f\n'
        "    return 1 / 0\n"
        "           ~~^~~\n"
        "ZeroDivisionError: division by zero\n"
    )
    assert result[5] is True


@inside
def test_last_exc_is_set() -> None:
    import sys

    from pyjs import run_js

    def fails() -> None:
        raise KeyError("k")

    assert run_js("f => { try { f() } catch (e) { return e.type } }")(fails) == "KeyError"
    assert repr(sys.last_exc) == "KeyError('k')"


@inside
def test_an_exception_keeps_its_python_side() -> None:
    from pyjs import JsException, run_js

    try:
        try:
            run_js("null.x")
        except JsException as error:
            error.add_note("a note")
            raise ValueError("outer") from error
    except ValueError as outer:
        assert isinstance(outer.__cause__, JsException)
        assert outer.__cause__.__notes__ == ["a note"]
        assert outer.__cause__.__traceback__ is not None


@inside
async def test_a_rejection_keeps_its_identity() -> None:
    from pyjs import JsException, run_js

    class Mine(Exception):
        pass

    thrown = Mine()

    async def throws() -> None:
        raise thrown

    try:
        await run_js("f => f()")(throws)
    except Mine as caught:
        assert caught is thrown
    else:
        raise AssertionError("nothing was raised")
    try:
        await run_js("Promise.reject(7)")
    except JsException as caught:
        assert caught.js_error == 7
    else:
        raise AssertionError("nothing was raised")


def test_an_exception_that_cannot_be_formatted_is_still_thrown(host: Host) -> None:
    code = """
import sys
known = sys.modules["traceback"]
sys.modules["traceback"] = None
raise ValueError
"""
    body = """
    const globals = py.runPython("{}");
    try { py.runPython(args[0], { globals }); }
    catch (error) { return [error.type, error.message]; }
    finally {
      py.runPython("sys.modules['traceback'] = known", { globals });
      globals.destroy();
    }
    """
    assert host.js(body, f"import traceback\n{code}") == [
        "ValueError",
        "ValueError: formatting its traceback failed",
    ]


@inside
def test_an_exception_is_pickled_with_its_name_message_and_stack() -> None:
    import copy
    import pickle

    from pyjs import JsException, js, run_js

    sources = ("new TypeError('boo')", "Object.assign(new Error('m'), {name: 'Mine'})")
    for source in sources:
        error = run_js(source)
        for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
            assert isinstance(again, JsException)
            assert (str(again), again.stack) == (str(error), error.stack)
            assert again != error
    assert pickle.loads(pickle.dumps(run_js(sources[0]))).js_error.constructor == js.TypeError


def test_the_cause_of_a_python_error(host: Host) -> None:
    """`__cause__`, or else `__context__`; a JavaScript error is itself."""
    code = """
import pyjs
def direct():
    try:
        [][1]
    except IndexError as error:
        raise ValueError("outer") from error
def context():
    try:
        [][1]
    except IndexError:
        {}[0]
def hidden():
    try:
        [][1]
    except IndexError:
        raise KeyError from None
def mixed():
    try:
        pyjs.js.fail()
    except pyjs.JsException as error:
        raise ValueError from error
"""
    body = """
    const globals = py.runPython("{}");
    py.runPython(args[0], { globals });
    const caught = (code) => {
      try { py.runPython(code, { globals }); } catch (error) { return error; }
    };
    const thrown = new RangeError("js");
    globalThis.fail = () => { throw thrown; };
    const direct = caught("direct()"), cause = direct.cause;
    const out = [cause.type, cause === direct.cause, cause instanceof py.ffi.PythonError,
                 cause.message.trimEnd().split("\\n").at(-1), cause.cause === undefined,
                 caught("context()").cause.type, caught("hidden()").cause === undefined,
                 caught("mixed()").cause === thrown];
    direct.cause; // asking for a cause is no new error
    out.push(py.runPython("import sys; type(sys.last_exc).__name__", { globals }));
    delete globalThis.fail;
    globals.destroy();
    return out;
    """
    assert host.js(body, code) == [
        "IndexError",
        True,
        True,
        "IndexError: list index out of range",
        True,
        "IndexError",
        True,
        True,
        "ValueError",
    ]


def test_the_stack_of_a_python_error_has_frames_of_both_languages(host: Host) -> None:
    body = """
    globalThis.between = function between(f) { return f(); };
    const deep = (n) => n === 0 ? py.runPython(args[0], { filename: "mine.py" }) : deep(n - 1);
    let text;
    try { (function begins() { deep(3); })(); } catch (error) { text = error.stack; }
    delete globalThis.between;
    return text;
    """
    code = "import pyjs\ndef fails():\n    1/0\npyjs.js.between(fails)"
    text = host.js(body, code)
    assert text.startswith("PythonError: Traceback (most recent call last):\n")
    assert text.index('"mine.py", line 4') < text.index('"mine.py", line 3, in fails')
    assert text.count("deep") == 4
    assert "begins" in text
    assert "wasm" not in text
    assert "receive" not in text
