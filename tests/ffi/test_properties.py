"""What hypothesis makes up: programs of list and dict operations, and values that go round.

Each example is one request: the program as JSON, run inside the runtime by `_RUNNER`.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hosts.base import Host

_RUNNER = """
def make():
    import json
    import struct

    from pyjs import JsArray, JsBigInt, run_js

    def plain(value):
        if isinstance(value, bool):
            return ["bool", str(value)]
        if isinstance(value, (list, tuple, JsArray)):
            return [plain(item) for item in value]
        return int(value) if isinstance(value, float) and value.is_integer() else value

    def outcome(act, target, arguments):
        try:
            return plain(act(target, *arguments))
        except Exception as error:
            return type(error).__name__

    def compare(operations, table, ours, theirs, contents):
        for step, (name, *arguments) in enumerate(operations):
            results = [outcome(table[name], target, arguments) for target in (ours, theirs)]
            results += [contents(ours), contents(theirs)]
            if results[0] != results[1] or results[2] != results[3]:
                return ascii([step, name, arguments, *results])
        return ""

    def imul(a, n):
        if len(a) * n < 200:
            a *= n
        return len(a)

    def iadd(a, values):
        a += values
        return len(a)

    def call(name):
        return lambda target, *arguments: getattr(target, name)(*arguments)

    names = "append extend insert pop remove index count reverse clear copy"
    lists = {name: call(name) for name in names.split()} | {
        "get": lambda a, i: a[i],
        "set": lambda a, i, x: a.__setitem__(i, x),
        "del": lambda a, i: a.__delitem__(i),
        "slice": lambda a, s: a[slice(*s)],
        "set slice": lambda a, s, x: a.__setitem__(slice(*s), x),
        "del slice": lambda a, s: a.__delitem__(slice(*s)),
        "from itself": lambda a, s: len(a) < 200 and a.__setitem__(slice(*s), a),
        "in": lambda a, x: x in a,
        "mul": lambda a, n: a * n,
        "imul": imul,
        "add": lambda a, x: a + x,
        "iadd": iadd,
        "len": len,
        "reversed": lambda a: list(reversed(a)),
    }

    def run_list(start, operations):
        ours = run_js("(...values) => values")(*start)
        return compare(operations, lists, ours, list(start), plain)

    names = "pop setdefault clear keys values items get"
    dicts = {name: call(name) for name in names.split()} | {
        "item": lambda m, k: m[k],
        "set": lambda m, k, x: m.__setitem__(k, x),
        "del": lambda m, k: m.__delitem__(k),
        "in": lambda m, k: k in m,
        "len": len,
        "bool": bool,
        "update": lambda m, pairs: m.update(pairs),
        "keys": lambda m: sorted(m.keys(), key=ascii),
        "values": lambda m: sorted(map(ascii, map(plain, m.values()))),
        "items": lambda m: sorted(map(ascii, map(plain, m.items()))),
        "&": lambda m, keys: sorted(m.keys() & set(keys), key=ascii),
    }

    def is_index(key):
        return key.isascii() and key.isdigit() and str(int(key)) == key and int(key) < 2**32 - 1

    def in_order(mapping):
        items = plain(list(mapping.items()))
        indices = sorted((item for item in items if is_index(item[0])), key=lambda i: int(i[0]))
        return indices + [item for item in items if not is_index(item[0])]

    def run_map(operations):
        contents = lambda mapping: plain(list(mapping.items()))
        return compare(operations, dicts, run_js("new Map()"), {}, contents)

    def run_object(operations):
        theirs = {}
        contents = lambda m: in_order(m) if m is theirs else plain(list(m.items()))
        return compare(operations, dicts, run_js("({})").as_object_map(), theirs, contents)

    identity = run_js("(x) => x")
    units, points = run_js("(s) => s.length"), run_js("(s) => [...s].map((c) => c.codePointAt(0))")
    bits = run_js("(x) => new BigUint64Array(new Float64Array([x]).buffer)[0]")
    keep, join = run_js("({})"), run_js("(...parts) => parts.join('')")

    def run_text(text, other):
        setattr(keep, "x" + text, other)
        found = getattr(keep, "x" + text)
        delattr(keep, "x" + text)
        together = (text + other).encode("utf-16-le", "surrogatepass")
        return [
            identity(text) == text,
            units(text) * 2 == len(text.encode("utf-16-le", "surrogatepass")),
            found == other,
            join(text, other).encode("utf-16-le", "surrogatepass") == together,
            list(points(text)) == [ord(c) for c in text.encode("utf-16-le", "surrogatepass")
                                   .decode("utf-16-le", "surrogatepass")],
        ]

    def run_int(digits):
        number = int(digits)
        return [
            identity(number) == number,
            type(identity(number)) in (int, JsBigInt),
            identity(JsBigInt(number)) == number,
            run_js("String")(number) == digits,
            run_js("BigInt")(digits) == number,
            run_js("(x) => BigInt(x) + 1n")(number) == number + 1,
            run_js("(x) => -BigInt(x) * 3n")(number) == -number * 3,
        ]

    def run_float(text):
        number = float.fromhex(text)
        back = identity(number)
        return [
            bits(number) == struct.unpack("<Q", struct.pack("<d", number))[0],
            # An integer comes back as an int, which has no negative zero (PEP 818).
            struct.pack("<d", back) == struct.pack("<d", number or 0.0),
            type(back) is (int if number.is_integer() and abs(number) < 2**53 else float),
            float(run_js("String")(number).replace("Infinity", "inf")) == number,
        ]

    runs = {f.__name__: f for f in (run_list, run_map, run_object, run_text, run_int, run_float)}

    def run(program):
        name, *arguments = json.loads(program)
        result = runs[name](*arguments)
        return "" if result == "" or set(result) == {True} else ascii(result)

    return run


