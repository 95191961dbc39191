"""Sequences that are no plain arrays, and arrays with code of their own: getters, traps, frozen."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside


@inside
@pytest.mark.parametrize("source", ["arguments", "new Uint8Array([1, 2, 3])", "new String('')"])
def test_what_has_no_room_to_grow_has_no_methods_to(source: str) -> None:
    from collections.abc import Sequence

    from pyjs import JsArray, run_js

    a = run_js(f"(function () {{ return {source} }})(1, 2, 3)")
    assert isinstance(a, JsArray)
    assert isinstance(a, Sequence)
    for name in ("append", "extend", "insert", "pop", "remove", "clear"):
        assert (name, hasattr(a, name)) == (name, False)
    for act in (
        lambda: a.__delitem__(0),
        lambda: a.__delitem__(slice(0, 1)),
        lambda: a + [1],
        lambda: a * 2,
    ):
        try:
            act()
        except (TypeError, AttributeError):
            continue
        raise AssertionError("it changed")
    assert len(a) == (0 if "String" in source else 3)


@inside
def test_arguments_are_read_as_a_sequence() -> None:
    from pyjs import run_js

    a = run_js("(function () { return arguments })(1, 'b', 3)")
    assert (len(a), a[0], a[-1], list(a), "b" in a, a.index(3), a.count(1)) == (
        3,
        1,
        3,
        [1, "b", 3],
        True,
        2,
        1,
    )
    assert (list(a[1:]), list(a[::-1]), list(reversed(a))) == (["b", 3], [3, "b", 1], [3, "b", 1])
    try:
        a[0] = 9
    except TypeError:
        pass
    else:
        raise AssertionError("no TypeError")


@inside
def test_slices_of_a_typed_array_are_of_its_type() -> None:
    from pyjs import run_js

    a = run_js("new Int16Array([1, 2, 3, 4])")
    kind = run_js("a => a.constructor.name")
    for place, expected in (
        (slice(1, 3), [2, 3]),
        (slice(None, None, -1), [4, 3, 2, 1]),
        (slice(0, 4, 2), [1, 3]),
        (slice(3, 1), []),
    ):
        part = a[place]
        assert (kind(part), list(part)) == ("Int16Array", expected)
    part[:] = []
    a[1:3] = [20, 30]
    a[::3] = (10, 40)
    assert list(a) == [10, 20, 30, 40]
    a[:] = run_js("new Int16Array([5, 6, 7, 8])")
    assert list(a) == [5, 6, 7, 8]
    for values in ([1], [1, 2, 3, 4, 5]):
        try:
            a[:] = values
        except ValueError as error:
            assert f"expected 4 values, given {len(values)}" in str(error)
        else:
            raise AssertionError("no ValueError")
    a[1:] = a[:3]
    assert list(a) == [5, 5, 6, 7]


@inside
def test_a_typed_array_of_bigints_holds_ints() -> None:
    from pyjs import JsBigInt, JsException, run_js

    a = run_js("new BigInt64Array([1n, -(2n ** 63n)])")
    assert list(a) == [1, -(2**63)]
    a[0] = JsBigInt(7)
    assert a[0] == 7
    try:
        a[0] = 7
    except JsException as error:
        assert error.name == "TypeError"
    else:
        raise AssertionError("a number is no bigint")


@inside
def test_a_frozen_array_is_read_and_refuses_every_change() -> None:
    from pyjs import JsException, run_js

    a = run_js("Object.freeze([1, 2])")
    assert (list(a), a[0], list(a[:1]), list(a + [3]), list(a * 2)) == (
        [1, 2],
        1,
        [1],
        [1, 2, 3],
        [1, 2, 1, 2],
    )
    for name, act in {
        "set": lambda: a.__setitem__(0, 9),
        "delete": lambda: a.__delitem__(0),
        "set slice": lambda: a.__setitem__(slice(0, 1), [9]),
        "set steps": lambda: a.__setitem__(slice(None, None, -1), [9, 8]),
        "delete slice": lambda: a.__delitem__(slice(0, 1)),
        "delete steps": lambda: a.__delitem__(slice(0, None, 2)),
        "append": lambda: a.append(3),
        "extend": lambda: a.extend([3]),
        "insert": lambda: a.insert(0, 3),
        "pop": lambda: a.pop(),
        "remove": lambda: a.remove(1),
        "reverse": lambda: a.reverse(),
        "clear": lambda: a.clear(),
        "times": lambda: a.__imul__(2),
    }.items():
        try:
            act()
        except JsException as error:
            assert (name, error.name) == (name, "TypeError")
        else:
            raise AssertionError(f"{name}: nothing was raised")
    assert list(a) == [1, 2]


@inside
def test_an_array_in_itself() -> None:
    from pyjs import run_js

    a = run_js("[1]")
    a.append(a)
    assert repr(a) == "[1, [circular]]"
    assert a[1] == a
    assert a[1][1][1][0] == 1
    assert a in a
    assert a.index(a) == 1
    a.clear()


@inside
def test_an_element_whose_getter_throws() -> None:
    from pyjs import JsException, run_js

    a = run_js(
        "Object.defineProperty([1, 2, 3], 1,"
        " {get() { throw new RangeError('g') }, enumerable: true})"
    )
    assert (a[0], a[2], len(a), repr(a)) == (1, 3, 3, "[1, [accessor], 3]")
    for name, act in {
        "item": lambda: a[1],
        "slice": lambda: a[::2] and a[0:2],
        "steps": lambda: a[::-1],
        "list": lambda: list(a),
        "find": lambda: 3 in a,
        "find object": lambda: [] in a,
        "count": lambda: a.count(7),
        "concat": lambda: a + [1],
        "copy": lambda: a.copy(),
        "unpack": lambda: (lambda x, y, z: x)(*a),
    }.items():
        try:
            act()
        except JsException as error:
            assert (name, error.name) == (name, "RangeError")
        else:
            raise AssertionError(f"{name}: nothing was raised")
    assert 1 in a


@inside
def test_a_getter_that_changes_the_array_from_python() -> None:
    from pyjs import create_proxy, run_js

    def change():
        del a[2:]
        return "changed"

    proxy = create_proxy(change)
    make = run_js("f => Object.defineProperty([1, 2, 3, 4], 1, {get: f, configurable: true})")
    a = make(proxy)
    assert list(a) == [1, "changed"]
    a = make(proxy)
    assert 4 not in a
    a = make(proxy)
    assert list(a[::-1]) == [4, 3, "changed", 1]
    a = make(proxy)
    assert a.count(4) == 0
    proxy.destroy()


@inside
def test_memory_that_grows_in_the_middle_of_an_operation() -> None:
    from pyjs import create_proxy, run_js

    kept = []

    def grow():
        if len(kept) < 12:
            kept.append(bytearray(8_000_000))
        return 5

    proxy = create_proxy(grow)
    source = run_js("f => (function* () { yield f(); yield 6 })()")
    a = run_js("[1, 2, 3, 4]")
    a[1:3] = source(proxy)
    assert list(a) == [1, 5, 6, 4]
    a.extend(source(proxy))
    assert list(a + source(proxy)) == [1, 5, 6, 4, 5, 6, 5, 6]
    trapped = run_js("f => new Proxy([1, 2, 3, 4], {get(t, k) { f(); return Reflect.get(t, k) }})")(
        proxy
    )
    assert list(trapped[1:3]) == [2, 3]
    assert list(trapped[::-2]) == [4, 2]
    trapped.insert(1, 9)
    trapped[0:1] = [7, 8]
    del trapped[3:4]
    assert (list(trapped * 2), trapped.index(9), trapped.count(3), trapped.pop(0)) == (
        [7, 8, 9, 3, 4] * 2,
        2,
        1,
        7,
    )
    trapped[::2] = [0, 0]
    assert list(trapped) == [0, 9, 0, 4]
    assert len(kept) == 12
    proxy.destroy()


@inside
def test_a_proxy_of_an_array_is_an_array() -> None:
    from pyjs import JsArray, run_js

    a = run_js("new Proxy([1, 2, 3], {})")
    assert isinstance(a, JsArray)
    a.append(4)
    a[0:2] = ["x"]
    del a[-1]
    assert (list(a), len(a), "x" in a, a.pop(), list(a[::-1])) == (["x", 3], 2, True, 3, ["x"])


@inside
def test_a_subclass_of_array_is_an_array() -> None:
    from pyjs import run_js

    a = run_js("new (class Mine extends Array { last() { return this.at(-1) } })(1, 2, 3)")
    a.append(4)
    assert (a.last(), list(a[1:3]), a[1:3].last(), list(reversed(a))) == (
        4,
        [2, 3],
        3,
        [4, 3, 2, 1],
    )


@inside
def test_methods_that_the_array_was_given_do_not_break_python() -> None:
    from pyjs import run_js

    a = run_js("Object.assign([1, 2], {slice: 1, splice: 1, push: 1, concat: 1, pop: 1})")
    assert a.slice == 1
    assert (list(a), a[0], len(a), 2 in a) == ([1, 2], 1, 2, True)
    own = run_js("Object.assign([1, 2], {[Symbol.iterator]: function* () { yield 'own' }})")
    assert (list(own), own[0], len(own)) == (["own"], 1, 2)


@inside
def test_keys_is_no_attribute_of_an_array() -> None:
    from pyjs import run_js

    a = run_js("[['a', 1]]")
    for act in (lambda: a.keys, lambda: a.keys(), lambda: getattr(a, "keys")):  # noqa: B009
        try:
            act()
        except AttributeError:
            continue
        raise AssertionError("keys was found")
    assert dict(a) == {"a": 1}


@inside
def test_fifty_thousand_values_go_in_and_out_at_once() -> None:
    from pyjs import run_js

    many = list(range(50_000))
    a = run_js("['first', 'last']")
    a[1:1] = many
    a.extend(many)
    assert (len(a), a[0], a[50_001], a[-1]) == (100_002, "first", "last", 49_999)
    assert list(a[1:50_001]) == many
    a[1:50_001] = []
    assert len(a) == 50_002
    a *= 3
    assert len(a) == 150_006
    del a[::2]
    assert (len(a), a[0]) == (75_003, "last")


def test_a_node_list_is_a_sequence_of_elements(host: Host) -> None:
    if host.is_node:
        return  # Node has no DOM
    assert host.js(
        """
        const html = '<i class=r></i><b class=r></b><u class=r></u>';
        document.body.insertAdjacentHTML('beforeend', html);
        try {
          const out = py.runPython(`
from pyjs import JsArray, js
def f():
    nodes = js.document.querySelectorAll(".r")
    live = js.document.getElementsByClassName("r")
    names = [node.tagName for node in reversed(nodes)]
    names += [node.tagName for node in nodes[::2]]
    names += [str(nodes.index(live[1])), str(nodes.count(live[0])), str(live[2] in nodes)]
    match nodes:
        case [first, *rest]:
            names += [first.tagName, str(len(rest))]
    for act in (lambda: nodes.__setitem__(0, 1), lambda: nodes.__delitem__(0)):
        try:
            act()
        except (TypeError, AttributeError):
            names.append("refused")
    live[0].remove()
    return ",".join([*names, str(isinstance(nodes, JsArray)), str(len(live)), live[0].tagName])
f()`, { globals: py.runPython("{}") });
          return out.split(",");
        } finally { document.querySelectorAll('.r').forEach((n) => n.remove()); }
        """
    ) == [*"UBIIU", "1", "1", "True", "I", "2", "refused", "refused", "True", "2", "B"]
