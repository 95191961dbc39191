"""Deep conversion to Python: keys that cross once, long tapes, deep nesting."""

from tests.inside import inside


@inside
def test_the_same_keys_again_and_again() -> None:
    from pyjs import run_js, to_py

    make = run_js("(i) => [{a: i, b: [i]}, {b: 1, a: 2}, {a: 3}, {a: 4, b: 5, c: {a: 6, b: 7}}]")
    for i in range(5):
        records = to_py(make(i))
        assert records == [
            {"a": i, "b": [i]},
            {"b": 1, "a": 2},
            {"a": 3},
            {"a": 4, "b": 5, "c": {"a": 6, "b": 7}},
        ]
        assert [list(record) for record in records[:2]] == [["a", "b"], ["b", "a"]]


@inside
def test_dicts_of_one_shape_are_independent() -> None:
    from pyjs import run_js, to_py

    make = run_js("() => [{x: 1, y: 2}, {x: 3, y: 4}, {x: 5, y: 6}]")
    for _ in range(4):
        one, two, three = to_py(make())
        one["x"] = "changed"
        del two["y"]
        two["z"] = 0
        assert (one, two, three) == ({"x": "changed", "y": 2}, {"x": 3, "z": 0}, {"x": 5, "y": 6})


@inside
def test_more_shapes_than_are_kept() -> None:
    from pyjs import run_js, to_py

    make = run_js("(i) => [{[`k${i}`]: i, b: 1}, {[`k${i}`]: i, c: 2}]")
    for _ in range(4):
        for i in range(300):
            assert to_py(make(i)) == [{f"k{i}": i, "b": 1}, {f"k{i}": i, "c": 2}]
    many = run_js("() => Array.from({length: 400}, (_, i) => ({[`m${i}`]: i, [`n${i % 7}`]: 1}))")
    for _ in range(3):
        assert to_py(many()) == [{f"m{i}": i, f"n{i % 7}": 1} for i in range(400)]


@inside
def test_keys_that_begin_alike_are_told_apart() -> None:
    from pyjs import run_js, to_py

    make = run_js("() => Array.from({length: 40}, (_, i) => ({id: i, [`key${i % 20}`]: i}))")
    expected = [{"id": i, f"key{i % 20}": i} for i in range(40)]
    assert [to_py(make()) for _ in range(3)] == [expected] * 3


@inside
def test_keys_of_any_text_and_length() -> None:
    from pyjs import run_js, to_py

    keys = ["", "ü", "€😀", "\ud800", "x" * 64, "y" * 65, "z" * 5000, "constructor", "toString"]
    make = run_js("(keys) => Object.fromEntries([...keys].map((key, i) => [key, i]))")
    for count in (1, 2, 6, 7, 9, len(keys)):
        for _ in range(3):
            assert to_py(make(keys[:count])) == {key: i for i, key in enumerate(keys[:count])}
    wide = run_js("(n) => Object.fromEntries(Array.from({length: n}, (_, i) => [`k${i}`, i]))")
    for count in (127, 128, 129, 1000):
        for _ in range(3):
            assert to_py(wide(count)) == {f"k{i}": i for i in range(count)}


@inside
def test_a_conversion_within_another() -> None:
    from pyjs import create_proxy, run_js, to_py

    make = run_js("(f) => ({before: 1, get inner() { return f() }, after: 2})")
    small = run_js("(i) => ({p: i, q: {before: i, inner: 0, after: 0}})")
    seen = []

    def convert() -> int:
        seen.append(to_py(small(len(seen))))
        for i in range(300):
            to_py(run_js("(i) => ({[`w${i}`]: i})")(i))
        return len(seen)

    function = create_proxy(convert)
    for i in range(1, 4):
        assert to_py(make(function)) == {"before": 1, "inner": i, "after": 2}
    function.destroy()
    assert seen == [{"p": i, "q": {"before": i, "inner": 0, "after": 0}} for i in range(3)]


