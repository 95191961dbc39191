"""Deep conversion of JavaScript structures."""

from tests.hosts.base import Host
from tests.inside import inside, not_in_pyodide


@inside
def test_nested_structures_become_python_ones() -> None:
    from pyjs import jsnull, run_js, to_py

    source = (
        "({a: [1, 2.5, 'ü€😀', true, null, undefined, 2n ** 70n, -5], m: new Map([[1, {x: 1}]]),"
        " s: new Set([1, 'b']), e: {}, l: []})"
    )
    assert to_py(run_js(source)) == {
        "a": [1, 2.5, "ü€😀", True, jsnull, None, 2**70, -5],
        "m": {1: {"x": 1}},
        "s": {1, "b"},
        "e": {},
        "l": [],
    }


@inside
def test_typed_arrays_become_memoryviews() -> None:
    from pyjs import run_js, to_py

    kinds = [
        "Int8",
        "Uint8",
        "Uint8Clamped",
        "Int16",
        "Uint16",
        "Int32",
        "Uint32",
        "Float32",
        "Float64",
    ]
    for kind, letter in zip(kinds, "bBBhHiIfd", strict=True):
        view = to_py(run_js(f"new {kind}Array([1, 2, 100])"))
        assert (view.format, view.tolist()) == (letter, [1, 2, 100]), kind
        assert to_py(run_js(f"new {kind}Array(0)")).tolist() == [], kind
    assert to_py(run_js("new BigInt64Array([-1n])")).tolist() == [-1]
    assert to_py(run_js("new BigUint64Array([2n ** 64n - 1n])")).tolist() == [2**64 - 1]
    assert bytes(to_py(run_js("new Uint8Array([1, 2, 3, 4]).subarray(1, 3)"))) == b"\x02\x03"
    assert bytes(to_py(run_js("new Uint8Array([1, 2]).buffer"))) == b"\x01\x02"
    assert to_py(run_js("typeof Float16Array === 'function' ? new Float16Array([1.5]) : 0")) in (
        0,
        memoryview(b"\x00>").cast("e"),
    )


@inside
def test_depth_stops_the_conversion() -> None:
    from pyjs import JsProxy, run_js, to_py

    o = run_js("({a: [[1]]})")
    assert isinstance(to_py(o, depth=0), JsProxy)
    assert isinstance(to_py(o, depth=1)["a"], JsProxy)
    assert isinstance(to_py(o, depth=2)["a"][0], JsProxy)
    assert to_py(o, depth=3) == {"a": [[1]]}


@inside
def test_cycles_and_shared_references_are_kept() -> None:
    import gc

    from pyjs import run_js, to_py

    a = to_py(run_js("(() => { const a = [1]; a.push(a, {a}); return a })()"))
    assert (a[1] is a) is True
    assert (a[2]["a"] is a) is True
    a.clear()
    b = to_py(run_js("(() => { const x = new Uint8Array(1), y = [x]; return [x, y, y, x] })()"))
    assert (b[0] is b[3]) is True
    assert (b[1] is b[2]) is True
    assert (b[1][0] is b[0]) is True
    gc.collect()


@not_in_pyodide("Python 3.14 overflows the engine's stack when it lets go of nests this deep")
@inside
def test_a_hundred_thousand_levels_convert() -> None:
    from pyjs import run_js, to_py

    for wrap in ("[x]", "({x})", "new Map([[1, x]])"):
        value = to_py(
            run_js(
                f"(() => {{ let x = 7; for (let i = 0; i < 100000; i++) x = {wrap}; return x }})()"
            )
        )
        levels = 0
        while value != 7 if isinstance(value, int) else True:
            value = value[0] if isinstance(value, list) else next(iter(value.values()))
            levels += 1
        assert levels == 100000


