"""for loops of JavaScript over Python objects: what they see when the object changes meanwhile."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside

# Each makes the same elements: in a list, a tuple, and by an iterator of Python's.
_MAKERS = {"list": "list", "tuple": "tuple", "iterator": "iter"}


@pytest.mark.parametrize("kind", _MAKERS)
@inside
def test_elements_of_every_kind(kind: str) -> None:
    from pyjs import js, jsnull, run_js

    make = {"list": list, "tuple": tuple, "iterator": iter}[kind]
    elements = [1, 2.5, True, None, "text", "ü" * 60, "\U0001f600", "\ud800", 2**40, 2**70, jsnull]
    elements += [js.Math, [1], {}, "", -1, len]
    describe = run_js("""(all) => { const out = []; for (const x of all) {
      const isObject = typeof x === 'object' && x !== null;
      const shown = isObject ? Object.prototype.toString.call(x) : String(x);
      out.push(`${typeof x} ${shown}`); x?.destroy?.(); } return out.join('|') }""")
    found = describe(make(elements * 9)).split("|")
    assert len(found) == 9 * len(elements)
    assert found[: len(elements)] == found[-len(elements) :]
    assert found[:11] == [
        "number 1",
        "number 2.5",
        "boolean true",
        "undefined undefined",
        "string text",
        "string " + "ü" * 60,
        "string \U0001f600",
        "string \ud800",
        f"number {2**40}",
        f"bigint {2**70}",
        "object null",
    ]
    assert found[11] == "object [object Math]"
    assert found[12:14] == ["object [object PyProxy]"] * 2
    assert found[14:16] == ["string ", "number -1"]
    assert found[16].startswith("function ")


@inside
def test_a_list_that_changes_is_seen_as_it_is() -> None:
    from pyjs import run_js

    def walk(elements: list[object], step: object) -> list[object]:
        body = """(all, step) => { const out = []; let i = 0;
          for (const x of all) { out.push(x); step(i++); if (i > 200) break; } return out }"""
        return run_js(body)(elements, step).to_py()  # type: ignore[no-any-return]

    numbers: list[object] = list(range(20))
    assert walk(numbers, lambda i: numbers.append(-i) if i < 30 else None) == [
        *range(20),
        *(-i for i in range(30)),
    ]
    numbers = list(range(20))
    assert walk(numbers, lambda i: numbers.pop()) == list(range(10))
    numbers = list(range(20))
    assert walk(numbers, lambda i: numbers.pop(0)) == list(range(0, 20, 2))
    numbers = list(range(20))

    def replace(i: int) -> None:
        if i < 19:
            numbers[i + 1] = f"new {i}"

    assert walk(numbers, replace) == [0, *(f"new {i}" for i in range(19))]
    numbers = [str(i) for i in range(20)]
    assert walk(numbers, lambda i: numbers.clear() if i == 5 else None) == [
        str(i) for i in range(6)
    ]
    numbers = [1.5 * i for i in range(100)]
    assert walk(numbers, lambda i: numbers.reverse() if i == 49 else None) == [
        *(1.5 * i for i in range(50)),
        *(1.5 * i for i in range(49, -1, -1)),
    ]


@inside
def test_an_element_that_is_gone_is_not_taken_for_a_new_one() -> None:
    """What crossed is kept, so that nothing else can get its address."""
    from pyjs import run_js

    texts = [f"old {i}" for i in range(64)]

    def step(i: int) -> None:
        if i == 3:
            texts[4:] = [f"new {j}" for j in range(4, 64)]

    body = """(all, step) => { let i = 0; const seen = [];
      for (const x of all) { seen.push(x); step(i++); } return seen }"""
    assert run_js(body)(texts, step).to_py() == [
        *(f"old {i}" for i in range(4)),
        *(f"new {i}" for i in range(4, 64)),
    ]


@inside
def test_objects_of_a_list_are_made_when_the_loop_comes_to_them() -> None:
    from pyjs import _core, run_js

    before = _core.counts()["py_proxies"]
    count = run_js("""(all, live) => { const seen = [];
      for (const x of all) { seen.push(live()); x.destroy(); } return seen }""")
    seen = count([[i] for i in range(40)], lambda: _core.counts()["py_proxies"]).to_py()
    assert len(seen) == 40
    assert max(seen) - min(seen) == 0
    assert _core.counts()["py_proxies"] <= before + 2


def test_a_loop_that_ends_early_lets_go(host: Host) -> None:
    assert host.js(
        """
        py.runPython("import weakref\\nclass A: pass\\nl = [A() for _ in range(9)]");
        const list = py.runPython("l");
        py.runPython("refs = [weakref.ref(a) for a in l]");
        for (const each of list) { each.destroy(); break; }
        const [first, second] = list;
        first.destroy(); second.destroy();
        const it = list[Symbol.iterator]();
        it.next().value.destroy();
        const out = [it.return(5), it.next(), it.next()];
        list.destroy();
        py.runPython("del l");
        return [...out, py.runPython("sum(r() is not None for r in refs)")];
        """
    ) == [{"done": True, "value": 5}, {"done": True}, {"done": True}, 0]


@inside
def test_nested_loops_over_one_list() -> None:
    from pyjs import run_js

    pairs = run_js("""(l) => { const out = [];
      for (const a of l) for (const b of l) out.push(a * b); return out }""")([1, 2, 3])
    assert pairs.to_py() == [1, 2, 3, 2, 4, 6, 3, 6, 9]
    assert run_js("(l) => [Math.max(...l), Array.from(l, (x) => x + 1).join(), new Set(l).size]")(
        list(range(500))
    ).to_py() == [499, ",".join(str(i + 1) for i in range(500)), 500]


@inside
def test_a_subclass_iterates_by_its_own_method() -> None:
    from pyjs import run_js

    class Backwards(list[int]):
        def __iter__(self):  # type: ignore[no-untyped-def]
            return reversed(list(range(3)))

    class Broken(list[int]):
        def __iter__(self):  # type: ignore[no-untyped-def]
            raise KeyError("no")

    spread = run_js("(all) => [...all]")
    assert spread(Backwards([9])).to_py() == [2, 1, 0]
    try:
        spread(Broken())
    except KeyError as error:
        assert error.args == ("no",)
    else:
        raise AssertionError("nothing was raised")


@inside
def test_an_iterator_of_javascript_behind_a_python_class() -> None:
    from pyjs import run_js

    class Wrapped:
        def __iter__(self):  # type: ignore[no-untyped-def]
            return run_js("[7, 8][Symbol.iterator]()")

    assert run_js("(all) => [...all]")(Wrapped()).to_py() == [7, 8]
