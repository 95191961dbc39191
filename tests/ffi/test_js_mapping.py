"""JavaScript maps are Python mappings: Map, URLSearchParams, Headers and map-likes of one's own."""

import pytest

from tests.inside import inside


@inside
def test_a_map_has_every_method_of_a_mutable_mapping() -> None:
    from collections.abc import Mapping, MutableMapping

    from pyjs import run_js

    m = run_js("new Map([['a', 1], [2, 'two'], [null, 'null'], [NaN, 'nan']])")
    assert isinstance(m, MutableMapping)
    assert isinstance(m, Mapping)
    assert (m.get("a"), m.get("b"), m.get("b", 5), m.get(float("nan"))) == (1, None, 5, "nan")
    assert (m.pop("a"), m.pop("a", 7), "a" in m, len(m)) == (1, 7, False, 3)
    assert (m.setdefault("s", 1), m.setdefault("s", 2), m.setdefault("n"), m["n"]) == (
        1,
        1,
        None,
        None,
    )
    assert m.popitem() == (2, "two")
    m.update({"x": 1}, y=2)
    m.update([("x", 3)])
    m.update(run_js("[['z', 4]]"))
    m.update(run_js("new Map([['w', 5]])"))
    assert [m["x"], m["y"], m["z"], m["w"]] == [3, 2, 4, 5]
    assert list(m)[-5:] == ["n", "x", "y", "z", "w"]
    m.clear()
    assert (len(m), list(m), bool(m)) == (0, [], False)
    try:
        m.popitem()
    except KeyError:
        pass
    else:
        raise AssertionError("no KeyError")


@inside
@pytest.mark.parametrize(
    "source",
    [
        "new Map([['a', '1']])",
        "new URLSearchParams('a=1')",
        "new Headers({a: '1'})",
        "new FormData()",
        "Object.assign({a: '1'}, {}).constructor && ({a: '1'})",
    ],
)
def test_a_missing_key_is_a_key_error_everywhere(source: str) -> None:
    from pyjs import run_js

    m = run_js(source)
    if not hasattr(m, "get"):
        m = m.as_object_map()
    for act in (lambda: m["zz"], lambda: m.__delitem__("zz")):
        try:
            act()
        except KeyError as error:
            assert error.args == ("zz",)
        else:
            raise AssertionError("no KeyError")
    assert ("zz" in m) is False


@inside
def test_url_search_params_are_a_mapping() -> None:
    from collections.abc import MutableMapping

    from pyjs import run_js

    p = run_js("new URLSearchParams('a=1&b=2&a=3')")
    assert isinstance(p, MutableMapping)
    assert (p["a"], p.get("zz"), p.get("zz", "none"), "b" in p, len(p)) == (
        "1",
        None,
        "none",
        True,
        3,
    )
    assert (list(p), dict(p)) == (["a", "b", "a"], {"a": "1", "b": "2"})
    assert list(p.getAll("a")) == ["1", "3"]
    assert p.pop("b") == "2"
    assert p.pop("b", None) is None
    p["c"] = "x y"
    del p["a"]
    assert str(p) == "c=x+y"
    p.update(d="4")
    assert p.setdefault("e", "5") == "5"
    p.clear()
    assert (len(p), str(p)) == (0, "")


@inside
def test_headers_have_items() -> None:
    from pyjs import run_js

    h = run_js("new Headers({'Content-Type': 'text/plain'})")
    assert (h["content-type"], "Content-Type" in h, "x" in h) == ("text/plain", True, False)
    h["X-Mine"] = "1"
    assert dict(h) == {"content-type": "text/plain", "x-mine": "1"}
    del h["x-mine"]
    assert [list(entry) for entry in h] == [["content-type", "text/plain"]]


@inside
def test_a_value_of_null_or_undefined_is_there() -> None:
    from pyjs import jsnull, run_js

    m = run_js("new Map([['n', null], ['u', undefined]])")
    assert (m["n"], m["u"], m.get("n", 1), m.get("u", 1)) == (jsnull, None, jsnull, None)
    assert (m.setdefault("n", 1), m.pop("u", 1), m.pop("n")) == (jsnull, None, jsnull)
    assert len(m) == 0


