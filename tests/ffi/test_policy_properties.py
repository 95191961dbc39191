"""What hypothesis makes up: numbers that go round as the policies of deep conversion say."""

from hypothesis import strategies as st

from tests.hosts.base import Host
from tests.properties import python_finds_none_wrong

_RUNNER = """
def make():
    import math
    import struct
    from array import array

    from pyjs import run_js, to_js, to_py
    from pyjs.ffi import ConversionError

    names = {"nan": math.nan, "inf": math.inf}
    codes = {"f64": "d", "f32": "f", "i32": "i", "u32": "I", "i16": "h", "u16": "H",
             "i8": "b", "u8": "B", "i64": "q", "u64": "Q"}

    def shown(value):
        if isinstance(value, (list, tuple)):
            return [shown(item) for item in value]
        if isinstance(value, dict):
            return ["dict", *([shown(key), shown(item)] for key, item in value.items())]
        if isinstance(value, (set, frozenset)):
            return ["set", *sorted((shown(item) for item in value), key=ascii)]
        return [type(value).__name__, ascii(value)]

    def round_trip(text):
        value = [eval(text, names)]
        expected = shown(value)
        convert = lambda value, convert, cache: convert(value)
        return all(
            shown(to_py(to_js(value, ints="bigint", dicts="map", **there),
                        numbers="float", **back)) == expected
            for there in ({}, {"eager_converter": convert})
            for back in ({}, {"default_converter": convert})
        )

    def is_number(value):
        return type(value) in (int, float)

    def held(name, value, exact):
        "What the element is when the type holds `value`, by struct's own rules; else None."
        code = codes[name]
        if code in "df":
            try:
                rounded, = struct.unpack(code, struct.pack(code, value))
            except OverflowError:
                return None
            return rounded if not exact or isinstance(value, float) or rounded == value else None
        if isinstance(value, float):
            if not math.isfinite(value) or not value.is_integer():
                return None
            value = int(value)
        try:
            return struct.unpack(code, struct.pack(code, value))[0]
        except struct.error:
            return None

    def expected(name, items, exact):
        if not items or not all(map(is_number, items)):
            return "list"
        if name == "auto":
            ints = all(isinstance(item, int) if exact else item.is_integer() for item in items)
            small = ints and all(-2**31 <= item < 2**31 for item in items)
            if small and (exact or not any(math.copysign(1, x) < 0 for x in items if x == 0)):
                return "i", [int(item) for item in items]
            if exact and any(isinstance(item, int) and abs(item) > 2**53 for item in items):
                return "list"
            return "d", [float(item) for item in items]
        elements = [held(name, item, exact) for item in items]
        return "error" if None in elements else (codes[name], elements)

    def got(act):
        try:
            made = act()
        except ConversionError as error:
            return "error"
        made = made if isinstance(made, (list, array)) else made.to_py()
        if isinstance(made, list):
            return "list"
        return getattr(made, "typecode", None) or made.format, made.tolist()

    def tables(text):
        name, items = eval(text, names)
        there = got(lambda: to_js(items, typed=name))
        if repr(there) != repr(expected(name, items, True)):
            return False
        # In JavaScript numbers are doubles: bigints, and what is none, stay out of this.
        floats = [float(item) if type(item) is int and abs(item) < 2**53 else item
                  for item in items]
        if any(type(item) is int for item in floats):
            return True
        back = got(lambda: to_js(floats).to_py(typed=name))
        return repr(back) == repr(expected(name, floats, False))

    checks = {f.__name__: f for f in (round_trip, tables)}

    def run(name, *texts):
        return next((ascii(text) for text in texts if not checks[name](text)), "")

    return run


make()
"""

_edges = st.sampled_from([0, 8, 16, 31, 32, 53, 63, 64, 70]).flatmap(
    lambda bits: st.integers(-2, 2).map(lambda near: 2**bits + near)
)
_ints = st.one_of(st.integers(-5, 300), st.integers(), _edges, _edges.map(lambda edge: -edge))
_texts = st.text(max_size=4)
# A Map has one key for 0 and -0.
_keys = (
    _ints | _texts | st.none() | st.booleans() | st.floats(allow_nan=False).map(lambda x: x or 0.0)
)
_leaves = _keys | st.floats() | st.sets(_keys, max_size=4)
_values = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(_ints | st.floats(), max_size=6),
        st.dictionaries(_keys, inner, max_size=4),
    ),
    max_leaves=8,
)
_names = ["auto", "f64", "f32", "i32", "u32", "i16", "u16", "i8", "u8", "i64", "u64"]
_numbers = st.one_of(
    _ints,
    st.floats(),
    st.sampled_from([0.0, -0.0, 1.0, 127.0, 3.4e38, 3.5e38, 2.0**63, -(2.0**63), 2.0**64, 1e-50]),
)
_items = st.one_of(
    st.lists(st.integers(0, 100), max_size=6),
    st.lists(st.integers(-(2**31), 2**31), max_size=6),
    st.lists(_numbers, max_size=4),
    st.lists(_numbers | st.booleans() | _texts, max_size=4),
)
_tables = st.tuples(st.sampled_from(_names), _items)
_VALUES, _TABLES = _values.map(repr), _tables.map(repr)


def test_ints_and_floats_go_round_with_their_types(host: Host) -> None:
    python_finds_none_wrong(host, _RUNNER, "round_trip", _VALUES)


def test_tables_are_what_struct_says(host: Host) -> None:
    python_finds_none_wrong(host, _RUNNER, "tables", _TABLES)
