"""Implicit conversion of values, both ways (PEP 818, "Implicit conversions")."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside


@inside
def test_immutable_values_reach_javascript() -> None:
    from pyjs import jsnull, run_js

    kind = run_js("x => x === null ? 'null' : typeof x")
    assert kind(None) == "undefined"
    assert kind(jsnull) == "null"
    assert kind(True) == "boolean"
    assert kind(1) == "number"
    assert kind(1.5) == "number"
    assert kind("text") == "string"
    assert kind(2**53) == "bigint"


@inside
def test_javascript_values_reach_python() -> None:
    from pyjs import JsBigInt, jsnull, run_js

    assert run_js("undefined") is None
    assert run_js("null") is jsnull
    assert run_js("true") is True
    assert run_js("false") is False
    assert (run_js("7"), type(run_js("7"))) == (7, int)
    assert (run_js("7.5"), type(run_js("7.5"))) == (7.5, float)
    assert (run_js("7n"), type(run_js("7n"))) == (7, JsBigInt)
    assert run_js("'text'") == "text"


@inside
@pytest.mark.parametrize(
    "value",
    [0, 1, -1, 255, 2**30, -(2**30), 2**31, 2**32, 2**53 - 1, -(2**53) + 1, 2**53, -(2**53)]
    + [2**53 + 1, 2**62, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64, 2**200, -(2**200)]
    + [2**10000, -(2**10000) + 1],
)
def test_integers_make_the_round_trip(value: int) -> None:
    from pyjs import run_js

    back = run_js("x => x")(value)
    assert back == value
    assert run_js("x => x.toString()")(value) == str(value) if abs(value) < 2**1000 else True


@inside
def test_the_safe_integers_are_numbers_and_the_others_bigints() -> None:
    from pyjs import run_js

    kind = run_js("x => typeof x")
    for value in (2**53 - 1, -(2**53) + 1):
        assert kind(value) == "number"
    for value in (2**53, -(2**53), 2**64):
        assert kind(value) == "bigint"
    assert type(run_js("2 ** 53")) is float
    assert type(run_js("2 ** 53 - 1")) is int
    assert type(run_js("-(2 ** 53 - 1)")) is int
    assert run_js("-0") == 0


@inside
def test_floats_make_the_round_trip() -> None:
    import math

    from pyjs import run_js

    same = run_js("x => x")
    for value in (0.5, -0.5, 1e308, 5e-324, 2.0**53, 1e22, math.inf, -math.inf):
        assert same(value) == value
    assert math.isnan(same(math.nan))
    assert run_js("x => Object.is(x, -0)")(-0.0) is True


@inside
@pytest.mark.parametrize("times", [1, 7, 39, 40, 47, 48, 63, 64, 1000, 5000])
def test_strings_make_the_round_trip(times: int) -> None:
    from pyjs import run_js

    texts = ["", "a", "\x00", "ASCII only", "é", "\xff", "ÿ€", "€", "\uffff", "\ufeffBOM", "😀"]
    texts += ["a😀é€", "\ud800", "\udfff", "x\ud800y", "\udc00 \ud800 ", "😀\ud800", "\U0010ffff"]
    length, same = run_js("s => s.length"), run_js("s => s")
    points = run_js("s => [...s].map(c => c.codePointAt(0).toString(36)).join()")
    digits = run_js("n => n.toString(36)")
    for text in texts:
        whole = text * times
        assert length(whole) == sum(2 if ord(c) > 0xFFFF else 1 for c in whole), text
        assert same(whole) == whole, text
        if times < 64:
            assert points(whole) == ",".join(digits(ord(c)) for c in whole), text


@inside
def test_every_plane_of_unicode_makes_the_round_trip() -> None:
    from pyjs import run_js

    same = run_js("s => s")
    for start in range(0, 0x110000, 0x1000):
        text = "".join(map(chr, range(start, start + 0x1000)))
        # Outside a pair a surrogate is itself; a high one before a low one would join.
        if start == 0xD000:
            text = " ".join(text)
        assert same(text) == text, hex(start)


@inside
def test_strings_from_javascript_keep_lone_surrogates_and_join_pairs() -> None:
    from pyjs import run_js

    assert run_js("'\\ud83d\\ude00'") == "😀"
    assert run_js("'\\ud83d'") == "\ud83d"
    assert run_js("'\\ude00\\ud83d'") == "\ude00\ud83d"
    assert run_js("'\\ud83d'.repeat(100)") == "\ud83d" * 100


@inside
def test_bigints_stay_bigints() -> None:
    from pyjs import JsBigInt, run_js

    kind = run_js("x => typeof x")
    five = JsBigInt(5)
    assert kind(five) == "bigint"
    assert kind(five + 1) == "bigint"
    assert kind(1 + five) == "number"
    assert (five + 1, five * 2, -five, five**2, five // 2, five << 1) == (6, 10, -5, 25, 2, 10)
    assert type(five**2) is JsBigInt
    assert type(five / 2) is float
    assert isinstance(five, int)


@inside
def test_jsnull_is_a_falsy_singleton() -> None:
    from pyjs import JsNull, jsnull

    assert not jsnull
    assert repr(jsnull) == "jsnull"
    assert JsNull() is jsnull
    assert isinstance(jsnull, JsNull)
    assert jsnull != None  # noqa: E711
    import copy
    import pickle

    assert copy.deepcopy(jsnull) is jsnull
    assert pickle.loads(pickle.dumps(jsnull)) is jsnull


@inside
def test_subclasses_of_int_float_and_str_convert_as_their_base() -> None:
    import enum

    from pyjs import run_js

    class Colour(enum.IntEnum):
        RED = 3

    class Name(str):
        pass

    class Weight(float):
        pass

    same = run_js("x => x")
    assert same(Colour.RED) == 3
    assert type(same(Colour.RED)) is int
    assert type(same(Name("n"))) is str
    assert type(same(Weight(2.5))) is float


def test_values_reach_javascript_from_run_python(host: Host) -> None:
    values = host.js(
        """
        const run = (code) => py.runPython(code);
        return [run("1"), run("1.5"), run("'é'"), run("None") === undefined, run("True"),
                run("2 ** 64").toString(), run("'x' * 3000").length, run("'€' * 3000").length,
                typeof run("__import__('pyjs').jsnull"), run("'\\\\ud800'") === "\\ud800"];
        """
    )
    expected = [1, 1.5, "é", True, True, str(2**64), 3000, 3000, "object", True]
    assert values == expected
