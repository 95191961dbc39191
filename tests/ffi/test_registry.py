"""pyjs.converters: what programs register, and what comes with the package."""

from tests.hosts.base import Host
from tests.inside import inside


@inside
def test_a_javascript_class_has_a_converter() -> None:
    from pyjs import JsProxy, js, run_js, to_py
    from pyjs.converters import register_to_py, unregister_to_py

    point_class = run_js("globalThis.PointOfTest = class Point { constructor(x) { this.x = x } }")
    deeper = run_js("(class Deeper extends PointOfTest {})")
    deepest = run_js("C => class Deepest extends C {}")(deeper)
    make = run_js(
        "(...classes) => ({a: classes.map((C) => new C(1)), s: new Set([new classes[0](2)])})"
    )
    register_to_py(point_class, lambda point: ("point", point.x))
    assert to_py(make(point_class, deeper, deepest)) == {
        "a": [("point", 1)] * 3,
        "s": {("point", 2)},
    }
    made = js.Array.of(point_class.new(1), deeper.new(1), deepest.new(1))
    # The nearest class counts, and registering again replaces.
    register_to_py(deeper, lambda point: None)
    assert made.to_py() == [("point", 1), None, None]
    register_to_py(deeper, lambda point: point)
    assert isinstance(to_py(made)[2], JsProxy)
    unregister_to_py(deeper)
    unregister_to_py(point_class)
    assert isinstance(to_py(made)[0], JsProxy)
    run_js("delete globalThis.PointOfTest")


@inside
def test_a_name_has_a_converter() -> None:
    from pyjs import js, run_js, to_py
    from pyjs.converters import register_to_py, unregister_to_py

    source = """[
      new class Temperature { value = 3 },
      new (class Celsius extends (class Temperature { value = 4 }) {}),
      {[Symbol.toStringTag]: 'Temperature'},
      Object.create({[Symbol.toStringTag]: 'Temperature', value: 5}),
      Object.create({get constructor() { throw new Error('looked') }, value: 6}),
    ]"""
    register_to_py("Temperature", lambda proxy: proxy.value)
    made = to_py(run_js(source))
    assert made[:2] == [3, 4]
    assert made[2] == {}
    assert made[3] == 5
    assert made[4].value == 6
    # A class comes before a name.
    temperature = run_js("(class Temperature {})")
    register_to_py(temperature, lambda proxy: "class")
    assert to_py(js.Array.of(temperature.new())) == ["class"]
    unregister_to_py(temperature)
    unregister_to_py("Temperature")
    for name, text in (("Date", "new Date(7)"), ("RegExp", "/x/"), ("Map", "new Map([[1, 2]])")):
        register_to_py(name, lambda proxy: str(proxy.constructor.name))
        assert to_py(run_js(f"[{text}, {{}}, [1]]")) == [name, {}, [1]]
        unregister_to_py(name)
    # What reads bytes does not ask.
    register_to_py("Uint8Array", lambda proxy: "bytes")
    array = run_js("new Uint8Array([1, 2])")
    assert to_py([array][0]) == "bytes"
    assert array.to_memoryview().tolist() == [1, 2]
    unregister_to_py("Uint8Array")


@inside
def test_an_object_that_occurs_twice_is_converted_once() -> None:
    from dataclasses import dataclass
    from fractions import Fraction

    from pyjs import destroy_proxies, js, run_js, to_js, to_py
    from pyjs.converters import (
        enable,
        register_to_js,
        register_to_py,
        unregister_to_js,
        unregister_to_py,
    )

    given = []
    register_to_py("Once", lambda proxy: given.append(proxy.n) or [proxy.n])
    made = to_py(run_js("(o => [o, {o}, new Map([['o', o]])])(new class Once { n = 1 })"))
    assert given == [1]
    assert made[0] is made[1]["o"]
    assert made[0] is made[2]["o"]
    unregister_to_py("Once")

    same = run_js("(a, n) => a.slice(0, n).every(x => x === a[0])")
    half = Fraction(1, 2)
    for converter in (
        lambda f: {"n": f.numerator},
        lambda f: [f.numerator],
        lambda f: {f.numerator},
        lambda f: b"12",
        lambda f: js.Object.new(),
        lambda f: memoryview(b"1234").cast("B", (2, 2)),
        str,
    ):
        register_to_js(Fraction, converter)
        assert same(to_js([half, half, half]), 3) is True
        assert same(to_js([half, half, half], eager_converter=lambda v, c, k: c(v)), 3) is True
        assert same(to_js([half, half], dict_converter=run_js("x => ({x})")), 2) is True
    proxies = js.Array.new()
    register_to_js(Fraction, lambda f: complex(f))
    assert same(to_js([half, half], pyproxies=proxies), 2) is True
    assert len(proxies) == 1
    destroy_proxies(proxies)
    unregister_to_js(Fraction)

    @dataclass
    class Node:
        next: object = None

    with enable("dataclass"):
        ring = Node()
        ring.next = [ring]
        made = to_js([ring, ring])
        assert run_js("a => a[0] === a[1] && a[0].next[0] === a[0]")(made) is True
        ring.next = None


