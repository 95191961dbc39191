"""Containers and buffers of another realm, such as a frame's, and of lying classes."""

from tests.hosts.base import Host
from tests.inside import inside

# `theirs` is what `source` gives where nothing is an instance of a class of ours.
_REALM = """
let frame, theirs;
const source = args[0];
if (typeof document === 'object') {
  frame = document.body.appendChild(document.createElement('iframe'));
  theirs = frame.contentWindow.eval(source);
} else theirs = (await import('node:vm')).runInNewContext(source);
const ask = py.runPython(args[1]);
try {
  return [theirs instanceof Object, ask(theirs)];
} finally {
  ask.destroy();
  frame?.remove();
}
"""


def test_containers_of_another_realm_convert(host: Host) -> None:
    source = """({
      map: new Map([[1, new Map([["a", new Set([2])]])]]), list: [new Set()],
      own: new (class extends Map {})([[3, 4]]), bare: Object.create(null),
    })"""
    ask = "from pyjs import to_py\nlambda x: repr(to_py(x))"
    text = "{'map': {1: {'a': {2}}}, 'list': [set()], 'own': {3: 4}, 'bare': {}}"
    assert host.js(_REALM, source, ask) == [False, text]


def test_cycles_through_containers_of_another_realm(host: Host) -> None:
    source = "(() => { const map = new Map(); map.set('self', map); return [map, map] })()"
    ask = "from pyjs import to_py\nlambda x: (lambda a, b: a is b and a['self'] is a)(*to_py(x))"
    assert host.js(_REALM, source, ask) == [False, True]


def test_what_cannot_be_in_a_dict_names_its_place_in_another_realm_too(host: Host) -> None:
    ask = """
def ask(x):
    from pyjs import to_py
    try:
        to_py(x)
    except Exception as error:
        return str(error)
ask
"""
    source = "[0, {users: new Map([['k', new Set([1, true])]])}]"
    text = "to_py: $[1].users.k: two members of the Set are equal in Python, such as 1 and true"
    assert host.js(_REALM, source, ask) == [False, text]


def test_buffers_of_another_realm(host: Host) -> None:
    ask = """
def ask(buffers):
    import io
    from pyjs import to_py
    from pyjs.ffi import JsBuffer, JsTypedArray
    out = []
    for each in buffers:
        each.from_file(io.BytesIO(b"abcd"))
        file = io.BytesIO()
        each.to_file(file)
        view = each.to_memoryview()
        deep = to_py(each)
        out.append([
            isinstance(each, JsBuffer), isinstance(each, JsTypedArray), view.format, deep.format,
            str(each.to_bytes()), file.getvalue() == bytes(view) == bytes(deep), each.to_string(),
        ])
    return repr(out)
ask
"""
    source = "[new ArrayBuffer(4), new Uint16Array(2), new DataView(new ArrayBuffer(5), 1)]"
    expected = [
        [True, is_typed, code, code, "b'abcd'", True, "abcd"]
        for is_typed, code in ((False, "B"), (True, "H"), (False, "B"))
    ]
    assert host.js(_REALM, source, ask) == [False, repr(expected)]


@inside
def test_a_typed_array_is_what_it_is_whatever_its_class_says() -> None:
    from pyjs import run_js, to_py

    for code in (
        "new (class extends Float64Array { get [Symbol.toStringTag]() { return 'Mine' } })([2.5])",
        "Object.defineProperty(new Float64Array([2.5]), Symbol.toStringTag, {value: 'Int8Array'})",
    ):
        values = run_js(code)
        assert (to_py(values).format, to_py([1]) and to_py(values).tolist()) == ("d", [2.5])
        assert (values.to_memoryview().format, values[0]) == ("d", 2.5)


@inside
def test_what_calls_itself_a_container_stays_what_it_is() -> None:
    from pyjs import run_js, to_py
    from pyjs.ffi import JsProxy

    make = run_js(
        "tag => new (class { get [Symbol.toStringTag]() { if (tag) return tag; throw 1 } })"
    )
    for tag in ("Map", "Set", "ArrayBuffer", "SharedArrayBuffer", "__proto__", "constructor", ""):
        assert isinstance(to_py(run_js("x => [x]")(make(tag)))[0], JsProxy), tag


@inside
def test_the_class_of_functions_can_be_registered() -> None:
    from pyjs import js, run_js, to_py
    from pyjs.converters import register_to_py, unregister_to_py

    register_to_py(js.Function, lambda function: function.name)
    try:
        assert to_py(run_js("({f: [function one() {}, class Two {}]})")) == {"f": ["one", "Two"]}
    finally:
        unregister_to_py(js.Function)