make()
"""

_settings = settings(
    derandomize=True,
    deadline=None,
    max_examples=150,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

# True and 1 are one value to a list and two to JavaScript: 0 and 1 are left out.
_numbers = st.one_of(
    st.integers(-(2**53) + 1, 2**53 - 1), st.floats(allow_nan=False), st.integers(2, 5)
).filter(lambda x: x not in (0, 1))
_texts = st.text(max_size=5) | st.text(st.characters(), max_size=3)  # any code point at all
_values = st.one_of(_numbers, _texts, st.none(), st.booleans(), st.sampled_from(["a", 2, 3]))
_many = st.lists(_values, max_size=4)
_index = st.one_of(st.integers(-6, 6), st.sampled_from([2**31, -(2**31), 10**30, -(10**30)]))
_end = st.none() | _index
_slice = st.tuples(_end, _end, st.none() | st.integers(-3, 3) | st.sampled_from([10**30]))
_range = st.lists(_index, max_size=2)


def _operation(name: str, *arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(st.just(name), *arguments)


_list_operations = st.lists(
    st.one_of(
        *(_operation(name, _index) for name in ("get", "del", "pop")),
        *(_operation(name) for name in ("pop", "reverse", "clear", "copy", "len", "reversed")),
        *(_operation(name, _values) for name in ("append", "remove", "count", "in", "index")),
        *(_operation(name, _index, _values) for name in ("set", "insert")),
        *(_operation(name, _many) for name in ("extend", "add", "iadd")),
        *(_operation(name, _slice) for name in ("slice", "del slice", "from itself")),
        *(_operation(name, st.integers(-1, 3)) for name in ("mul", "imul")),
        _operation("set slice", _slice, _many),
        st.tuples(st.just("index"), _values, _index),
        st.tuples(st.just("index"), _values, _index, _index),
    ),
    max_size=25,
)

_odd = ["__proto__", "constructor", "toString", "hasOwnProperty", "length", "size", "", "0", "1"]
_keys = st.sampled_from([*_odd, "10", "9", "01", "-1", "4294967294", "4294967295", "a"]) | _texts


def _map_operations(keys: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    one = ("item", "del", "in", "get", "pop", "setdefault")
    return st.lists(
        st.one_of(
            *(_operation(name, keys) for name in one),
            *(
                _operation(name, keys, _values)
                for name in ("set", "set", "get", "pop", "setdefault")
            ),
            *(_operation(name) for name in ("clear", "len", "bool", "keys", "values", "items")),
            _operation("update", st.lists(st.tuples(keys, _values), max_size=4)),
            _operation("&", st.lists(keys, max_size=3)),
        ),
        max_size=25,
    )


@contextmanager
def _runner(host: Host) -> Iterator[Callable[..., None]]:
    """Runs programs in the runtime; fails with what was found different."""
    host.js("globalThis.runProgram = py.runPython(args[0], {globals: py.runPython('{}')})", _RUNNER)

    def run(*program: Any) -> None:
        found = host.js("return globalThis.runProgram(args[0])", json.dumps(program))
        assert found == ""

    try:
        yield run
    finally:
        host.js("globalThis.runProgram.destroy(); delete globalThis.runProgram")


def _check(host: Host, name: str, *strategies: st.SearchStrategy[Any]) -> None:
    with _runner(host) as run:

        @_settings
        @given(st.tuples(*strategies))
        def check(arguments: tuple[Any, ...]) -> None:
            run(name, *arguments)

        check()


def test_a_js_array_does_what_a_list_does(host: Host) -> None:
    _check(host, "run_list", _many, _list_operations)


def test_a_js_map_does_what_a_dict_does(host: Host) -> None:
    _check(host, "run_map", _map_operations(_keys | _numbers | st.booleans() | st.none()))


def test_an_object_map_does_what_a_dict_does(host: Host) -> None:
    _check(host, "run_object", _map_operations(_keys))


def test_strings_of_any_code_points_go_round(host: Host) -> None:
    _check(host, "run_text", st.text(max_size=80), _texts)


def test_ints_of_any_size_go_round(host: Host) -> None:
    sizes = st.integers() | st.integers(-(2**64), 2**64) | st.integers(-(2**900), 2**900)
    near = st.builds(lambda n, d: 2**n + d, st.integers(0, 130), st.integers(-2, 2))
    _check(host, "run_int", (sizes | near).map(str))


def test_floats_go_round_bit_by_bit(host: Host) -> None:
    special = st.sampled_from([0.0, -0.0, 5e-324, 2.0**53, -(2.0**53), 2.0**53 - 1, 1e308])
    _check(host, "run_float", (special | st.floats(allow_nan=False)).map(float.hex))
