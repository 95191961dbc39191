"""What null and numbers become in deep conversion, as its options say."""

from tests.hosts.base import Host
from tests.inside import inside


@inside
def test_null_becomes_none_wherever_it_stands() -> None:
    from pyjs import jsnull, run_js, to_py

    value = run_js(
        "[null, undefined, {a: null, b: [null]}, new Map([[null, null]]), new Set([null])]"
    )
    for options in ({}, {"default_converter": lambda value, convert, cache: convert(value)}):
        assert value.to_py(null=None, **options) == [
            None,
            None,
            {"a": None, "b": [None]},
            {None: None},
            {None},
        ]
        for default in ({}, {"null": jsnull}):
            made = value.to_py(**default, **options)
            assert made == [
                jsnull,
                None,
                {"a": jsnull, "b": [jsnull]},
                {jsnull: jsnull},
                {jsnull},
            ]
    assert to_py(value, null=None)[0] is None
    assert (to_py(jsnull, null=None), to_py(jsnull)) == (None, jsnull)
    assert to_py(5, null=None) == 5


@inside
def test_keys_that_none_makes_equal_are_an_error() -> None:
    from pyjs import run_js
    from pyjs.ffi import ConversionError

    for source, text in (
        (
            "new Map([[null, 1], [undefined, 2]])",
            "$.a: two keys of the Map are equal in Python, such as 1 and true",
        ),
        (
            "new Set([null, undefined])",
            "$.a: two members of the Set are equal in Python, such as 1 and true",
        ),
    ):
        value = run_js(f"({{a: {source}}})")
        assert len(value.to_py()["a"]) == 2
        try:
            value.to_py(null=None)
        except ConversionError as error:
            assert str(error) == f"to_py: {text}"
        else:
            raise AssertionError("nothing was raised")


@inside
def test_every_number_becomes_a_float() -> None:
    import math

    from pyjs import run_js
    from pyjs.ffi import JsBigInt

    value = run_js(
        "[1, 2.5, -0, 0, 2 ** 53, NaN, -Infinity, 3n, 2n ** 70n, true, {a: 4, b: [5, 'x', 6]},"
        " new Map([[1, 2], [1n, 3]].slice(0, 1)), new Set([7])]"
    )
    for options in ({}, {"default_converter": lambda value, convert, cache: convert(value)}):
        made = value.to_py(numbers="float", **options)
        types = [type(item) for item in made[:10]]
        assert types == [float] * 7 + [int, int, bool]
        assert made[:2] + made[3:5] + made[7:10] == [1, 2.5, 0, 2**53, 3, 2**70, True]
        assert math.copysign(1, made[2]) == -1
        assert math.isnan(made[5])
        assert made[6] == -math.inf
        assert repr(made[10:]) == "[{'a': 4.0, 'b': [5.0, 'x', 6.0]}, {1.0: 2.0}, {7.0}]"
    made = value.to_py(numbers="auto")
    assert repr(made[:6]) == "[1, 2.5, 0, 0, 9007199254740992.0, nan]"
    assert [type(item) for item in made[7:9]] == [JsBigInt, JsBigInt]


@inside
def test_bigints_of_every_size_arrive() -> None:
    from pyjs import run_js
    from pyjs.ffi import JsBigInt

    sizes = [0, 1, -1, 2**31, -(2**31), 2**32, 2**63 - 1, -(2**63), 2**63, -(2**63) - 1, 2**64]
    made = run_js("[" + ",".join(f"{size}n" for size in sizes) + "]").to_py()
    assert made == sizes
    assert {type(value) for value in made} == {JsBigInt}


@inside
def test_every_int_becomes_a_bigint() -> None:
    import enum

    from pyjs import js, run_js, to_js
    from pyjs.ffi import JsBigInt

    class Color(enum.IntEnum):
        RED = 5

    class Odd(int):
        def __index__(self):
            raise RuntimeError("not asked")

        __int__ = __index__

    types = run_js(
        "x => JSON.stringify(x, (k, v) => typeof v === 'bigint' ? `${v}n` : v instanceof Map"
        " ? ['map', ...v] : v instanceof Set ? ['set', ...v] : v)"
    )
    value = [1, -2, 2**53, 2**80, 2.0, True, Color.RED, Odd(6), JsBigInt(7), {"a": (8,)}, {9}]
    numbers = ["1n", "-2n", f"{2**53}n", f"{2**80}n", 2, True, "5n", "6n", "7n"]
    convert = lambda value, convert, cache: convert(value)  # noqa: E731
    for options in ({}, {"eager_converter": convert}):
        assert js.JSON.parse(types(to_js(value, ints="bigint", **options))).to_py() == [
            *numbers,
            {"a": ["8n"]},
            ["set", "9n"],
        ]
    assert types(to_js({1: 2}, ints="bigint")) == '{"1":"2n"}'
    assert types(to_js({1: 2}, ints="bigint", dicts="map")) == '["map",["1n","2n"]]'
    assert types(to_js({1: 2}, ints="bigint", dict_converter=js.Array)) == '[[["1n","2n"]]]'
    assert types(to_js([object()], ints="bigint", default_converter=lambda *_: 3)) == '["3n"]'
    assert type(to_js(4, ints="bigint")) is JsBigInt
    assert to_js(True, ints="bigint") is True
    assert types(to_js([1, 2**53], ints="auto")) == f'[1,"{2**53}n"]'


