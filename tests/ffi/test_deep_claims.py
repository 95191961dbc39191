"""Arrays, Maps and Sets that claim more than they hold, and tables that are written in place."""

from tests.inside import inside


@inside
def test_a_length_beyond_all_memory_is_an_error_that_names_the_place() -> None:
    from pyjs import run_js, to_py

    make = run_js("""(length) => ({ u: [1, new Proxy([], {
        get: (target, key) => key === "length" ? length : 1 })] })""")
    for length in (2**32 - 1, 2**31, 2**29):
        for typed in (None, "f64", "auto"):
            try:
                to_py(make(length), typed=typed)
                found = "none"
            except MemoryError as error:
                found = str(error)
            needed = f"out of memory, {4 * length} bytes were needed"
            assert found == f"to_py: $.u[1]: {needed}", found
    sparse = run_js("(() => { const a = []; a.length = 2 ** 32 - 1; return { a } })()")
    try:
        sparse.to_py()
        raise AssertionError
    except MemoryError as error:
        assert str(error).startswith("to_py: $.a: out of memory")


@inside
def test_a_length_that_changes_between_reads() -> None:
    from pyjs import run_js
    from pyjs.ffi import ConversionError

    changing = run_js("""(...lengths) => new Proxy([7, 8], {
        get: (target, key) => key === "length" ? lengths.shift() ?? 0 : target[key] })""")
    assert changing(2, 5, 2**32 - 1).to_py() == [7, 8]
    assert changing(1, 2, 2).to_py() == [7]
    assert changing(4, 0).to_py() == [7, 8, None, None]
    wide = run_js("""(...lengths) => new Proxy(Array.from({ length: 20_000 }, (_, i) => i + .5), {
        get: (target, key) => key === "length" ? lengths.shift() ?? 0 : target[key] })""")
    assert len(wide(20_000, 1).to_py(typed="f64")) == 20_000
    for bad in ("-1", "1.5", "'2'", "NaN", "2 ** 32"):
        liar = run_js(f"({{ a: new Proxy([], {{ get: (t, k) => k === 'length' ? {bad} : 0 }}) }})")
        try:
            liar.to_py()
            raise AssertionError
        except ConversionError as error:
            assert str(error).startswith("to_py: $.a: expected a Proxy of an Array"), error


@inside
def test_iterators_that_do_not_end() -> None:
    from pyjs import run_js
    from pyjs.ffi import ConversionError

    for kind, value in (("Map", "[1, 1]"), ("Set", "1")):
        endless = run_js(
            f"({{ x: [new (class extends {kind} {{ *[Symbol.iterator]() "
            f"{{ for (;;) yield {value}; }} }})()] }})"
        )
        try:
            endless.to_py()
            raise AssertionError
        except ConversionError as error:
            text = f"to_py: $.x[0]: the iterator of a {kind} of 0 gave more than 1048576"
            assert str(error).startswith(text), error


@inside
def test_methods_of_an_arrays_own_class_are_not_asked() -> None:
    from pyjs import run_js

    made = run_js("""() => {
        class Odd extends Array {
            slice() { return Array(100_000).fill(1.5) }
            at() { throw Error("at") }
        }
        const odd = new Odd();
        for (let i = 0; i < 100; i++) odd.push(i + .5);
        return odd }""")
    assert made().to_py() == [i + 0.5 for i in range(100)]
    # What a species gives stands in for the elements; there are no more of them.
    species = run_js("""(make) => {
        class Odd extends Array { static get [Symbol.species]() { return make } }
        const odd = new Odd();
        for (let i = 0; i < 20_000; i++) odd.push(i + .5);
        return odd }""")
    makers = (
        "function () { return { } }",
        "function () { return new Proxy([], { get: (t, k) => k === 'length' ? 90_000 : 1.5 }) }",
        "function () { return new Proxy([], { get: (t, k) => k === 'length' ? 1 : 1.5 }) }",
    )
    for maker in makers:
        for typed in (None, "f64", "auto"):
            assert len(species(run_js(f"({maker})")).to_py(typed=typed)) == 20_000


