"""What hypothesis makes up: structures that are converted, and converted back.

Each example is one request with several structures, as Python source or JSON, for `_RUNNER`.
"""

import json

from hypothesis import strategies as st

from tests.hosts.base import Host
from tests.properties import python_finds_none_wrong

_RUNNER = """
def make():
    import json
    import math

    from pyjs import js, jsnull, run_js, to_js, to_py

    def plain(value):
        if isinstance(value, bool) or value is None or value is jsnull:
            return str(value or bool(value) and None)
        if isinstance(value, (list, tuple)):
            return [plain(item) for item in value]
        if isinstance(value, dict):
            return ["dict", *([plain(key), plain(item)] for key, item in value.items())]
        if isinstance(value, (set, frozenset)):
            return ["set", *sorted((plain(item) for item in value), key=ascii)]
        if isinstance(value, (bytes, memoryview)):
            return ["bytes", *bytes(value)]
        if isinstance(value, float):
            return str(value) if not math.isfinite(value) else ["number", value]
        return ["number", value] if isinstance(value, int) else value

    def round_trip(text):
        value = eval(text, {"nan": math.nan, "inf": math.inf})
        expected = plain(value)
        convert = lambda value, convert, cache: convert(value)
        return all(
            plain(to_py(to_js(value, create_pyproxies=False, **there), **back))
            == expected
            for there in (
                {"dicts": "map"},
                {"dicts": "map", "eager_converter": convert},
                {"dict_converter": js.Map.new},
            )
            for back in ({}, {"default_converter": convert})
        )

    parse = js.JSON.parse
    stringify = run_js("x => JSON.stringify(x, (_, value) => value === undefined ? null : value)")

    def like_json(text):
        return stringify(to_js(json.loads(text))) == stringify(parse(text))

    def with_none(value):
        if isinstance(value, list):
            return [with_none(item) for item in value]
        if isinstance(value, dict):
            return {key: with_none(item) for key, item in value.items()}
        return None if value is jsnull else value

    def from_json(text):
        made, value = to_py(parse(text)), json.loads(text)
        # JavaScript's objects have their own order of keys.
        return with_none(made) == value and with_none(to_py(to_js(made))) == value

    def is_like(a, b, met):
        if id(a) in met:
            return met[id(a)] is b
        met[id(a)] = b
        if type(a) is not type(b) or len(a) != len(b):
            return False
        pairs = zip(a.values(), b.values()) if isinstance(a, dict) else zip(a, b)
        return all(is_like(one, other, met) for one, other in pairs)

    def graph(text):
        edges = json.loads(text)
        nodes = [{} if kind else [] for kind, _ in edges]
        for node, (_, targets) in zip(nodes, edges):
            inner = [nodes[target % len(nodes)] for target in targets]
            node.update(enumerate(inner)) if isinstance(node, dict) else node.extend(inner)
        convert = lambda value, convert, cache: convert(value)
        good = all(
            is_like(nodes[0], to_py(to_js(nodes[0], dicts="map", **options)), {})
            for options in ({}, {"eager_converter": convert})
        )
        for node in nodes:
            node.clear()
        return good

    checks = {f.__name__: f for f in (round_trip, like_json, from_json, graph)}

    def run(name, *texts):
        return next((ascii(text) for text in texts if not checks[name](text)), "")

    return run


make()
"""

_texts = st.text(max_size=6) | st.sampled_from(["__proto__", "constructor", "é" * 300, "x" * 600])
_exact = st.integers(-(2**53) + 1, 2**53 - 1)
_ints = _exact | st.integers() | st.integers(-(2**200), 2**200) | st.integers(-5, 5)
_keys = st.one_of(_ints, _texts, st.none(), st.booleans(), st.floats(allow_nan=False))
_leaves = _keys | st.floats() | st.binary(max_size=4) | st.sets(_keys, max_size=4)
_values = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.lists(st.floats() | st.integers(-9, 9), max_size=9),
        st.dictionaries(_keys, inner, max_size=4),
    ),
    max_leaves=8,
)
_plain = st.text(max_size=6) | st.sampled_from(["__proto__", "0", "10", "9"])
_jsons = st.recursive(
    st.one_of(_exact, _plain, st.none(), st.booleans(), st.floats(-1e9, 1e9)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_plain, inner, max_size=4),
    max_leaves=10,
)
_targets = st.lists(st.integers(0, 5), max_size=3)
_graphs = st.lists(st.tuples(st.booleans(), _targets), min_size=1, max_size=6)
_SOURCES, _JSONS, _GRAPHS = _values.map(repr), _jsons.map(json.dumps), _graphs.map(json.dumps)


def test_python_structures_go_round(host: Host) -> None:
    python_finds_none_wrong(host, _RUNNER, "round_trip", _SOURCES)


def test_cycles_and_shared_references_go_round(host: Host) -> None:
    python_finds_none_wrong(host, _RUNNER, "graph", _GRAPHS)


def test_to_js_makes_what_json_makes(host: Host) -> None:
    python_finds_none_wrong(host, _RUNNER, "like_json", _JSONS)


def test_json_structures_go_round(host: Host) -> None:
    python_finds_none_wrong(host, _RUNNER, "from_json", _JSONS)
