"""The memory of Python objects in JavaScript: getBuffer() and the views that it gives."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hosts.base import Host
from tests.js import run_node

# `view` is made of the object of args[0], with the type args[1]; `show` tells all about it.
_VIEW = """
const object = py.runPython(args[0], { globals: args[2] });
const values = (data) => data instanceof DataView
  ? Array.from({length: data.byteLength}, (_, i) => data.getUint8(i)) : Array.from(data, String);
const show = (view) => [view.data.constructor.name, values(view.data).join(" "), view.offset,
  view.shape, view.strides, view.ndim, view.nbytes, view.itemsize, view.format, view.readonly,
  view.c_contiguous, view.f_contiguous];
try {
  const view = object.getBuffer(args[1] ?? undefined);
  try { %s } finally { view.release() }
} catch (error) {
  return `${error.name}: ${error.message.trim().split("\\n").at(-1)}`;
} finally { object.destroy() }
"""

# A memoryview of any layout, even of one that no exporter should have: `foreign(...)`.
_FOREIGN = """
import ctypes
class Buffer(ctypes.Structure):
    _fields_ = [
        ("buf", ctypes.c_void_p), ("obj", ctypes.c_void_p), ("len", ctypes.c_ssize_t),
        ("itemsize", ctypes.c_ssize_t), ("readonly", ctypes.c_int), ("ndim", ctypes.c_int),
        ("format", ctypes.c_char_p), *((name, ctypes.POINTER(ctypes.c_ssize_t)) for name in
        ("shape", "strides", "suboffsets")), ("internal", ctypes.c_void_p),
    ]
make = ctypes.pythonapi.PyMemoryView_FromBuffer
make.restype, make.argtypes = ctypes.py_object, [ctypes.POINTER(Buffer)]
memory = (ctypes.c_ubyte * 4096)(*(i % 251 for i in range(4096)))
sizes = lambda of: None if of is None else (ctypes.c_ssize_t * len(of))(*of)
def foreign(start, size, shape, strides, suboffsets=None, itemsize=1, format=b"B"):
    return make(ctypes.byref(Buffer(
        ctypes.addressof(memory) + start, None, size, itemsize, 0, len(shape), format,
        sizes(shape), sizes(strides), sizes(suboffsets), None)))
