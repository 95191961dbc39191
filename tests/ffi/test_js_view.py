"""as_object_map() and as_py_json(): the properties of an object as the items of a mapping."""

import pytest

from tests.inside import inside


@inside
def test_an_object_map_is_a_mutable_mapping_of_own_properties() -> None:
    from collections.abc import MutableMapping

    from pyjs import run_js

    o = run_js("({b: 1, a: undefined, 2: 'two', 1: 'one'})")
    m = o.as_object_map()
    assert isinstance(m, MutableMapping)
    assert (list(m), len(m), bool(m)) == (["1", "2", "b", "a"], 4, True)
    assert (m["b"], m["a"], m["1"], m.get("zz", 5)) == (1, None, "one", 5)
    m["c"] = [1]
    assert o.c == [1]
    del m["c"], m["1"]
    assert (m.pop("2"), m.setdefault("d", 3), m.popitem()) == ("two", 3, ("b", 1))
    m.update({"from": 1}, e=2)
    assert dict(m) == {"a": None, "d": 3, "from": 1, "e": 2}
    assert o.from_ == 1
    m.clear()
    assert (dict(m), bool(m), list(o.object_keys())) == ({}, False, [])


@inside
@pytest.mark.parametrize("key", [1, 1.5, None, True, ("a",), b"a"])
def test_a_key_that_is_no_str_is_not_there_and_cannot_be_set(key: object) -> None:
    from pyjs import JsException, run_js

    m = run_js("({1: 'a', true: 'b', undefined: 'c', a: 'd'})").as_object_map()
    assert (key in m, m.get(key, "absent"), m.pop(key, "absent")) == (False, "absent", "absent")
    for act in (lambda: m[key], lambda: m.__delitem__(key)):
        try:
            act()
        except KeyError as error:
            assert error.args == (key,)
        else:
            raise AssertionError("no KeyError")
    try:
        m[key] = 1
    except JsException as error:
        assert error.name == "TypeError"
        assert "expected a str" in error.message
    else:
        raise AssertionError("it was set")
    assert len(m) == 4


@inside
@pytest.mark.parametrize(
    "key", ["__proto__", "constructor", "toString", "hasOwnProperty", "", "\ud800", "😀", "a" * 999]
)
@pytest.mark.parametrize("source", ["({})", "Object.create(null)", "JSON.parse('{}')"])
def test_any_str_is_a_key_like_any_other(key: str, source: str) -> None:
    from pyjs import run_js

    o = run_js(source)
    m = o.as_object_map()
    assert (key in m, m.get(key), len(m)) == (False, None, 0)
    m[key] = "mine"
    assert (key in m, m[key], list(m), dict(m.items())) == (True, "mine", [key], {key: "mine"})
    m[key] = "again"
    assert m.setdefault(key, 5) == "again"
    assert run_js("(o, key) => Object.hasOwn(o, key) && o[key]")(o, key) == "again"
    assert m.pop(key) == "again"
    m[key] = run_js("({polluted: true})")
    assert run_js("o => o.polluted")(o) is None
    del m[key]
    assert (key in m, len(m), run_js("({}).polluted")) == (False, 0, None)
    assert run_js("o => [Object.prototype, null].includes(Object.getPrototypeOf(o))")(o) is True


@inside
def test_inherited_and_hidden_properties_are_not_seen() -> None:
    from pyjs import run_js

    o = run_js(
        """Object.defineProperty(Object.assign(Object.create({inherited: 1}), {own: 2,
          [Symbol('s')]: 3}), 'hidden', {value: 4, enumerable: false, configurable: true})"""
    )
    m = o.as_object_map()
    assert (dict(m), len(m)) == ({"own": 2}, 1)
    for key in ("inherited", "hidden"):
        assert (key in m, m.get(key), m.pop(key, 9)) == (False, None, 9)
        try:
            del m[key]
        except KeyError:
            pass
        else:
            raise AssertionError("it was deleted")
    m["inherited"] = 5
    assert (o.inherited, m["inherited"]) == (5, 5)
    del m["inherited"]
    assert (o.inherited, o.hidden) == (1, 4)


@inside
def test_getters_run_and_setters_do() -> None:
    from pyjs import JsException, run_js

    o = run_js(
        """({n: 1, get twice() { return this.n * 2 }, set twice(x) { this.n = x / 2 },
            get fails() { throw new RangeError('no') }, get fixed() { return 'f' }})"""
    )
    m = o.as_object_map()
    assert (m["twice"], "fails" in m, len(m)) == (2, True, 4)
    m["twice"] = 10
    assert m["n"] == 5
    for act, name in (
        (lambda: m["fails"], "RangeError"),
        (lambda: m.get("fails", 1), "RangeError"),
        (lambda: dict(m), "RangeError"),
        (lambda: m.__setitem__("fixed", 1), "TypeError"),
    ):
        try:
            act()
        except JsException as error:
            assert error.name == name
        else:
            raise AssertionError("nothing was raised")


@inside
def test_a_frozen_object_refuses_every_change() -> None:
    from pyjs import JsException, run_js

    m = run_js("Object.freeze({a: 1})").as_object_map()
    for act in (
        lambda: m.__setitem__("a", 2),
        lambda: m.__setitem__("b", 2),
        lambda: m.__setitem__("__proto__", 2),
        lambda: m.__delitem__("a"),
        lambda: m.pop("a"),
        lambda: m.popitem(),
        lambda: m.clear(),
        lambda: m.update(a=5),
        lambda: m.setdefault("c", 5),
    ):
        try:
            act()
        except JsException as error:
            assert error.name == "TypeError"
        else:
            raise AssertionError("nothing was raised")
    assert dict(m) == {"a": 1}