@inside
def test_a_python_class_has_a_converter() -> None:
    from pyjs import js, run_js, to_js
    from pyjs.converters import register_to_js, unregister_to_js

    class Shape:
        def __init__(self, **fields):
            self.fields = fields

    class Circle(Shape):
        pass

    class Money(int):
        pass

    class Tag(str):
        pass

    class Row(tuple):
        pass

    class Bag(dict):
        pass

    show = run_js("x => JSON.stringify(x)")
    register_to_js(Shape, lambda shape: {"kind": type(shape).__name__, **shape.fields})
    value = [Shape(), {"c": Circle(r=2, inner=[Shape(x=None)])}]
    assert show(to_js(value)) == (
        '[{"kind":"Shape"},{"c":{"kind":"Circle","r":2,"inner":[{"kind":"Shape"}]}}]'
    )
    assert run_js("m => m.get('kind')")(to_js(Shape(), dicts="map")) == "Shape"
    assert show(to_js([Shape()], dict_converter=js.Array.from_)) == '[[["kind","Shape"]]]'
    register_to_js(Circle, lambda circle: js.Set.new())
    assert run_js("x => x[0] instanceof Set")(to_js([Circle()])) is True
    # Classes derived from built-in ones ask, those themselves do not.
    for cls, converter in ((Money, "m{}".format), (Tag, len), (Row, list), (Bag, sorted)):
        register_to_js(cls, converter)
    values = [Money(3), 3, Tag("abc"), "abc", Row((1,)), (2,), Bag(b=1, a=2), {"a": 2}]
    assert show(to_js(values)) == '["m3",3,3,"abc",[1],[2],["a","b"],{"a":2}]'
    assert show(to_js({Money(3): Money(4)})) == '{"m3":"m4"}'
    assert run_js("m => [...m.keys()]")(to_js({Tag("abc"): 1}, dicts="map")).to_py() == [3]
    for cls in (Shape, Circle, Money, Tag, Row, Bag):
        unregister_to_js(cls)
    assert show(to_js([Money(3), Tag("abc"), Row((1,)), Bag(a=1)])) == '[3,"abc",[1],{"a":1}]'


@inside
def test_the_members_of_sets_and_keys_are_converted() -> None:
    from decimal import Decimal
    from fractions import Fraction
    from uuid import UUID

    from pyjs import run_js, to_js
    from pyjs.converters import enable, register_to_js, unregister_to_js
    from pyjs.ffi import ConversionError

    show = run_js("x => JSON.stringify(x instanceof Set ? [...x] : x)")
    key = UUID(int=1)
    with enable():
        assert show(to_js({Decimal("1.50")})) == '["1.50"]'
        assert show(to_js({key: 1})) == '{"00000000-0000-0000-0000-000000000001":1}'
        register_to_js(Fraction, lambda f: [f])
        for value, path in (([{Fraction(1)}], "$[0]"), ({"a": {Fraction(1): 1}}, "$.a")):
            try:
                to_js(value)
            except ConversionError as error:
                assert str(error).startswith(f"to_js: {path}: cannot use [Fraction(1, 1)] as "), (
                    error
                )
            else:
                raise AssertionError(path)
        unregister_to_js(Fraction)


@inside
def test_a_replacement_without_an_end_is_an_error() -> None:
    from pyjs import run_js, to_js
    from pyjs.converters import register_to_js, unregister_to_js
    from pyjs.ffi import ConversionError

    class A:
        pass

    class B:
        pass

    def expect(value, text):
        try:
            to_js(value)
        except ConversionError as error:
            assert text in str(error), error
        else:
            raise AssertionError(text)

    kept = A()
    register_to_js(A, lambda a: a)
    expect({"x": [A()]}, "$.x[0]: the converter of A gave the object itself")
    register_to_js(A, lambda a: B())
    register_to_js(B, lambda b: A())
    expect([1, A()], "$[1]: 100 converters in a row made what another one converts, from A on")
    register_to_js(A, lambda a: kept)
    expect([A()], "$[0]: the converter of A gave the object itself")
    register_to_js(A, lambda a: [A()])
    expect({"a": [1, A()]}, "to_js: $.a[1]: what converters made nests 100000 levels deep")
    # A cycle that closes is one in JavaScript.
    register_to_js(A, lambda a: {"me": a})
    assert run_js("o => o.me === o")(to_js(A())) is True
    # A chain that ends is none.
    register_to_js(A, lambda a: B())
    register_to_js(B, lambda b: "end")
    assert to_js([A()])[0] == "end"
    unregister_to_js(A)
    unregister_to_js(B)


