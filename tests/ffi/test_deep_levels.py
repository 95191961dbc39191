"""A hundred thousand levels of nesting, in every kind of container, through every entrance."""

from tests.hosts.base import Host
from tests.inside import inside, not_in_pyodide


@not_in_pyodide("Python 3.14 overflows the engine's stack when it lets go of nests this deep")
@inside
def test_to_js_with_every_option_and_kind() -> None:
    from collections import namedtuple

    from pyjs import js, js_call, run_js, to_js
    from pyjs.converters import register_to_js, unregister_to_js

    class Items(list):
        pass

    class Fields(dict):
        pass

    class Node:
        def __init__(self, inner):
            self.inner = inner

    pair = namedtuple("pair", "x")
    down = run_js(
        """x => {
          let n = 0;
          for (; x !== 7; n++) x = x instanceof Map ? x.get("x") : x[0] ?? x.x;
          return n;
        }"""
    )
    every = (
        {"dicts": "map"},
        {"typed": "auto"},
        {"ints": "auto", "dates": True},
        {"default_converter": lambda value, convert, cache: 0},
        {"dict_converter": js.Object.fromEntries},
        {"dict_converter": js.Map.new},
        {"dict_converter": lambda pairs: js.Object.fromEntries(pairs)},
    )
    for wrap in (lambda x: (x,), pair, lambda x: Items([x]), lambda x: Fields(x=x)):
        value = 7
        for _ in range(100_000):
            value = wrap(value)
        assert down(to_js(value)) == 100_000
        assert js_call(down, value) == 100_000
    value = 7
    for i in range(100_000):
        value = {"x": value} if i % 2 else [value]
    for options in every:
        assert down(to_js(value, **options)) == 100_000, options
    register_to_js(Node, lambda node: [node.inner])
    node = 7
    for _ in range(50_000):
        node = Node([node])
    assert down(to_js(node)) == 100_000
    unregister_to_js(Node)
    while node != 7:  # an object in an object in … is let go of by recursion
        node.inner, node = None, node.inner[0]


@inside
def test_to_py_with_every_option_and_kind() -> None:
    from pyjs import run_js, to_py

    def down(value):
        levels = 0
        while value != 7 if isinstance(value, int) else True:
            value = value["x"] if isinstance(value, dict) else value[0]
            levels += 1
        return levels

    make = run_js(
        "wrap => { let x = 7; for (let i = 0; i < 100000; i++) x = wrap(x, i); return x }"
    )
    for wrap in (
        "x => [x]",
        "x => ({x})",
        "x => new Map([['x', x]])",
        "x => Object.assign(Object.create(null), {x})",
        "(x, i) => i % 2 ? {x} : [x]",
    ):
        value = make(run_js(wrap))
        for options in (
            {},
            {"default_converter": lambda value, convert, cache: 0},
            {"null": None, "numbers": "auto", "dates": True},
            {"typed": "auto"},
        ):
            assert down(to_py(value, **options)) == 100_000, (wrap, options)
        assert down(value.to_py()) == 100_000


@not_in_pyodide("Python 3.14 overflows the engine's stack when it lets go of nests this deep")
def test_from_javascript(host: Host) -> None:
    assert host.js(
        """
            let value = 7;
            for (let i = 0; i < 100000; i++) value = i % 2 ? { x: value } : [value];
            const down = (x) => {
              let n = 0;
              for (; x !== 7; n++) x = x instanceof Map ? x.get("x") : x[0] ?? x.x;
              return n;
            };
            const out = new Set();
            const identity = (value, convert) => convert(value);
            for (const there of [{}, { defaultConverter: identity }, { typed: "auto" }]) {
              const made = py.toPy(value, there);
              for (const back of [{}, { dict_converter: (pairs) => new Map(pairs) },
                { dict_converter: Object.fromEntries }, { default_converter: identity }]) {
                out.add(down(made.toJs(back)));
              }
              made.destroy();
            }
            return [...out];
            """
    ) == [100_000]
