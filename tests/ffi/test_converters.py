"""What the user's converters do in a deep conversion, in both directions."""

from tests.hosts.base import Host
from tests.inside import inside


@inside
def test_dict_converters_make_what_a_dict_becomes() -> None:
    from pyjs import js, run_js, to_js

    value = {"a": {"b": [{}]}, 1: {None: 2}}
    show = run_js("x => JSON.stringify(x)")
    assert show(to_js({"a": {"b": {}}}, dict_converter=js.Object.fromEntries)) == '{"a":{"b":{}}}'
    for converter in (js.Map.new, run_js("pairs => new Map(pairs)"), lambda p: js.Map.new(p)):
        made = to_js(value, dict_converter=converter)
        assert run_js("m => [...m.keys()]")(made)[1] == 1
        assert run_js("m => m.get('a').get('b')[0] instanceof Map")(made) is True
        assert run_js("m => m.get(1).get(undefined)")(made) == 2
    assert show(to_js(value, dict_converter=js.Array.from_)) == (
        '[["a",[["b",[[]]]]],[1,[[null,2]]]]'
    )
    assert show(to_js(value, dict_converter=len)) == "2"
    assert show(to_js([{}, {"a": 1}], dict_converter=lambda pairs: f"{len(pairs)}!")) == (
        '["0!","1!"]'
    )
    assert show(to_js([{"a": {}}, 5], dict_converter=lambda pairs: None)) == "[null,5]"
    shared = {"x": 1}
    made = to_js([shared, shared, [shared]], dict_converter=run_js("pairs => ({pairs})"))
    assert run_js("a => a[0] === a[1] && a[0] === a[2][0]")(made) is True
    seen = []
    to_js({"a": {"b": 1}, "c": {}}, dict_converter=lambda p: seen.append([k for k, _ in p]))
    assert seen == [["b"], [], ["a", "c"]]


@inside
def test_a_default_converter_gets_what_has_no_conversion() -> None:
    from datetime import date

    from pyjs import js, run_js, to_js
    from pyjs.ffi import JsDoubleProxy

    given = []

    def convert_date(value, convert, cache):
        given.append(value)
        return js.Date.new(value.year, value.month - 1, value.day)

    days = [date(2024, 2, 29), {"x": (date(2000, 1, 1),)}]
    made = to_js(days, default_converter=convert_date)
    assert made[0].toDateString() == "Thu Feb 29 2024"
    assert made[1].x[0].getFullYear() == 2000
    assert given == [date(2024, 2, 29), date(2000, 1, 1)]
    show = run_js("x => JSON.stringify(x)")
    values = [1, "x", None, True, b"x", [len], {"a": len}, {1}, run_js("({})"), 2**60]
    types = []
    to_js(values, default_converter=lambda v, convert, cache: types.append(type(v).__name__))
    assert types == ["builtin_function_or_method"] * 2
    # It is asked where the depth ends, too.
    names = lambda v, convert, cache: f"<{type(v).__name__}>"  # noqa: E731
    assert show(to_js([[1], {"a": 2}, 3, {4}], depth=1, default_converter=names)) == (
        '["<list>","<dict>",3,"<set>"]'
    )
    assert to_js([1], depth=0, default_converter=names) == "<list>"
    # convert() does not go deeper than the depth.
    first = lambda v, convert, cache: convert(v[0])  # noqa: E731
    assert show(to_js([[[[1]]]], depth=1, default_converter=first)) == "[1]"
    # Its argument as its result: a PyProxy, and what else is a Python object.
    thing = object()
    made = to_js([thing], default_converter=lambda v, convert, cache: v)
    assert made[0] is thing
    made = to_js([thing], default_converter=lambda v, convert, cache: [1])
    assert made[0] == [1]
    top = to_js(thing, default_converter=lambda v, convert, cache: v)
    assert isinstance(top, JsDoubleProxy)
    top.destroy()


@inside
def test_the_pair_of_pyodides_documentation() -> None:
    from pyjs import js, run_js, to_js, to_py

    class Pair:
        def __init__(self, first, second):
            self.first = first
            self.second = second

    def to_array(value, convert, cache):
        if not isinstance(value, Pair):
            return value
        result = js.Array.new()
        cache(value, result)
        result.push(convert(value.first))
        result.push(convert(value.second))
        return result

    for option in ("default_converter", "eager_converter"):

        def converter(value, convert, cache, option=option):
            if option == "eager_converter" and not isinstance(value, Pair):
                return convert(value)
            return to_array(value, convert, cache)

        pair = Pair(1, [2, {"x": Pair("a", "b")}])
        made = to_js(pair, **{option: converter})
        assert run_js("x => JSON.stringify(x)")(made) == '[1,[2,{"x":["a","b"]}]]'
        pair.first = pair
        made = to_js([pair, pair], **{option: converter})
        assert run_js("a => a[0] === a[1] && a[0][0] === a[0]")(made) is True
        # A cycle through a container that is not complete.
        outer = {"list": [pair]}
        pair.second = [outer, outer["list"]]
        made = to_js(outer, **{option: converter})
        closes = run_js("o => o.list[0][1][0] === o && o.list[0][1][1] === o.list")
        assert closes(made) is True
        made = to_js(outer, dicts="map", **{option: converter})
        closes = run_js("(o, l = o.get('list')) => l[0][1][0] === o && l[0][1][1] === l")
        assert closes(made) is True
        pair.first = pair.second = None

    js_pair = run_js("(class PairForTest { constructor(a, b) { this.a = a; this.b = b } })")

    def to_pair(value, convert, cache):
        if value.constructor.name != "PairForTest":
            return value
        result = Pair(None, None)
        cache(value, result)
        result.first = convert(value.a)
        result.second = convert(value.b)
        return result

    made = to_py(
        run_js("P => { const p = new P(1, [2]); p.a = p; return [p, {p}] }")(js_pair),
        default_converter=to_pair,
    )
    assert made[0] is made[1]["p"]
    assert made[0].first is made[0]
    assert made[0].second == [2]
    made[0].first = None
    made = to_py(
        run_js("P => { const o = {l: []}; o.l.push(new P(o, o.l)); return o }")(js_pair),
        default_converter=to_pair,
    )
    assert made["l"][0].first is made
    assert made["l"][0].second is made["l"]
    made.clear()