@inside
def test_the_error_of_a_converter_is_raised_as_it_is() -> None:
    from pyjs import js, run_js, to_js, to_py
    from pyjs.converters import register_to_js, register_to_py, unregister_to_js, unregister_to_py

    class Bad:
        pass

    failure = KeyError("mine")

    def fail(value):
        raise failure

    def expect(convert, *notes):
        failure.__notes__ = []
        try:
            convert()
        except KeyError as error:
            assert error is failure
            assert error.__notes__ == list(notes)
        else:
            raise AssertionError("nothing was raised")

    register_to_js(Bad, fail)
    register_to_py("Bad", fail)
    make = run_js("() => [1, {b: new class Bad {}}]")
    expect(lambda: to_js({"x": [0, Bad()]}), "in a converter of to_js, for $.x[1]")
    expect(lambda: to_js({"x": {Bad()}}), "in a converter of to_js, for $.x")
    expect(lambda: make().to_py(), "in a converter of to_py, for $[1].b")
    expect(lambda: run_js("f => f()")(lambda: to_py(make())), "in a converter of to_py, for $[1].b")
    # Half of a structure is dropped.
    for _ in range(3):
        source = (
            "[new class Bad {}, () => 1, new Date(), 2n ** 80n, new Uint8Array(9), 'é'.repeat(9)]"
        )
        try:
            to_py(run_js(source))
        except KeyError:
            continue
        raise AssertionError("nothing was raised")
    # A default converter's convert() may fail, and the conversion go on.
    go_on = []

    def default(value, convert, cache):
        try:
            convert(js.Array.of(value.bad))
        except Exception as error:
            go_on.append(type(error).__name__)
        return convert([1][0])

    made = run_js("[{a: 1}, Object.assign(() => 1, {bad: new class Bad {}}), {a: 2}]")
    assert to_py(made, default_converter=default) == [{"a": 1}, 1, {"a": 2}]
    assert len(go_on) == 1
    unregister_to_js(Bad)
    unregister_to_py("Bad")


@inside
def test_the_order_of_converters() -> None:
    from fractions import Fraction

    from pyjs import run_js, to_js, to_py
    from pyjs.converters import register_to_js, register_to_py, unregister_to_js, unregister_to_py

    show = run_js("x => JSON.stringify(x)")
    register_to_js(Fraction, lambda f: {"registered": f.numerator})
    default = lambda value, convert, cache: "default"  # noqa: E731
    half = [Fraction(1, 2)]
    assert show(to_js(half, default_converter=default)) == '[{"registered":1}]'

    def eager(value, convert, cache):
        return "eager" if isinstance(value, Fraction) else convert(value)

    assert show(to_js(half, eager_converter=eager, default_converter=default)) == '["eager"]'
    on = lambda value, convert, cache: convert(value)  # noqa: E731
    assert show(to_js(half, eager_converter=on)) == '[{"registered":1}]'
    # What it makes may have no conversion: then the default converter gets it.
    register_to_js(Fraction, lambda f: object())
    got = []
    keep = lambda value, convert, cache: got.append(type(value).__name__)  # noqa: E731
    to_js(half, default_converter=keep)
    assert got == ["object"]
    # Where the depth ends, a container is not opened: the object itself is asked about.
    register_to_js(Fraction, lambda f: [1])
    got.clear()
    to_js(half, depth=1, default_converter=keep)
    assert got == ["Fraction"]
    register_to_js(Fraction, str)
    assert show(to_js(half, depth=1)) == '["1/2"]'
    unregister_to_js(Fraction)
    register_to_py("Thing", lambda thing: "registered")
    things = run_js("[new class Thing {}, () => 1]")
    assert to_py(things, default_converter=default) == ["registered", "default"]
    unregister_to_py("Thing")


