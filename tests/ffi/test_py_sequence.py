"""Python sequences in JavaScript: what Array.prototype does."""

import pytest

from tests.hosts.base import Host

_SETUP = """
const make = (code) => py.runPython(code);
const shown = (value) => {
  if (value === undefined) return "undefined";
  if (!(value instanceof py.ffi.PyProxy)) return value;
  try { return value.toString() } finally { value.destroy() }
};
const result = (() => { %s })();
"""


def _ask(host: Host, code: str, body: str) -> object:
    """What the body returns and the sequence `l` is afterwards."""
    source = _SETUP % body
    return host.js(
        f"const l = py.runPython(args[0]); try {{ {source} return [result, l.toString()] }}"
        " finally { l.destroy() }",
        code,
    )


@pytest.mark.parametrize("code", ["[1, 2, 3]", "(1, 2, 3)", "range(1, 4)", "b'\\1\\2\\3'"])
def test_reading(host: Host, code: str) -> None:
    body = """
    const {0: first, length} = l;
    const [a, ...rest] = l;
    return [
      l[0], l["2"], shown(l[3]), shown(l[-1]), l.at(-1), l.length, first, length, a, rest,
      0 in l, 3 in l, "1" in l, [...l], Array.from(l), Math.max(...l),
      l.map((x, i) => x * 10 + i), l.filter((x) => x > 1), l.reduce((x, y) => x + y),
      l.reduceRight((x, y) => `${x}${y}`), l.slice(1), l.slice(-2, -1), l.concat([4], l, 5),
      l.join("-"), l.includes(2), l.indexOf(3), l.lastIndexOf(9), l.find((x) => x > 1),
      l.findIndex((x) => x > 1), l.some((x) => x > 2), l.every((x) => x > 2),
      [...l.entries()], [...l.keys()], [...l.values()], l.flatMap((x) => [x, x]),
      JSON.stringify(l), JSON.stringify({l}), l.toReversed?.() ?? [3, 2, 1],
    ];
    """
    got, _ = _ask(host, code, body)  # type: ignore[misc]
    three = [1, 2, 3]
    assert got == [
        1, 3, "undefined", "undefined", 3, 3, 1, 3, 1, [2, 3],
        True, False, True, three, three, 3,
        [10, 21, 32], [2, 3], 6,
        "321", [2, 3], [2], [1, 2, 3, 4, 1, 2, 3, 5],
        "1-2-3", True, 2, -1, 2,
        1, True, False,
        [[0, 1], [1, 2], [2, 3]], [0, 1, 2], three, [1, 1, 2, 2, 3, 3],
        "[1,2,3]", '{"l":[1,2,3]}', [3, 2, 1],
    ]  # fmt: skip


def test_nested_sequences(host: Host) -> None:
    got, _ = _ask(
        host,
        "[1, [2, (3, [4])]]",
        "return [JSON.stringify(l), l.flat(), l.flat(Infinity), l.flat(0).length].map((x) =>"
        " Array.isArray(x) ? x.map(shown) : x)",
    )  # type: ignore[misc]
    assert got == ["[1,[2,[3,[4]]]]", [1, 2, "(3, [4])"], [1, 2, 3, 4], 2]


@pytest.mark.parametrize(
    ("body", "result", "after"),
    [
        ("l[0] = 7; l[4] = 8; return l.length", 5, "[7, 1, 4, 1, 8]"),
        ("delete l[1]; return l.length", 3, "[3, 4, 1]"),
        ("return l.push(5, 6)", 6, "[3, 1, 4, 1, 5, 6]"),
        ("return l.push()", 4, "[3, 1, 4, 1]"),
        ("return l.pop()", 1, "[3, 1, 4]"),
        ("return l.shift()", 3, "[1, 4, 1]"),
        ("return l.unshift(8, 9)", 6, "[8, 9, 3, 1, 4, 1]"),
        ("return l.splice(1, 2, 'a', 'b', 'c')", [1, 4], "[3, 'a', 'b', 'c', 1]"),
        ("return l.splice(-1)", [1], "[3, 1, 4]"),
        ("return l.splice(1, -5, 0)", [], "[3, 0, 1, 4, 1]"),
        ("return l.splice()", [], "[3, 1, 4, 1]"),
        ("return l.reverse() === l", True, "[1, 4, 1, 3]"),
        ("return l.sort() === l", True, "[1, 1, 3, 4]"),
        ("l.sort((a, b) => b - a)", None, "[4, 3, 1, 1]"),
        ("return l.fill(0, 1, -1) === l", True, "[3, 0, 0, 1]"),
        ("return l.copyWithin(0, 2) === l", True, "[4, 1, 4, 1]"),
        ("l.length = 2", "TypeError", "[3, 1, 4, 1]"),
        ("l[9] = 1", "IndexError", "[3, 1, 4, 1]"),
        ("return [l.$index(4), l.$count(1)]", [2, 2], "[3, 1, 4, 1]"),
    ],
)
def test_changing_a_list(host: Host, body: str, result: object, after: str) -> None:
    tried = f"try {{ {body} }} catch (error) {{ return error.type ?? error.name }}"
    assert _ask(host, "[3, 1, 4, 1]", tried) == [result, after]


