"""JsProxy: attributes, identity, truth, types and lifetime of a JavaScript object in Python."""

import pytest

from tests.inside import inside


@inside
def test_attributes_are_read_written_and_deleted() -> None:
    from pyjs import run_js

    o = run_js("({a: 1, text: 'x', nothing: undefined, none: null})")
    assert (o.a, o.text, o.nothing) == (1, "x", None)
    o.b = 2.5
    assert run_js("o => o.b")(o) == 2.5
    assert hasattr(o, "b") is True
    assert hasattr(o, "nothing") is True
    del o.b
    assert run_js("o => 'b' in o")(o) is False
    assert hasattr(o, "b") is False
    assert getattr(o, "b", 7) == 7


@inside
def test_a_missing_attribute_is_an_attribute_error_that_names_it() -> None:
    from pyjs import run_js

    o = run_js("({})")
    messages = []
    for act in (lambda: o.absent, lambda: delattr(o, "absent")):
        try:
            act()
        except AttributeError as error:
            messages.append(str(error))
    assert messages == ["JavaScript object has no property 'absent'"] * 2


@inside
def test_a_trailing_underscore_reaches_properties_named_like_keywords() -> None:
    from pyjs import run_js

    o = run_js("({from: 1, class: 2, from_: 3, async: 4, plain_: 5})")
    assert (o.from_, o.class_, o.from__, o.async_, o.plain_) == (1, 2, 3, 4, 5)
    o.import_ = 6
    assert run_js("o => o.import")(o) == 6
    del o.class_
    assert run_js("o => 'class' in o")(o) is False
    assert hasattr(o, "lambda_") is False


@inside
def test_a_frozen_property_cannot_be_set_or_deleted() -> None:
    from pyjs import JsException, run_js

    o = run_js("Object.freeze({a: 1})")
    raised = []
    for act in (lambda: setattr(o, "a", 2), lambda: delattr(o, "a"), lambda: setattr(o, "b", 2)):
        try:
            act()
        except JsException as error:
            raised.append(error.name)
    assert raised == ["TypeError"] * 3
    assert o.a == 1


@inside
def test_dir_lists_inherited_names_and_runs_no_getter() -> None:
    from pyjs import run_js

    o = run_js("class A { m() {} get g() { throw 1 } }; const o = new A(); o.own = 1; o")
    names = dir(o)
    assert {"m", "g", "own", "toString", "object_keys"} <= set(names)
    assert "0" not in dir(run_js("[1, 2]"))
    assert sorted(names) == names


@inside
def test_proxies_of_one_object_are_equal_and_unhashable() -> None:
    from pyjs import run_js

    pair = run_js("(() => { const o = {}; return {a: o, b: o, c: {}} })()")
    assert pair.a == pair.b
    assert (pair.a != pair.b) is False
    assert pair.a != pair.c
    assert (pair.a == pair.c) is False
    assert pair.a.js_id == pair.b.js_id
    assert pair.a.js_id != pair.c.js_id
    assert pair.a != 1
    assert (pair.a == "x") is False
    try:
        hash(pair.a)
    except TypeError as error:
        assert str(error).startswith("unhashable type")
    else:
        raise AssertionError("it was hashed")
    try:
        assert pair.a < pair.b
    except TypeError as error:
        assert "not supported" in str(error)


@inside
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[]", False),
        ("[0]", True),
        ("({})", True),
        ("new Map()", False),
        ("new Map([[1, 2]])", True),
        ("new Set()", False),
        ("new Uint8Array(0)", False),
        ("new Uint8Array(1)", True),
        ("new ArrayBuffer(0)", False),
        ("() => 1", True),
        ("Symbol('s')", True),
        ("new Boolean(false)", True),
    ],
)
def test_empty_containers_are_falsy_and_everything_else_truthy(source: str, expected: bool) -> None:
    from pyjs import run_js

    assert bool(run_js(source)) is expected


@inside
def test_repr_and_typeof() -> None:
    from pyjs import js, run_js

    texts = {
        "({})": ("[object Object]", "{}"),
        "[1, 2]": ("1,2", "[1, 2]"),
        "Object.create(null)": ("[object Object]", "{}"),
        "({get toString() { throw 1 }})": ("[object Object]", "{toString: [accessor]}"),
        "Symbol('s')": ("Symbol(s)", "Symbol(s)"),
        "({toString: () => 'mine'})": ("mine", "{toString: [function toString]}"),
        "new (class P { x = 1 })": ("[object Object]", "P {x: 1}"),
        "new (class P { toString() { return 'p' } })": ("p", "p"),
        "({'a b': 'x', get c() { throw 1 }, d: 5n})": (
            "[object Object]",
            '{"a b": "x", c: [accessor], d: 5n}',
        ),
        "[[[[1]]], {a: {b: {c: 1}}}]": ("1,[object Object]", "[[[[…]]], {a: {b: {…}}}]"),
        "(o => { o.o = o; return o })({})": ("[object Object]", "{o: [circular]}"),
        "Array.from({length: 22}, (_, i) => i)": (
            ",".join(str(i) for i in range(22)),
            f"[{', '.join(str(i) for i in range(20))}, … 2 more]",
        ),
        "new Uint8Array([1, 2])": ("1,2", "Uint8Array [1, 2]"),
        "new Date(NaN)": ("Invalid Date",) * 2,
        "[, undefined, null, 'x'.repeat(300)]": (
            ",,," + "x" * 300,
            f'[undefined, undefined, null, "{"x" * 200}…"]',
        ),
    }
    for source, (text, content) in texts.items():
        value = run_js(source)
        assert (source, str(value), repr(value)) == (source, text, content)
    assert (js.Math.typeof, js.Date.typeof, run_js("Symbol()").typeof) == (
        "object",
        "function",
        "symbol",
    )