@inside
def test_a_hereditary_map_holds_maps() -> None:
    from pyjs import run_js

    o = run_js("({a: {b: {c: 1}}, list: [{d: 1}], date: new Date(0), none: Object.create(null)})")
    deep = o.as_object_map(hereditary=True)
    assert deep["a"]["b"]["c"] == 1
    deep["a"]["b"]["c"] = 2
    assert o.a.b.c == 2
    assert dict(deep.get("none")) == {}
    assert deep.pop("a")["b"]["c"] == 2
    assert [type(value).__name__ for value in deep.values()] == [
        "JsArray",
        "JsProxy",
        "JsMutableMap",
    ]
    assert deep["date"].getTime() == 0
    assert deep["list"][0].d == 1
    flat = run_js("({a: {b: 1}})").as_object_map()
    assert flat["a"].b == 1
    try:
        flat["a"]["b"]
    except TypeError:
        pass
    else:
        raise AssertionError("it was a map")


@inside
def test_a_map_is_a_map_whatever_the_object_can_do_besides() -> None:
    from pyjs import run_js

    source = """{length: 2, size: 7, 0: 'x', get: () => 1, keys: 5, then: 1, next() {},
                 [Symbol.iterator]: function* () { yield 'wrong' }}"""
    keys = ["0", "length", "size", "get", "keys", "then", "next"]
    for m in (
        run_js(f"({source})").as_object_map(),
        run_js(f"({source})").as_py_json(),
        run_js(f"({{inner: {source}}})").as_object_map(hereditary=True)["inner"],
        run_js(f"[{source}]").as_py_json()[0],
    ):
        assert (list(m), len(m), m["size"], m["length"], "0" in m) == (keys, 7, 7, 2, True)
        assert m.get("zz") is None


@inside
def test_an_array_seen_as_a_map_has_its_indices_as_keys() -> None:
    from pyjs import run_js

    a = run_js("Object.assign(['x', 'y'], {more: 1})")
    m = a.as_object_map()
    assert dict(m) == {"0": "x", "1": "y", "more": 1}
    m["0"] = "z"
    assert (a[0], m.pop("more"), len(m)) == ("z", 1, 2)
    typed = run_js("new Uint8Array([5, 6])").as_object_map()
    assert dict(typed) == {"0": 5, "1": 6}


@inside
def test_json_is_lists_and_dicts_all_the_way_down() -> None:
    from pyjs import js, jsnull

    text = '{"a": [{"b": 1}, [2, {"c": null}], "s"], "o": {"p": {"q": []}}, "n": null, "t": true}'
    j = js.JSON.parse(text).as_py_json()
    assert (j["a"][0]["b"], j["a"][-2][1]["c"], j["n"], j["t"]) == (1, jsnull, jsnull, True)
    assert [type(value).__name__ for value in j.values()] == [
        "JsArray",
        "JsMutableMap",
        "JsNull",
        "bool",
    ]
    inside = {
        "slice": lambda a: a[0:1],
        "steps": lambda a: a[::2],
        "copy": lambda a: a.copy(),
        "sum": lambda a: a + [],
        "product": lambda a: a * 2,
        "list": list,
        "reversed": lambda a: [*reversed(a)][::-1],
        "star": lambda a: (lambda x, *rest: [x])(*a),
    }
    for name, act in inside.items():
        assert (name, act(j["a"])[0]["b"]) == (name, 1)
    assert (bool(j["o"]["p"]["q"]), bool(j["o"]), bool(j["o"]["p"])) == (False, True, True)
    match j:
        case {"a": [{"b": b}, *_], "o": {"p": {"q": []}}}:
            assert b == 1
        case _:
            raise AssertionError("it did not match")
    popped = j["a"].pop(0)
    assert popped["b"] == 1
    assert j.pop("o")["p"]["q"].append(1) is None
    assert list(j) == ["a", "n", "t"]


@inside
def test_json_passed_back_is_the_same_object() -> None:
    from pyjs import run_js

    o = run_js("({a: [{b: 1}], d: {}})")
    j = o.as_py_json()
    same = run_js("(x, y) => x === y")
    assert same(j, o)
    assert same(j["a"], o.a)
    assert same(j["a"][0], o.a[0])
    assert same(j["d"], o.d)
    assert j["a"] == o.a
    assert j["a"][0] in j["a"]
    assert j["a"].index(o.a[0]) == 0
    j["a"][0]["b"] = 2
    j["a"].append(j["d"])
    assert (o.a[0].b, same(o.a[1], o.d)) == (2, True)


@inside
def test_json_of_what_json_has_no_word_for() -> None:
    from pyjs import run_js

    typed = run_js("new Uint8Array([1, 2])").as_py_json()
    assert (typed[0], list(typed), len(typed)) == (1, [1, 2], 2)
    j = run_js("({map: new Map([['k', {}]]), date: new Date(5), f: x => x})").as_py_json()
    assert (list(j["map"]), j["date"].getTime(), j["f"](3)) == (["k"], 5, 3)
    assert dict(run_js("new (class A { x = 1 })").as_py_json()) == {"x": 1}