@pytest.mark.parametrize(
    ("code", "after"),
    [
        ("bytearray(b'\\3\\1')", "bytearray(b'\\x05\\x03\\x02')"),
        ("__import__('collections').deque([3, 1])", "deque([5, 3, 2])"),
        ("__import__('array').array('d', [3, 1])", "array('d', [5.0, 3.0, 2.0])"),
    ],
)
def test_changing_other_sequences(host: Host, code: str, after: str) -> None:
    body = "l.push(2, 5); l.splice(1, 1); l.sort((a, b) => b - a); return l[0]"
    assert _ask(host, code, body) == [5, after]


def test_sorting_keeps_the_objects(host: Host) -> None:
    code = "class A:\n  def __repr__(self): return 'A'\n[2.0, A(), 'x', 10, None, True]"
    got, after = _ask(host, code, "l.sort(); return l.length")  # type: ignore[misc]
    assert (got, after) == (6, "[10, 2.0, A, True, 'x', None]")


def test_what_cannot_be_changed(host: Host) -> None:
    for body in ("l.push(1)", "l.sort()", "l.splice(0)"):
        tried = f"try {{ {body} }} catch (error) {{ return error.constructor.name }}"
        assert _ask(host, "(1, 2)", tried) == ["TypeError", "(1, 2)"]
    tried = "try { l[0] = 5 } catch (error) { return error.type }"
    assert _ask(host, "(1, 2)", tried) == ["TypeError", "(1, 2)"]


def test_a_callback_that_changes_the_list(host: Host) -> None:
    body = (
        "const seen = []; l.forEach((x) => { seen.push(x); if (x === 1) l.push(9) }); return seen"
    )
    assert _ask(host, "[1, 2]", body) == [[1, 2], "[1, 2, 9]"]


def test_dicts_have_their_keys(host: Host) -> None:
    body = """
    const copy = {...l};
    const {a} = l;
    return [Object.keys(l), "a" in l, "z" in l, a, copy.a, JSON.stringify(l),
      Object.getOwnPropertyDescriptor(l, "a").enumerable, Object.hasOwn(l, "z"),
      Reflect.ownKeys(l).includes("b"), Object.entries(l)[0]];
    """
    got, _ = _ask(host, "{'a': 1, 'b': [2, {'c': None}], 3: 4}", body)  # type: ignore[misc]
    assert got == [
        ["a", "b"], True, False, 1, 1, '{"a":1,"b":[2,{}]}', True, False, True, ["a", 1],
    ]  # fmt: skip


def test_arrays_concatenate_sequences_and_relaxed_calls_take_keywords(host: Host) -> None:
    assert host.js(
        """
        const list = py.runPython("[1, 2]"), tuple = py.runPython("(3,)");
        const dict = py.runPython("{'a': 1}");
        const f = py.runPython("lambda a, b=2: [a, b]");
        const kept = [0].concat(list, tuple, dict, 4);
        const call = f.callKwargsRelaxed(1, 5, 6, { c: 7 });
        const out = [kept.length, kept.slice(0, 4), kept[4] === dict, kept[5], call.toJs()];
        for (const each of [list, tuple, dict, f, call]) each.destroy();
        return out;
        """
    ) == [6, [0, 1, 2, 3], True, 4, [1, 5]]