@inside
def test_a_failure_midway_leaks_nothing() -> None:
    from pyjs import JsException, run_js, to_py
    from pyjs.ffi import ConversionError

    junk = "Symbol('a'), () => 1, new Date(), new Uint8Array(100), 'text'"
    try:
        to_py(run_js(f"[{junk}, {{get x() {{ throw new RangeError('mid') }}}}]"))
    except JsException as error:
        assert error.message == "mid"
    else:
        raise AssertionError("nothing was raised")
    for key, kind in (("[]", "list"), ("{}", "dict"), ("new Date()", "pyjs.ffi.JsProxy")):
        try:
            to_py(run_js(f"[{junk}, new Map([[{key}, 1]]), {junk}, 2n ** 70n, 1.5]"))
        except ConversionError as error:
            assert str(error) == f"to_py: $[5]: a {kind} cannot be a key of a dict"
            assert "unhashable" in str(error.__cause__)
        else:
            raise AssertionError("nothing was raised")


@inside
def test_keys_and_members_that_are_equal_in_python_are_an_error() -> None:
    from pyjs import run_js, to_py
    from pyjs.ffi import ConversionError

    def message(source, **options):
        try:
            to_py(run_js(f"[0, {{users: [{source}, new Map([['x y', {source}]])]}}]"), **options)
        except ConversionError as error:
            return str(error)

    where = "to_py: $[1].users[0]"
    for options in ({}, {"default_converter": lambda value, convert, cache: value}):
        for pair in ("1, true", "0, false", "1n, 1", "0n, false"):
            one, other = pair.split(", ")
            assert message(f"new Map([[{one}, 'a'], [2, 'b'], [{other}, 'c']])", **options) == (
                f"{where}: two keys of the Map are equal in Python, such as 1 and true"
            )
            assert message(f"new Set([{one}, 2, {other}])", **options) == (
                f"{where}: two members of the Set are equal in Python, such as 1 and true"
            )
        text = f"{where}: a list cannot be a member of a set"
        assert message("new Set([1, [2]])", **options) == text
        assert message("new Map([[1, 2], ['1', {a: 3}], [null, 4]])", **options) is None
    nested = "new Map([['a', new Map([['b c', [new Map([[[], 1]])]]])]])"
    assert message(nested) == (
        f"{where}['a']['b c'][0]: a list cannot be a key of a dict".replace("['a']", ".a")
    )
    assert message("new Map([[1, {k: [new Set([{}])]}]])") == (
        f"{where}[1].k[0]: a dict cannot be a member of a set"
    )


@inside
def test_getters_may_change_what_is_converted() -> None:
    from pyjs import run_js, to_py

    convert = lambda source: to_py(run_js(f"(() => {{ {source} }})()"))  # noqa: E731
    assert convert("const a = [{get x() { a.length = 1; return 5 }}, 2, 3, [4]]; return a") == [
        {"x": 5},
        None,
        None,
        None,
    ]
    assert convert("const o = {a: {get x() { delete o.b; o.c = 1 }}, b: 1}; return o") == {
        "a": {"x": None},
        "b": None,
    }
    assert convert("const m = new Map([[1, {get x() { m.clear() }}], [2, 3]]); return m") == {
        1: {"x": None},
        2: 3,
    }
    # What a getter gives counts, also when it gives something else the next time.
    for value in ("1", "1.5"):
        source = f"let n = 0; const get = () => n++ % 2 ? 'x' : {value}; const a = [0, 2.5, 3, 4];"
        source += "for (const i of a.keys()) Object.defineProperty(a, i, {get}); return a"
        made = convert(source)
        assert set(made) <= {float(value), "x"}
        assert len(made) == 4