@inside
def test_an_eager_converter_gets_all_but_primitives() -> None:
    from pyjs import js, run_js, to_js

    given = []

    def eager(value, convert, cache):
        given.append(type(value).__name__)
        return convert(value)

    show = run_js("x => JSON.stringify(x)")
    value = [1, (2, {"a": {3}}), "x", None, True, 2.5, 2**70, run_js("({})"), b"", [[]]]
    made = to_js(value, eager_converter=eager)
    assert show(made[1]) == '[2,{"a":{}}]'
    assert given == ["list", "tuple", "dict", "set", "bytes", "list", "list"]
    given.clear()
    shared = [1]
    cycle = [shared, (shared,)]
    cycle.append(cycle)
    made = to_js(cycle, eager_converter=eager)
    assert run_js("a => a[0] === a[1][0] && a[2] === a")(made) is True
    assert given == ["list", "list", "tuple"]
    cycle.clear()
    # What it leaves goes on to the default converter.
    both = {"eager_converter": eager, "default_converter": lambda v, c, k: "default"}
    assert show(to_js([object(), {"a": object()}], **both)) == '["default",{"a":"default"}]'
    dicts = {"eager_converter": eager, "dict_converter": js.Array.from_}
    assert show(to_js({"a": {"b": {}}}, **dicts)) == '[["a",[["b",[]]]]]'
    same = lambda v, convert, cache: v  # noqa: E731
    assert to_js([1], eager_converter=same).unwrap() == [1]


@inside
def test_a_default_converter_gets_what_would_stay_a_proxy() -> None:
    from pyjs import js, run_js, to_py

    def show(value, convert, cache):
        return f"<{js.String(value)}>"

    source = "[() => 1, Symbol('x'), {d: new Date(NaN)}, new Map([['k', class A {}]])]"
    assert to_py(run_js(source), default_converter=show) == [
        "<() => 1>",
        "<Symbol(x)>",
        {"d": "<Invalid Date>"},
        {"k": "<class A {}>"},
    ]
    same = lambda value, convert, cache: value  # noqa: E731
    function = run_js("() => 1")
    assert to_py(function, default_converter=same) == function


def test_converters_in_javascript(host: Host) -> None:
    assert host.js(
        """
        py.runPython("class Node:\\n  def __init__(self): self.x, self.me = [1], self");
        const nodes = py.runPython('[Node(), Node()]');
        const plain = py.runPython("[1, (2, {'a': 3})]");
        const convertNode = (value, convert, cache) => {
          const made = {};
          cache(value, made);
          return Object.assign(made, { x: convert(value.x), me: convert(value.me) });
        };
        const made = nodes.toJs({ default_converter: convertNode });
        const out = [made.map((node) => [node.x, node.me === node])];
        const typed = (value, convert) => ({ type: value.type, made: convert(value) });
        out.push(plain.toJs({ eager_converter: typed }));
        let kept;
        nodes.toJs({ default_converter: (...given) => ((kept = given), 1) });
        for (const use of [() => kept[0].x, () => kept[1](1), () => kept[2](1, 2)]) {
          try { use() } catch (error) { out.push(error.message.split(': ')[0]) }
        }
        class Pair { constructor(a, b) { Object.assign(this, { a, b }) } }
        const pair = new Pair(1, { x: 2 });
        pair.a = pair;
        const list = py.toPy([pair, 5], {
          defaultConverter(value, convert, cache) {
            const made = py.runPython('[]');
            cache(value, made);
            made.append(convert(value.a));
            made.append(convert(value.b));
            return made;
          },
        });
        out.push(String(list));
        nodes.destroy(); plain.destroy(); list.destroy();
        py.globals.delete('Node');
        return out;
        """
    ) == [
        [[[1], True], [[1], True]],
        {
            "type": "list",
            "made": [1, {"type": "tuple", "made": [2, {"type": "dict", "made": {"a": 3}}]}],
        },
        "this PyProxy of a Python object was destroyed",
        "this PyProxy of a Python callable was destroyed",
        "this PyProxy of a Python callable was destroyed",
        "[[[...], {'x': 2}], 5]",
    ]