"""


def _view(
    host: Host, code: str, kind: str | None = None, body: str = "return show(view)"
) -> object:
    return host.js(_VIEW.replace(", { globals: args[2] }", "") % body, code, kind)


def _foreign(host: Host, code: str, body: str = "return show(view)") -> object:
    setup = f"const names = py.runPython('dict()'); py.runPython(`{_FOREIGN}`, {{globals: names}});"
    source = _VIEW.replace("args[2]", "names") % body
    return host.js(f"{setup} try {{ {source} }} finally {{ names.destroy() }}", code)


_ARRAY = "import array\narray.array"
_CAST = "memoryview(bytes(range(1, 9))).cast"


@pytest.mark.parametrize(
    ("code", "kind", "values"),
    [
        ("b'ab'", "Uint8Array", "97 98"),
        ("bytearray(b'ab')", "Uint8Array", "97 98"),
        ("memoryview(b'ab')", "Uint8Array", "97 98"),
        ("import mmap\nm = mmap.mmap(-1, 3)\nm[:] = b'abc'\nm", "Uint8Array", "97 98 99"),
        (f"{_ARRAY}('b', [-1, 2])", "Int8Array", "-1 2"),
        (f"{_ARRAY}('B', [1, 255])", "Uint8Array", "1 255"),
        (f"{_ARRAY}('h', [-1, 2])", "Int16Array", "-1 2"),
        (f"{_ARRAY}('H', [1, 65535])", "Uint16Array", "1 65535"),
        (f"{_ARRAY}('i', [-1, 2])", "Int32Array", "-1 2"),
        (f"{_ARRAY}('I', [1, 4294967295])", "Uint32Array", "1 4294967295"),
        (f"{_ARRAY}('l', [-1, 2])", "Int32Array", "-1 2"),
        (f"{_ARRAY}('L', [1, 4294967295])", "Uint32Array", "1 4294967295"),
        (f"{_ARRAY}('q', [-1, 2])", "BigInt64Array", "-1 2"),
        (f"{_ARRAY}('Q', [1, 2**64 - 1])", "BigUint64Array", "1 18446744073709551615"),
        (f"{_ARRAY}('f', [0.5, -2])", "Float32Array", "0.5 -2"),
        (f"{_ARRAY}('d', [0.1, -2])", "Float64Array", "0.1 -2"),
        ("memoryview(b'\\0\\1').cast('?')", "Uint8Array", "0 1"),
        (f"{_CAST}('c')", "Uint8Array", "1 2 3 4 5 6 7 8"),
        (f"{_CAST}('@h')", "Int16Array", "513 1027 1541 2055"),
        (f"{_CAST}('n')", "Int32Array", "67305985 134678021"),
        (f"{_CAST}('N')", "Uint32Array", "67305985 134678021"),
        (f"{_CAST}('P')", "Uint32Array", "67305985 134678021"),
        ("import ctypes\n(ctypes.c_int * 2)(1, -2)", "Int32Array", "1 -2"),
        ("import ctypes\n(ctypes.c_bool * 2)(1, 0)", "Uint8Array", "1 0"),
        ("import ctypes\n(ctypes.c_double * 2)(1, -2)", "Float64Array", "1 -2"),
        ("import ctypes\n(ctypes.c_ubyte.__ctype_be__ * 2)(1, 2)", "Uint8Array", "1 2"),
    ],
)
def test_formats(host: Host, code: str, kind: str, values: str) -> None:
    body = "return [view.data.constructor.name, values(view.data).join(' ')]"
    assert _view(host, code, body=body) == [kind, values]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("(ctypes.c_int.__ctype_be__ * 2)()", "the format '>l' is big-endian, and typed arrays"),
        ("(ctypes.c_wchar * 2)()", "no typed array has elements of the format '<u'"),
        ("__import__('array').array('w', 'ab')", "no typed array has elements of the format 'w'"),
        ("(ctypes.py_object * 2)()", "no typed array has elements of the format '<O'"),
        (
            "type('S', (ctypes.Structure,), {'_fields_': [('ä', ctypes.c_int)]})()",
            "no typed array has elements of the format 'T{<l:ä:}'",
        ),
    ],
)
def test_formats_without_a_typed_array(host: Host, code: str, text: str) -> None:
    got = str(_view(host, f"import ctypes\n{code}"))
    assert got.startswith(f"TypeError: getBuffer: {text}")
    assert got.endswith("; pass a type, e.g. getBuffer('dataview')")
    body = "return view.data.constructor.name"
    assert _view(host, f"import ctypes\n{code}", "dataview", body) == "DataView"


def test_half_floats(host: Host) -> None:
    has = host.js("return typeof Float16Array === 'function'")
    halves = "import struct\nmemoryview(struct.pack('2e', 0.5, -2)).cast('e')"
    read = "return [view.data.constructor.name, values(view.data).join(' ')]"
    for kind in (None, "f16"):
        got = _view(host, halves, kind, read)
        assert (
            got == ["Float16Array", "0.5 -2"] if has else "Float16Array" in str(got) or kind is None
        )
        assert has or str(got).endswith("pass a type, e.g. getBuffer('dataview')")
    assert _view(host, halves, "u16", read) == ["Uint16Array", "14336 49152"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("i8", ["Int8Array", "0 0 -64 63 0 0 0 -64", 0, [2], [4], 1, 8, 4, "f"]),
        ("u8", ["Uint8Array", "0 0 192 63 0 0 0 192", 0, [2], [4], 1, 8, 4, "f"]),
        ("u8clamped", ["Uint8ClampedArray", "0 0 192 63 0 0 0 192", 0, [2], [4], 1, 8, 4, "f"]),
        ("i16", ["Int16Array", "0 16320 0 -16384", 0, [2], [2], 1, 8, 4, "f"]),
        ("u16", ["Uint16Array", "0 16320 0 49152", 0, [2], [2], 1, 8, 4, "f"]),
        ("i32", ["Int32Array", "1069547520 -1073741824", 0, [2], [1], 1, 8, 4, "f"]),
        ("u32", ["Uint32Array", "1069547520 3221225472", 0, [2], [1], 1, 8, 4, "f"]),
        ("i64", ["BigInt64Array", "-4611686017357840384", 0, [2], [0.5], 1, 8, 4, "f"]),
        ("u64", ["BigUint64Array", "13835058056351711232", 0, [2], [0.5], 1, 8, 4, "f"]),
        ("f32", ["Float32Array", "1.5 -2", 0, [2], [1], 1, 8, 4, "f"]),
        ("f64", ["Float64Array", "-2.000000474974513", 0, [2], [0.5], 1, 8, 4, "f"]),
        ("dataview", ["DataView", "0 0 192 63 0 0 0 192", 0, [2], [4], 1, 8, 4, "f"]),
    ],
)
def test_types(host: Host, kind: str, expected: list[object]) -> None:
    got = _view(host, f"{_ARRAY}('f', [1.5, -2])", kind)
    assert got == [*expected, False, True, True]


_KNOWN = "i8, u8, u8clamped, i16, u16, i32, u32, i64, u64, f16, f32, f64, dataview"


@pytest.mark.parametrize(
    ("kind", "given"),
    [("'u7'", "'u7'"), ("''", "''"), ("'toString'", "'toString'"), ("5", "5"), ("[]", "object"),
     ("Symbol('u8')", "Symbol(u8)"), ("() => 1", "function"), ("false", "false")],
)  # fmt: skip
def test_unknown_types(host: Host, kind: str, given: str) -> None:
    body = f"""
    const data = py.runPython("bytearray(2)");
    try {{ data.getBuffer({kind}) }} catch (error) {{ return [error.name, error.message] }}
    finally {{ data.append(1); data.destroy() }}
    """
    assert host.js(body) == ["TypeError", f"getBuffer: unknown type {given}; known are {_KNOWN}"]


@pytest.mark.parametrize(
    ("code", "kind", "what"),
    [
        ("bytes(5)", "i16", "Int16Array needs an address, a length and"),
        ("memoryview(bytes(8))[1:5]", "u32", "Uint32Array needs an address"),
        ("memoryview(bytes(8))[::-1]", "i16", "Int16Array needs an address"),
        ("memoryview(bytearray(9))[1:].cast('d')", None, "Float64Array needs an address"),
    ],
)  # fmt: skip
def test_misaligned(host: Host, code: str, kind: str | None, what: str) -> None:
    got = str(_view(host, code, kind))
    assert got.startswith(f"RangeError: getBuffer: {what}")
    assert got.endswith("pass another type, e.g. getBuffer('dataview')")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("b''", ["Uint8Array", "", 0, [0], [1], 1, 0, 1, "B", True, True, True]),
        (f"{_ARRAY}('d')", ["Float64Array", "", 0, [0], [1], 1, 0, 8, "d", False, True, True]),
        (
            "memoryview(b'abc')[3:0:2]",
            ["Uint8Array", "", 0, [0], [2], 1, 0, 1, "B", True, True, True],
        ),
        (
            "import ctypes\nctypes.c_int(5)",
            ["Int32Array", "5", 0, [], [], 0, 4, 4, "<l", False, True, True],
        ),
        (
            "import ctypes\n((ctypes.c_short * 2) * 2)((1, 2), (3, 4))",
            ["Int16Array", "1 2 3 4", 0, [2, 2], [2, 1], 2, 8, 2, "<h", False, True, False],
        ),
        (
            "memoryview(bytearray(range(6))).cast('B', (3, 2))[::-1]",
            ["Uint8Array", "0 1 2 3 4 5", 4, [3, 2], [-2, 1], 2, 6, 1, "B", False, False, False],
        ),
        (
            "memoryview(bytes(range(9)))[7:1:-3]",
            ["Uint8Array", "4 5 6 7", 3, [2], [-3], 1, 4, 1, "B", True, False, False],
        ),
        (
            "import array\nmemoryview(array.array('h', range(5)))[::-2]",
            ["Int16Array", "0 1 2 3 4", 4, [3], [-2], 1, 10, 2, "h", False, False, False],
        ),
        (
            "import ctypes\n(type('S', (ctypes.Structure,), {}) * 3)()",
            "TypeError: getBuffer: no typed array has elements of the format 'B'; "
            "pass a type, e.g. getBuffer('dataview')",
        ),
    ],
)  # fmt: skip
def test_layouts(host: Host, code: str, expected: object) -> None:
    assert _view(host, code) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("foreign(0, 6, (2, 3), (1, 2))", ["0 1 2 3 4 5", 0, [1, 2], False, True]),
        ("foreign(0, 3, (3, 1), (1, 7))", ["0 1 2", 0, [1, 7], True, True]),
        ("foreign(4, 6, (2, 3), (0, -2))", ["0 1 2 3 4", 4, [0, -2], False, False]),
        ("foreign(0, 4, (2, 2), (2, 2))", ["0 1 2 3 4", 0, [2, 2], False, False]),
        ("foreign(0, 0, (5, 0, 9), (1 << 30, 4, 8))", ["", 0, [1 << 30, 4, 8], True, True]),
        ("foreign(9, 1, (1,) * 64, (1,) * 64)", ["9", 0, [1] * 64, True, True]),
    ],
)  # fmt: skip
def test_layouts_of_other_exporters(host: Host, code: str, expected: list[object]) -> None:
    body = """
    return [values(view.data).join(" "), view.offset, view.strides, view.c_contiguous,
      view.f_contiguous];
    """
    assert _foreign(host, code, body) == expected


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("foreign(0, 6, (2, 3), (3, 1), (0, -1))", "is not one block of memory (it has"),
        ("foreign(0, 5, (2, 3), (3, 1))", "contradicts itself: its shape does not make its size"),
        ("foreign(0, 6, (1 << 30, 1 << 30), (3, 1))", "contradicts itself"),
        ("foreign(0, 6, (-2, -3), (3, 1))", "contradicts itself"),
        ("foreign(0, 6, (2, 3), (1 << 30, 1 << 30))", "has elements outside of the memory"),
        ("foreign(0, 6, (2, 3), (-(1 << 30), 1))", "has elements outside of the memory"),
        ("foreign(1 << 30, 6, (6,), (1,))", "has elements outside of the memory"),
        ("foreign(0, 2, (2,) + (1,) * 63, ((1 << 31) - 1,) * 64)", "has elements outside of"),
    ],
)  # fmt: skip
def test_buffers_that_are_refused(host: Host, code: str, why: str) -> None:
    got = str(_foreign(host, code))
    assert got.startswith(f"PythonError: BufferError: getBuffer: the buffer of a memoryview {why}")


_LISTED = """
const names = py.runPython("dict()");
py.runPython(args[0], {globals: names});
const foreign = names.get("foreign");
try {
  return args[1].map(([start, size, shape, strides, kind]) => {
    const made = foreign(start, size, py.toPy(shape), py.toPy(strides));
    const view = made.getBuffer();
    const step = (sum, i, k) => sum + i * view.strides[k];
    const at = (index) => view.data[index.reduce(step, view.offset)];
    const list = (index) => index.length === view.ndim ? at(index)
      : Array.from({length: view.shape[index.length]}, (_, i) => list([...index, i]));
    const nested = made.tolist();
    const same = JSON.stringify(list([])) === JSON.stringify(nested);
    view.release();
    made.destroy();
    nested.destroy?.();
    return same;
  });
} finally { foreign.destroy(); names.destroy() }
"""


@st.composite
def _layout(draw: st.DrawFn) -> tuple[int, int, list[int], list[int]]:
    """Elements of up to four dimensions, in any order and direction, inside of 4096 bytes."""
    shape = draw(st.lists(st.integers(0, 4), max_size=4))
    strides = [0] * len(shape)
    step = 1
    for axis in draw(st.permutations(range(len(shape)))):
        step *= draw(st.integers(1, 2))
        strides[axis] = step * draw(st.sampled_from((1, -1)))
        step *= max(shape[axis], 1)
    size = 1
    for count in shape:
        size *= count
    low = sum(
        (count - 1) * stride for count, stride in zip(shape, strides, strict=True) if stride < 0
    )
    return -min(low, 0) if size else 0, size, shape, strides


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(layouts=st.lists(_layout(), min_size=10, max_size=40))
def test_every_element_is_where_offset_and_strides_say(
    host: Host, layouts: list[tuple[int, int, list[int], list[int]]]
) -> None:
    assert host.js(_LISTED, _FOREIGN, layouts) == [True] * len(layouts)


def test_both_sides_see_what_either_writes(host: Host) -> None:
    body = """
    view.data[1] = 7;
    object.set(2, 9);
    return [object.toString(), ...view.data, view.data === view.data];
    """
    assert _view(host, "bytearray(3)", body=body) == ["bytearray(b'\\x00\\x07\\t')", 0, 7, 9, True]


def test_a_view_holds_the_buffer_until_its_release(host: Host) -> None:
    body = """
    const data = py.runPython("data = bytearray(3)\\ndata");
    const grow = () => { try { py.runPython("data.append(1)"); return "grew" }
      catch (error) { return error.type } };
    const out = [];
    const [one, two] = [data.getBuffer(), data.getBuffer("i8")];
    data.destroy();
    out.push(grow(), one.released, one.data.length);
    one.release();
    one.release();
    out.push(grow(), one.released, two.released, two.data[0], one.shape, one.nbytes);
    try { one.data } catch (error) { out.push(error.message) }
    two[Symbol.dispose ?? "release"]();
    out.push(grow(), two.released);
    py.runPython("del data");
    return out;
    """
    assert host.js(body) == [
        "BufferError", False, 3,
        "BufferError", True, False, 0, [3], 3,
        "this PyBufferView was released: release() was called",
        "grew", True,
    ]  # fmt: skip


def test_a_destroyed_proxy_gives_none(host: Host) -> None:
    body = """
    const data = py.runPython("bytearray(3)");
    data.destroy();
    try { data.getBuffer() } catch (error) { return error.message }
    """
    assert host.js(body).endswith("was destroyed: destroy() was called")


def test_what_getBuffer_refuses_is_released(host: Host) -> None:  # noqa: N802
    body = """
    const data = py.runPython("import array\\ndata = array.array('w', 'abc')\\ndata");
    for (const type of [undefined, "f64", "nope"]) {
      for (let i = 0; i < 3; i++) try { data.getBuffer(type); return "no error" } catch {}
    }
    py.runPython("data.append('d')");
    data.destroy();
    return py.runPython("len(data)");
    """
    assert host.js(body) == 4


_COLLECTED = """
const data = py.runPython("data = bytearray(3)\\ndata");
const grow = () => { try { py.runPython("data.append(1)"); return "grew" }
  catch (error) { return error.type } };