@inside
def test_converters_may_convert_and_unregister() -> None:
    import gc

    from pyjs import destroy_proxies, js, run_js, to_js, to_py
    from pyjs.converters import (
        enable,
        register_to_js,
        register_to_py,
        unregister_to_js,
        unregister_to_py,
    )

    class A:
        def __init__(self, inner):
            self.inner = inner

    show = run_js("x => JSON.stringify(x)")
    register_to_js(A, lambda a: to_js({"inner": a.inner}))
    assert show(to_js([A([A(1)]), A("x")])) == '[{"inner":[{"inner":1}]},{"inner":"x"}]'

    class Boxed:
        def __init__(self, value):
            self.value = value

    register_to_py("Box", lambda box: Boxed(to_py(box.value)))
    box = run_js("(class Box { constructor(v) { this.value = v } })")
    made = to_py(run_js("C => [new C([new C({a: 1})]), {b: new C(2)}]")(box))
    assert made[0].value[0].value == {"a": 1}
    assert made[1]["b"].value == 2

    def once(value):
        gc.collect()
        unregister_to_js(A)
        return "once"

    proxies = js.Array.new()
    register_to_js(A, once)
    last = A(0)
    made = to_js([A(1), last], pyproxies=proxies)
    assert (made[0], made[1] is last) == ("once", True)
    destroy_proxies(proxies)

    def once_only(value):
        gc.collect()
        unregister_to_py("Box")
        return "once"

    register_to_py("Box", once_only)
    # It was met before it was taken back, and is held until the conversion ends.
    source = "(C => [new C, [1, 2], new C])(class Box {})"
    try:
        to_py(run_js(source))
    except KeyError as error:
        assert error.__notes__ == ["in a converter of to_py, for $[2]"]
    else:
        raise AssertionError("nothing was raised")
    with enable("Date"):
        register_to_js(A, lambda a: disable_all() or [1])

        def disable_all():
            from pyjs.converters import disable

            disable()

        assert show(to_js([A(1)])) == "[[1]]"
    unregister_to_js(A)
    # A list that a converter changes while it is converted.
    values = [A(1), A(2)]
    register_to_js(A, lambda a: values.clear())
    try:
        to_js(values)
    except Exception as error:
        assert "changed while it was converted" in str(error)
    else:
        raise AssertionError("nothing was raised")
    unregister_to_js(A)


@inside
def test_thousands_of_registered_objects_cross_at_once() -> None:
    from dataclasses import dataclass
    from decimal import Decimal

    from pyjs import run_js, to_js
    from pyjs.converters import enable

    @dataclass
    class Row:
        name: str
        price: Decimal

    rows = [Row(f"r{i}", Decimal(i)) for i in range(1000)]
    with enable():
        made = to_js(rows)
    assert run_js("a => a.every((r, i) => r.name === `r${i}` && r.price === `${i}`)")(made) is True
    # Deep ones too: their number is bounded by memory alone.
    deep = None
    for _ in range(20_000):
        deep = Row(deep, Decimal(0))
    with enable("dataclass", "Decimal"):
        made = to_js(deep)
    count = run_js("o => { let n = 0; for (; o; o = o.name) n++; return n }")
    assert count(made) == 20_000
    while deep is not None:
        deep.name, deep = None, deep.name


@inside
def test_nothing_stays_behind() -> None:
    import gc
    import weakref

    from pyjs import _core, run_js, to_js
    from pyjs.converters import register_to_js, register_to_py, unregister_to_js, unregister_to_py

    class Mine:
        pass

    class Converter:
        def __call__(self, value):
            return 1

    before = _core.counts()
    converter = Converter()
    gone = weakref.ref(converter), weakref.ref(Mine)
    js_class = run_js("(class Here {})")
    register_to_py(js_class, converter)
    register_to_py("There", converter)
    register_to_js(Mine, converter)
    assert to_js([Mine()])[0] == 1
    del js_class, converter
    gc.collect()
    assert gone[0]() is not None
    assert _core.counts()["handles"] == before["handles"] + 1
    unregister_to_py(next(iter(__import__("pyjs.converters").converters._classes.values()))[0])
    unregister_to_py("There")
    unregister_to_js(Mine)
    del Mine
    gc.collect()
    assert [ref() for ref in gone] == [None, None]
    assert _core.counts() == before


