"""Explicit JavaScript values: what makes them, calls with them and asks about them."""

import pytest

from tests.inside import inside


@inside
def test_every_explicit_name_is_public() -> None:
    import pyjs
    from pyjs import explicit

    assert set(explicit.__all__) < set(pyjs.__all__)
    assert [n for n in explicit.__all__ if getattr(pyjs, n) is not getattr(explicit, n)] == []
    assert set(pyjs.__all__) <= set(dir(pyjs))
    try:
        pyjs.absent
    except AttributeError as error:
        assert str(error) == "module 'pyjs' has no attribute 'absent'"


@inside
@pytest.mark.parametrize(
    ("given", "source"),
    [
        (None, "undefined"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-1.5, "-1.5"),
        (2**60, "2n ** 60n"),
        (-(2**100), "-(2n ** 100n)"),
        ("", "''"),
        ("aé😀", "'aé😀'"),
    ],
)
def test_a_primitive_is_held_as_itself(given: object, source: str) -> None:
    from pyjs import JsValue, run_js, to_py
    from pyjs.ffi import JsProxy

    value = JsValue(given)
    assert isinstance(value, JsProxy)
    assert run_js(f"x => Object.is(x, {source})")(value) is True
    assert run_js("x => x")(value) == given
    assert to_py(value) == given
    assert value.typeof == run_js(f"typeof ({source})")
    assert str(value) == run_js(f"String({source})")
    assert value == JsValue(given)
    assert bool(value) is bool(given)


@inside
def test_null_and_undefined() -> None:
    from pyjs import JsException, JsValue, js_null, js_undefined, jsnull, run_js

    assert run_js("x => x === null")(js_null()) is True
    assert run_js("x => x === undefined")(js_undefined()) is True
    assert (str(js_null()), str(js_undefined())) == ("null", "undefined")
    assert js_null() == JsValue(jsnull)
    assert js_null() != js_undefined()
    assert run_js("x => x")(js_null()) is jsnull
    assert run_js("x => x")(js_undefined()) is None
    for value in (js_null(), js_undefined()):
        assert not value
        assert not hasattr(value, "a")
        try:
            value.a = 1
        except JsException as error:
            assert error.name == "TypeError"
        else:
            raise AssertionError("nothing was raised")


@inside
def test_a_held_primitive_has_its_methods() -> None:
    from pyjs import JsException, JsValue

    text = JsValue("abc")
    assert text.toUpperCase() == "ABC"
    assert (len(text), text[1], list(text)) == (3, "b", ["a", "b", "c"])
    assert JsValue(255).toString(16) == "ff"
    try:
        text.a = 1
    except JsException as error:
        assert error.name == "TypeError"
    else:
        raise AssertionError("nothing was raised")


@inside
def test_a_proxy_stays_the_same_proxy() -> None:
    from pyjs import JsValue, js

    o = js.Object.new()
    assert JsValue(o) is o
    error = js.RangeError.new("no")
    assert JsValue(error) is error
    assert isinstance(o, JsValue)
    assert isinstance(error, JsValue)
    assert not isinstance("text", JsValue)


@inside
def test_any_other_object_becomes_a_pyproxy() -> None:
    from pyjs import JsValue, js_py_object, run_js
    from pyjs.ffi import JsDoubleProxy

    given = [1, 2]
    for make in (JsValue, js_py_object):
        value = make(given)
        assert isinstance(value, JsDoubleProxy)
        assert run_js("x => x")(value) is given
        assert run_js("x => x.length")(value) == 2
        value.destroy()
    five = js_py_object(5)
    assert run_js("x => typeof x")(five) == "object"
    assert run_js("x => x.bit_length()")(five) == 3
    five.destroy()


@inside
def test_jsvalue_takes_one_value() -> None:
    from pyjs import JsValue

    for args in ((), (1, 2)):
        try:
            JsValue(*args)
        except TypeError:
            continue
        raise AssertionError("nothing was raised")


@inside
def test_new_arrays_and_objects() -> None:
    from pyjs import js_array, js_object, run_js

    assert run_js("a => Array.isArray(a) && a.length === 0")(js_array()) is True
    assert js_array() != js_array()
    o = js_object()
    o.x = 1
    assert run_js("o => Object.getPrototypeOf(o) === Object.prototype && o.x")(o) == 1


@inside
def test_new_and_the_ways_to_call() -> None:
    from pyjs import apply, call, japply, js, new, run_js, to_py

    cls = run_js("(class { constructor(...a) { this.a = a } sum() { return this.a.length } })")
    made = new(cls, 1, "x")
    assert to_py(made.a) == [1, "x"]
    assert apply(made.sum, []) == 2
    assert call(made.sum, new(cls, 1, 2, 3)) == 3
    assert apply(js.Math.max, (i for i in range(70))) == 69
    assert call(js.Math.max, None, 1, 2) == 2
    thing = object()
    assert apply(run_js("x => x"), [thing]) is thing
    assert japply(run_js("(o, t) => o.a[1].b + t"), [{"a": [0, {"b": "ü"}]}, "x"]) == "üx"
    assert japply(run_js("(...a) => a.length"), []) == 0
    assert japply(run_js("o => o.a"), [{"a": None}]) is not None


@inside
def test_gapply_chooses_what_crosses_as_json() -> None:
    from pyjs import JsArray, JsException, gapply, run_js

    same = run_js("x => x")
    assert gapply(same, [{"a": [1, "ü", None, True]}]) == {"a": [1, "ü", None, True]}
    assert isinstance(gapply(same, [[1]], jout=False), JsArray)
    given = run_js("({a: [1]})")
    assert gapply(same, [given], jin=False) == {"a": [1]}
    assert gapply(same, [given], jin=False, jout=False) == given
    assert gapply(run_js("() => undefined"), []) is None
    assert gapply(run_js("() => null"), []) is None
    assert gapply(run_js("() => () => 1"), []) is None
    try:
        gapply(run_js("() => { const o = {}; o.o = o; return o }"), [])
    except JsException as error:
        assert error.name == "TypeError"
    else:
        raise AssertionError("nothing was raised")