@inside
def test_what_failed_is_not_kept() -> None:
    from pyjs import JsException, ffi, run_js, to_py

    make = run_js("(bad) => [{first: 1, second: 2}, {third: bad}]")
    throwing = run_js("(e) => [{fourth: 1}, {get fifth() { throw e }}]")
    clash = run_js("new Set([1, true])")
    error = run_js("new Error('no')")
    for _ in range(3):
        try:
            to_py(make(clash))
        except ffi.ConversionError as failure:
            assert "$[1].third" in str(failure)
        else:
            raise AssertionError("a set with 1 and true was converted")
        try:
            to_py(throwing(error))
        except JsException as failure:
            assert failure.js_error == error.js_error
        else:
            raise AssertionError("a getter's error was lost")
        assert to_py(make(3)) == [{"first": 1, "second": 2}, {"third": 3}]
        assert to_py(run_js("() => ({fourth: 4})")()) == {"fourth": 4}


@inside
def test_objects_that_change_while_they_are_read() -> None:
    from pyjs import run_js, to_py

    changing = run_js("""(how) => {
      const o = {a: 1, get b() { how(o); return 2 }, c: 3, d: 4};
      return o;
    }""")
    assert to_py(changing(run_js("(o) => { delete o.c }"))) == {"a": 1, "b": 2, "c": None, "d": 4}
    assert to_py(changing(run_js("(o) => { o.e = 5 }"))) == {"a": 1, "b": 2, "c": 3, "d": 4}
    assert to_py(changing(run_js("(o) => { o.d = [o.c] }"))) == {"a": 1, "b": 2, "c": 3, "d": [3]}
    replaced = run_js("(o) => { delete o.c; delete o.d; o.c = 6; o.d = 7 }")
    assert to_py(changing(replaced)) == {"a": 1, "b": 2, "c": 6, "d": 7}


@inside
def test_only_own_keys_count() -> None:
    from pyjs import run_js, to_py

    objects = run_js("() => [{a: 1, b: 2}, {a: 1}, {}]")
    pollute = run_js("() => { Object.prototype.b = 'inherited' }")
    clean = run_js("() => { delete Object.prototype.b }")
    pollute()
    try:
        assert to_py(objects()) == [{"a": 1, "b": 2}, {"a": 1}, {}]
    finally:
        clean()
    proxies = run_js("[new Proxy({x: 1, y: {z: 2}}, {ownKeys: () => ['y', 'x']})]")
    assert to_py(proxies) == [{"y": {"z": 2}, "x": 1}]


@inside
def test_tapes_of_many_parts() -> None:
    from pyjs import run_js, to_py

    texts = run_js("Array.from({length: 30000}, (_, i) => i % 1000 ? `text ${i}` : `tëxt € ${i}`)")
    assert to_py(texts) == [f"text {i}" if i % 1000 else f"tëxt € {i}" for i in range(30000)]
    records = run_js("""Array.from({length: 9000}, (_, i) =>
      ({id: i, half: i / 2, name: `n${i}`, list: [i, [`${i % 10}`]], ok: true, no: null}))""")
    read = to_py(records)
    assert len(read) == 9000
    for i in (0, 1, 4095, 4096, 8191, 8999):
        record = read[i]
        assert (record["id"], record["half"], record["name"]) == (i, i / 2, f"n{i}")
        assert (record["list"], record["ok"]) == ([i, [str(i % 10)]], True)
    nested = run_js("""(() => {
      const all = [], shared = ['shared'];
      for (let i = 0; i < 20000; i++) all.push([i, i % 100 ? 0 : shared]);
      all.push(all);
      return all;
    })()""")
    lists = to_py(nested)
    assert lists[-1] is lists
    assert lists[0][1] is lists[19900][1]
    assert lists[0][1] == ["shared"]
    assert [each[0] for each in lists[:-1]] == list(range(20000))


@inside
def test_a_long_tape_that_fails_leaves_nothing() -> None:
    from pyjs import JsException, ffi, run_js, to_py

    make = run_js("""(last) => [...Array.from({length: 20000}, (_, i) =>
      ({id: i, name: `n${i}`, bytes: i % 5000 ? 0 : new Uint8Array(10)})), last]""")
    for last in ("new Set([0, false])", "({get x() { throw new Error('late') }})"):
        try:
            to_py(make(run_js(last)))
        except (ffi.ConversionError, JsException) as error:
            assert "$[20000]" in str(error) or "late" in str(error)
        else:
            raise AssertionError(last)
    assert to_py(make(1))[19999] == {"id": 19999, "name": "n19999", "bytes": 0}