@inside
def test_a_map_like_of_ones_own_is_a_mapping() -> None:
    from collections.abc import Mapping, MutableMapping

    from pyjs import run_js

    read_only = run_js(
        """new (class {
          data = new Map([['a', 1], ['b', 2]]);
          get size() { return this.data.size }
          get(key) { return this.data.get(key) }
          [Symbol.iterator]() { return this.data[Symbol.iterator]() }
          has(key) { return this.data.has(key) }
        })"""
    )
    assert isinstance(read_only, Mapping)
    assert not isinstance(read_only, MutableMapping)
    assert (list(read_only), dict(read_only), len(read_only)) == (["a", "b"], {"a": 1, "b": 2}, 2)
    assert (read_only.get("zz", 5), "b" in read_only) == (5, True)
    for act in (lambda: read_only.__setitem__("a", 1), lambda: read_only.__delitem__("a")):
        try:
            act()
        except (TypeError, AttributeError):
            continue
        raise AssertionError("it was changed")
    own = run_js(
        """new (class {
          o = {};
          get length() { return Object.keys(this.o).length }
          get(key) { return this.o[key] }
          set(key, value) { this.o[key] = value }
          has(key) { return Object.hasOwn(this.o, key) }
          delete(key) { return delete this.o[key] }
          keys() { return Object.keys(this.o)[Symbol.iterator]() }
        })"""
    )
    own["k"] = 1
    assert (own["k"], len(own), "k" in own) == (1, 1, True)
    del own["k"]
    assert len(own) == 0


@inside
def test_views_follow_the_map_and_have_the_operations_of_sets() -> None:
    from pyjs import run_js

    m = run_js("new Map([['a', 1], ['b', 2]])")
    keys, values, items = m.keys(), m.values(), m.items()
    m["c"] = 3
    assert (list(keys), list(values), list(items)) == (
        ["a", "b", "c"],
        [1, 2, 3],
        [("a", 1), ("b", 2), ("c", 3)],
    )
    assert (len(keys), "c" in keys, 3 in values, ("c", 3) in items, ("c", 4) in items) == (
        3,
        True,
        True,
        True,
        False,
    )
    assert keys & {"a", "z"} == {"a"}
    assert keys | {"z"} == {"a", "b", "c", "z"}
    assert keys - {"a"} == {"b", "c"}
    assert keys ^ {"a", "z"} == {"b", "c", "z"}
    assert keys == {"a", "b", "c"}
    assert items & {("a", 1), ("b", 5)} == {("a", 1)}
    assert keys.isdisjoint(["z"])
    assert keys & run_js("new Map([['a', 0]])").keys() == {"a"}


@inside
def test_maps_match_patterns_of_mappings() -> None:
    from pyjs import run_js

    def kind(value):
        match value:
            case {"a": int(x), **rest}:
                return x, rest
            case {"b": [y, *_]}:
                return y
            case {}:
                return "mapping"
        return "other"

    assert kind(run_js("new Map([['a', 1], ['z', 2]])")) == (1, {"z": 2})
    assert kind(run_js("new Map([['b', [5, 6]]])")) == 5
    assert kind(run_js("new Map([['a', 'x']])")) == "mapping"
    assert kind(run_js("({a: 1, z: 2})").as_object_map()) == (1, {"z": 2})
    assert kind(run_js("({b: [5]})").as_py_json()) == 5
    assert kind(run_js("({a: 1})")) == "other"
    assert kind(run_js("new Set(['a'])")) == "other"


@inside
def test_python_objects_are_values_and_proxies_keys_of_a_map() -> None:
    from pyjs import create_proxy, run_js

    class Thing:
        pass

    thing, m, o = Thing(), run_js("new Map()"), run_js("({})")
    m["thing"] = thing
    m[o] = "by object"
    proxy = create_proxy(thing)
    m[proxy] = "by proxy"
    assert (m["thing"] is thing, m[o], m[proxy], o in m) == (True, "by object", "by proxy", True)
    assert m.popitem() == ("thing", thing)
    assert m.pop(proxy) == "by proxy"
    proxy.destroy()


@inside
def test_an_error_of_a_map_is_raised() -> None:
    from pyjs import JsException, run_js

    m = run_js("Object.assign(new Map([['a', 1]]), {get() { throw new RangeError('get') }})")
    for act in (
        lambda: m["a"],
        lambda: m.get("a", 5),
        lambda: m.pop("a", 5),
        lambda: m.setdefault("a", 5),
        lambda: dict(m),
    ):
        try:
            act()
        except JsException as error:
            assert str(error) == "RangeError: get"
        else:
            raise AssertionError("nothing was raised")
