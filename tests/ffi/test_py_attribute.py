"""Attributes of Python objects in JavaScript: names, identity and lifetime."""

from tests.hosts.base import Host
from tests.inside import inside

_MAKE = """
class Child:
    value = 5
class A:
    def __init__(self):
        self.child = Child()
        self.items = [1]
    def m(self, x=1):
        return x
    @property
    def fresh(self):
        return Child()
A()
"""


def test_an_attribute_is_the_same_proxy_while_it_is_the_same_object(host: Host) -> None:
    body = """
    const o = py.runPython(args[0]);
    const out = [o.m === o.m, o.child === o.child, o.items.append === o.items.append,
      o.fresh === o.fresh, o.m(2) + o.m(3)];
    const m = o.m, child = o.child;
    const set = py.runPython(args[1]);
    set(o);
    out.push(o.child === child, child.value, o.m === m, o.m(), m(4));
    m.destroy();
    out.push(o.m(), o.m === o.m);
    for (const each of [o, child, set]) each.destroy();
    return out;
    """
    change = "def set(o):\n  o.child = type(o.child)()\n  type(o).m = lambda self: 9\nset"
    assert host.js(body, _MAKE, change) == [
        True, True, True, False, 5, False, 5, False, 9, 4, 9, True,
    ]  # fmt: skip


def test_attributes_end_with_their_object(host: Host) -> None:
    body = """
    const o = py.runPython(args[0]);
    const { m, child } = o, deep = o.items.append;
    o.destroy({ message: "enough" });
    return [() => m(), () => child.value, () => deep(1)].map((use) => {
      try { return use() } catch (error) { return error.message }
    });
    """
    why = "the proxy that it was an attribute of was destroyed: enough"
    assert host.js(body, _MAKE) == [
        f"this PyProxy of a Python callable was destroyed: {why}",
        f"this PyProxy of a Python object was destroyed: {why}",
        f"this PyProxy of a Python callable was destroyed: {why}",
    ]


def test_an_attribute_outlives_an_object_that_is_only_forgotten(host: Host) -> None:
    body = """
    let o = py.runPython(args[0]);
    const m = o.m;
    o = null;
    for (let i = 0; i < 5; i++) {
      globalThis.gc();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    const got = m(6);
    m.destroy();
    return got;
    """
    assert host.js(body, _MAKE) == 6


@inside
def test_attributes_of_an_argument_end_with_the_call() -> None:
    from pyjs import JsException, run_js

    class A:
        def m(self):
            return 5

    keep = run_js("(o) => { globalThis.kept = o.m; return o.m() }")
    assert keep(A()) == 5
    try:
        run_js("kept()")
    except JsException as error:
        assert "the proxy that it was an attribute of was destroyed" in error.message
    else:
        raise AssertionError("nothing was raised")
    run_js("delete globalThis.kept")


def test_more_names_than_are_kept(host: Host) -> None:
    body = """
    const o = py.runPython("class A: pass\\nA()");
    const names = Array.from({ length: 3000 }, (_, i) => `n${i}_` + "aé€😀".slice(0, i % 6));
    for (let round = 0; round < 2; round++) {
      names.forEach((name, i) => { o[name] = i });
      names.forEach((name, i) => {
        if (o[name] !== i || !(name in o)) throw new Error(`${name} is ${o[name]}`);
      });
    }
    const long = "x".repeat(100), wide = "é€😀";
    o[long] = 1; o[wide] = 2;
    const out = [o[long], o[wide], delete o[wide], wide in o, o.$absent];
    try { o.first = py.runPython("[1]").destroy() ?? 7 } catch (error) { out.push(error.message) }
    const gone = py.runPython("[1]");
    gone.destroy();
    try { o.never_seen_before = gone } catch (error) { out.push(error.name) }
    out.push("never_seen_before" in o, o.first);
    o.destroy();
    return out;
    """
    assert host.js(body) == [1, 2, True, False, None, "Error", False, 7]


def test_names_of_what_failed_are_not_taken_for_known(host: Host) -> None:
    """Too deep in calls of each other, Python reads none of the names and keys that it is sent."""
    assert host.js(
        """
        const o = py.runPython("class A: pass\\nA()"), d = py.runPython("{}");
        const f = py.runPython("lambda g=None, **names: g() if g else list(names)");
        const acts = [
          () => o.too_deep, () => { o.too_deep = 1 },
          () => "too_deep_2" in o, () => delete o.too_deep_3,
          () => d.get("too deep"), () => d.set("too deep", 1),
          () => d.has("too deep"), () => d.delete("too deep"),
          () => f.callKwargs({ too_deep_4: 1, too_deep_5: 2 }),
        ];
        const attempt = (act) => { try { return act() } catch (error) { return error.type } };
        const attempts = () => [...acts, ...acts].map(attempt);
        let deepest = null;
        const go = () => {
          try { f(go) } catch (error) { deepest ??= attempts() }
        };
        go();
        const wrong = deepest.filter((type) => type !== "RecursionError");
        o.too_deep_3 = 3;
        const lists = [1, 2].map(() => f.callKwargs({ too_deep_4: 1, too_deep_5: 2 }));
        const out = [wrong, lists.map(String), o.too_deep, o.too_deep_3, "too_deep_2" in o];
        out.push(...[1, 2, 3].map(() => d.get("too deep") ?? "none"));
        d.set("too deep", 4);
        o.too_deep = 5;
        out.push(d.get("too deep"), d.has("too deep"), o.too_deep);
        for (const proxy of [o, d, f, ...lists]) proxy.destroy();
        return out;
        """
    ) == [[], ["['too_deep_4', 'too_deep_5']"] * 2, None, 3, False] + ["none"] * 3 + [4, True, 5]


def test_keys_that_come_again_and_keys_that_do_not(host: Host) -> None:
    """Python keeps the keys that are used again; the others take their places in turn."""
    assert host.js(
        """
        const d = py.runPython("{}");
        let wrong = 0;
        for (let round = 0; round < 4; round++) {
          for (let i = 0; i < 2500; i++) {
            const key = i % 3 === 0 ? "same" : `key ${i} ü`.slice(0, 9);
            for (let again = 0; again < 3; again++) {
              d.set(key, i);
              if (d.get(key) !== i || !d.has(key) || d.get(`${key}!`) !== undefined) wrong++;
            }
          }
        }
        const long = "x".repeat(1000), out = [wrong, d.length];
        for (let i = 0; i < 3; i++) { d.set(long, i); d.set("", i); d.set("\\ud800", i); }
        out.push(d.get(long), d.get(""), d.get("\\ud800"), d.delete(""), d.delete(""), d.has(""));
        d.destroy();
        return out;
        """
    ) == [0, 1667, 2, 2, 2, True, False, False]
