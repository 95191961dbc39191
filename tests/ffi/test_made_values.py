"""Numbers and texts that a deep conversion makes many at a time: none differs from Python's own."""

from tests.inside import inside


@inside
def test_ints_are_those_that_python_makes() -> None:
    from pyjs import run_js, to_py

    edges = [2**k + d for k in (0, 8, 10, 11, 15, 29, 30, 31, 32, 52) for d in (-1, 0, 1)]
    wanted = [sign * value for value in [*range(300), *edges, 2**53 - 1] for sign in (1, -1)]
    got = to_py(run_js("n => n.map(Number)")([str(value) for value in wanted]))
    assert got == wanted
    for made, own in zip(got, wanted, strict=True):
        assert type(made) is int
        assert (hash(made), str(made), made.bit_length()) == (hash(own), str(own), own.bit_length())
        assert (made + 1, made * made, -made, made >> 3) == (own + 1, own * own, -own, own >> 3)


@inside
def test_small_ints_are_the_same_objects() -> None:
    from pyjs import run_js, to_py

    for value in to_py(run_js("Array.from({length: 262}, (_, i) => i - 5)")):
        assert value is int(str(value))


@inside
def test_floats_are_those_that_python_makes() -> None:
    import math

    from pyjs import run_js, to_py

    wanted = [i / 7 for i in range(-50, 50) if i % 7] + [1e300, -1e-300, 5e-324, 1e17]
    got = to_py(run_js("n => n.map(Number)")([repr(value) for value in wanted]))
    assert got == wanted
    assert {type(value) for value in got} == {float}
    assert [value.hex() for value in got] == [value.hex() for value in wanted]
    special = to_py(run_js("Array(10).fill([0.5, NaN, 2 ** 60, Infinity, -Infinity])"))
    for half, nan, large, *infinities in special:
        assert half == 0.5
        assert math.isnan(nan)
        assert (large, type(large)) == (2.0**60, float)
        assert infinities == [math.inf, -math.inf]


@inside
def test_texts_are_those_that_python_makes() -> None:
    import sys

    from pyjs import run_js, to_py

    wanted = ["abcdefghij"[:3] + "x" * length for length in range(100)]
    got = to_py(run_js("n => Array.from({length: n}, (_, i) => 'abc' + 'x'.repeat(i))")(100))
    assert got == wanted
    for made, own in zip(got, wanted, strict=True):
        assert (hash(made), made.isascii(), sys.getsizeof(made)) == (
            hash(own),
            True,
            sys.getsizeof(own),
        )
        assert made.encode() == own.encode()
        assert made + "y" == own + "y"
        assert sys.intern(made) == own
        assert {own: 1}[made] == 1


@inside
def test_values_outlive_their_list_in_any_order() -> None:
    import random

    from pyjs import run_js, to_py

    source = run_js("Array.from({length: 1000}, (_, i) => [i * 1000, i / 3, 'text number ' + i])")
    order = random.Random(7)
    kept: list[tuple[int, object]] = []
    for turn in range(20):
        made = to_py(source)
        kept += [(i, made[i]) for i in order.sample(range(1000), 100)]
        del made
        order.shuffle(kept)
        del kept[: 50 * turn]
    for i, (whole, part, text) in kept:
        assert (whole, part, text) == (i * 1000, i / 3, f"text number {i}")


@inside
def test_what_is_made_while_memory_is_traced_is_traced() -> None:
    import tracemalloc

    from pyjs import run_js, to_py

    source = run_js("Array.from({length: 1000}, (_, i) => [i + 0.5, 'text number ' + i])")
    to_py(source)
    tracemalloc.start()
    try:
        made = to_py(source)
        traced = tracemalloc.get_traced_memory()[0]
        # A float, a text, a list with two places, and the place of that.
        assert traced > len(made) * (16 + 30 + 20 + 8 + 4)
        del made
        assert tracemalloc.get_traced_memory()[0] < traced / 10
    finally:
        tracemalloc.stop()
    assert to_py(source)[999] == [999.5, "text number 999"]
