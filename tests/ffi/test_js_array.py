"""JsArray is a collections.abc.MutableSequence: it does what a list does."""

import pytest

from tests.inside import inside


@inside
def test_slices_read_assign_and_delete_as_those_of_a_list() -> None:
    from itertools import product

    from pyjs import run_js

    make = run_js("(...items) => items")

    def outcome(act, items):
        try:
            result = act(items)
        except Exception as error:
            return type(error).__name__
        return [None if result is None else list(result), list(items)]

    def assign(place, values):
        return lambda items: items.__setitem__(place, values)

    def check(act, what):
        expected = outcome(act, [0, 1, 2, 3, 4])
        assert (what, outcome(act, make(0, 1, 2, 3, 4))) == (what, expected)

    ends = (None, 0, 2, 5, 9, -1, -4, -9, 10**30, -(10**30))
    for start, stop, step in product(ends, ends, (None, 1, 2, 9, -1, -2, -9, 0, 10**30)):
        place = slice(start, stop, step)
        check(lambda items, place=place: items[place], ("get", place))
        check(lambda items, place=place: items.__delitem__(place), ("del", place))
        for values in ([], [7], [7, 8, 9], (7, 8)):
            check(assign(place, values), ("set", place, values))


@inside
@pytest.mark.parametrize("index", [0, 4, 5, -1, -5, -6, 10**30, -(10**30), True, 1.0, "1", None])
def test_indices_raise_what_a_list_raises(index: object) -> None:
    from pyjs import run_js

    make = run_js("(...items) => items")

    def outcome(act, items):
        try:
            return [act(items), list(items)]
        except Exception as error:
            return type(error).__name__

    for act in (
        lambda items: items[index],
        lambda items: items.__setitem__(index, 9),
        lambda items: items.__delitem__(index),
        lambda items: items.pop(index),
        lambda items: items.insert(index, 9),
        lambda items: items.index(3, index),
        lambda items: items.index(3, 0, index),
    ):
        assert outcome(act, make(0, 1, 2, 3, 4)) == outcome(act, [0, 1, 2, 3, 4])


@inside
def test_a_slice_may_be_assigned_from_any_iterable() -> None:
    from pyjs import run_js

    sources = {
        "list": [1, 2],
        "tuple": (1, 2),
        "generator": (x for x in (1, 2)),
        "dict": {1: "a", 2: "b"},
        "Set": run_js("new Set([1, 2])"),
        "array": run_js("[1, 2]"),
        "typed array": run_js("new Uint8Array([1, 2])"),
        "JavaScript generator": run_js("(function* () { yield 1; yield 2 })()"),
        "iterator": run_js("(i => ({next: () => ({done: ++i > 2, value: i})}))(0)"),
        "Map": run_js("new Map([[1, 'a'], [2, 'b']])"),
    }
    for name, source in sources.items():
        a = run_js("['x', 'y', 'z']")
        a[1:2] = source
        assert (name, list(a)) == (name, ["x", 1, 2, "z"])
    for name, source in {**sources, "generator": (x for x in (1, 2))}.items():
        if name not in ("JavaScript generator", "iterator"):
            a = run_js("['x']")
            a.extend(source)
            a += source if name != "generator" else [1, 2]
            assert (name, list(a)) == (name, ["x", 1, 2, 1, 2])
            if name != "generator":
                assert (name, list(a[:1] + source)) == (name, ["x", 1, 2])


@inside
def test_an_array_may_be_its_own_source() -> None:
    from pyjs import run_js

    a = run_js("[1, 2]")
    a.extend(a)
    assert list(a) == [1, 2, 1, 2]
    a += a
    assert list(a) == [1, 2] * 4
    a[:] = a[:2]
    a[1:1] = a
    assert list(a) == [1, 1, 2, 2]
    assert list(a + a) == [1, 1, 2, 2] * 2
    a[::-1] = a
    assert list(a) == [2, 2, 1, 1]


@inside
def test_what_is_not_iterable_is_a_type_error_and_changes_nothing() -> None:
    from pyjs import run_js

    a = run_js("[1, 2, 3]")
    for source in (5, None, run_js("({})"), run_js("({length: 1, 0: 9})"), run_js("() => 1")):
        for act in (
            lambda s: a.extend(s),
            lambda s: a.__iadd__(s),
            lambda s: a + s,
            lambda s: a.__setitem__(slice(0, 1), s),
        ):
            try:
                act(source)
            except TypeError:
                continue
            raise AssertionError(f"no TypeError for {source!r}")
    assert list(a) == [1, 2, 3]