@inside
def test_keys_values_and_entries_are_arrays() -> None:
    from pyjs import JsArray, run_js, to_py

    o = run_js("({b: 1, a: [2]})")
    assert isinstance(o.object_keys(), JsArray)
    assert list(o.object_keys()) == ["b", "a"]
    assert to_py(o.object_values()) == [1, [2]]
    assert to_py(o.object_entries()) == [["b", 1], ["a", [2]]]


@inside
@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("({})", ""),
        ("() => 1", "JsCallable"),
        ("[1]", "JsArray JsIterable"),
        ("Promise.resolve()", "JsPromise"),
        ("({then() {}})", "JsPromise"),
        ("new Error('e')", "JsException"),
        ("new Map()", "JsMap JsMutableMap JsIterable"),
        ("new Set()", "JsIterable"),
        ("[][Symbol.iterator]()", "JsIterator JsIterable"),
        ("(function* () {})()", "JsGenerator JsIterator JsIterable"),
        ("(async function* () {})()", "JsAsyncGenerator JsAsyncIterator JsAsyncIterable"),
        ("({next() {}})", "JsIterator"),
        ("({next() {}, [Symbol.asyncIterator]() {}})", "JsAsyncIterator JsAsyncIterable"),
        ("new Uint8Array(2)", "JsTypedArray JsBuffer JsArray JsIterable"),
        ("new ArrayBuffer(2)", "JsBuffer"),
        ("new DataView(new ArrayBuffer(2))", "JsBuffer"),
        ("new WeakRef({})", "JsWeakRef"),
        ("new Response()", "JsFetchResponse"),
        ("({nodeType: 1})", "JsDomElement"),
        ("({get() {}})", ""),
    ],
)
def test_isinstance_tells_what_an_object_can_do(source: str, names: str) -> None:
    from pyjs import ffi, run_js

    value = run_js(source)
    kinds = [name for name in ffi.__all__ if isinstance(getattr(ffi, name), type)]
    found = [n for n in kinds if n.startswith("Js") and isinstance(value, getattr(ffi, n))]
    assert found == sorted([*names.split(), "JsProxy"])
    assert not isinstance(1, ffi.JsProxy)
    assert not isinstance(ffi.jsnull, ffi.JsProxy)


@inside
def test_an_ability_behind_a_throwing_getter_is_the_only_one_missing() -> None:
    from pyjs import JsIterable, JsPromise, run_js

    o = run_js("({get then() { throw 1 }, [Symbol.iterator]: () => [1, 2][Symbol.iterator]()})")
    assert not isinstance(o, JsPromise)
    assert isinstance(o, JsIterable)
    assert list(o) == [1, 2]


@inside
def test_proxy_types_cannot_be_instantiated_copied_or_pickled() -> None:
    import copy
    import pickle

    from pyjs import JsException, JsProxy, js

    class Mine(JsProxy):
        pass

    attempts = [
        JsProxy,
        JsException,
        Mine,
        lambda: object.__new__(JsProxy),
        lambda: object.__new__(Mine),
        lambda: Exception.__new__(JsException),
        lambda: copy.copy(js.Math),
        lambda: pickle.dumps(js.Math),
    ]
    refused = []
    for attempt in attempts:
        try:
            refused.append(repr(attempt()))
        except (TypeError, pickle.PicklingError, AttributeError) as caught:
            refused.append(type(caught).__name__)
    assert [r for r in refused if r not in ("TypeError", "PicklingError")] == []


@inside
def test_the_class_of_a_proxy_cannot_be_changed_into_another() -> None:
    from pyjs import JsArray, JsException, JsProxy, run_js

    for value, new in (
        (run_js("({})"), JsArray),
        (run_js("new Error('e')"), JsProxy),
        (run_js("({})"), JsException),
    ):
        try:
            value.__class__ = new
        except TypeError:
            pass
        else:
            raise AssertionError(f"{value!r} became {new}")


@inside
def test_a_weak_reference_ends_with_its_proxy() -> None:
    import weakref

    from pyjs import run_js

    for source in ("({})", "() => 1", "new Error('e')", "[1]"):
        seen = []
        proxy = run_js(source)
        reference = weakref.ref(proxy, seen.append)
        assert (reference() is proxy) is True
        del proxy
        assert reference() is None
        assert seen == [reference]