@inside
def test_registering_badly_says_what_is_wrong() -> None:
    from pyjs import converters as c
    from pyjs import js, jsnull, run_js

    def expect(kind, text, function, *args):
        try:
            function(*args)
        except kind as error:
            assert type(error) is kind, error
            assert text in str(error), error
        else:
            raise AssertionError(text)

    f = lambda value: None  # noqa: E731
    expect(TypeError, "register_to_py: expected a callable, got int", c.register_to_py, "X", 1)
    expect(TypeError, "class or its name, got int", c.register_to_py, 1, f)
    expect(TypeError, "has no prototype", c.register_to_py, js.Array.of(), f)
    expect(TypeError, "has no prototype", c.register_to_py, run_js("() => 1"), f)
    expect(ValueError, "always converted as such", c.register_to_py, js.Object, f)
    expect(ValueError, "always converted as such", c.register_to_py, js.Array, f)
    for name in ("", "Object", "Array"):
        expect(ValueError, f"expected the name of a class, got {name!r}", c.register_to_py, name, f)
    expect(KeyError, "nothing is registered for 'X'", c.unregister_to_py, "X")
    expect(KeyError, "unregister_to_py: nothing is registered for", c.unregister_to_py, js.Map)
    expect(TypeError, "class or its name, got NoneType", c.unregister_to_py, None)
    expect(TypeError, "register_to_js: expected a callable", c.register_to_js, complex, None)
    expect(TypeError, "register_to_js: expected a class, got str", c.register_to_js, "x", f)
    for cls in (list, int, str, dict, type(None), object, type(js), type(jsnull)):
        expect(ValueError, "has a conversion of its own", c.register_to_js, cls, f)
    expect(KeyError, "unregister_to_js: nothing is registered", c.unregister_to_js, complex)
    known = "known are Date, RegExp, URL, Enum, dataclass, Decimal, UUID"
    expect(ValueError, f"enable: unknown name 'date'; {known}", c.enable, "Date", "date")
    expect(ValueError, "disable: unknown name 'x'", c.disable, "x")
    assert c._enabled == frozenset()
    expect(TypeError, "expected a name, got int", c.register_converter, 1, f)
    expect(TypeError, "expected a callable", c.register_converter, "X", 1)


@inside
def test_the_name_that_emscripten_forge_has_for_it() -> None:
    import pyjs

    pyjs.register_converter("Rectangle", lambda value, depth, cache, options: (value.w, depth))
    make = pyjs.run_js("() => [new class Rectangle { w = 3 }]")
    assert pyjs.to_py(make()) == [(3, 0)]
    pyjs.register_converter(cls_name="Rectangle", converter=lambda value: value.w)
    assert pyjs.to_py(make()) == [3]

    # The names of its documentation; what it holds is converted by a call of its own.
    class Rectangle:
        def __init__(self, height, corners):
            self.height, self.corners = height, corners

    def rectangle_converter(js_val, depth, cache, converter_options):
        assert isinstance(js_val, pyjs.JsProxy)
        assert (depth, cache, converter_options) == (0, None, None)
        return Rectangle(js_val.height, pyjs.to_py(js_val.corners))

    pyjs.register_converter("Rectangle", rectangle_converter)
    made = pyjs.js.Function("""
        class Rectangle {
          constructor(height) { this.height = height; this.corners = [[0, 0], [height, 0]] }
        }
        return new Rectangle(10)
    """)()
    made = pyjs.to_py(made)
    assert isinstance(made, Rectangle)
    assert (made.height, made.corners) == (10, [[0, 0], [10, 0]])
    # One of three parameters, of which it needs the first.
    earlier = lambda js_val, depth=0, converter_options=None: (js_val.w, depth)  # noqa: E731
    pyjs.register_converter("Rectangle", earlier)
    assert pyjs.to_py(make()) == [(3, 0)]
    pyjs.converters.unregister_to_py("Rectangle")


def test_registered_classes_count_in_javascript_too(host: Host) -> None:
    begin = """
from pyjs.converters import enable, register_to_js, register_to_py
from fractions import Fraction
register_to_js(Fraction, lambda f: {"n": f.numerator})
register_to_py("Kilo", lambda kilo: kilo.grams * 1000)
on = enable("Date", "URL")
[Fraction(3, 4), "x"]
"""
    end = """
from pyjs.converters import unregister_to_js, unregister_to_py
on.__exit__(None, None, None)
unregister_to_js(Fraction)
unregister_to_py("Kilo")
del enable, register_to_js, register_to_py, unregister_to_js, unregister_to_py, Fraction, on
"""
    assert host.js(
        """
        const list = py.runPython(args[0]);
        const out = [list.toJs()];
        const made = py.toPy([new class Kilo { grams = 2 }, new URL('https://a.b/'), new Date(0)]);
        out.push(made.get(0), made.get(1), String(made.get(2)));
        py.runPython(args[1]);
        list.destroy(); made.destroy();
        return out;
        """,
        begin,
        end,
    ) == [[{"n": 3}, "x"], 2000, "https://a.b/", "1970-01-01 00:00:00+00:00"]
