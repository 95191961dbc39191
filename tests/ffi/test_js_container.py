"""len(), indexing, `in` and del over JavaScript containers."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside


@inside
@pytest.mark.parametrize("source", ["[10, 20, 30]", "new Uint8Array([10, 20, 30])"])
def test_a_sequence_is_indexed_as_a_list(source: str) -> None:
    from pyjs import run_js

    a = run_js(source)
    assert len(a) == 3
    assert [a[0], a[2], a[-1], a[-3], a[True]] == [10, 30, 30, 10, 20]
    a[0], a[-1] = 11, 31
    assert list(a) == [11, 20, 31]
    assert 20 in a
    assert 21 not in a
    for index in (3, -4, 2**40, 2**70, -(2**70)):
        for act in (lambda i=index: a[i], lambda i=index: a.__setitem__(i, 0)):
            try:
                act()
            except IndexError:
                continue
            raise AssertionError(f"no IndexError for {index}")
    for index in (1.0, "1", None):
        try:
            a[index]
        except TypeError:
            continue
        raise AssertionError(f"no TypeError for {index}")
    assert list(a) == [11, 20, 31]


@inside
def test_del_removes_an_array_element() -> None:
    from pyjs import run_js

    a = run_js("[1, 2, 3]")
    del a[-1]
    del a[0]
    assert list(a) == [2]
    try:
        del a[1]
    except IndexError:
        pass
    else:
        raise AssertionError("no IndexError")


@inside
def test_an_element_of_a_typed_array_cannot_be_deleted() -> None:
    from pyjs import run_js

    a = run_js("new Uint8Array(2)")
    try:
        del a[0]
    except TypeError:
        pass
    else:
        raise AssertionError("no TypeError")
    assert len(a) == 2


@inside
def test_a_map_is_a_mapping() -> None:
    from pyjs import run_js

    m = run_js("new Map([['a', 1], [2, 'two'], ['none', undefined]])")
    assert (len(m), m["a"], m[2], m["none"]) == (3, 1, "two", None)
    m["b"] = 3
    assert ("b" in m, "c" in m) == (True, False)
    del m["a"]
    assert len(m) == 3
    for act in (lambda: m["a"], lambda: m.__delitem__("a")):
        try:
            act()
        except KeyError as error:
            assert error.args == ("a",)
        else:
            raise AssertionError("no KeyError")
    assert list(m) == [2, "none", "b"]
    assert [list(entry) for entry in m.entries()] == [[2, "two"], ["none", None], ["b", 3]]


@inside
def test_a_set_has_length_membership_and_iteration() -> None:
    from pyjs import run_js

    s = run_js("new Set([1, 'a'])")
    assert (len(s), 1 in s, "a" in s, 2 in s) == (2, True, True, False)
    assert list(s) == [1, "a"]


@inside
def test_an_object_without_a_length_or_items_is_a_type_error() -> None:
    from pyjs import run_js

    o = run_js("({})")
    for act in (lambda: len(o), lambda: o["a"], lambda: iter(o), lambda: 1 in o):
        try:
            act()
        except TypeError:
            continue
        raise AssertionError("no TypeError")


@inside
def test_a_length_that_is_no_length_is_an_error() -> None:
    from pyjs import JsException, run_js

    for length in ("-1", "1.5", "NaN", "Infinity", "2 ** 40"):
        try:
            len(run_js(f"({{length: {length}}})"))
        except JsException as error:
            assert error.name == "RangeError"
        else:
            raise AssertionError(length)


def test_a_node_list_is_a_sequence(host: Host) -> None:
    if host.is_node:
        return  # Node has no DOM
    assert (
        host.js(
            """
        document.body.insertAdjacentHTML('beforeend', '<i class=q></i><b class=q></b>');
        try {
          return py.runPython(`
from pyjs import js
def f():
    nodes = js.document.querySelectorAll(".q")
    names = [node.tagName for node in nodes]
    try:
        nodes[2]
    except IndexError:
        names.append("IndexError")
    return ",".join([*names, str(len(nodes)), nodes[-1].tagName])
f()`, { globals: py.runPython("{}") });
        } finally { document.querySelectorAll('.q').forEach((n) => n.remove()); }
        """
        )
        == "I,B,IndexError,2,B"
    )