@inside
def test_options_that_are_none_of_what_they_can_be_are_refused() -> None:
    from pyjs import run_js, to_js

    array = run_js("[1]")

    def message(act, kind):
        try:
            act()
        except kind as error:
            return str(error)

    assert [
        message(lambda: array.to_py(null=0), TypeError),
        message(lambda: array.to_py(null="None"), TypeError),
        message(lambda: array.to_py(numbers="int"), ValueError),
        message(lambda: array.to_py(numbers=None), TypeError),
        message(lambda: to_js([1], ints="int"), ValueError),
        message(lambda: to_js([1], ints=True), TypeError),
        message(lambda: to_js([1], dicts="dict"), ValueError),
        message(lambda: to_js([1], dicts=None), TypeError),
    ] == [
        "to_py: null: expected jsnull or None, got int",
        "to_py: null: expected jsnull or None, got str",
        "to_py: numbers: expected 'auto' or 'float', got 'int'",
        "to_py: numbers: expected 'auto' or 'float', got NoneType",
        "to_js: ints: expected 'auto' or 'bigint', got 'int'",
        "to_js: ints: expected 'auto' or 'bigint', got bool",
        "to_js: dicts: expected 'object' or 'map', got 'dict'",
        "to_js: dicts: expected 'object' or 'map', got NoneType",
    ]


def test_policies_from_javascript(host: Host) -> None:
    assert host.js(
        """
        const text = (value, options) => {
          const made = py.toPy(value, options);
          const repr = made?.toString() ?? String(made);
          made?.destroy?.();
          return repr;
        };
        const list = py.runPython("[1, 2.0, {'a': 3}]");
        const made = list.toJs({ ints: "bigint" });
        const out = [
          text([null, 1, 2n], { convertNullToNone: true, numbers: "float" }),
          text([null, { a: null }], { convertNullToNone: false }),
          text([null, { a: null }]),
          text([1, -0], { numbers: "auto" }),
          text(null, { convertNullToNone: true }),
          text(null),
          [typeof made[0], typeof made[1], typeof made[2].a],
          [typeof list.toJs({ ints: undefined })[0], typeof list.toJs({ ints: "auto" })[0]],
          JSON.stringify(list.asJsJson()),
        ];
        list.destroy();
        return out;
        """
    ) == [
        "[None, 1.0, 2]",
        "[jsnull, {'a': jsnull}]",
        "[jsnull, {'a': jsnull}]",
        "[1, 0]",
        "undefined",
        "null",
        ["bigint", "number", "bigint"],
        ["number", "number"],
        '[1,2,{"a":3}]',
    ]


def test_wrong_policies_from_javascript_are_refused(host: Host) -> None:
    assert host.js(
        """
        const list = py.runPython("[1]");
        const last = (error) => String(error.message).trim().split("\\n").at(-1);
        const attempt = (act) => { try { return act() } catch (error) { return last(error) } };
        Object.prototype.ints = Object.prototype.numbers = Object.prototype.typed = "polluted";
        const kept = attempt(() => [list.toJs().length, py.toPy([2.5]).destroy()].length);
        delete Object.prototype.ints;
        delete Object.prototype.numbers;
        delete Object.prototype.typed;
        const out = [
          kept,
          attempt(() => list.toJs({ ints: "int" })),
          attempt(() => list.toJs({ ints: 1 })),
          attempt(() => py.toPy([1], { numbers: "int" })),
          attempt(() => py.toPy([1], { convertNullToNone: 1 })),
        ];
        list.destroy();
        return out;
        """
    ) == [
        2,
        "toJs: expected ints to be 'auto' or 'bigint', got 'int'",
        "toJs: expected ints to be 'auto' or 'bigint', got 1",
        "toPy: expected numbers to be 'auto' or 'float', got 'int'",
        "toPy: expected convertNullToNone to be a boolean, got number",
    ]
