"""Typed tables: lists of nothing but numbers as typed arrays, and Arrays as array.array."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside

TYPES = {
    "f64": ("d", "Float64Array"),
    "f32": ("f", "Float32Array"),
    "i32": ("i", "Int32Array"),
    "u32": ("I", "Uint32Array"),
    "i16": ("h", "Int16Array"),
    "u16": ("H", "Uint16Array"),
    "i8": ("b", "Int8Array"),
    "u8": ("B", "Uint8Array"),
    "i64": ("q", "BigInt64Array"),
    "u64": ("Q", "BigUint64Array"),
}
KINDS = [(name, *kind) for name, kind in TYPES.items()]


@pytest.mark.parametrize(("name", "code", "array"), KINDS)
@inside
def test_a_list_of_numbers_becomes_a_typed_array(name: str, code: str, array: str) -> None:
    from pyjs import to_js

    made = to_js({"x": [1, 2, 100], "y": (3.0, 4), "z": [[5], []]}, typed=name)
    assert [part.constructor.name for part in (made.x, made.y, made.z)] == [array, array, "Array"]
    assert made.x.to_py().format == code
    assert [made.x.to_py().tolist(), made.y.to_py().tolist()] == [[1, 2, 100], [3, 4]]
    assert made.z[0].constructor.name == array
    assert made.z[1].constructor.name == "Array"
    assert to_js([7], typed=name).to_py().tolist() == [7]


@pytest.mark.parametrize(("name", "code", "array"), KINDS)
@inside
def test_an_array_of_numbers_becomes_an_array(name: str, code: str, array: str) -> None:
    from array import array as make

    from pyjs import run_js

    made = run_js("({x: [1, 2, 100], m: new Map([['y', [3.0]]]), z: [[5], []]})")
    for options in ({}, {"default_converter": lambda value, convert, cache: convert(value)}):
        assert made.to_py(typed=name, **options) == {
            "x": make(code, [1, 2, 100]),
            "m": {"y": make(code, [3])},
            "z": [make(code, [5]), []],
        }
    view = run_js(f"[new {array}(2)]").to_py(typed=name)[0]
    assert (type(view), view.format) == (memoryview, code)


@pytest.mark.parametrize("bits", [8, 16, 32, 64])
@inside
def test_integers_are_held_up_to_the_limits_of_the_type(bits: int) -> None:
    from pyjs import run_js, to_js
    from pyjs.ffi import ConversionError

    def refused(act):
        try:
            act()
        except ConversionError:
            return True
        return False

    for name, low, high in (
        (f"i{bits}", -(2 ** (bits - 1)), 2 ** (bits - 1) - 1),
        (f"u{bits}", 0, 2**bits - 1),
    ):
        suffix = "n" if bits == 64 else ""
        assert to_js([low, high], typed=name).to_py().tolist() == [low, high]
        made = run_js(f"[{low}{suffix}, {high}{suffix}]").to_py(typed=name)
        assert made.tolist() == [low, high]
        for wrong in (low - 1, high + 1, -(2**70), 2**70, 0.5, float("inf"), float("nan")):
            assert refused(lambda wrong=wrong, name=name: to_js([wrong], typed=name)), wrong
            text = f"2 ** {wrong.bit_length()}" if wrong == 2**70 else str(wrong)
            source = "[" + text.replace("inf", "Infinity").replace("nan", "NaN") + "]"
            if isinstance(wrong, float) or abs(wrong) < 2**53:
                assert refused(lambda s=source, name=name: run_js(s).to_py(typed=name)), wrong
        for wrong in (low - 1, high + 1):
            if bits == 64:
                assert refused(lambda w=wrong, name=name: run_js(f"[{w}n]").to_py(typed=name))
        float_low, float_high = float(low), float(2 ** (bits - 1))
        assert to_js([float_low], typed=name).to_py().tolist() == [low]
        assert refused(lambda n=name, f=float_high * 2: to_js([f], typed=n))


@inside
def test_an_error_names_the_place_the_type_and_the_number() -> None:
    from pyjs import run_js, to_js
    from pyjs.ffi import ConversionError

    def message(act):
        try:
            act()
        except ConversionError as error:
            return str(error)

    def both(items, name):
        one = message(lambda: to_js({"columns": {"x": items}}, typed=name))
        source = ", ".join(str(item) for item in items)
        value = run_js(f"({{columns: {{x: [{source}]}}}})")
        other = message(lambda: value.to_py(typed=name))
        assert one.replace("to_js", "to_py") == other
        return one

    held = "cannot be an element of a table of"
    assert both([0, 1, 2, 2.5], "i32") == (
        f"to_js: $.columns.x[3]: 2.5 {held} i32, which holds integers from -2147483648 to "
        "2147483647"
    )
    assert both([2**40], "i32").startswith(f"to_js: $.columns.x[0]: 1099511627776 {held} i32")
    assert both([1, 1e39], "f32").startswith(f"to_js: $.columns.x[1]: 1e+39 {held} f32")
    assert both([1, -1], "u8").endswith(f": -1 {held} u8, which holds integers from 0 to 255")
    text = message(lambda: to_js([[2**53 + 1]], typed="f64"))
    assert text == (
        f"to_js: $[0][0]: 9007199254740993 {held} f64, which holds floats, and integers that a "
        "double represents exactly"
    )
    text = message(lambda: run_js("new Map([['a b', [[1n, 2n ** 64n]]]])").to_py(typed="u64"))
    assert text == (
        f"to_py: $['a b'][0][1]: {2**64} {held} u64, which holds integers from 0 to 2**64-1"
    )
    for size, shown in ((100, "1" + 59 * "0" + "..."), (5000, "an int of very many digits")):
        assert message(lambda n=size: to_js([10**n], typed="i8")).startswith(
            f"to_js: $[0]: {shown}"
        )
    assert message(lambda: to_js([[1.5]], typed="u8", eager_converter=lambda v, c, _: c(v))) == (
        f"to_js: $[0][0]: 1.5 {held} u8, which holds integers from 0 to 255"
    )


@inside
def test_auto_takes_the_smallest_of_two_types() -> None:
    from pyjs import run_js, to_js

    name = lambda items: to_js(items, typed="auto").constructor.name  # noqa: E731
    assert name([1, -(2**31), 2**31 - 1]) == "Int32Array"
    for items in ([2**31], [1, 2**53], [1.0], [1, 2, 0.5], [1, 2**31, -1], [float("nan")]):
        assert name(items) == "Float64Array", items
        assert repr(to_js(items, typed="auto").to_py().tolist()) == repr([float(x) for x in items])
    for items in ([2**53 + 1], [2**54], [1, 2**70], [0.5, -(2**60)], [], [True], [1, "x"]):
        assert name(items) == "Array", items
    assert to_js([1, 2**70], typed="auto").to_py() == [1, 2**70]

    code = lambda source: run_js(source).to_py(typed="auto").typecode  # noqa: E731
    assert code("[1, -(2 ** 31), 2 ** 31 - 1, 0]") == "i"
    for source in ("[1, 0.5]", "[2 ** 31]", "[-0]", "[1, -0, 1]", "[NaN]", "[1, Infinity]"):
        assert code(source) == "d", source
    made = run_js("[-0, NaN, -Infinity, 1, 2 ** 60]").to_py(typed="auto")
    assert repr(made.tolist()) == "[-0.0, nan, -inf, 1.0, 1.152921504606847e+18]"
    for source in ("[1n]", "[1, 1n]", "[]"):
        assert isinstance(run_js(source).to_py(typed="auto"), list), source


@inside
def test_what_holds_anything_else_stays_as_it_is() -> None:
    from pyjs import js, run_js, to_js

    for other in (True, None, "x", [1], {}, js.Date.new(0), 1j):
        for items in ([other, 1], [1, 2.5, other], [300, -1, other]):
            for name in ("auto", "u8", "f64", "u64"):
                made = to_js(items, typed=name, depth=1)
                assert made.constructor.name == "Array"
                assert len(made) == len(items)
                made = to_js(items, typed=name, create_pyproxies=True, pyproxies=js.Array.new())
                run_js("a => a.forEach(x => x?.destroy?.())")(made)
    assert to_js({1: 2, 3: {4}}, typed="i8", dicts="map").to_py() == {1: 2, 3: {4}}
    for source in (
        "[1, undefined]",
        "[, 1]",
        "[1, , 2]",
        "[1, 300.5, 'x']",
        "[1, null]",
        "[true]",
        "[1, [2]]",
        "[1, {}]",
        "[1, Symbol.iterator]",
        "[1, new Number(2)]",
    ):
        for name in ("auto", "u8", "u64"):
            assert type(run_js(source).to_py(typed=name)) is list, source
    assert run_js("[1n, 2n]").to_py(typed="f64") == [1, 2]
    assert run_js("[1n, 2n ** 70n, 'x']").to_py(typed="u64") == [1, 2**70, "x"]
    made = run_js("(() => { const a = [1, 2]; a.push(a); return a })()").to_py(typed="f64")
    assert made[:2] == [1, 2]
    assert made[2] is made
    made.clear()


@inside
def test_f32_rounds_floats_and_nothing_else() -> None:
    from pyjs import run_js, to_js
    from pyjs.ffi import ConversionError

    items = [0.1, 1e-50, -0.0, float("inf"), float("-inf"), 3.4028234e38, 2**24, 2**100]
    rounded = [0.10000000149011612, 0.0, -0.0, float("inf"), float("-inf"), 3.4028234663852886e38]
    made = to_js(items, typed="f32").to_py().tolist()
    assert repr(made) == repr([*rounded, 16777216.0, float(2**100)])
    source = "[0.1, 1e-50, -0, Infinity, -Infinity, 3.4028234e38, 2 ** 24, 2 ** 100, 2 ** 24 + 1]"
    assert repr(run_js(source).to_py(typed="f32").tolist()) == repr([*made, 16777216.0])
    for wrong in (3.5e38, -1e300, 2**24 + 1, 2**128, 10**400):
        try:
            to_js([wrong], typed="f32")
        except ConversionError:
            continue
        raise AssertionError(wrong)
    assert to_js([2**60, 2**200], typed="f64").to_py().tolist() == [2.0**60, 2.0**200]


@inside
def test_a_list_met_twice_is_one_typed_array() -> None:
    from pyjs import run_js, to_js

    x = [1, 2.5]
    for options in ({}, {"eager_converter": lambda value, convert, cache: convert(value)}):
        made = to_js([x, {"x": x}, x], typed="f64", **options)
        assert run_js("a => a[0] === a[1].x && a[0] === a[2]")(made)
    made = run_js("(() => { const x = [1], y = [2, 'x']; return [y, x, {x}, y, x] })()").to_py(
        typed="i8"
    )
    assert made[1] is made[2]["x"] is made[4]
    assert made[0] is made[3]
    pair = (1, 2)
    made = to_js({"a": pair, "b": [pair, "x"], "c": [pair]}, typed="i8")
    assert run_js("o => o.a === o.b[0] && o.a === o.c[0] && o.c.constructor === Array")(made)


@inside
def test_classes_of_numbers_are_read_without_asking_them() -> None:
    import enum

    from pyjs import to_js
    from pyjs.ffi import JsBigInt

    items = []

    class Int(int):
        def __getattribute__(self, name):
            items.clear()
            raise RuntimeError(name)

        def __index__(self):
            items.clear()
            raise RuntimeError

        __int__ = __float__ = __trunc__ = __eq__ = __repr__ = __index__
        __hash__ = int.__hash__

    class Float(float):
        __float__ = __int__ = __trunc__ = __eq__ = __repr__ = Int.__index__
        __hash__ = float.__hash__

    class Color(enum.IntEnum):
        RED = 5

    for number in (Int(7), Int(2**40), Int(2**70), Float(7), Color.RED, JsBigInt(8)):
        for name in ("auto", "f64", "f32", "i32", "u64"):
            items[:] = [1, number, 2]
            value = int.__int__(number) if isinstance(number, int) else float.__float__(number)
            try:
                made = to_js(items, typed=name).to_py()
            except Exception as error:
                assert f"to_js: $[1]: {value} cannot" in str(error), (name, error)
                assert name in ("i32", "u64")
                assert value > 100
            else:
                made = made if isinstance(made, list) else made.tolist()
                assert made == [1, value, 2], (name, value)
            assert len(items) == 3


@inside
def test_depth_and_converters_go_with_types() -> None:
    from array import array

    from pyjs import js, run_js, to_js

    assert to_js([[1]], typed="i8", depth=2)[0].constructor.name == "Int8Array"
    deep = to_js([[[1]]], typed="i8", depth=2)
    assert str(deep[0][0]) == "[1]"
    run_js("a => a[0][0].destroy()")(deep)
    made = to_js({"a": [1], "b": object()}, typed="i8", default_converter=lambda *_: 5)
    assert (made.a.constructor.name, made.b) == ("Int8Array", 5)
    made = to_js({"a": [1]}, typed="i8", dict_converter=js.Map.new)
    assert made["a"].constructor.name == "Int8Array"
    value = run_js("({a: [1, 2], d: new Date(0), s: [new Date(0), 1]})")
    made = value.to_py(typed="i8", default_converter=lambda v, c, cache: c(run_js("[3]")))
    assert made == {"a": array("b", [1, 2]), "d": array("b", [3]), "s": [array("b", [3]), 1]}
    assert run_js("[[1]]").to_py(typed="i8", depth=1)[0].length == 1


@inside
def test_what_getters_and_proxies_give_counts() -> None:
    from pyjs import run_js
    from pyjs.ffi import JsException

    made = run_js(
        "(() => { let n = 0; const a = [1, 2, 3]; Object.defineProperty(a, 1, {get: () =>"
        " n++ ? 'again' : 7}); return a })()"
    ).to_py(typed="auto")
    assert made.tolist() == [1, 7, 3]
    made = run_js(
        "(() => { const a = [1, 2, 3]; Object.defineProperty(a, 0, {get() { a.length = 1;"
        " return 5 }}); return a })()"
    ).to_py(typed="auto")
    assert made == [5, None, None]
    assert run_js("new Proxy([1, 2.5], {})").to_py(typed="f64").tolist() == [1, 2.5]
    assert run_js("new (class extends Array {})(1, 2)").to_py(typed="f64").tolist() == [1, 2]
    try:
        run_js("[[1, 2], {get x() { throw new RangeError('mid') }}]").to_py(typed="auto")
    except JsException as error:
        assert error.message == "mid"
    else:
        raise AssertionError("nothing was raised")


@inside
def test_many_and_long_tables() -> None:
    from pyjs import run_js, to_js

    n = 200_000
    for items in (list(range(n)), [i / 2 for i in range(n)], [*range(n), 0.5]):
        made = to_js(items, typed="auto")
        assert made.to_py().tolist() == items
        back = to_js(items).to_py(typed="auto")
        assert back.tolist() == items
    rows = [[i, i + 0.5] for i in range(20_000)]
    made = to_js(rows, typed="f64")
    assert [row.tolist() for row in made.to_py()] == rows
    assert [row.tolist() for row in to_js(rows).to_py(typed="f64")] == rows
    big = run_js("Array.from({length: 5000}, (_, i) => i % 2 ? BigInt(i) << 50n : i)")
    made = big.to_py(typed="u64").tolist()
    assert made == [i << 50 if i % 2 else i for i in range(5000)]


@inside
def test_a_failure_leaks_nothing() -> None:
    from pyjs import run_js, to_js
    from pyjs.ffi import ConversionError

    junk = "Symbol('a'), () => 1, new Date(), new Uint8Array(100), 'text', 2n ** 70n"
    for items in ("[1.5]", "[1, 2n ** 70n, 3n]", "[2n ** 64n, 2n ** 65n]"):
        try:
            run_js(f"[{junk}, {{a: {items}}}, {junk}, [1]]").to_py(typed="u64")
        except ConversionError as error:
            assert str(error).startswith("to_py: $[6].a[")
        else:
            raise AssertionError("nothing was raised")
    shared = [1, 2]
    try:
        to_js([object(), shared, {"a": [shared, [1, 0.5]]}], typed="i8")
    except ConversionError as error:
        assert str(error).startswith("to_js: $[2].a[1][1]: 0.5 cannot")
    else:
        raise AssertionError("nothing was raised")


@inside
def test_a_wrong_type_is_refused() -> None:
    from pyjs import run_js, to_js

    known = "'auto', 'f64', 'f32', 'i32', 'u32', 'i16', 'u16', 'i8', 'u8', 'i64', 'u64', or None"
    array = run_js("[1]")
    for act, operation in ((array.to_py, "to_py"), (lambda **kw: to_js([1], **kw), "to_js")):
        for wrong, kind, text in (
            ("f16", ValueError, "'f16'"),
            ("", ValueError, "''"),
            ("F64", ValueError, "'F64'"),
            ("f64\0", ValueError, "'f64\\x00'"),
            (True, TypeError, "bool"),
            (64, TypeError, "int"),
        ):
            try:
                act(typed=wrong)
            except kind as error:
                assert str(error) == f"{operation}: typed: expected {known}, got {text}"
            else:
                raise AssertionError(wrong)
    assert array.to_py(typed=None) == [1]
    assert to_js([1], typed=None).constructor.name == "Array"


def test_typed_tables_from_javascript(host: Host) -> None:
    assert host.js(
        """
        const dict = py.runPython("{'x': [1, 2.5], 'y': (1, 2), 'z': [True]}");
        const last = (error) => String(error.message).trim().split("\\n").at(-1);
        const attempt = (act) => { try { return act() } catch (error) { return last(error) } };
        const made = dict.toJs({ typed: "auto" });
        const array = py.toPy({ x: [1, 2.5], z: [null] }, { typed: "f32" });
        const out = [
          Object.values(made).map((part) => part.constructor.name), [...made.x, ...made.y],
          array.toString(),
          attempt(() => dict.toJs({ typed: "u8" })).slice(0, 60),
          attempt(() => py.toPy([[1], [0.5]], { typed: "u8" })).slice(0, 60),
          attempt(() => dict.toJs({ typed: "f16" })),
          attempt(() => py.toPy([1], { typed: 5 })).slice(0, 45),
          dict.toJs({ typed: null }).x.constructor.name,
        ];
        dict.destroy();
        array.destroy();
        return out;
        """
    ) == [
        ["Float64Array", "Int32Array", "Array"],
        [1, 2.5, 1, 2],
        "{'x': array('f', [1.0, 2.5]), 'z': [jsnull]}",
        "pyjs.ffi.ConversionError: to_js: $.x[1]: 2.5 cannot be an el",
        "pyjs.ffi.ConversionError: to_py: $[1][0]: 0.5 cannot be an e",
        "toJs: expected typed to be 'auto', 'f64', 'f32', 'i32', 'u32', 'i16', 'u16', 'i8', 'u8', "
        "'i64' or 'u64', got 'f16'",
        "toPy: expected typed to be 'auto', 'f64', 'f3",
        "Array",
    ]