const collect = async (until) => {
  for (let i = 0; i < 30 && grow() !== until; i++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return grow();
};
%s
"""


def test_a_collected_view_is_released(host: Host) -> None:
    body = "(() => { data.getBuffer() })(); data.destroy(); return [grow(), await collect('grew')]"
    assert host.js(_COLLECTED % body) == ["BufferError", "grew"]


def test_whoever_has_the_data_keeps_the_view(host: Host) -> None:
    body = """
    let kept = (() => data.getBuffer().data)();
    const held = await collect("grew");
    const length = kept.length;
    kept = undefined;
    data.destroy();
    return [held, length, await collect("grew")];
    """
    assert host.js(_COLLECTED % body) == ["BufferError", 3, "grew"]


_EXPORTER = """
class Exporter:
    log = []
    def __buffer__(self, flags):
        self.log.append("acquired")
        return memoryview(bytearray(b"abc"))
    def __release_buffer__(self, view):
        self.log.append("released")
        view.release()
class Broken:
    def __buffer__(self, flags):
        raise KeyError("no buffer")
class Wrong:
    def __buffer__(self, flags):
        return b"abc"
"""


def test_exporters_written_in_python(host: Host) -> None:
    body = """
    const names = py.runPython("dict()");
    py.runPython(args[0], {globals: names});
    const run = (code) => py.runPython(code, {globals: names});
    const out = [];
    const [exporter, broken, wrong] = ["Exporter()", "Broken()", "Wrong()"].map(run);
    out.push(exporter instanceof py.ffi.PyBuffer);
    const view = exporter.getBuffer();
    out.push([...view.data], view instanceof py.ffi.PyBufferView);
    view.release();
    view.release();
    try { exporter.getBuffer("i16") } catch (error) { out.push(error.name) }
    out.push(run("str(Exporter.log)"));
    for (const each of [broken, wrong]) {
      try { each.getBuffer() } catch (error) { out.push(error.message.trim().split("\\n").at(-1)) }
    }
    for (const each of [exporter, broken, wrong, names]) each.destroy();
    return out;
    """
    assert host.js(body, _EXPORTER) == [
        True, [97, 98, 99], True, "RangeError", str(["acquired", "released"] * 2),
        "KeyError: 'no buffer'", "TypeError: __buffer__ returned non-memoryview object",
    ]  # fmt: skip


def test_classes(host: Host) -> None:
    body = """
    const object = py.runPython("object()");
    const { PyBufferView, PyBuffer } = py.ffi;
    const out = [PyBufferView.name, PyBuffer.name,
      object instanceof PyBuffer, "getBuffer" in object,
      [{}, 1, null, object, new Uint8Array(1)].some((value) => value instanceof PyBufferView)];
    try { new PyBufferView() } catch (error) { out.push(error.message) }
    try { py.runPython("b''").getBuffer.call({}) } catch (error) { out.push(error.message) }
    object.destroy();
    const bytes = py.runPython("b'ab'");
    const view = bytes.getBuffer();
    out.push(Object.keys(view).sort().join());
    view.release();
    bytes.destroy();
    return out;
    """
    assert host.js(body) == [
        "PyBufferView", "PyBuffer", False, False, False,
        "PyBufferView is not a constructor: getBuffer() makes views",
        "getBuffer: expected a PyProxy of this runtime",
        "c_contiguous,f_contiguous,format,itemsize,nbytes,ndim,offset,readonly,shape,strides",
    ]  # fmt: skip


def test_a_view_survives_the_growth_of_memory() -> None:
    """A typed array that the caller kept is detached; `data` makes another."""
    got = run_node(
        """
        const py = await loadPyjs();
        const array = py.runPython("import array\\na = array.array('i', range(100))\\na");
        const words = array.getBuffer(), bytes = array.getBuffer("dataview");
        await null; // from here on the registry knows of both
        const kept = words.data, first = kept === words.data;
        bytes.data;
        py.runPython("large = bytearray(200 << 20)");
        const after = words.data;
        py.runPython("a[99] = 7");
        const result = [first, kept.length, after.length, after[98], after[99],
          after === words.data, after === kept, after.constructor.name, words.offset,
          bytes.data.getInt32(396, true)];
        words.release();
        bytes.release();
        try { words.data } catch (error) { result.push(error.message) }
        return result;
        """
    )
    released = "this PyBufferView was released: release() was called"
    assert got == [True, 0, 100, 98, 7, True, False, "Int32Array", 0, 7, released]


_GROWING = """
const { setFlagsFromString } = await import("node:v8");
const { runInNewContext } = await import("node:vm");
setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc");
const pause = () => new Promise((resolve) => setTimeout(resolve, 0));
const py = await loadPyjs();
const array = py.runPython("data = bytearray(3)\\ndata");
const grow = () => { try { py.runPython("data.append(1)"); return "grew" }
  catch (error) { return error.type } };
const collect = async () => { for (let i = 0; i < 20; i++) { gc(); await pause() } return grow() };
"""


@pytest.mark.parametrize("wait", ["", "await null;"])
def test_growth_leaves_the_owner_of_a_buffer_what_it_was(wait: str) -> None:
    """The array that stands for the memory is another; whoever has it keeps the buffer."""
    got = run_node(
        _GROWING
        + f"""
        let data = await (async () => {{
          const view = array.getBuffer();
          {wait}
          py.runPython("large = bytearray(200 << 20)");
          return view.data;
        }})();
        const result = [await collect(), data.length];
        data = undefined;
        return [...result, await collect()];
        """
    )
    assert got == ["BufferError", 3, "grew"]


def test_many_views_at_once() -> None:
    """More than wait for the registry together; those that are collected are released."""
    got = run_node(
        _GROWING
        + """
        const count = () => py.runPython("from pyjs import _core; _core.counts()['py_proxies']");
        count();
        const before = count();
        (() => {
          const views = Array.from({ length: 1000 }, () => array.getBuffer());
          for (const view of views.slice(0, 500)) view.release();
        })();
        const between = count();
        return [between - before, await collect()];
        """
    )
    assert got == [500, "grew"]