@inside
def test_what_says_two_things_of_its_size_is_as_large_as_what_is_there() -> None:
    from pyjs import run_js, to_py
    from pyjs.ffi import ConversionError

    of_lengths = run_js("""(...lengths) => {
      let asked = 0;
      const get = (list, key) =>
        key === "length" ? lengths[Math.min(asked++, lengths.length - 1)] : list[key];
      return [[new Proxy([1, "b", 3], {get})], 4];
    }""")
    assert to_py(of_lengths(1, 3)) == [[[1]], 4]
    assert to_py(of_lengths(3, 1)) == [[[1, "b", 3]], 4]
    assert to_py(of_lengths(5, 1)) == [[[1, "b", 3, None, None]], 4]
    for length in (-1, 0.5, "2", float("nan"), 2**32):
        try:
            to_py(of_lengths(length))
        except ConversionError as error:
            text = "to_py: $[0][0]: expected a Proxy of an Array with the length of one, got "
            assert str(error).startswith(text)
        else:
            raise AssertionError(length)
    of_pairs = run_js("""(...pairs) =>
      [[new class extends Map { *[Symbol.iterator]() { yield* pairs } }], 4]""")
    pairs = run_js("[[1], [2, 3, 4], [5, 6]]")
    assert to_py(of_pairs(*pairs)) == [[{1: None, 2: 3, 5: 6}], 4]
    try:
        to_py(of_pairs(7))
    except ConversionError as error:
        assert str(error) == (
            "to_py: $[0][0]: the iterator of a Map gave 7, which is no Array of a key and a value"
        )
    else:
        raise AssertionError
    of_keys = run_js("""(...answers) => {
      let asked = 0;
      const ownKeys = () => answers[Math.min(asked++, answers.length - 1)];
      return [[new Proxy({a: 1, b: 2}, {ownKeys})], 4];
    }""")
    assert to_py(of_keys(run_js("[]"), run_js("['a', 'b']"))) == [[{}], 4]
    assert to_py(of_keys(run_js("['a', 'b']"), run_js("[]"))) == [[{"a": 1, "b": 2}], 4]
    of_bytes = run_js("(base) => new class extends base { get byteLength() { return 2 } }(8)")
    assert bytes(to_py(of_bytes(run_js("ArrayBuffer")))) == bytes(8)
    assert bytes(to_py(of_bytes(run_js("Uint8Array")))) == bytes(8)


@inside
def test_what_has_no_counterpart_stays_what_it_is() -> None:
    from pyjs import run_js, to_py

    kept = run_js(
        "[() => 1, Symbol('x'), new Date(0), Object.create({b: 1}), new (class A {}),"
        " new WeakMap(), Promise.resolve(), new Error('e'), globalThis]"
    )
    assert all(a == b for a, b in zip(to_py(kept), kept, strict=True))
    source = (
        "[Object.freeze([1]), new Proxy([1, 2], {}), new Proxy({a: 1}, {}), [1,, 3],"
        " Object.create(null), new (class extends Array {})(2), JSON.parse('{\"__proto__\": 1}'),"
        " new (class extends Map {})([[1, 2]]), [NaN, -0, 2 ** 53, 1e300][2]]"
    )
    assert to_py(run_js(source)) == [
        [1],
        [1, 2],
        {"a": 1},
        [1, None, 3],
        {},
        [None, None],
        {"__proto__": 1},
        {1: 2},
        2**53,
    ]


@inside
def test_an_object_destroyed_while_converting_is_an_error_and_no_crash() -> None:
    from pyjs import create_proxy, run_js, to_py

    class Thing:
        def __init__(self):
            self.text = "alive" * 100

    make = run_js("p => [p, {get x() { p.destroy(); return 1 }}]")
    for _ in range(50):
        converted = to_py(make(create_proxy(Thing(), roundtrip=False)))
        _junk = [bytearray(24) for _ in range(50)]
        assert converted[0].text == "alive" * 100


def test_to_py_is_there_for_javascript(host: Host) -> None:
    assert host.js(
        """
        const d = py.toPy({ a: [1, new Map([['k', 2]])] });
        const out = [d.type, d.toString(), py.toPy(5), py.toPy('x'), py.toPy(d) === d];
        const shallow = py.toPy({ a: [1] }, { depth: 1 });
        out.push(Array.isArray(shallow.get('a')));
        d.destroy(); shallow.destroy();
        return out;
        """
    ) == ["dict", "{'a': [1, {'k': 2}]}", 5, "x", True, True]
