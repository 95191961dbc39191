"""asJsJson(): Python containers as JSON-like data in JavaScript."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside

_DATA = "{'a': 1, 'items': 2, 'n': {'x': [1, {'y': 2}]}, 't': (1, {'z': 3}), 'none': None}"
_START = """
const made = [];
const view = (code) => {
  const proxy = py.runPython(code, { globals });
  made.push(proxy);
  return proxy.asJsJson();
};
const globals = py.runPython("{}");
made.push(globals);
const attempt = (act) => {
  try { return act() } catch (e) {
    const text = e.message.trim().split("\\n").at(-1);
    return e.type === undefined ? `${e.name}: ${text}` : text;
  }
};
const end = (value) => { for (const each of made) each.destroy(); return value };
"""


def run(host: Host, body: str, *args: object) -> object:
    """Run JavaScript with `view(code)`, whose proxies are destroyed after `return end(...)`."""
    return host.js(_START + body, *args)


def test_a_dict_is_an_object_whose_keys_are_its_properties(host: Host) -> None:
    body = """
    const d = view(args[0]);
    const { a, n: { x: [first] }, ...rest } = d;
    const names = [];
    for (const name in d) names.push(name);
    return end([d.a, d.items, d.n.x[1].y, d.none === undefined, d.zzz === undefined,
      "a" in d, "zzz" in d, "pop" in d, Object.hasOwn(d, "items"), Object.hasOwn(d, "pop"),
      Object.keys(d), names, Object.entries(d.n.x[1]), a, first, Object.keys(rest),
        Object.keys({...d}),
      Object.getOwnPropertyDescriptor(d, "a")]);
    """
    keys = ["a", "items", "n", "t", "none"]
    assert run(host, body, _DATA) == [
        1, 2, 2, True, True, True, False, False, True, False,
        keys, keys, [["y", 2]], 1, 1, ["items", "t", "none"], keys,
        {"value": 1, "writable": True, "enumerable": True, "configurable": True},
    ]  # fmt: skip


def test_it_looks_like_plain_data(host: Host) -> None:
    body = """
    const d = view("{'a': [1]}");
    const tag = (value) => Object.prototype.toString.call(value);
    return end([tag(d), tag(d.a), d.constructor === Object, d.a.constructor === Array,
      Array.isArray(d.a), d.a instanceof Array, d instanceof py.ffi.PyProxy, typeof d,
      d.length === undefined, d.type === undefined, d.get === undefined, d.then === undefined,
      attempt(() => [...d]).startsWith("TypeError"), Object.isExtensible(d)]);
    """
    assert run(host, body) == [
        "[object Object]", "[object Array]", True, True, True, True, True, "object",
        *[True] * 6,
    ]  # fmt: skip


def test_keys_come_before_everything_an_object_has(host: Host) -> None:
    body = """
    const names = ["destroy", "copy", "toJs", "toString", "toJSON", "get", "then", "constructor",
      "length", "asJsJson", "__proto__", "hasOwnProperty", "$ref", "type"];
    const d = view(`{name: i for i, name in enumerate(${JSON.stringify(names)})}`);
    const found = names.map((name) => d[name]);
    const text = JSON.stringify(d);
    const destroy = view("{}").destroy;
    destroy.call(d);
    return end([found, Object.keys(JSON.parse(text)), attempt(() => d.a).startsWith("Error")]);
    """
    names = [
        "destroy", "copy", "toJs", "toString", "toJSON", "get", "then", "constructor",
        "length", "asJsJson", "__proto__", "hasOwnProperty", "$ref", "type",
    ]  # fmt: skip
    assert run(host, body) == [list(range(14)), names, True]


def test_changes_go_to_python_and_come_from_it(host: Host) -> None:
    body = """
    const d = view("d = " + args[0] + "; d");
    d.b = 5;
    d["with space"] = "s";
    d.n.x[1].y = [1, 2];
    delete d.a; delete d.absent;
    Object.assign(d.n, { more: null });
    Object.defineProperty(d, "e", { value: 6, writable: true, enumerable: true,
      configurable: true });
    const text = py.runPython("del d['t'], d['none']; str(d)", { globals });
    py.runPython("d['n']['late'] = {'q': 1}; d['n']['x'].append(9)", { globals });
    return end([text, d.n.late.q, d.n.x.length, d.n.x.at(-1)]);
    """
    assert run(host, body, _DATA) == [
        "{'items': 2, 'n': {'x': [1, {'y': [1, 2]}], 'more': jsnull}, 'b': 5, "
        "'with space': 's', 'e': 6}",
        1, 3, 9,
    ]  # fmt: skip


def test_a_list_is_an_array(host: Host) -> None:
    body = """
    const l = view("l = [3, {'k': 1}, [4, 5]]; l");
    const out = [l.length, l[0], l[1].k, l[7] === undefined, 0 in l, 3 in l, "length" in l,
      "append" in l, Object.keys(l), l.map((x) => typeof x), l.find((x) => x.k).k, l.flat().length,
      [].concat(l).length, l.slice(1)[0].k, l.includes(3), Array.from(l, (x) => x.k ?? 0),
        l.at(-1)[1],
      l.indexOf(l[2]), [...l.entries()].length, Reflect.ownKeys(l).at(-1)];
    l.push(6); l[4] = 7; l.unshift({ z: 1 });
    const popped = [l.pop(), l.shift().z, l.splice(1, 1)[0].k];
    l[0] = 30; delete l[1];
    l.sort((a, b) => a - b);
    const text = py.runPython("str(l)", { globals });
    l.length = 1;
    l.fill(5);
    l.reverse();
    return end([...out, ...popped, text, JSON.stringify(l), attempt(() => { l.length = 3 }),
      attempt(() => { l.name = 1 }), attempt(() => { l[9] = 1 })]);
    """
    assert run(host, body) == [
        3, 3, 1, True, True, False, True, False, ["0", "1", "2"], ["number", "object", "object"],
        1, 4, 3, 1, True, [0, 1, 0], 5, 2, 3, "length",
        7, 1, 1, "[6, 30]", "[5]",
        "RangeError: a JSON view's length can be set to an integer from 0 to 1, not to 3",
        "TypeError: a JSON view of a sequence has indices and a length; name cannot be set",
        "IndexError: list assignment index out of range",
    ]  # fmt: skip


def test_a_tuple_cannot_be_changed(host: Host) -> None:
    body = """
    const t = view("(1, {'z': 3})");
    return end([t.length, t[1].z, Array.isArray(t), t.map((x) => typeof x),
      attempt(() => { t[0] = 5 }), attempt(() => { delete t[0] }), attempt(() => t.push(1)),
        t.length]);
    """
    assert run(host, body) == [
        2, 3, True, ["number", "object"],
        "TypeError: 'tuple' object does not support item assignment",
        "TypeError: 'tuple' object doesn't support item deletion",
        "AttributeError: 'tuple' object has no attribute 'insert'", 2,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (
            "{'a': [1, {'b': (2, None)}], 'z': 1.5, 'none': None}",
            '{"a":[1,{"b":[2,null]}],"z":1.5}',
        ),
        ("[]", "[]"),
        ("{}", "{}"),
        ("[len, object(), {1}, range(3), 'é😀']", '[null,{},{},[0,1,2],"é😀"]'),
        ("{'f': len, 'o': object(), 2: 'two', True: 1}", '{"2":"two","o":{},"true":1}'),
        ("__import__('collections').OrderedDict(b=[1], a=2)", '{"b":[1],"a":2}'),
        ("__import__('collections').deque([{'a': 1}])", '[{"a":1}]'),
        ("__import__('types').MappingProxyType({'a': {'b': 1}})", '{"a":{"b":1}}'),
        ("[__import__('types').MappingProxyType({'a': {'b': 1}})]", '[{"a":{"b":1}}]'),
    ],
)
def test_stringify(host: Host, code: str, text: str) -> None:
    assert run(host, "return end(JSON.stringify(view(args[0])))", code) == text


def test_stringify_options_and_what_it_cannot_write(host: Host) -> None:
    body = """
    const cycle = view("l = [1]; l.append(l); l");
    return end([JSON.stringify(view("{'a': [1], 'b': 2}"), null, 1),
      JSON.stringify(view("{'a': 1, 'b': 2}"), ["b"]),
      JSON.stringify({ in: [view("{'a': 1}")] }), attempt(() => JSON.stringify(cycle)).slice(0, 9),
      attempt(() => JSON.stringify(view("{(1, 2): 3}"))).includes("cannot use (1, 2) as a key"),
        cycle[1][1][0]]);
    """
    assert run(host, body) == [
        '{\n "a": [\n  1\n ],\n "b": 2\n}', '{"b":2}', '{"in":[{"a":1}]}', "TypeError", True, 1,
    ]  # fmt: skip


def test_keys_that_are_ints_are_found_by_their_text(host: Host) -> None:
    body = """
    const d = view("d = {1: 'one', -2: 'm', '3': 'text', 10**30: 0, (1,): 0, 1.5: 0}; d");
    const out = [d[1], d["-2"], d[3], d["01"] === undefined, d["1.5"] === undefined, 1 in d,
      4 in d, Object.keys(d)];
    d[1] = "uno"; d[3] = "drei"; d[4] = "new"; delete d[-2];
    return end([...out, py.runPython("str(d)", { globals })]);
    """
    assert run(host, body) == [
        "one", "m", "text", True, True, True, False, ["1", "-2", "3"],
        f"{{1: 'uno', '3': 'drei', {10**30}: 0, (1,): 0, 1.5: 0, '4': 'new'}}",
    ]  # fmt: skip


def test_looking_changes_nothing(host: Host) -> None:
    body = """
    const d = view("import collections; d = collections.defaultdict(list, a=1); d");
    const out = [d.zzz === undefined, "y" in d, d[5] === undefined, JSON.stringify(d)];
    d.x = 1;
    return end([...out, py.runPython("str(dict(d))", { globals })]);
    """
    assert run(host, body) == [True, False, True, '{"a":1}', "{'a': 1, 'x': 1}"]


def test_any_mapping_is_seen_by_its_items(host: Host) -> None:
    body = """
    const code = `
    class M:
        attribute = 3
        def __getitem__(self, key):
            if key == "bad": raise ValueError("no")
            if key == "gone": raise KeyError(key)
            return {"key": key}
    M()`.replaceAll("\\n    ", "\\n");
    const m = view(code);
    return end([m.attribute.key, m.gone === undefined, attempt(() => m.bad), "x" in m, "gone" in m,
      Object.keys(m), attempt(() => { m.x = 1 }).split(":")[0]]);
    """
    assert run(host, body) == [
        "attribute", True, "ValueError: no", True, False, [], "TypeError",
    ]  # fmt: skip


def test_only_containers_have_it(host: Host) -> None:
    body = """
    return args[0].map((code) => {
      const proxy = py.runPython(code);
      const has = typeof proxy.asJsJson;
      proxy.destroy();
      return has;
    });
    """
    assert host.js(body, ["{}", "[]", "(1,)", "range(3)", "{1}", "object()", "len"]) == [
        *["function"] * 4, *["undefined"] * 3,
    ]  # fmt: skip


def test_parts_keep_their_identity(host: Host) -> None:
    body = """
    const d = view("x = {'k': [1]}; d = {'a': x, 'b': [x, x], 's': {1}}; d");
    const same = [d.a === d.a, d.a === d.b[0], d.b[0] === d.b[1], d.a.k === d.b[1].k, d.s === d.s,
      d.b.indexOf(d.a), d.asJsJson() === d];
    const proxy = made.at(-1);
    const a = d.a;
    py.runPython("d['a'] = {}", { globals });
    return end([...same, proxy.asJsJson() === d, d.a === a, a.k[0]]);
    """
    assert run(host, body) == [True, True, True, True, True, 0, True, True, False, 1]


def test_it_is_the_same_python_object_when_it_comes_back(host: Host) -> None:
    body = """
    const d = view("d = {'n': {'x': [1]}}; d");
    const same = py.runPython("lambda x, y, z: x is d and y is d['n'] and z is d['n']['x']", {
      globals });
    made.push(same);
    const plain = d.toJs();
    return end([same(d, d.n, d.n.x), plain.n.x, Array.isArray(plain.n.x), String(d), `${d.n.x}`]);
    """
    assert run(host, body) == [True, [1], True, "{'n': {'x': [1]}}", "[1]"]


def test_parts_end_with_the_view_and_the_view_with_its_proxy(host: Host) -> None:
    body = """
    const proxy = py.runPython("{'a': {'b': [1]}, 'o': {1}}");
    const d = proxy.asJsJson(), { a, o } = d, b = a.b;
    const kept = a.copy();
    proxy.destroy({ message: "enough" });
    proxy.destroy(); d.destroy();
    const texts = [() => d.a, () => "a" in d, () => { d.a = 1 }, () => Object.keys(d),
      () => JSON.stringify(d),
      () => a.b, () => b[0], () => b.length, () => [...b], () => o.has(1)].map(attempt);
    const out = [new Set(texts.slice(0, 5)).size, texts[0], texts[5], texts[9], kept.b[0]];
    kept.destroy();
    const other = py.runPython("[[1]]");
    const seen = other.asJsJson(), part = seen[0];
    seen.destroy();
    return [...out, attempt(() => other.length), attempt(() => part[0]), part.destroy()];
    """
    why = "the JSON view that it was a part of was destroyed: "
    assert run(host, body.replace("return [", "globals.destroy(); return [")) == [
        1,
        "Error: this PyProxy of a Python dict was destroyed: enough",
        f"Error: this PyProxy of a Python dict was destroyed: {why}enough",
        f"Error: this PyProxy of a Python object was destroyed: {why}enough",
        1,
        "Error: this PyProxy of a Python sequence was destroyed: destroy() was called",
        f"Error: this PyProxy of a Python sequence was destroyed: {why}destroy() was called",
        None,
    ]


def test_parts_can_be_destroyed_alone(host: Host) -> None:
    body = """
    const d = view("{'a': {'b': 1}}");
    const a = d.a;
    a.destroy();
    return end([attempt(() => a.b).split(":")[0], d.a.b, d.a === d.a, d.a === a]);
    """
    assert run(host, body) == ["Error", 1, True, False]


def test_a_view_outlives_a_proxy_that_is_only_forgotten(host: Host) -> None:
    body = """
    let d = py.runPython("{'a': {'b': 5}}").asJsJson();
    const a = d.a;
    const collect = async () => {
      for (let i = 0; i < 5; i++) {
        globalThis.gc();
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    };
    await collect();
    const out = [d.a === a, d.a.b];
    d = null;
    await collect();
    out.push(a.b);
    a.destroy();
    return out;
    """
    assert host.js(body) == [True, 5, 5]


def test_parts_that_are_forgotten_are_dropped_while_the_view_lives(host: Host) -> None:
    body = """
    const counts = py.runPython("from pyjs import _core; _core.counts");
    const live = () => { const c = counts(); const n = c.get("py_proxies"); c.destroy(); return n };
    const d = view("[{'i': i} for i in range(1000)]");
    const before = live();
    let sum = 0;
    for (const each of d) sum += each.i;
    for (let round = 0; round < 40 && live() - before >= 5; round++) {
      globalThis.gc();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    made.push(counts);
    return end([sum, live() - before < 5, d[5] === d[5]]);
    """
    assert run(host, body) == [499500, True, True]


def test_mutation_in_a_loop_and_the_end_of_a_view_in_a_loop(host: Host) -> None:
    body = """
    const l = view("[1, 2, 3]");
    const seen = [];
    for (const x of l) { seen.push(x); if (x === 1) l.push(4) }
    const ends = attempt(() => { for (const x of l) l.destroy() });
    return end([seen, ends]);
    """
    assert run(host, body) == [
        [1, 2, 3, 4],
        "Error: this PyProxy of a Python sequence was destroyed: destroy() was called",
    ]


def test_what_a_view_refuses(host: Host) -> None:
    body = """
    const d = view("d = {'a': 1}; d"), l = view("[1]");
    const accessor = { get: () => 1, configurable: true };
    return end([
      () => Object.defineProperty(d, "x", accessor), () => Object.defineProperty(d, "x", {
      value: 1, writable: false }),
      () => Object.defineProperty(l, "0", accessor), () => { d[Symbol("s")] = 1 }, () => {
      l[Symbol("s")] = 1 },
      () => Object.freeze(d) && 0, () => Object.setPrototypeOf(d, {}) && 0,
      () => Object.preventExtensions(l) && 0,
      () => structuredClone(d), () => structuredClone(l),
      () => py.ffi.PyProxy.prototype.asJsJson, () => made[0].asJsJson.call({}),
    ].map((act) => attempt(act) ?? null).concat(String(d)));
    """
    found = run(host, body)
    assert isinstance(found, list)
    plain = (
        "TypeError: a JSON view's property {} cannot be defined as anything but a value that is "
        "writable, enumerable and configurable: the Python object keeps it"
    )
    assert found[:3] == [plain.format("x"), plain.format("x"), plain.format("0")]
    assert found[3] == "TypeError: a JSON view cannot have the property Symbol(s): keys are strings"
    assert found[4].startswith("TypeError: a JSON view of a sequence has indices")
    assert [each.split(":")[0] for each in found[5:10]] == [
        *["TypeError"] * 3,
        *["DataCloneError"] * 2,
    ]
    assert found[10:] == [
        None,
        "TypeError: asJsJson: expected a PyProxy of this runtime",
        "{'a': 1}",
    ]


def test_each_operation_is_one_crossing() -> None:
    from tests.js import run_fresh

    body = """
    let crossings = 0;
    const instantiate = WebAssembly.instantiate;
    WebAssembly.instantiateStreaming = undefined;
    WebAssembly.instantiate = async (source, imports) => {
      const result = await instantiate(source, imports);
      const { exports } = result.instance ?? result;
      // Emscripten wants functions of wasm: this module exports what it imports.
      const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 127, 127, 127, 1, 127,
        2, 7, 1, 1, 101, 1, 102, 0, 0, 7, 5, 1, 1, 102, 0, 0];
      const f = (...args) => { crossings++; return exports.pyjs_py_op(...args) };
      const wrapper = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)), {
        e: { f } });
      const counted = { ...exports, pyjs_py_op: wrapper.exports.f };
      const instance = { exports: counted };
      return result.instance ? { module: result.module, instance } : instance;
    };
    const py = await loadPyjs({ indexURL });
    const d = py.runPython("{'a': 1, 'n': {'x': 1}, 5: 6}").asJsJson();
    const l = py.runPython("[1, {'x': 1}, 3]").asJsJson();
    const acts = [() => d.a, () => d.n, () => { d.a = 2 }, () => "a" in d, () => "zz" in d,
      () => delete d.zz,
      () => d.zz, () => d[5], () => 5 in d, () => { d[5] = 7 }, () => Reflect.ownKeys(d),
      () => l[0], () => l[1], () => l.length,
      () => 1 in l, () => { l[0] = 2 }];
    return acts.map((act) => { act(); crossings = 0; act(); return crossings });
    """
    found = run_fresh(body)
    assert found == [*[1] * 15, 2]  # assigning to an index of a list asks whether it is the next


@inside
def test_arguments_of_declared_functions_are_live() -> None:
    from typing import Annotated

    from pyjs import JsException, run_js
    from pyjs.signatures import BindClass, Json

    def declared(x: Annotated[object, Json], /) -> Annotated[object, Json]: ...

    data = {"a": [1, {"b": 2}], "items": 5}
    change = run_js("(x) => { x.a[1].b = 7; x.n = 3; globalThis.kept = x.a; return x.items }")
    assert change.bind_sig(declared)(data) == 5
    assert data == {"a": [1, {"b": 7}], "items": 5, "n": 3}
    try:
        run_js("kept.length")
    except JsException as error:
        assert "the JSON view that it was a part of was destroyed" in error.message
    else:
        raise AssertionError("nothing was raised")
    same = run_js("(x) => x").bind_sig(declared)
    assert same(data) is data
    nothing = run_js("delete globalThis.kept")
    assert nothing is True
    for value in (5, "text", None, {1}, len, same):
        assert same(value) == value

    class Holder(BindClass):
        x: Annotated[dict, Json]

    plain = run_js("({})")
    holder = plain.bind_sig(Holder)
    holder.x = data
    assert holder.x is data
    assert run_js("(o) => JSON.stringify(o.x.a)")(plain) == '[1,{"b":7}]'
    run_js("(o) => o.x.destroy()")(plain)

    def keywords(*, x: Annotated[dict, Json]) -> None: ...

    assert run_js("(o) => o.x.a[0]").bind_sig(keywords)(x=data) == 1


@inside
async def test_arguments_live_as_long_as_a_promise() -> None:
    from typing import Annotated

    from pyjs import run_js
    from pyjs.signatures import Json

    async def declared(x: Annotated[object, Json], /) -> str: ...

    later = run_js("async (x) => { await null; x.b = 2; return JSON.stringify(x) }")
    data = {"a": [1]}
    assert await later.bind_sig(declared)(data) == '{"a":[1],"b":2}'
    assert data["b"] == 2