@inside
def test_thousands_of_names_are_told_apart() -> None:
    import sys

    from pyjs import run_js

    o = run_js("Object.fromEntries(Array.from({length: 6000}, (_, i) => [`n${i}`, i]))")
    for _ in range(2):
        for i in range(6000):
            assert getattr(o, sys.intern(f"n{i}")) == i
    for i in range(0, 6000, 7):
        setattr(o, f"n{i}", -i)
        assert getattr(o, "n" + str(i)) == -i
    assert run_js("o => o.n7 + o.n5999")(o) == -7 + 5999 * (1 if 5999 % 7 else -1)


@inside
def test_equal_names_of_different_str_objects_are_one_property() -> None:
    from pyjs import run_js

    class Name(str):
        pass

    o = run_js("({})")
    first, second = "".join(["na", "me"]), "".join(["nam", "e"])
    assert first is not second
    setattr(o, first, 1)
    assert getattr(o, second) == 1
    assert getattr(o, Name("name")) == 1
    assert o.name == 1


@inside
@pytest.mark.parametrize(
    "name", ["größe", "名前", "😀", "\ud800", "a\udc00b", "", " ", "a.b", "\x00", "0", "x" * 5000]
)
def test_names_of_any_characters_reach_their_property(name: str) -> None:
    from pyjs import run_js

    o = run_js("({})")
    for value in (1, 2):
        setattr(o, name, value)
        assert run_js("(o, name) => o[name]")(o, name) == value
        assert getattr(o, name) == value
    delattr(o, name)
    assert hasattr(o, name) is False


@inside
def test_a_getter_that_throws_raises_its_error_everywhere() -> None:
    from pyjs import JsException, run_js

    o = run_js("({get a() { throw new RangeError('no') }, set a(x) { throw new TypeError('ro') }})")
    raised = []
    for act in (lambda: o.a, lambda: hasattr(o, "a"), lambda: setattr(o, "a", 1)):
        try:
            act()
        except JsException as error:
            raised.append(str(error))
    assert raised == ["RangeError: no", "RangeError: no", "TypeError: ro"]


@inside
def test_a_getter_may_call_back_into_python() -> None:
    from pyjs import create_proxy, run_js

    calls = []

    def back(text):
        calls.append(text)
        return o.plain + "!" * len(calls)

    proxy = create_proxy(back)
    o = run_js("f => ({plain: 'p', get g() { return f('from getter') + 'ü€' }})")(proxy)
    assert [o.g, o.g] == ["p!ü€", "p!!ü€"]
    assert calls == ["from getter"] * 2
    proxy.destroy()


@inside
def test_a_python_exception_in_a_getter_is_the_same_object() -> None:
    from pyjs import create_proxy, run_js

    mine = KeyError("k")

    def fails():
        raise mine

    proxy = create_proxy(fails)
    o = run_js("f => ({get g() { return f() }})")(proxy)
    try:
        _ = o.g
    except KeyError as caught:
        assert caught is mine
    else:
        raise AssertionError("nothing was raised")
    proxy.destroy()


@inside
def test_a_failed_assignment_leaves_the_names_of_properties_right() -> None:
    import sys

    from pyjs import JsException, create_proxy, run_js

    names = [sys.intern(f"evict{i}") for i in range(5000)]
    other = run_js("Object.fromEntries(Array.from({length: 5000}, (_, i) => [`evict${i}`, i]))")

    def back():
        for name in names:
            getattr(other, name)

    proxy = create_proxy(back)
    o = run_js("f => new Proxy({}, {set(target, name) { f(); return false }})")(proxy)
    for i in range(20):
        try:
            setattr(o, sys.intern(f"refused{i}"), 1)
        except JsException as error:
            assert f"refused{i}" in error.message
        else:
            raise AssertionError("it was set")
        assert [getattr(other, name, "missing") for name in names] == list(range(5000))
    proxy.destroy()


@inside
def test_memory_that_grows_while_a_getter_runs_loses_no_value() -> None:
    from pyjs import create_proxy, run_js

    kept = []

    class Grows:
        def __del__(self):
            kept.append(bytearray(48_000_000))

    make = run_js("(p, v) => ({get g() { p.destroy(); return v }})")
    for value in (42, "text", 1.5, True):
        kept.clear()
        assert make(create_proxy(Grows()), value).g == value
    kept.clear()
    assert make(create_proxy(Grows()), run_js("({a: 1})")).g.a == 1
    kept.clear()


@inside
def test_symbols_are_proxies() -> None:
    from pyjs import run_js

    symbol = run_js("Symbol('s')")
    assert symbol.description == "s"
    assert run_js("s => typeof s")(symbol) == "symbol"
    assert run_js("s => ({[s]: 5})[s]")(symbol) == 5
    assert symbol == run_js("s => s")(symbol)
    assert hasattr(symbol, "absent") is False
    registered = run_js("Symbol.for('r')")
    assert registered == run_js("Symbol.for('r')")
    assert registered.js_id == run_js("Symbol.for('r')").js_id
