"""Deep conversion of objects that lie about their size or class, and where errors say they are."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside


@inside
def test_a_len_that_lies_is_not_asked() -> None:
    import ctypes
    from array import array

    from pyjs import js_call, run_js, to_js

    lies = [0, 5, -1, 10**30, "x", KeyError("len")]

    def lying(base):
        class Liar(base):
            lie: object = None
            asked = 0

            def __len__(self):
                Liar.asked += 1
                if isinstance(self.lie, Exception):
                    raise self.lie
                return self.lie

        return Liar

    show = run_js("""x => JSON.stringify(x, (k, v) => v instanceof Set ? ['set', ...v] :
        v instanceof Map ? ['map', ...v] : ArrayBuffer.isView(v) ? ['view', ...v] : v)""")
    for base, given, text in (
        (list, [1, "a"], '[1,"a"]'),
        (tuple, [1, "a"], '[1,"a"]'),
        (dict, {"a": 1}, '{"a":1}'),
        (set, [1], '["set",1]'),
        (bytes, b"ab", '["view",97,98]'),
        (bytearray, b"ab", '["view",97,98]'),
        (array, None, '["view",1,2]'),
        (ctypes.c_uint8 * 2, None, '["view",1,2]'),
    ):
        liar = lying(base)
        value = liar("i", [1, 2]) if base is array else liar(1, 2) if given is None else liar(given)
        for lie in lies:
            value.lie = lie
            assert show(to_js({"x": value})) == f'{{"x":{text}}}', (base, lie)
            assert show(to_js([value], dicts="map"))[1:-1] == text.replace(
                '{"a":1}', '["map",["a",1]]'
            )
            assert show(to_js([value], default_converter=lambda v, c, k: 1)) == f"[{text}]"
            assert show(to_js([value], eager_converter=lambda v, c, k: c(v))) == f"[{text}]"
            if base in (list, tuple, dict, set):
                assert js_call(show, value) == text
            else:
                assert js_call(show, [value]) == f"[{text}]"
        assert liar.asked == 0


@inside
def test_items_and_buffers_that_change_meanwhile() -> None:
    from pyjs import run_js, to_js
    from pyjs.ffi import ConversionError

    show = run_js("x => JSON.stringify(x)")

    def message(value, **options):
        try:
            to_js({"a": [0, value]}, **options)
        except ConversionError as error:
            return str(error)
        raise AssertionError("nothing was raised")

    class Items(dict):
        given: object = None

        def items(self):
            if isinstance(self.given, Exception):
                raise self.given
            return self.given

    value = Items(a=1)
    for given, text in (
        (5, "the items() of a Items failed"),
        (KeyError("items"), "the items() of a Items failed"),
        ([1], "the items() of a Items gave 1, which is no tuple of a key and a value"),
        ([("a",)], "the items() of a Items gave ('a',), which is no tuple of a key and a value"),
        (
            [["a", 1]],
            "the items() of a Items gave ['a', 1], which is no tuple of a key and a value",
        ),
    ):
        value.given = given
        assert message(value) == f"to_js: $.a[1]: {text}"
    value.given = [("b", 2), ("c", 3)]
    assert show(to_js(value)) == '{"b":2,"c":3}'

    class Thing:
        pass

    # A converter that changes what is converted.
    for container, method, given in (
        ([Thing(), 1], "clear", []),
        ([Thing(), 1], "append", [1]),
        ({"x": Thing(), "y": 1}, "clear", []),
        ({"x": Thing(), "y": 1}, "update", [{"z": 1}]),
    ):
        change = getattr(container, method)
        text = message(container, default_converter=lambda v, c, k, f=change, g=given: f(*g))
        kind = type(container).__name__
        assert text == f"to_js: $.a[1]: the {kind} changed while it was converted"


@inside
def test_an_int_that_is_too_large_has_its_own_path() -> None:
    from dataclasses import dataclass

    from pyjs import js, run_js, to_js
    from pyjs.converters import enable
    from pyjs.ffi import ConversionError, JsException

    @dataclass
    class Point:
        x: int
        y: int

    huge = 1 << (1 << 30)
    # Engines differ in how large a bigint can be.
    is_held = run_js("() => { try { return 1n << (1n << 30n), true } catch { return false } }")()

    def expect(path, act):
        try:
            act()
        except ConversionError as error:
            assert str(error).endswith("is too large for a bigint of this engine"), str(error)[:200]
            assert str(error).split(": ")[1] == path
        else:
            assert is_held

    with enable("dataclass"):
        expect("$[0].p.y", lambda: to_js([{"p": Point(1, huge)}]))
    try:
        js.Object.is_(1, huge)
    except JsException as error:
        assert len(str(error)) < 100
    else:
        assert is_held
    del huge
    # The path of a value that fails in Python is its own too, not that of what came before.
    for value, path in (
        ({"a": [1], "b": [2, (1 << 40)]}, "$.b[1]"),
        ([{"a": 1}, {"c": {"d": [0.5]}}], "$[1].c.d[0]"),
    ):
        try:
            to_js(value, typed="u8")
        except ConversionError as error:
            assert str(error).split(": ")[1] == path
        else:
            raise AssertionError(path)


@inside
def test_objects_that_lie_about_their_class_stay_what_they_are() -> None:
    from pyjs import JsProxy, run_js, to_py
    from pyjs.converters import enable

    revoked = "(() => {{ const r = Proxy.revocable({}, {{}}); r.revoke(); return r.proxy }})()"
    tag = "new (class {{ get [Symbol.toStringTag]() {{ {} }} href = 'x' }})"
    sources = [
        *(
            f"Object.create({name}.prototype)"
            for name in ("Date", "RegExp", "Map", "Set", "URL", "ArrayBuffer", "Uint8Array")
        ),
        "Object.create(DataView.prototype)",
        *(revoked.format(target) for target in ("{}", "[]", "() => 1", "new Map()")),
        *(
            f"new Proxy({target}, {{}})"
            for target in ("new Map([[1, 2]])", "new Set([1])", "new Date(0)", "/x/")
        ),
        "new Proxy(new URL('https://a.b/'), {})",
        "new Proxy(new Uint8Array(2), {})",
        "new Proxy(new ArrayBuffer(2), {})",
        *(tag.format(f"return '{name}'") for name in ("Date", "RegExp", "URL", "Map", "Set")),
        tag.format("throw new Error('tag')"),
        "Object.assign(Object.create({get [Symbol.toStringTag]() { return 'Date' }, z: 1}))",
        *(
            f"new Proxy({{}}, {{getPrototypeOf() {{ {act} }}}})"
            for act in (
                "return Date.prototype",
                "return Map.prototype",
                "return URL.prototype",
                "throw new Error('prototype')",
            )
        ),
        "Object.create(new Proxy({}, {getPrototypeOf() { throw new Error('deeper') }}))",
    ]
    for source in sources:
        for switched in (False, True):
            context = enable() if switched else enable("Enum")
            with context:
                made = to_py(run_js(f"[{{a: {source}}}, 'end']"))
                assert isinstance(made[0]["a"], JsProxy), source
                assert made[1] == "end"
                given = []
                made = to_py(
                    run_js(f"[{{a: {source}}}]"),
                    default_converter=lambda value, c, k, given=given: given.append(1) or "given",
                )
                assert (made, given) == ([{"a": "given"}], [1]), source


@inside
def test_what_says_another_size_is_as_large_as_it_is() -> None:
    from pyjs import run_js, to_py

    def plain(source):
        value = to_py(run_js(f"[{source}, 4]"))
        assert value[1] == 4
        return bytes(value[0]) if isinstance(value[0], memoryview) else value[0]

    for size in ("99", "0", "-1", "NaN", "'x'", "1e99"):
        lie = "Object.defineProperty({}, '{}', {{value: " + size + "}})"
        throws = "Object.defineProperty({}, '{}', {{get() {{ throw new Error('size') }}}})"
        for each in (lie, throws):
            assert plain(each.format("new Map([[1, 2]])", "size")) == {1: 2}
            assert plain(each.format("new Set([1, 2])", "size")) == {1, 2}
            for name in ("length", "byteLength", "byteOffset", "buffer"):
                assert plain(each.format("new Uint8Array([1, 2, 3])", name)) == b"\1\2\3"
            for name in ("byteLength", "byteOffset", "buffer"):
                view = "new DataView(Uint8Array.of(7, 8).buffer)"
                assert plain(each.format(view, name)) == b"\7\10"
            assert plain(each.format("Uint8Array.of(7, 8).buffer", "byteLength")) == b"\7\10"
    assert plain("{length: 5, 0: 'a'}") == {"length": 5, "0": "a"}
    assert plain("Object.setPrototypeOf([1], Map.prototype)") == [1]
    assert plain("Object.setPrototypeOf(Uint8Array.of(1), Map.prototype)") == b"\1"
    assert plain("Object.setPrototypeOf(new Date(0), Object.prototype)") == {}


@inside
def test_what_cannot_be_read_is_an_error_with_its_path() -> None:
    from pyjs import JsException, run_js, to_py
    from pyjs.ffi import ConversionError

    detached = (
        "(() => {{ const b = new ArrayBuffer(8), v = {};"
        " structuredClone(b, {{transfer: [b]}}); return v }})()"
    )
    for source, text in (
        (detached.format("b"), "the ArrayBuffer is detached: it was transferred, or is memory"),
        (detached.format("new Uint8Array(b)"), "the ArrayBuffer is detached"),
        (detached.format("new DataView(b)"), "the ArrayBuffer is detached"),
        (
            "(() => { const b = new ArrayBuffer(8, {maxByteLength: 8}), v = new Uint8Array(b, 4);"
            " b.resize(2); return v })()",
            "the ArrayBuffer was resized, and the view lies outside of it",
        ),
        (
            "new class extends Map { *[Symbol.iterator]() { yield 5 } }",
            "the iterator of a Map gave 5, which is no Array of a key and a value",
        ),
        (
            "new Proxy([1], {get: (list, key) => key === 'length' ? {} : list[key]})",
            "expected a Proxy of an Array with the length of one, got object [object Object]",
        ),
    ):
        where = "[new Set([1]), new Map([['k', {'x y': [0, SOURCE]}]])]".replace("SOURCE", source)
        try:
            to_py(run_js(where))
        except ConversionError as error:
            assert str(error).startswith(f'to_py: $[1].k["x y"][1]: {text}'), error
        else:
            raise AssertionError(source)

    def noted(source, path, **options):
        try:
            to_py(run_js(source), **options)
        except JsException as error:
            assert error.message == "mine"
            assert error.__notes__ == [f"in to_py, for {path}"], error.__notes__
        else:
            raise AssertionError(source)

    bad = "{get bad() { throw new Error('mine') }}"
    noted(f"({bad})", "$.bad")
    noted(f"[1, 'x', [{bad}]]", "$[2][0].bad")
    noted(f"[1, {{b: new Map([[1, 2], ['k', {bad}]])}}]", "$[1].b.k.bad")
    noted(f"new Map([[{bad}, 1]])", "$.bad")
    noted("new Proxy([1, 2, 3], {get(list, key) { if (key === '2') throw new Error('mine');"
          " return list[key] }})", "$[2]")  # fmt: skip
    noted("new Proxy(['a', 0.5, 3], {get(list, key) { if (key === '2') throw new Error('mine');"
          " return list[key] }})", "$[2]")  # fmt: skip
    noted("[{a: new Proxy({}, {ownKeys() { throw new Error('mine') }})}]", "$[0].a")
    noted("[new class extends Set { [Symbol.iterator]() { throw new Error('mine') } }]", "$[0]")
    # Deeper than functions recur.
    deep = (
        f"[1, (() => {{ let at = {bad}; for (let i = 0; i < 500; i++) at = [at]; return at }})()]"
    )
    noted(deep, "$[1]" + "[0]" * 500 + ".bad")
    deep = f"(() => {{ let at = {bad}; for (let i = 0; i < 500; i++) at = {{at}}; return at }})()"
    noted(deep, "$" + ".at" * 500 + ".bad")


@inside
def test_a_converter_that_goes_on_after_an_error_leaves_no_path() -> None:
    from pyjs import run_js, to_py

    converter = run_js("""(value, convert) => {
        try { convert([{get x() { throw new Error('first') }}]) } catch (error) {}
        if (value.stop) throw new Error('second');
        return 1;
    }""")
    make = run_js("(stop) => [[class {}], {a: Object.assign(class {}, {stop})}]")
    assert to_py(make(False), default_converter=converter) == [[1], {"a": 1}]
    try:
        to_py(make(True), default_converter=converter)
    except Exception as error:
        assert (error.message, error.__notes__) == ("second", ["in to_py, for $[1].a"])
    else:
        raise AssertionError("nothing was raised")


@inside
def test_what_stays_a_proxy_is_one_where_it_occurs_twice() -> None:
    from pyjs import destroy_proxies, js, js_call, run_js, to_js, to_py

    class Thing:
        pass

    thing = Thing()
    proxies = js.Array.new()
    same = run_js("x => x[0] === x[1].a && x[0] === x[2].get('t')")
    assert same(to_js([thing, {"a": thing}, to_js({"t": 1}, dicts="map")])) is False
    made = to_js({"l": [thing, {"a": thing}, thing]}, pyproxies=proxies)
    assert run_js("({l: [x, {a}, y]}) => x === a && x === y")(made) is True
    assert len(proxies) == 1
    assert made.l[0] is thing
    destroy_proxies(proxies)
    # A container is one too where it lies too deep, and is converted where it does not.
    inner = [1]
    proxies = js.Array.new()
    made = to_js([[[inner, inner]], [inner]], depth=3, pyproxies=proxies)
    kinds = run_js("([[[a, b]], [c]]) => [a === b, a !== c, Array.isArray(c)]")(made)
    assert list(kinds) == [True, True, True]
    assert len(proxies) == 1
    destroy_proxies(proxies)
    check = run_js("(a, {b, c}) => a[0] === b && b === c.d[0]")
    assert js_call(check, [thing], b=thing, c={"d": [thing]}) is True
    # Of what a converter gave up nothing is left.
    other = Thing()

    def outlast(value, convert, cache):
        try:
            convert([other, {(1,): 2}])
        except Exception:
            return other

    proxies = js.Array.new()
    made = to_js([run_js("1"), {"a": [2, thing]}], default_converter=outlast, pyproxies=proxies)
    assert made[1].a[1] is other
    destroy_proxies(proxies)
    # And back.
    made = to_py(run_js("(f => [f, {f}, new Map([[1, f]]), [1, [2]]])(() => 1)"))
    assert made[0] is made[1]["f"]
    assert made[0] is made[2][1]
    assert made[3] == [1, [2]]
    date = to_py(run_js("(d => [[d], d, d])(new Date(0))"))
    assert date[0][0] is date[1] is date[2]
    shallow = to_py(run_js("(o => [[[o, o]], [o]])({x: 1})"), depth=3)
    assert shallow[0][0][0] == shallow[0][0][1]
    assert shallow[1][0] == {"x": 1}


@inside
def test_converters_without_an_end_are_a_recursion_error() -> None:
    import gc
    from functools import partial

    from pyjs import js, run_js, to_js, to_py
    from pyjs.converters import (
        register_to_js,
        register_to_py,
        unregister_to_js,
        unregister_to_py,
    )
    from pyjs.ffi import ConversionError, JsException

    class Node:
        def __init__(self, inner=None):
            self.inner = inner

    def ends(act):
        try:
            act()
        except (RecursionError, ConversionError) as error:
            kind = type(error).__name__
        except JsException as error:
            assert error.name in ("RangeError", "InternalError"), error.name
            kind = "JsException"
        gc.collect()
        assert to_js([1, {"a": {2}}]).to_py() == [1, {"a": {2}}]
        assert to_py(run_js("[{a: new Set([1])}]")) == [{"a": {1}}]
        return kind

    node = Node()
    around = lambda value, convert, cache: convert([value])  # noqa: E731
    itself = lambda value, convert, cache: convert(value)  # noqa: E731
    fresh = lambda value, convert, cache: convert(Node())  # noqa: E731
    for converter in (around, itself, fresh):
        call = partial(to_js, [node], default_converter=converter)
        assert ends(call) == "RecursionError"
    for converter in (around, fresh):
        assert ends(partial(to_js, [node], eager_converter=converter)) == "RecursionError"
    array = js.Array.of
    back = lambda value, convert, cache: convert(array(value))  # noqa: E731
    for converter in (back, itself):
        call = partial(to_py, run_js("[() => 1]"), default_converter=converter)
        assert ends(call) == "RecursionError"
    wrap = run_js("(value, convert) => convert([value])")
    assert ends(lambda: to_py(run_js("[() => 1]"), default_converter=wrap)) == "JsException"
    register_to_js(Node, lambda value: to_js([value]))
    assert ends(lambda: to_js([node])) == "RecursionError"
    register_to_js(Node, lambda value: [Node()])
    assert ends(lambda: to_js([node])) == "ConversionError"
    unregister_to_js(Node)
    register_to_py("Endless", lambda value: to_py(array(value)))
    assert ends(lambda: to_py(run_js("[new class Endless {}]"))) == "RecursionError"
    unregister_to_py("Endless")
    # Levels that a converter walks itself are calls in calls; what is registered may nest deeper.
    for _ in range(20_000):
        node = Node(node)
    step = lambda value, convert, cache: convert([value.inner])  # noqa: E731
    assert ends(lambda: to_js(node, default_converter=step)) == "RecursionError"
    register_to_js(Node, lambda value: [value.inner])
    depth = run_js("o => { let n = 0; while (o !== undefined) { o = o[0]; n++ } return n }")
    assert depth(to_js(node)) == 20_001
    unregister_to_js(Node)
    while node.inner is not None:
        node = node.inner


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("depth: 'x'", "depth to be an integer, -1 for all levels, got 'x'"),
        ("depth: 1.5", "depth to be an integer, -1 for all levels, got 1.5"),
        ("depth: true", "depth to be an integer, -1 for all levels, got true"),
        ("pyproxies: {}", "pyproxies to be an Array, to which PyProxies are added, got object"),
        ("create_pyproxies: 0", "create_pyproxies to be a boolean, got 0"),
        ("dict_converter: {}", "dict_converter to be a function, got object"),
        ("default_converter: 'x'", "default_converter to be a function, got 'x'"),
        ("eager_converter: []", "eager_converter to be a function, got an Array"),
        ("ints: 'big'", "ints to be 'auto' or 'bigint', got 'big'"),
        ("dates: 'x'", "dates to be a boolean, got 'x'"),
        ("dicts: 'Map'", "dicts to be 'object' or 'map', got 'Map'"),
        ("dicts: 1", "dicts to be 'object' or 'map', got 1"),
        ("dicts: 'map', dict_converter: Array.from", "dicts or dict_converter, got both: leave"),
    ],
)
def test_wrong_options_of_to_js_are_refused(host: Host, option: str, text: str) -> None:
    name, message = host.js(
        f"""
        const list = py.runPython("[1]");
        try {{ list.toJs({{ {option} }}) }}
        catch (error) {{ return [error.constructor.name, error.message] }}
        finally {{ list.destroy() }}
        """
    )
    assert (name, message[: len(text) + 15]) == ("TypeError", f"toJs: expected {text}")


def test_dicts_become_maps_in_javascript_too(host: Host) -> None:
    assert host.js(
        """
        const dict = py.runPython("{1: {'a': 2}, 'x': [{}]}");
        const made = dict.toJs({ dicts: "map" });
        const out = [
          made instanceof Map, made.get(1) instanceof Map, made.get('x')[0] instanceof Map,
          dict.toJs({ dicts: "object" })[1].a, dict.toJs({ dicts: undefined }).x.length,
          dict.toJs({ dicts: null, dict_converter: (pairs) => pairs.length }),
        ];
        dict.destroy();
        return out;
        """
    ) == [True, True, True, 2, 1, 2]


def test_wrong_options_of_to_py_are_refused(host: Host) -> None:
    assert host.js(
        """
        const refused = (value, options) => {
          try { py.toPy(value, options); return "" }
          catch (error) { return `${error.constructor.name}: ${error.message}` }
        };
        return [
          refused([1], { depth: 1.5 }), refused(1, { depth: NaN }), refused([1], { dates: 'x' }),
          refused('text', { numbers: 1 }), refused(1, { typed: 'f16' }).slice(0, 48),
          refused([1], { convertNullToNone: 'x' }), refused([1], { defaultConverter: {} }),
        ];
        """
    ) == [
        "TypeError: toPy: expected depth to be an integer, got 1.5",
        "TypeError: toPy: expected depth to be an integer, got NaN",
        "TypeError: toPy: expected dates to be a boolean, got string",
        "TypeError: toPy: expected numbers to be 'auto' or 'float', got number",
        "TypeError: toPy: expected typed to be 'auto', 'f",
        "TypeError: toPy: expected convertNullToNone to be a boolean, got string",
        "TypeError: toPy: expected defaultConverter to be a function, got object",
    ]


@inside
def test_a_converter_that_throws_or_gives_garbage_says_where() -> None:
    from pyjs import js, js_call, run_js, to_js, to_py
    from pyjs.converters import (
        register_to_js,
        register_to_py,
        unregister_to_js,
        unregister_to_py,
    )
    from pyjs.ffi import ConversionError

    class Thing:
        pass

    def fail(*values):
        raise KeyError("mine")

    def expect(kind, text, act):
        try:
            act()
        except kind as error:
            found = error.__notes__[0] if hasattr(error, "__notes__") else str(error)
            assert found.startswith(text), (found, text)
        else:
            raise AssertionError(text)

    value = {"x": [0, {"k": Thing()}]}
    function = run_js("({x: [0, new Map([['k', () => 1]])]})")
    note = "in a converter of to_js, for $.x[1].k"
    expect(KeyError, note, lambda: to_js(value, default_converter=fail))
    expect(TypeError, note, lambda: to_js(value, default_converter=lambda v: 1))
    expect(KeyError, "in a converter of to_js, for $", lambda: to_js(value, eager_converter=fail))
    nested = {"x": [0, {}]}
    expect(KeyError, note[:-2], lambda: to_js(nested, dict_converter=fail))
    expect(TypeError, note[:-2], lambda: to_js(nested, dict_converter=lambda: 1))
    none = {"default_converter": lambda v, c, k: object(), "create_pyproxies": False}
    text = "to_js: $.x[1].k: no conversion is known for object, and create_pyproxies is False"
    expect(ConversionError, text, lambda: to_js(value, **none))
    expect(KeyError, "in to_py, for $.x[1].k", lambda: to_py(function, default_converter=fail))
    throw = run_js("() => { throw new Error('mine') }")
    expect(Exception, "in to_py, for $.x[1].k", lambda: to_py(function, default_converter=throw))
    text = "to_py: $.x: cannot be a member of a set"
    garbage = lambda v, c, k: []  # noqa: E731
    functions = run_js("({x: new Set([() => 1])})")
    expect(ConversionError, text, lambda: to_py(functions, default_converter=garbage))
    register_to_js(Thing, fail)
    expect(KeyError, note, lambda: to_js(value))
    text_of_call = "in a converter of js_call, for $[1].x[1].k"
    expect(KeyError, text_of_call, lambda: js_call(js.Array.of, 1, value))
    unregister_to_js(Thing)
    register_to_py("Thing", fail)
    things = run_js("[1, {x: new class Thing {}}]")
    expect(KeyError, "in a converter of to_py, for $[1].x", lambda: to_py(things))
    register_to_py("Thing", lambda thing: [])
    expect(ConversionError, text, lambda: run_js("({x: new Set([new class Thing {}])})").to_py())
    unregister_to_py("Thing")


@inside
def test_javascript_that_changes_what_is_converted() -> None:
    from pyjs import run_js, to_py

    for source, made in (
        ("[{get a() { l.length = 1; return 1 }}, 2, 3]", [{"a": 1}, None, None]),
        ("[{get a() { l.push(9); return 1 }}, 2]", [{"a": 1}, 2]),
    ):
        assert to_py(run_js(f"(() => {{ const l = {source}; return l }})()")) == made
    make = "(() => {{ const l = {}; return l }})()"
    of_map = "new Map([[1, {get a() { l.clear(); return 1 }}], [2, 2]])"
    assert to_py(run_js(make.format(of_map))) == {1: {"a": 1}, 2: 2}
    of_object = "{a: {get a() { delete l.b; l.c = 1; return 1 }}, b: 2}"
    assert to_py(run_js(make.format(of_object))) == {"a": {"a": 1}, "b": None}


@inside
def test_one_that_lies_does_not_change_what_the_others_are() -> None:
    from pyjs import run_js
    from pyjs.ffi import JsBuffer, JsTypedArray

    run_js("globalThis.Fresh = class extends Uint8Array {}")
    liar = run_js("Object.create(Fresh.prototype)")
    assert not isinstance(liar, JsBuffer)
    honest = run_js("new Fresh([1, 2])")
    assert isinstance(honest, JsTypedArray)
    assert honest.to_bytes() == b"\1\2"
    tagged = run_js(
        "globalThis.Plain = class {};"
        " Object.assign(new Plain, {[Symbol.toStringTag]: 'ArrayBuffer'})"
    )
    assert not isinstance(run_js("new Plain"), JsBuffer)
    del tagged
    run_js("delete globalThis.Fresh; delete globalThis.Plain")