@inside
def test_nesting_beyond_what_functions_recur_for() -> None:
    from pyjs import run_js, to_py

    nest = run_js("""(depth, leaf) => {
      let at = leaf;
      for (let i = depth; i > 0; i--) at = i % 2 ? {n: i, in: at, after: `a${i}`} : [i, at, -i];
      return at;
    }""")
    for depth in (98, 99, 100, 101, 102, 205, 3000):
        at = to_py(nest(depth, run_js("new Map([[1, new Set([2])]])")))
        for i in range(1, depth + 1):
            if i % 2:
                assert (at["n"], at["after"]) == (i, f"a{i}")
                at = at["in"]
            else:
                assert (at[0], at[2]) == (i, -i)
                at = at[1]
        assert at == {1: {2}}


@inside
def test_a_circle_below_deep_nesting() -> None:
    from pyjs import run_js, to_py

    root = to_py(
        run_js("""(() => {
      const root = {}; let at = root;
      for (let i = 0; i < 150; i++) { at.next = {i}; at = at.next }
      at.root = root; at.self = at;
      return root;
    })()""")
    )
    at = root
    for i in range(150):
        at = at["next"]
        assert at["i"] == i
    assert at["root"] is root
    assert at["self"] is at


@inside
def test_records_in_a_circle_are_collected() -> None:
    import gc
    import weakref

    from pyjs import run_js, to_py

    make = run_js("() => [{n: 1, value: null}, {n: 2, value: null}, {n: 3, value: null}]")

    class Marker:
        pass

    for _ in range(3):
        records = to_py(make())
        marker = Marker()
        for record in records:
            record["value"] = [record, marker]
        seen = weakref.ref(marker)
        del records, record, marker
        gc.collect()
        assert seen() is None
    circles = run_js("""() => Array.from({length: 3}, (_, i) => {
      const record = {i, self: null}; record.self = record; return record;
    })""")
    before = len(gc.get_objects())
    for _ in range(50):
        to_py(circles())
    gc.collect()
    assert len(gc.get_objects()) - before < 50


@inside
def test_a_record_is_taken_for_one_like_the_last_only_when_it_is() -> None:
    from pyjs import run_js, to_py

    rows = "[{a: 1, b: 2}, {a: 3}, {a: 4, b: 5, c: 6}, {b: 7, a: 8}, {}, {a: 9, b: 10}]"
    expected = [{"a": 1, "b": 2}, {"a": 3}, {"a": 4, "b": 5, "c": 6}, {"b": 7, "a": 8}, {}]
    expected.append({"a": 9, "b": 10})
    made = to_py(run_js(rows))
    assert made == expected
    assert [list(row) for row in made] == [list(row) for row in expected]
    # What is inherited, hidden or under a symbol is no key, whatever came before.
    odd = run_js("""(() => {
      const hidden = Object.defineProperty({a: 1}, "b", {value: 2});
      const base = Object.create(null, {b: {value: 4, enumerable: true}});
      const inherited = Object.setPrototypeOf({a: 3}, base);
      const accessor = {a: 5, get b() { return 6 }};
      const bare = Object.assign(Object.create(null), {a: 7, b: 8});
      const proxy = new Proxy({a: 9}, {ownKeys: () => ["a", "b"]});
      return [{a: 0, b: 0}, hidden, accessor, bare, {a: 10, [Symbol("b")]: 11}, proxy, [inherited]];
    })()""")
    made = to_py(odd)
    assert made[:-1] == [
        {"a": 0, "b": 0},
        {"a": 1},
        {"a": 5, "b": 6},
        {"a": 7, "b": 8},
        {"a": 10},
        {"a": 9},
    ]
    assert made[-1][0].a == 3
    # A program may have given every object a property.
    polluted = run_js("""(() => {
      Object.prototype.b = "inherited";
      return [{a: 1, b: 2}, {a: 3}];
    })()""")
    try:
        assert to_py(polluted) == [{"a": 1, "b": 2}, {"a": 3}]
    finally:
        run_js("delete Object.prototype.b")
    # Others lie between those that are alike, at the same depth and at others.
    nested = run_js("Array.from({length: 50}, (_, i) => [{k: {x: i}}, {k: {y: [{x: i}]}}])")
    assert to_py(nested) == [[{"k": {"x": i}}, {"k": {"y": [{"x": i}]}}] for i in range(50)]
