"""Which converters are asked where `depth` ends, and how deep lies what they convert: as Pyodide.

Where it ends, to_js() asks its default_converter and no eager_converter; to_py() asks none. What a
converter asks for, by convert(), lies a level deeper than what it was given, also when it is that.
"""

import pytest

from tests.hosts.base import Host
from tests.inside import inside

SHOW = """(x) => {
  const show = (x) =>
    typeof x === "function" && x.type !== undefined || x?.destroy ? `py:${x}` :
    Array.isArray(x) ? `[${x.map(show)}]` :
    x?.constructor === Object ? `{${Object.entries(x).map(([k, v]) => `${k}:${show(v)}`)}}` :
    typeof x === "string" ? `"${x}"` : String(x);
  return show(x);
}"""


@inside
def test_to_py_asks_no_converter_where_the_depth_ends() -> None:
    from pyjs import JsProxy, run_js, to_py

    def show(value):
        if isinstance(value, JsProxy):
            return f"js:{value}"
        if isinstance(value, list):
            return f"[{','.join(map(show, value))}]"
        if isinstance(value, dict):
            return "{" + ",".join(f"{k}:{show(v)}" for k, v in value.items()) + "}"
        return repr(value)

    source = """(() => {
      class P { toString() { return "P" } }
      return {a: [1, [2, [3, new P]]], p: new P, m: new Map([[1, [2]]]), f: () => 1, e: []};
    })()"""
    given = []

    def name(value, convert, cache):
        given.append(str(value))
        return "C"

    made = []
    for depth in range(-1, 6):
        given.clear()
        made.append((show(to_py(run_js(source), depth=depth, default_converter=name)), [*given]))
    whole = "{a:[1,[2,[3,'C']]],p:'C',m:{1:[2]},f:'C',e:[]}"
    assert made == [
        (whole, ["P", "P", "() => 1"]),
        ("js:[object Object]", []),
        ("{a:js:1,2,3,P,p:js:P,m:js:[object Map],f:js:() => 1,e:js:}", []),
        ("{a:[1,js:2,3,P],p:'C',m:{1:js:2},f:'C',e:[]}", ["P", "() => 1"]),
        ("{a:[1,[2,js:3,P]],p:'C',m:{1:[2]},f:'C',e:[]}", ["P", "() => 1"]),
        ("{a:[1,[2,[3,js:P]]],p:'C',m:{1:[2]},f:'C',e:[]}", ["P", "() => 1"]),
        (whole, ["P", "P", "() => 1"]),
    ]
    # What is the same object is the same proxy, whether or not a converter was given.
    twice = to_py(run_js("(o => [[o], [o]])({})"), depth=2, default_converter=name)
    assert twice[0][0].js_id == twice[1][0].js_id
    assert to_py(run_js("Symbol.iterator"), depth=0, default_converter=name).typeof == "symbol"
    assert to_py(run_js("[1, 'x', null, [0]]"), depth=1, default_converter=name)[:2] == [1, "x"]


@inside
def test_to_py_converts_a_level_deeper_for_a_converter() -> None:
    from pyjs import JsProxy, run_js, to_py

    nest = run_js("[[[[7]]]]")

    def depth_of(value):
        if isinstance(value, JsProxy):
            return 0
        return 1 + depth_of(value[0]) if isinstance(value, list) else 9

    ask = lambda value, convert, cache: convert(nest)  # noqa: E731
    function = run_js("() => 1")
    found = [depth_of(to_py(function, depth=n, default_converter=ask)) for n in range(-1, 7)]
    assert found == [13, 0, 0, 1, 2, 3, 13, 13]
    # Itself, until the depth ends.
    given = []

    def again(value, convert, cache):
        given.append(value)
        return convert(value)

    assert to_py(run_js("[() => 1]"), depth=4, default_converter=again)[0].typeof == "function"
    assert len(given) == 3


@inside
@pytest.mark.parametrize("show_source", [SHOW])
def test_to_js_asks_the_default_converter_where_the_depth_ends(show_source: str) -> None:
    from pyjs import run_js, to_js

    show = run_js(show_source)

    class P:
        def __repr__(self):
            return "P"

    value = {"a": [1, [2, [3, P()]]], "p": P(), "t": (1, (2,)), "i": 5, "e": []}
    given = []

    def name(value, convert, cache):
        given.append(repr(value))
        return "C"

    made = []
    for depth in range(-1, 5):
        given.clear()
        made.append((show(to_js(value, depth=depth, default_converter=name)), [*given]))
    whole = '{a:[1,[2,[3,"C"]]],p:"C",t:[1,[2]],i:5,e:[]}'
    assert made == [
        (whole, ["P", "P"]),
        ('"C"', ["{'a': [1, [2, [3, P]]], 'p': P, 't': (1, (2,)), 'i': 5, 'e': []}"]),
        ('{a:"C",p:"C",t:"C",i:5,e:"C"}', ["[1, [2, [3, P]]]", "P", "(1, (2,))", "[]"]),
        ('{a:[1,"C"],p:"C",t:[1,"C"],i:5,e:[]}', ["[2, [3, P]]", "P", "(2,)"]),
        ('{a:[1,[2,"C"]],p:"C",t:[1,[2]],i:5,e:[]}', ["[3, P]", "P"]),
        (whole, ["P", "P"]),
    ]