@inside
def test_a_slice_of_another_size_says_what_was_given() -> None:
    from pyjs import run_js

    for values in ([1, 2, 3], run_js("[1, 2, 3]"), run_js("new Set([1, 2, 3])")):
        try:
            run_js("[1, 2, 3, 4]")[::2] = values
        except ValueError as error:
            assert "expected 2 values, given 3" in str(error)
        else:
            raise AssertionError("no ValueError")


@inside
def test_an_iterable_that_fails_changes_nothing() -> None:
    from pyjs import JsException, run_js

    def fails():
        yield 1
        raise KeyError("mine")

    a = run_js("[1, 2]")
    source = run_js("() => (function* () { yield 1; throw new RangeError('r') })()")
    for act in (a.extend, a.__iadd__, a.__add__, lambda s: a.__setitem__(slice(0, 1), s)):
        try:
            act(fails())
        except KeyError as error:
            assert error.args == ("mine",)
        try:
            act(source())
        except JsException as error:
            assert error.name == "RangeError"
    assert list(a) == [1, 2]


@inside
@pytest.mark.parametrize("times", [-3, 0, 1, 2, 5, True])
def test_repetition(times: int) -> None:
    from pyjs import run_js

    a = run_js("[1, 'x']")
    assert list(a * times) == [1, "x"] * times
    assert list(times * a) == [1, "x"] * times
    same = a
    a *= times
    assert a is same
    assert list(a) == [1, "x"] * times


@inside
def test_a_repetition_without_room_is_an_error_and_changes_nothing() -> None:
    from pyjs import JsException, run_js

    a = run_js("[1, 2, 3]")
    for times, expected in (
        (2**25, JsException),
        (10**9, JsException),
        (2**31 - 1, JsException),
        (10**30, OverflowError),
    ):
        for act in (lambda n: a * n, lambda n: a.__imul__(n)):
            try:
                act(times)
            except expected:
                continue
            raise AssertionError(f"{times} was possible")
    for times in (2.5, "2", None, a):
        try:
            a * times
        except TypeError:
            continue
        raise AssertionError(f"{times!r} was a number")
    assert list(a) == [1, 2, 3]


@inside
def test_index_count_and_in_over_values_of_every_kind() -> None:
    from pyjs import jsnull, run_js

    o = run_js("({})")
    a = run_js(
        "o => [1, 'a', null, undefined, NaN, o, true, 10n ** 30n, 1, 'a\\ud800', '😀', 0.5]"
    )(o)
    values = [1, "a", jsnull, None, float("nan"), o, True, 10**30, "a\ud800", "😀", 0.5]
    places = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11]
    assert [a.index(value) for value in values] == places
    assert [a.count(value) for value in values] == [2] + [1] * 10
    assert [value in a for value in values] == [True] * 11
    absent = [2, "b", False, run_js("({})"), 10**29, o.toString, "", object(), [1]]
    assert [value in a for value in absent] == [False] * len(absent)
    assert [a.count(value) for value in absent] == [0] * len(absent)
    for value in absent:
        for act in (a.index, a.remove):
            try:
                act(value)
            except ValueError as error:
                assert repr(value) in str(error)
            else:
                raise AssertionError("it was found")
    assert len(a) == 12


@inside
def test_index_between_start_and_stop() -> None:
    from itertools import product

    from pyjs import run_js

    items = [1, 2, 1, 2, 1]
    a = run_js("(...items) => items")(*items)

    class Thing:
        def __init__(self, value):
            self.value = value

        def __eq__(self, other):
            return other == self.value

        __hash__ = None

    def outcome(items, value, *ends):
        try:
            return items.index(value, *ends)
        except Exception as error:
            return type(error).__name__

    ends = (0, 1, 4, 5, 9, -1, -2, -5, -9, 10**30, -(10**30))
    for value in (1, 2, 3, Thing(1), Thing(3)):
        for start, stop in product(ends, ends):
            assert outcome(a, value, start) == outcome(items, value, start)
            assert outcome(a, value, start, stop) == outcome(items, value, start, stop)
    for wrong in ((), (1, 0, 1, 2), (1, "0"), (1, 0, 1.5), (1, None)):
        assert outcome(a, *(wrong or (run_js,))) == outcome(items, *(wrong or (run_js,)))


