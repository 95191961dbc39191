"""Deep conversion of objects that lie about their size or class, and where errors say they are."""

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