@inside
@pytest.mark.parametrize("show_source", [SHOW])
def test_to_js_asks_no_eager_converter_where_the_depth_ends(show_source: str) -> None:
    from pyjs import JsArray, run_js, to_js
    from pyjs.ffi import destroy_proxies

    show = run_js(show_source)
    proxies = run_js("[]")
    assert isinstance(proxies, JsArray)
    given = []

    def itself(value, convert, cache):
        given.append(repr(value))
        return convert(value)

    def run(depth, **more):
        given.clear()
        made = to_js([[[1, [2]]], [3]], depth=depth, pyproxies=proxies, **more)
        return show(made), [*given]

    both = "[[[1, [2]]], [3]]"
    # A value takes one level for its converter, and one for itself.
    assert run(0, eager_converter=itself) == (f"py:{both}", [])
    assert run(1, eager_converter=itself) == (f"py:{both}", [both])
    assert run(2, eager_converter=itself) == ("[py:[[1, [2]]],py:[3]]", [both])
    assert run(3, eager_converter=itself) == (
        "[py:[[1, [2]]],py:[3]]",
        [both, "[[1, [2]]]", "[3]"],
    )
    assert run(4, eager_converter=itself) == (
        "[[py:[1, [2]]],[3]]",
        [both, "[[1, [2]]]", "[3]"],
    )
    assert run(-1, eager_converter=itself)[0] == "[[[1,[2]]],[3]]"
    name = lambda value, convert, cache: f"<{value}>"  # noqa: E731
    assert run(0, eager_converter=itself, default_converter=name) == (f'"<{both}>"', [])
    assert run(1, eager_converter=itself, default_converter=name) == (f'"<{both}>"', [both])
    assert to_js([1], depth=0, eager_converter=name, pyproxies=proxies).unwrap() == [1]
    assert to_js([1], depth=1, eager_converter=name) == "<[1]>"
    destroy_proxies(proxies)


def test_in_javascript_too(host: Host) -> None:
    assert host.js(
        """
        class Q { toString() { return "Q" } }
        const names = py.runPython("{}");
        const show = py.runPython([
          "def show(x):",
          "    if isinstance(x, list): return '[' + ','.join(map(show, x)) + ']'",
          "    return f'js:{x}' if hasattr(x, 'js_id') else repr(x)",
          "show",
        ].join("\\n"), { globals: names });
        const toPy = (depth) => {
          const made = py.toPy([[[new Q(), 1]], new Q()], { depth, defaultConverter: () => "C" });
          const text = show(made);
          made.destroy?.();
          return text;
        };
        const value = py.runPython(
          "class P:\\n  __repr__ = lambda self: 'P'\\n[[[P(), 1]], P()]",
          { globals: names },
        );
        const pyproxies = [];
        const text = (x) =>
          x instanceof py.ffi.PyProxy ? `py:${x}` : Array.isArray(x) ? `[${x.map(text)}]` : x;
        const given = [];
        const toJs = (depth, which) => {
          given.length = 0;
          const ask = (x, convert) => (given.push(String(x)), which === "name" ? "C" : convert(x));
          const name = which === "name" ? "default_converter" : "eager_converter";
          const made = value.toJs({ depth, pyproxies, [name]: ask });
          return [text(made), given.join()].join(" ");
        };
        const found = [-1, 0, 1, 2, 3].map(toPy);
        found.push(...[0, 1, 2].map((depth) => toJs(depth, "name")));
        found.push(...[0, 1, 2, 3].map((depth) => toJs(depth, "itself")));
        for (const proxy of [...pyproxies, value, show, names]) proxy.destroy();
        return found;
        """
    ) == [
        "[[['C',1]],'C']",
        "js:Q,1,Q",
        "[js:Q,1,js:Q]",
        "[[js:Q,1],'C']",
        "[[[js:Q,1]],'C']",
        "C [[[P, 1]], P]",
        "[C,C] [[P, 1]],P",
        "[[C],C] [P, 1],P",
        "py:[[[P, 1]], P] ",
        "py:[[[P, 1]], P] [[[P, 1]], P]",
        "[py:[[P, 1]],py:P] [[[P, 1]], P]",
        "[py:[[P, 1]],py:P] [[[P, 1]], P],[[P, 1]],P",
    ]
