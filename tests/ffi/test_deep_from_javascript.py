"""What hypothesis makes up: JavaScript's structures that go to Python with toPy() and come back."""

import json

from hypothesis import strategies as st

from tests.hosts.base import Host
from tests.properties import none_wrong

_SHOW = """
globalThis.showDeep = (value) => {
  const show = (x) => {
    if (Array.isArray(x)) return ["list", ...x.map(show)];
    if (ArrayBuffer.isView(x)) {
      return [x.constructor.name, ...new Uint8Array(x.buffer, x.byteOffset, x.byteLength)];
    }
    if (x instanceof Set) return ["set", ...[...x].map(show)];
    // A dict becomes what the dict_converter makes, wherever it came from.
    if (x instanceof Map) return ["map", ...[...x].flat().map(show)];
    if (x !== null && typeof x === "object") return show(new Map(Object.entries(x)));
    return [typeof x, Object.is(x, -0) ? "0" : String(x)];
  };
  return JSON.stringify(show(value));
};
"""

_ROUND_TRIP = """
const wrong = args.filter((text) => {
  const value = (0, eval)(text);
  const expected = showDeep(value);
  return [{}, { defaultConverter: (value, convert) => convert(value) }].some((there) => {
    const made = py.toPy([value], there);
    const back = made.toJs({ dict_converter: (pairs) => new Map(pairs) });
    made.destroy();
    return showDeep(back[0]) !== expected;
  });
});
return wrong[0] ?? "";
"""

_texts = (st.text(max_size=6) | st.sampled_from(["__proto__", "9", "é" * 300])).map(json.dumps)
_planes = st.integers(0, 0x10FFFF).map(lambda point: f"String.fromCodePoint({point})")
_numbers = st.one_of(
    st.integers(-(2**53), 2**53).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(["-0", "NaN", "Infinity", "-Infinity", "2**53-1", "2**53+2", "-(2**64)"]),
)
_bigints = (st.integers() | st.integers(-(2**200), 2**200)).map(lambda value: f"{value}n")
# Python has one key for 1, 1n and true.
_keys = st.one_of(_texts, _planes, st.integers(-9, 9).map(str), st.sampled_from(["null", "0.5"]))
_views = st.tuples(
    st.sampled_from(["Uint8", "Int8", "Int16", "Uint32", "Float32", "Float64", "BigInt64"]),
    st.lists(st.integers(0, 255), max_size=3),
).map(lambda x: f"new {x[0]}Array(new Uint8Array([{','.join(map(str, x[1] * 8))}]).buffer)")
_leaves = st.one_of(
    _texts, _planes, _numbers, _bigints, _views, st.sampled_from(["null", "undefined", "true"])
)
_sets = st.lists(_keys, max_size=1).map(lambda keys: f"new Set([{','.join(keys)}])")
_values = st.recursive(
    _leaves | _sets,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda items: f"[{','.join(items)}]"),
        st.lists(st.tuples(_keys, inner), max_size=4).map(
            lambda pairs: f"new Map([{','.join(f'[{key},{value}]' for key, value in pairs)}])"
        ),
        st.lists(st.tuples(_texts, inner), max_size=4).map(
            lambda pairs: f"({{{','.join(f'[{key}]:{value}' for key, value in pairs)}}})"
        ),
    ),
    max_leaves=8,
)
_SOURCES = _values.map("({})".format)


def test_javascript_structures_go_round(host: Host) -> None:
    host.js(_SHOW)
    try:
        none_wrong(_SOURCES, lambda *texts: host.js(_ROUND_TRIP, *texts))
    finally:
        host.js("delete globalThis.showDeep")
