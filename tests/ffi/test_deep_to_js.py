"""Deep conversion of Python structures: values, containers, depth and proxies."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside, not_in_pyodide


@inside
def test_primitives_become_what_they_are_in_a_call() -> None:
    from pyjs import JsBigInt, jsnull, run_js, to_js

    whole = [2**30 - 1, 2**30, -(2**30), 2**31, 2**53 - 1, 2**53, -(2**53) - 1, 2**64, 2**10000]
    special = [0.0, -0.0, 1.5, 5e-324, float("inf"), -float("inf"), float("nan")]
    values = [None, jsnull, True, False, 0, -1, *whole, JsBigInt(5), *special, "x"]
    same = run_js("(made, ...given) => made.every((x, i) => Object.is(x, given[i]))")
    assert same(to_js(values), *values) is True
    assert same(to_js(tuple(values)), *values) is True
    items = run_js("o => Object.values(o)")
    assert same(items(to_js({f"k{i}": value for i, value in enumerate(values)})), *values) is True
    pairs = run_js("m => [...m.values()]")
    by_key = dict(enumerate(values))
    assert same(pairs(to_js(by_key, dicts="map")), *values) is True
    members = {value for value in values if value == value}
    assert to_js(members).size == len(members)
    for value in values[:-2]:
        assert to_js(value) == value, value


@inside
def test_strings_keep_every_code_unit() -> None:
    from pyjs import run_js, to_js

    letters = ["a", "\xe9", "\u0416", "\U0001f600", "\ud800", "\udfff", "\0", "\ufeff", "\u2028"]
    counts = (1, 2, 39, 40, 128, 255, 256, 257, 511, 513, 70_000)
    texts = ["", *(letter * count for letter in letters for count in counts)]
    texts += ["a\xe9", "a" * 255 + "\U0001f600", "\U0001f600\ud800", "\udc00\ud800"]
    same = run_js(
        "(made, ...given) => made.length === given.length && made.every((x, i) => x === given[i])"
    )
    assert same(to_js(texts), *texts) is True
    assert same(run_js("o => Object.values(o)")(to_js({t: t for t in texts})), *texts) is True
    assert same(run_js("Object.keys")(to_js(dict.fromkeys(texts))), *texts) is True
    assert same(run_js("m => [...m.keys()]")(to_js(dict.fromkeys(texts), dicts="map")), *texts)
    assert same(run_js("s => [...s]")(to_js(set(texts))), *set(texts)) is True


@inside
@pytest.mark.parametrize("letter", ["a", "\xe9", "\u0416", "\U0001f600", "a\U0001f600"])
def test_texts_cross_the_pages_in_which_they_are_decoded(letter: str) -> None:
    from pyjs import run_js, to_js

    # Lengths of every size, so that pages end at any place in a text.
    texts = [letter * (i % 101) + str(i) for i in range(5000)]
    same = run_js("(made, text) => made.join('|') === text")
    assert same(to_js(texts), "|".join(texts)) is True
    keys = run_js("(made, text) => Object.keys(made).join('|') === text")
    assert keys(to_js({f"k{text}": 1 for text in texts}), "|".join(f"k{t}" for t in texts)) is True
    rows = to_js([{"k" + letter: text, letter * 300: i} for i, text in enumerate(texts)])
    check = run_js("(rows, a, b) => rows.every((row, i) => row[a].endsWith(i) && row[b] === i)")
    assert check(rows, "k" + letter, letter * 300) is True


@inside
def test_containers_and_their_subclasses() -> None:
    from collections import Counter, OrderedDict, UserList, defaultdict, namedtuple

    from pyjs import run_js, to_js
    from pyjs.ffi import destroy_proxies

    class List(list):
        pass

    class Set(set):
        def __iter__(self):
            raise AssertionError("a set's own iteration is not asked")

    class Dict(dict):
        def items(self):
            return [("own", [1]), ("items", {"k": 2})]

    show = run_js("x => JSON.stringify(x)")
    assert show(to_js([[], (), {}, [[]], ({},)])) == "[[],[],{},[[]],[{}]]"
    assert show(to_js(namedtuple("P", "x y")(1, [2]))) == "[1,[2]]"
    assert show(to_js([List([1]), Dict(a=1), {"d": Dict()}])) == (
        '[[1],{"own":[1],"items":{"k":2}},{"d":{"own":[1],"items":{"k":2}}}]'
    )
    ordered = OrderedDict(a=1, b=2, c=3)
    ordered.move_to_end("a")
    assert show(to_js(ordered)) == '{"b":2,"c":3,"a":1}'
    assert show(run_js("m => [...m]")(to_js(ordered, dicts="map"))) == '[["b",2],["c",3],["a",1]]'
    assert show(to_js([defaultdict(int, a=1), Counter("aab")])) == '[{"a":1},{"a":2,"b":1}]'
    assert show(run_js("s => [...s]")(to_js(Set([1])))) == "[1]"
    assert (
        show(run_js("s => [...s].sort()")(to_js({None, True, 2.5, "x"}))) == '[2.5,true,"x",null]'
    )
    # What only looks like these stays what it is.
    proxies = run_js("[]")
    made = to_js([frozenset([1]), range(3), UserList([1]), {}.items()], pyproxies=proxies)
    assert list(run_js("a => a.map((proxy) => proxy.type)")(made)) == [
        "frozenset",
        "range",
        "UserList",
        "dict_items",
    ]
    assert len(proxies) == 4
    destroy_proxies(proxies)


@inside
def test_items_that_are_no_pairs_are_an_error() -> None:
    from pyjs import to_js
    from pyjs.ffi import ConversionError

    outer = []

    class Dict(dict):
        def __init__(self, answer):
            self.answer = answer

        def items(self):
            outer.clear()
            return self.answer() if callable(self.answer) else self.answer

    def message(answer):
        outer[:] = [Dict(answer), 1]
        try:
            to_js({"a": outer})
        except ConversionError as error:
            return str(error), type(error.__cause__).__name__

    none = "which is no tuple of a key and a value"
    given = "to_js: $.a[0]: the items() of a Dict gave"
    assert message([1]) == (f"{given} 1, {none}", "NoneType")
    assert message([("a",)]) == (f"{given} ('a',), {none}", "NoneType")
    assert message([["a", 1]]) == (f"{given} ['a', 1], {none}", "NoneType")
    assert message(lambda: 1 / 0) == (
        "to_js: $.a[0]: the items() of a Dict failed",
        "ZeroDivisionError",
    )
    assert message(5)[1] == "TypeError"
    # It let go of the list that it was in.
    assert message([("a", 1)])[0] == "to_js: $.a: the list changed while it was converted"


@inside
def test_keys_become_texts() -> None:
    from enum import StrEnum

    from pyjs import JsBigInt, jsnull, run_js, to_js

    class Color(StrEnum):
        RED = "red"

    keys = run_js("o => JSON.stringify(Object.keys(o))")
    assert keys(to_js({Color.RED: 1})) == '["red"]'
    assert keys(to_js({None: 1, jsnull: 2, True: 3, 1.5: 4, -0.0: 5, 2**64: 6, "x": 7})) == (
        '["0","undefined","null","true","1.5","18446744073709551616","x"]'
    )
    assert keys(to_js({JsBigInt(5): 1, float("nan"): 2})) == '["5","NaN"]'
    odd = {"__proto__": {"a": 1}, "constructor": 2, "": 3, "toString": 4}
    for values in (odd, {**odd, 1: 1}):
        made = to_js([values, {"__proto__": [1]}, {"x": 5}])
        own = run_js("o => Object.getPrototypeOf(o) === Object.prototype && o.a === undefined")
        assert own(made[0]) is True
        assert made[0].as_object_map()["__proto__"].a == 1
        assert made[2].x == 5
    proxy = run_js("({})")
    assert to_js([proxy])[0] == proxy


@inside
@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ([1, "1"], '"1"'),
        ([True, "true"], '"true"'),
        ([None, "undefined"], '"undefined"'),
        (["1", 1.0], '"1"'),
        (["\U0001f600", "\ud83d\ude00"], '"\U0001f600"'),
        (["\ud83d\ude00", "\U0001f600"], '"\U0001f600"'),
    ],
)
def test_keys_that_become_one_are_an_error(keys: list[object], text: str) -> None:
    from pyjs import to_js
    from pyjs.ffi import ConversionError

    for place, path in (
        (lambda d: d, "$"),
        (lambda d: [0, {"a b": (1, d)}], '$[1]["a b"][1]'),
        (lambda d: {"x": {1: [d, 5]}}, "$.x[1][0]"),
    ):
        try:
            to_js(place({key: [5] for key in keys}))
        except ConversionError as error:
            assert str(error) == f"to_js: {path}: two keys of the dict become {text} in JavaScript"
        else:
            raise AssertionError("nothing was raised")


@inside
def test_keys_and_members_that_javascript_cannot_compare_are_an_error() -> None:
    from pyjs import to_js
    from pyjs.ffi import ConversionError

    def message(value, **options):
        try:
            to_js(value, **options)
        except ConversionError as error:
            return str(error)

    kinds = "which must be None, a boolean, a number, a string or a JsProxy"
    for options in ({}, {"dicts": "map"}, {"dict_converter": len}):
        assert message([{"a": {(1, 2): 3}}], **options) == (
            f"to_js: $[0].a: cannot use (1, 2) as a key, {kinds}"
        )
    assert message({"a": [{(1, 2)}]}) == (
        f"to_js: $.a[0]: cannot use (1, 2) as a member of a JavaScript Set, {kinds}"
    )
    nan = float("nan")
    assert message([{nan: 1, -nan: 2}], dicts="map") == (
        "to_js: $[0]: two keys of the dict become NaN in JavaScript"
    )
    assert message([0, {nan, -nan}]) == (
        "to_js: $[1]: two members of the set become NaN in JavaScript"
    )


@inside
def test_shared_references_and_cycles_are_kept() -> None:
    from pyjs import js, run_js, to_js

    a = [1]
    d = {"a": a}
    t = (a, d)
    s = {2}
    b = bytearray(b"xy")
    a += [a, d, t, s, b]
    d |= {"d": d, "t": t, "s": s, "b": b}
    check = run_js(
        """(a, get) => {
          const [one, self, d, t, s, b] = a;
          return [one === 1, self === a, get(d, 'a') === a, get(d, 'd') === d, get(d, 't') === t,
            get(d, 's') === s, get(d, 'b') === b, t[0] === a, t[1] === d, s.has(2), b[0] === 120]
            .every(Boolean);
        }"""
    )
    assert check(to_js(a), run_js("(o, key) => o[key]")) is True
    for options in ({"dicts": "map"}, {"dict_converter": js.Map.new}):
        assert check(to_js(a, **options), run_js("(map, key) => map.get(key)")) is True
    keyed = {1: 2}
    keyed[3] = keyed
    assert run_js("o => o[3] === o")(to_js(keyed)) is True
    a.clear()
    d.clear()
    keyed.clear()


@not_in_pyodide("Python 3.14 overflows the engine's stack when it lets go of nests this deep")
@inside
def test_a_hundred_thousand_levels_convert() -> None:
    from pyjs import run_js, to_js

    down = run_js("(x, f) => { let n = 0; while (x !== 7) { x = f(x); n++ } return n }")
    for wrap, unwrap, options in (
        (lambda x: [x], "x => x[0]", {}),
        (lambda x: (1, x), "x => x[1]", {}),
        (lambda x: {"x": x}, "x => x.x", {}),
        (lambda x: {1: x}, "x => x[1]", {}),
        (lambda x: {1: x}, "x => x.get(1)", {"dicts": "map"}),
        (lambda x: {1: x}, "x => x[0][1]", {"dict_converter": run_js("x => x")}),
    ):
        value = 7
        for _ in range(100_000):
            value = wrap(value)
        assert down(to_js(value, **options), run_js(unwrap)) == 100_000


@inside
def test_depth_stops_the_conversion() -> None:
    from pyjs import JsProxy, run_js, to_js
    from pyjs.ffi import ConversionError, destroy_proxies

    value = {"a": [[1], {2}]}
    kind = run_js("x => x instanceof Array ? 'Array' : x instanceof Set ? 'Set' : typeof x.type")
    proxies = run_js("[]")
    top = to_js(value, depth=0, pyproxies=proxies)
    assert isinstance(top, JsProxy)
    assert top.unwrap() is value
    assert to_js(5, depth=0) == 5
    one = to_js(value, depth=1, pyproxies=proxies)
    assert one.a is value["a"]
    two = to_js(value, depth=2, pyproxies=proxies)
    assert two.a[0] is value["a"][0]
    assert len(proxies) == 4
    for depth in (3, 4, -1, -7):
        full = to_js(value, depth=depth, create_pyproxies=False)
        assert [kind(full.a), kind(full.a[0]), kind(full.a[1])] == ["Array", "Array", "Set"]
    try:
        to_js(value, depth=2, create_pyproxies=False)
    except ConversionError as error:
        assert str(error) == (
            "to_js: $.a[0]: no conversion is known for list, and create_pyproxies is False"
        )
    destroy_proxies(proxies)


@inside
def test_proxies_are_collected_where_they_are_asked_for() -> None:
    from pyjs import create_proxy, run_js, to_js
    from pyjs.ffi import ConversionError, JsException, destroy_proxies

    class Thing:
        pass

    thing = Thing()
    proxies = run_js("[]")
    made = to_js([thing, {"a": thing}, len], pyproxies=proxies)
    assert len(proxies) == 2
    assert [made[0] is thing, made[1].a is thing, made[2] is len] == [True] * 3
    assert run_js("(made, p) => made[0] === p[0] && made[1].a === p[0]")(made, proxies) is True
    destroy_proxies(proxies)
    try:
        _ = made[0]
    except JsException as error:
        assert "destroyed" in error.message
    else:
        raise AssertionError("nothing was raised")
    for value, path in ((thing, "$"), ({"users": [1, {"when": thing}]}, "$.users[1].when")):
        try:
            to_js(value, create_pyproxies=False)
        except ConversionError as error:
            assert str(error) == (
                f"to_js: {path}: no conversion is known for Thing, and create_pyproxies is False"
            )
        else:
            raise AssertionError("nothing was raised")
    # What is a JavaScript object already is used as it is, and keeps what it is back in Python.
    for roundtrip in (False, True):
        proxy = create_proxy(thing, roundtrip=roundtrip)
        assert (to_js(proxy) == proxy) is True
        assert (run_js("x => x")(proxy) is thing) is not roundtrip
        assert run_js("(a, p) => a[0] === p")(to_js([proxy], create_pyproxies=False), proxy)
        proxy.destroy()
    top = to_js(thing)
    assert (top.unwrap() is thing, run_js("x => x")(top) is thing) == (True, True)
    top.destroy()


@inside
def test_wrong_arguments_are_errors_that_say_so() -> None:
    from pyjs import run_js, to_js

    def message(*args, **options):
        try:
            to_js(*args, **options)
        except (TypeError, ValueError, OverflowError) as error:
            return f"{type(error).__name__}: {error}"

    expected = "expected a JsArray, to which PyProxies are added, or None"
    for wrong in ([], 5, run_js("({})"), run_js("new Uint8Array(1)")):
        name = {list: "list", int: "int"}.get(type(wrong), type(wrong).__name__)
        assert message([], pyproxies=wrong).startswith(f"TypeError: to_js: pyproxies: {expected}")
        assert name in message([], pyproxies=wrong)
    assert message([], dicts="x") == (
        "ValueError: to_js: dicts: expected 'object' or 'map', got 'x'"
    )
    for option in ("dict_converter", "default_converter", "eager_converter"):
        assert message([], **{option: 5}) == (
            f"TypeError: to_js: {option}: expected a callable or None, got int"
        )
        assert message([], **{option: None}) is None
    for wrong in ("x", 1.5, None):
        assert message([], depth=wrong) == (
            "TypeError: to_js: depth: expected an int, the number of levels, or -1 for all, got "
            + type(wrong).__name__
        )
    assert message([], depth=2**40) is None
    for option in ("create_pyproxies", "dates"):
        assert message([], **{option: "x"}) == (
            f"TypeError: to_js: {option}: expected True or False, got str"
        )
    assert message({}, dicts="object", dict_converter=len) == (
        "TypeError: to_js: expected dicts or dict_converter, got both: leave one of them out"
    )
    assert message().startswith("TypeError")
    assert message([], [], []).startswith("TypeError")
    assert message([], what=1).startswith("TypeError")


@inside
def test_a_failure_midway_leaks_nothing() -> None:
    from pyjs import run_js, to_js
    from pyjs.ffi import ConversionError

    class Thing:
        pass

    junk = [Thing(), len, run_js("({})"), "x" * 999, 2**999, b"abc", memoryview(b"abcd")[::2], {1}]
    cycle = {}
    cycle["x"] = cycle
    nan = float("nan")
    bad = [{(1,): 2}, {"1": 1, 1: 2}, {(1,)}, {nan, -nan}]
    for wrong in bad:
        for options in ({}, {"default_converter": lambda value, convert, cache: convert([1])}):
            try:
                to_js([junk, {"junk": junk, "k": junk}, wrong, junk], **options)
            except ConversionError as error:
                assert str(error).startswith("to_js: $[2]: "), wrong
            else:
                raise AssertionError("nothing was raised")
    try:
        to_js([junk, cycle], dict_converter=len)
    except ConversionError as error:
        assert str(error) == (
            "to_js: $[1].x: it contains itself, and its converter has not run yet"
        )
    cycle.clear()


def test_to_js_is_there_for_javascript(host: Host) -> None:
    assert host.js(
        """
        const get = (code) => py.runPython(code);
        const made = get("{'a': [1, (2.5, 'x')], 's': {1}, 'b': b'xy', 2: None}").toJs();
        const out = [made.a, [...made.s], made.b instanceof Uint8Array, '2' in made];
        const thing = get('object()'), proxies = [];
        const shallow = get("{'a': [1]}").toJs({ depth: 1, pyproxies: proxies });
        out.push(shallow.a.type, proxies.length, proxies[0] === shallow.a);
        out.push([...get("{1: 2}").toJs({ dict_converter: (pairs) => new Map(pairs) })]);
        out.push(get("{'a': {'b': 1}}").toJs({ dict_converter: Object.fromEntries }));
        // A proxy stays what it was when it comes back.
        const same = thing.toJs();
        out.push(get('lambda a, b: a is b')(same, thing));
        for (const proxy of [...proxies, same, thing]) proxy.destroy();
        return out;
        """
    ) == [
        [1, [2.5, "x"]],
        [1],
        True,
        True,
        "list",
        1,
        True,
        [[1, 2]],
        {"a": {"b": 1}},
        True,
    ]


def test_wrong_options_from_javascript_are_errors(host: Host) -> None:
    assert host.js(
        """
        const list = py.runPython("[{'when': object()}]");
        const date = py.runPython("lambda v, convert, cache: 1");
        const last = (text) => String(text).trim().split('\\n').at(-1);
        const attempt = (act) => { try { return act() } catch (error) { return error.message } };
        const out = [
          () => list.toJs({ dictConverter: 1 }),
          () => list.toJs({ create_pyproxies: false }),
          () => list.toJs({ depth: 'x' }),
          () => list.toJs({ pyproxies: {} }),
          () => list.toJs({ default_converter: 1 }),
          () => list.toJs({ default_converter() { throw new RangeError('mine') } }),
          () => list.toJs({ default_converter: date, depth: null })[0].when,
          () => py.toPy([1], { default_converter: 1 }),
          () => py.toPy([1], { depth: 'x' }),
          () => py.toPy([1], { depth: undefined, defaultConverter: undefined }).toString(),
          () => py.toPy([() => 1], { defaultConverter() { throw new RangeError('mine') } }),
        ].map((act) => last(attempt(act)));
        list.destroy(); date.destroy();
        return out;
        """
    ) == [
        "toJs: unknown option dictConverter; known are depth, pyproxies, create_pyproxies, "
        "dict_converter, default_converter, eager_converter, ints, typed, dates, dicts",
        "pyjs.ffi.ConversionError: to_js: $[0].when: no conversion is known for object, and "
        "create_pyproxies is False",
        "toJs: expected depth to be an integer, -1 for all levels, got 'x'",
        "toJs: expected pyproxies to be an Array, to which PyProxies are added, got object",
        "toJs: expected default_converter to be a function, got 1",
        "mine",
        "1",
        "toPy: unknown option default_converter; known are depth, defaultConverter, "
        "convertNullToNone, numbers, typed, dates",
        "toPy: expected depth to be a number, got string",
        "[1]",
        "mine",
    ]
