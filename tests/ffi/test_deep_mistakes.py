"""Deep conversion with converters without an end, wrong options, and converters that fail."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside


@inside
def test_converters_without_an_end_are_a_recursion_error() -> None:
    import gc
    from functools import partial

    from pyjs import js, run_js, to_js, to_py
    from pyjs.converters import (
        register_to_js,
        register_to_py,
        unregister_to_js,
        unregister_to_py,
    )
    from pyjs.ffi import ConversionError, JsException

    class Node:
        def __init__(self, inner=None):
            self.inner = inner

    def ends(act):
        try:
            act()
        except (RecursionError, ConversionError) as error:
            kind = type(error).__name__
        except JsException as error:
            assert error.name in ("RangeError", "InternalError"), error.name
            kind = "JsException"
        gc.collect()
        assert to_js([1, {"a": {2}}]).to_py() == [1, {"a": {2}}]
        assert to_py(run_js("[{a: new Set([1])}]")) == [{"a": {1}}]
        return kind

    node = Node()
    around = lambda value, convert, cache: convert([value])  # noqa: E731
    itself = lambda value, convert, cache: convert(value)  # noqa: E731
    fresh = lambda value, convert, cache: convert(Node())  # noqa: E731
    for converter in (around, itself, fresh):
        call = partial(to_js, [node], default_converter=converter)
        assert ends(call) == "RecursionError"
    for converter in (around, fresh):
        assert ends(partial(to_js, [node], eager_converter=converter)) == "RecursionError"
    array = js.Array.of
    back = lambda value, convert, cache: convert(array(value))  # noqa: E731
    for converter in (back, itself):
        call = partial(to_py, run_js("[() => 1]"), default_converter=converter)
        assert ends(call) == "RecursionError"
    wrap = run_js("(value, convert) => convert([value])")
    assert ends(lambda: to_py(run_js("[() => 1]"), default_converter=wrap)) == "JsException"
    register_to_js(Node, lambda value: to_js([value]))
    assert ends(lambda: to_js([node])) == "RecursionError"
    register_to_js(Node, lambda value: [Node()])
    assert ends(lambda: to_js([node])) == "ConversionError"
    unregister_to_js(Node)
    register_to_py("Endless", lambda value: to_py(array(value)))
    assert ends(lambda: to_py(run_js("[new class Endless {}]"))) == "RecursionError"
    unregister_to_py("Endless")
    # Levels that a converter walks itself are calls in calls; what is registered may nest deeper.
    for _ in range(20_000):
        node = Node(node)
    step = lambda value, convert, cache: convert([value.inner])  # noqa: E731
    assert ends(lambda: to_js(node, default_converter=step)) == "RecursionError"
    register_to_js(Node, lambda value: [value.inner])
    depth = run_js("o => { let n = 0; while (o !== undefined) { o = o[0]; n++ } return n }")
    assert depth(to_js(node)) == 20_001
    unregister_to_js(Node)
    while node.inner is not None:
        node = node.inner


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("depth: 'x'", "depth to be an integer, -1 for all levels, got 'x'"),
        ("depth: 1.5", "depth to be an integer, -1 for all levels, got 1.5"),
        ("depth: true", "depth to be an integer, -1 for all levels, got true"),
        ("pyproxies: {}", "pyproxies to be an Array, to which PyProxies are added, got object"),
        ("create_pyproxies: 0", "create_pyproxies to be a boolean, got 0"),
        ("dict_converter: {}", "dict_converter to be a function, got object"),
        ("default_converter: 'x'", "default_converter to be a function, got 'x'"),
        ("eager_converter: []", "eager_converter to be a function, got an Array"),
        ("ints: 'big'", "ints to be 'auto' or 'bigint', got 'big'"),
        ("dates: 'x'", "dates to be a boolean, got 'x'"),
        ("dicts: 'Map'", "dicts to be 'object' or 'map', got 'Map'"),
        ("dicts: 1", "dicts to be 'object' or 'map', got 1"),
        ("dicts: 'map', dict_converter: Array.from", "dicts or dict_converter, got both: leave"),
    ],
)
def test_wrong_options_of_to_js_are_refused(host: Host, option: str, text: str) -> None:
    name, message = host.js(
        f"""
        const list = py.runPython("[1]");
        try {{ list.toJs({{ {option} }}) }}
        catch (error) {{ return [error.constructor.name, error.message] }}
        finally {{ list.destroy() }}
        """
    )
    assert (name, message[: len(text) + 15]) == ("TypeError", f"toJs: expected {text}")


def test_dicts_become_maps_in_javascript_too(host: Host) -> None:
    assert host.js(
        """
        const dict = py.runPython("{1: {'a': 2}, 'x': [{}]}");
        const made = dict.toJs({ dicts: "map" });
        const out = [
          made instanceof Map, made.get(1) instanceof Map, made.get('x')[0] instanceof Map,
          dict.toJs({ dicts: "object" })[1].a, dict.toJs({ dicts: undefined }).x.length,
          dict.toJs({ dicts: null, dict_converter: (pairs) => pairs.length }),
        ];
        dict.destroy();
        return out;
        """
    ) == [True, True, True, 2, 1, 2]


def test_wrong_options_of_to_py_are_refused(host: Host) -> None:
    assert host.js(
        """
        const refused = (value, options) => {
          try { py.toPy(value, options); return "" }
          catch (error) { return `${error.constructor.name}: ${error.message}` }
        };
        return [
          refused([1], { depth: 1.5 }), refused(1, { depth: NaN }), refused([1], { dates: 'x' }),
          refused('text', { numbers: 1 }), refused(1, { typed: 'f16' }).slice(0, 48),
          refused([1], { convertNullToNone: 'x' }), refused([1], { defaultConverter: {} }),
        ];
        """
    ) == [
        "TypeError: toPy: expected depth to be an integer, got 1.5",
        "TypeError: toPy: expected depth to be an integer, got NaN",
        "TypeError: toPy: expected dates to be a boolean, got string",
        "TypeError: toPy: expected numbers to be 'auto' or 'float', got number",
        "TypeError: toPy: expected typed to be 'auto', 'f",
        "TypeError: toPy: expected convertNullToNone to be a boolean, got string",
        "TypeError: toPy: expected defaultConverter to be a function, got object",
    ]


@inside
def test_a_converter_that_throws_or_gives_garbage_says_where() -> None:
    from pyjs import js, js_call, run_js, to_js, to_py
    from pyjs.converters import (
        register_to_js,
        register_to_py,
        unregister_to_js,
        unregister_to_py,
    )
    from pyjs.ffi import ConversionError

    class Thing:
        pass

    def fail(*values):
        raise KeyError("mine")

    def expect(kind, text, act):
        try:
            act()
        except kind as error:
            found = error.__notes__[0] if hasattr(error, "__notes__") else str(error)
            assert found.startswith(text), (found, text)
        else:
            raise AssertionError(text)

    value = {"x": [0, {"k": Thing()}]}
    function = run_js("({x: [0, new Map([['k', () => 1]])]})")
    note = "in a converter of to_js, for $.x[1].k"
    expect(KeyError, note, lambda: to_js(value, default_converter=fail))
    expect(TypeError, note, lambda: to_js(value, default_converter=lambda v: 1))
    expect(KeyError, "in a converter of to_js, for $", lambda: to_js(value, eager_converter=fail))
    nested = {"x": [0, {}]}
    expect(KeyError, note[:-2], lambda: to_js(nested, dict_converter=fail))
    expect(TypeError, note[:-2], lambda: to_js(nested, dict_converter=lambda: 1))
    none = {"default_converter": lambda v, c, k: object(), "create_pyproxies": False}
    text = "to_js: $.x[1].k: no conversion is known for object, and create_pyproxies is False"
    expect(ConversionError, text, lambda: to_js(value, **none))
    expect(KeyError, "in to_py, for $.x[1].k", lambda: to_py(function, default_converter=fail))
    throw = run_js("() => { throw new Error('mine') }")
    expect(Exception, "in to_py, for $.x[1].k", lambda: to_py(function, default_converter=throw))
    text = "to_py: $.x: a list cannot be a member of a set"
    garbage = lambda v, c, k: []  # noqa: E731
    functions = run_js("({x: new Set([() => 1])})")
    expect(ConversionError, text, lambda: to_py(functions, default_converter=garbage))
    register_to_js(Thing, fail)
    expect(KeyError, note, lambda: to_js(value))
    text_of_call = "in a converter of js_call, for $[1].x[1].k"
    expect(KeyError, text_of_call, lambda: js_call(js.Array.of, 1, value))
    unregister_to_js(Thing)
    register_to_py("Thing", fail)
    things = run_js("[1, {x: new class Thing {}}]")
    expect(KeyError, "in a converter of to_py, for $[1].x", lambda: to_py(things))
    register_to_py("Thing", lambda thing: [])
    expect(ConversionError, text, lambda: run_js("({x: new Set([new class Thing {}])})").to_py())
    unregister_to_py("Thing")