@inside
def test_arguments_that_json_cannot_express() -> None:
    from pyjs import japply, js

    for given, kind in ((object(), TypeError), (float("nan"), ValueError)):
        try:
            japply(js.Math.max, [given])
        except kind:
            continue
        raise AssertionError("nothing was raised")


@inside
def test_an_error_of_the_function_passes_through() -> None:
    from pyjs import JsException, apply, call, gapply, japply, js, new, run_js

    bad = run_js("(function () { throw new RangeError('no') })")
    acts = [lambda: apply(bad, []), lambda: call(bad, None), lambda: japply(bad, [])]
    for act in [*acts, lambda: gapply(bad, []), lambda: new(bad)]:
        try:
            act()
        except JsException as error:
            assert error.name == "RangeError"
        else:
            raise AssertionError("nothing was raised")
    try:
        new(js.Math.max)
    except JsException as error:
        assert error.name == "TypeError"
    else:
        raise AssertionError("nothing was raised")


@inside
@pytest.mark.parametrize("name", ["new", "call", "apply", "japply", "gapply"])
def test_what_is_no_javascript_function_is_named(name: str) -> None:
    import pyjs

    for given, kind in ((len, "builtin_function_or_method"), (pyjs.js.Math, "JsProxy")):
        try:
            getattr(pyjs, name)(given, [])
        except TypeError as error:
            assert str(error) == f"{name}: expected a JavaScript function, got {kind}"
        else:
            raise AssertionError("nothing was raised")


@inside
@pytest.mark.parametrize("name", ["create_callable", "callable_context", "promise"])
def test_what_is_not_callable_is_named(name: str) -> None:
    import pyjs

    try:
        with getattr(pyjs, name)(5):
            pass
    except TypeError as error:
        assert str(error) == f"{name}: expected a callable, got int"
    else:
        raise AssertionError("nothing was raised")


@inside
def test_create_callable_lives_until_deleted() -> None:
    import sys

    from pyjs import JsException, create_callable, run_js

    def double(x):
        return 2 * x

    held = [double]  # Python 3.14 does not count what a name lends
    before = sys.getrefcount(held[0])
    function, handle = create_callable(double)
    run_js("f => { globalThis.kept = f }")(function)
    try:
        assert run_js("kept(1) + kept(2)") == 6
        assert function(4) == 8
        handle.delete()
        handle.delete()
        assert sys.getrefcount(held[0]) == before
        try:
            run_js("kept(1)")
        except JsException as error:
            assert "destroy() was called" in error.message
        else:
            raise AssertionError("it still works")
    finally:
        run_js("delete globalThis.kept")


@inside
def test_callable_context_ends_with_its_block() -> None:
    import sys

    from pyjs import JsException, callable_context, run_js

    def double(x):
        return 2 * x

    held = [double]  # Python 3.14 does not count what a name lends
    before = sys.getrefcount(held[0])
    keep = run_js("f => { globalThis.kept = f }")
    try:
        with callable_context(double) as function:
            keep(function)
            assert run_js("kept(1) + kept(2)") == 6
            raise KeyError("left early")
    except KeyError:
        pass
    del function
    assert sys.getrefcount(held[0]) == before
    try:
        run_js("kept(1)")
    except JsException as error:
        assert "destroy() was called" in error.message
    else:
        raise AssertionError("it still works")
    run_js("delete globalThis.kept")


@inside
async def test_promise_is_settled_from_python() -> None:
    import asyncio

    from pyjs import JsException, js, promise

    assert await promise(lambda resolve, reject: resolve(5)) == 5
    error = js.RangeError.new("no")
    try:
        await promise(lambda resolve, reject: reject(error))
    except JsException as raised:
        assert raised == error
    else:
        raise AssertionError("nothing was raised")
    kept = []
    later = promise(lambda resolve, reject: kept.append(resolve))
    await asyncio.sleep(0)
    kept.pop()("late")
    assert await later == "late"


@inside
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("undefined", "undefined"),
        ("null", "null"),
        ("true", "boolean"),
        ("1.5", "number"),
        ("NaN", "number"),
        ("5n", "bigint"),
        ("'x'", "string"),
        ("Symbol.iterator", "symbol"),
        ("() => 1", "function"),
        ("Date", "function"),
        ("({})", "object"),
        ("[]", "object"),
        ("new Error('x')", "object"),
    ],
)
def test_type_str_and_the_questions(source: str, expected: str) -> None:
    import pyjs
    from pyjs import run_js, type_str

    value = run_js(source)
    assert type_str(value) == expected
    kinds = [
        "undefined",
        "null",
        "boolean",
        "number",
        "bigint",
        "string",
        "symbol",
        "function",
        "object",
    ]
    assert [k for k in kinds if getattr(pyjs, f"is_{k}")(value)] == [expected]
    assert pyjs.is_undefined_or_null(value) is (expected in ("undefined", "null"))
    assert pyjs.is_array(value) is (source == "[]")
    assert pyjs.is_error(value) is source.startswith("new Error")


@inside
def test_type_str_of_python_objects_is_what_javascript_sees() -> None:
    from pyjs import create_proxy, run_js, type_str

    typeof = run_js("x => typeof x")
    for given in (None, True, 1, 1.5, 2**60, "x", [1], {"a": 1}, len, int, object(), b"x"):
        assert type_str(given) == typeof(given)
    proxy = create_proxy(len)
    assert type_str(proxy) == "function"
    proxy.destroy()