@inside
def test_long_tables_are_what_short_ones_are() -> None:
    from array import array

    from pyjs import run_js

    wide = run_js("(at, value) => { const a = Array.from({ length: 20_000 }, (_, i) => i + 0.5);"
                  "a[at] = value; return a }")  # fmt: skip
    expected = array("d", (i + 0.5 for i in range(20_000)))
    for typed in ("f64", "auto"):
        for at in (0, 4_095, 4_096, 19_999):
            made = wide(at, -0.0).to_py(typed=typed)
            assert type(made) is array
            assert made.typecode == "d"
            assert str(made[at]) == "-0.0"
            expected[at], kept = -0.0, expected[at]
            assert made == expected
            expected[at] = kept
            for other in ("x", None, True, 2**70):
                mixed = wide(at, other).to_py(typed=typed)
                assert type(mixed) is list
                assert mixed[at] == other
                assert mixed[1] in (1.5, other)
    shared = run_js("(a) => ({ a, b: [a, a] })")(wide(0, 1)).to_py(typed="f64")
    assert shared["a"] is shared["b"][0] is shared["b"][1]
    ints = run_js("Array.from({ length: 20_000 }, (_, i) => i)")
    assert ints.to_py(typed="auto") == array("i", range(20_000))
    assert ints.to_py(typed="f64") == array("d", range(20_000))
    seen = []
    run_js("(a, seen) => ({ a, f() {}, b: [a] })")(wide(0, 1), None).to_py(
        typed="f64", default_converter=lambda v, convert, cache: seen.append(v)
    )
    assert len(seen) == 1


@inside
def test_very_short_texts_are_kept_and_right() -> None:
    from pyjs import to_js, to_py

    signs = ["a", "A", "!", "1", "q", "\x7f", "\x00", " "]
    texts = [x + y + z for x in signs for y in signs for z in ["", *signs]]
    for _ in range(2):
        assert to_py(to_js(texts)) == texts


@inside
def test_no_pyproxies_of_what_a_dict_converter_gives() -> None:
    from pyjs import js, run_js, to_js
    from pyjs.ffi import ConversionError

    value = {"a": [{"b": 1}]}
    text = "to_js: $.a[0]: dict_converter gave a Python object, and create_pyproxies is False"
    for wrong in (lambda _: object(), lambda _: {}, lambda _: len):
        try:
            to_js(value, create_pyproxies=False, dict_converter=wrong)
            raise AssertionError
        except ConversionError as error:
            assert str(error) == text
    for right in (lambda _: 1, lambda _: None, js.Object.fromEntries, js.Map.new):
        to_js(value, create_pyproxies=False, dict_converter=right)
    found = run_js("""(value, made) => {
        try { value.toJs({ create_pyproxies: false, dict_converter: () => made }) }
        catch (error) { return error.message } }""")(value, object())
    assert text in found


@inside
def test_flags_of_a_call_are_booleans() -> None:
    from pyjs import run_js

    def f(*args, **kwargs):
        return len(args), len(kwargs)

    call = run_js("""(f, value) => { try {
        const made = f.callWithOptions({ kwargs: value }, 1, { b: 2 });
        try { return made.toString() } finally { made.destroy() }
    } catch (error) { return `${error.name}: ${error.message}` } }""")
    for value in (True, 1):
        assert call(f, value) == "(1, 1)"
    for value in (False, 0, None):
        assert call(f, value) == "(2, 0)"
    for value, shown in (("x", "'x'"), ("", "''"), (2, "2"), (run_js("({})"), "object")):
        text = f"TypeError: callWithOptions: expected kwargs to be a boolean, got {shown}"
        assert call(f, value) == text, call(f, value)