@inside
def test_python_objects_in_an_array_are_compared_as_in_python() -> None:
    from pyjs import create_proxy, run_js

    class Point:
        def __init__(self, x):
            self.x = x

        def __eq__(self, other):
            return isinstance(other, Point) and other.x == self.x

        __hash__ = None

    one, two = Point(1), Point(2)
    proxy = create_proxy(two)
    a = run_js("[1, {}]")
    a.append(one)
    a.append(proxy)
    a.append(two)
    assert [a.index(one), a.index(two), a.index(Point(1)), a.index(Point(2))] == [2, 3, 2, 3]
    assert [a.count(one), a.count(Point(2)), Point(1) in a, Point(3) in a] == [1, 2, True, False]
    assert a[2] is one
    a.remove(Point(2))
    assert len(a) == 4
    assert a[3] is two
    proxy.destroy()
    a.clear()


@inside
def test_an_error_in_a_comparison_is_raised() -> None:
    from pyjs import run_js

    class Wrong:
        def __eq__(self, other):
            raise KeyError("eq")

        __hash__ = None

    a = run_js("[1, 2]")
    for act in (a.index, a.count, a.remove, a.__contains__):
        try:
            act(Wrong())
        except KeyError as error:
            assert error.args == ("eq",)
        else:
            raise AssertionError("no KeyError")


@inside
def test_a_destroyed_proxy_in_an_array_equals_nothing() -> None:
    from pyjs import create_proxy, run_js

    proxy = create_proxy([1])
    a = run_js("p => [p, 2]")(proxy)
    proxy.destroy()
    assert ([1] in a, a.count([1]), 2 in a, a.index(2)) == (False, 0, True, 1)


@inside
def test_it_is_unpacked_matched_sorted_and_reversed() -> None:
    from pyjs import run_js

    a = run_js("[3, 1, 2]")
    x, y, z = a
    first, *rest = a
    *init, last = a
    assert (x, y, z, first, rest, init, last) == (3, 1, 2, 3, [1, 2], [3, 1], 2)
    assert (list(a), tuple(a), sorted(a), list(reversed(a))) == (
        [3, 1, 2],
        (3, 1, 2),
        [1, 2, 3],
        [2, 1, 3],
    )
    assert (max(a), sum(a), [*a, *a], dict(enumerate(a))) == (
        3,
        6,
        [3, 1, 2, 3, 1, 2],
        {0: 3, 1: 1, 2: 2},
    )

    def kind(value):
        match value:
            case []:
                return "empty"
            case [x, [y, *_], *_]:
                return ("nested", x, y)
            case [x]:
                return ("one", x)
            case [x, *rest]:
                return ("more", x, rest)
            case {}:
                return "mapping"
        return "other"

    assert kind(run_js("[]")) == "empty"
    assert kind(run_js("[1]")) == ("one", 1)
    assert kind(run_js("[1, [2, 3], 4]")) == ("nested", 1, 2)
    assert kind(a) == ("more", 3, [1, 2])
    assert kind(run_js("new Uint8Array([7, 8])")) == ("more", 7, [8])
    assert kind(run_js("(function () { return arguments })(5, 6)")) == ("more", 5, [6])
    assert kind(run_js("new Set([1])")) == "other"
    assert kind(run_js("new Map()")) == "mapping"
    try:
        x, y = a
    except ValueError as error:
        assert "too many values" in str(error)
    else:
        raise AssertionError("no ValueError")


@inside
def test_iteration_follows_an_array_that_changes() -> None:
    from pyjs import run_js

    grows, seen = run_js("[1, 2]"), []
    for x in grows:
        seen.append(x)
        if len(grows) < 6:
            grows.append(x * 10)
    assert seen == [1, 2, 10, 20, 100, 200]
    shrinks, seen = run_js("[1, 2, 3, 4]"), []
    for x in shrinks:
        seen.append(x)
        shrinks.pop()
    assert seen == [1, 2]
    iterator = iter(shrinks)
    assert list(iterator) == [1, 2]
    shrinks.extend([3, 4])
    assert list(iterator) == []
    backwards, seen = run_js("[1, 2, 3]"), []
    for x in reversed(backwards):
        seen.append(x)
        backwards.clear()
    assert seen == [3]


@inside
def test_a_sparse_array_has_none_in_its_holes() -> None:
    from pyjs import run_js

    a = run_js("[1, , 3]")
    assert (len(a), list(a), a[1], None in a, a.index(None)) == (3, [1, None, 3], None, True, 1)
    assert list(a[::-1]) == [3, None, 1]
    del a[::2]
    assert list(a) == [None]
    far = run_js("(() => { const a = []; a[4294967290] = 'far'; return a })()")
    try:
        len(far)
    except Exception as error:
        assert "4294967291" in str(error)
    else:
        raise AssertionError("no error")
    assert run_js("a => a.length")(far) == 4294967291
    assert far[0] is None
