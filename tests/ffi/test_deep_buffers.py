"""What has the buffer protocol, in a deep conversion to JavaScript."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside


@inside
def test_buffers_become_typed_arrays_with_a_copy() -> None:
    from array import array

    from pyjs import run_js, to_js

    show = run_js("x => `${x.constructor.name} ${[...x]}`")
    kinds = {"b": "Int8", "B": "Uint8", "h": "Int16", "H": "Uint16", "i": "Int32", "I": "Uint32"}
    kinds |= {"l": "Int32", "L": "Uint32", "f": "Float32", "d": "Float64"}
    kinds |= {"q": "BigInt64", "Q": "BigUint64"}
    for code, kind in kinds.items():
        values = [0, 1, 100] if code.isupper() else [-1, 0, 100]
        text = ",".join(map(str, values))
        made = to_js([array(code, values), array(code)])
        assert show(made[0]) == f"{kind}Array {text}", code
        assert show(made[1]) == f"{kind}Array ", code
        assert show(to_js({"x": memoryview(array(code, values))}).x) == f"{kind}Array {text}"
    assert show(to_js(array("w", "a\U0001f600"))) == "Array a,\U0001f600"
    data = bytearray(b"abc")
    for value in (data, bytes(data), memoryview(data), memoryview(data).toreadonly()):
        assert show(to_js(value)) == "Uint8Array 97,98,99"
    del value
    made = to_js(data)
    data[0] = 0
    data.extend(b"more")  # nothing holds the buffer any more
    assert show(made) == "Uint8Array 97,98,99"
    assert run_js("x => x.byteOffset === 0 && x.buffer.byteLength === 3")(made) is True
    made = to_js([bytes(range(256)) * 4000, b""])
    assert run_js("([a, b]) => a.length === 1024000 && a.at(-1) === 255 && b.length === 0")(made)


@inside
def test_views_of_any_shape_and_stride() -> None:
    from pyjs import run_js, to_js

    show = run_js("x => JSON.stringify(x, (_, v) => ArrayBuffer.isView(v) ? [...v] : v)")
    view = memoryview(bytes(range(12)))
    for where in (slice(None, None, 2), slice(None, None, -1), slice(9, 1, -3), slice(5, 5)):
        assert show(to_js(view[where])) == str(view[where].tolist()).replace(" ", "")
    for shape in ((12,), (3, 4), (2, 3, 2), (1, 12), (12, 1), (2, 1, 2, 3)):
        shaped = view.cast("B", shape)
        assert show(to_js([shaped])) == str([shaped.tolist()]).replace(" ", "")
    rows = view.cast("B", (3, 4))
    assert show(to_js(rows[::-2])) == "[[8,9,10,11],[0,1,2,3]]"
    assert show(to_js(rows, depth=1)) == "[[0,1,2,3],[4,5,6,7],[8,9,10,11]]"
    assert show(to_js(memoryview(b"\x05").cast("B", ()))) == "[5]"
    words = memoryview(bytearray(8)).cast("H")
    words[1] = 513
    assert show(to_js([words[::-1], words])) == "[[0,0,513,0],[0,513,0,0]]"
    shared = to_js([rows, words, rows, words])
    assert run_js("a => a[0] === a[2] && a[1] === a[3]")(shared) is True


@inside
def test_ctypes_arrays_of_either_byte_order() -> None:
    import ctypes

    from pyjs import run_js, to_js

    show = run_js(
        "x => JSON.stringify(x, (_, v) => ArrayBuffer.isView(v) ? [...v].map(String) : v)"
    )
    for kind, text in (
        (ctypes.c_int8, '["1","-2"]'),
        (ctypes.c_short, '["1","-2"]'),
        (ctypes.c_int, '["1","-2"]'),
        (ctypes.c_longlong, '["1","-2"]'),
        (ctypes.c_float, '["1","-2"]'),
        (ctypes.c_double, '["1","-2"]'),
        (ctypes.c_ushort, '["1","65534"]'),
        (ctypes.c_ulonglong, '["1","18446744073709551614"]'),
        (ctypes.c_bool, "[true,true]"),
    ):
        native = (kind * 2)(1, -2)
        assert show(to_js(native)) == text, kind
        if hasattr(kind, "__ctype_be__") and kind.__ctype_be__ is not kind:
            assert show(to_js((kind.__ctype_be__ * 2)(1, -2))) == text, kind
    assert show(to_js((ctypes.c_wchar * 2)("x", "\U0001f600"))) == '["x","\U0001f600"]'
    assert show(to_js((ctypes.c_char * 2)(b"a", b"b"))) == '["97","98"]'
    assert show(to_js((ctypes.c_int * 0)())) == "[]"
    grid = (ctypes.c_uint16.__ctype_be__ * 2 * 3)((1, 2), (3, 4), (5, 6))
    assert show(to_js({"grid": grid})) == '{"grid":[["1","2"],["3","4"],["5","6"]]}'
    assert show(to_js((ctypes.c_int * 0 * 2)())) == "[[],[]]"
    assert show(to_js((ctypes.c_int * 2 * 0)())) == "[]"


@inside
def test_formats_without_a_typed_array_of_their_own() -> None:
    from struct import pack

    from pyjs import run_js, to_js

    values = run_js("x => [...x].join()")
    halves = [0.0, 1.5, -2.0, 65504.0, 6e-8, float("inf"), -float("inf"), float("nan")]
    made = to_js(memoryview(pack("8e", *halves)).cast("e"))
    assert values(made) == "0,1.5,-2,65504,5.960464477539063e-8,Infinity,-Infinity,NaN"
    assert values(to_js(memoryview(b"\0\1\2").cast("?"))) == "false,true,true"
    assert values(to_js(memoryview(b"ab").cast("c"))) == "97,98"
    for code in "lLnNP":
        assert values(to_js(memoryview(pack(f"2{code}", 1, 2)).cast(code))) == "1,2", code


@inside
def test_what_cannot_be_read_is_an_error_that_names_it() -> None:
    import ctypes

    from pyjs import run_js, to_js
    from pyjs.ffi import ConversionError

    class Point(ctypes.Structure):
        _fields_ = (("x", ctypes.c_int), ("y", ctypes.c_int))

    outer = []

    class Leaving:
        """Lets go of the list that it is in."""

        def __init__(self, answer):
            self.answer = answer

        def __buffer__(self, flags):
            outer.clear()
            return memoryview(self.answer)

    def message(value, **options):
        try:
            to_js({"a": [value]}, **options)
        except ConversionError as error:
            return str(error), type(error.__cause__).__name__

    gone = memoryview(b"abc")
    gone.release()
    assert message(gone) == (
        "to_js: $.a[0]: the buffer of a memoryview cannot be read",
        "ValueError",
    )
    assert message(Point(1, 2)) == (
        "to_js: $.a[0]: no conversion is known for this Point: its buffer has format "
        "'T{<l:x:<l:y:}', for which JavaScript has no typed array",
        "NoneType",
    )
    asked = {"default_converter": lambda point, convert, cache: convert([point.x, point.y])}
    assert list(to_js(Point(1, 2), **asked)) == [1, 2]
    outer[:] = [Leaving(5)]
    assert message(outer) == (
        "to_js: $.a[0][0]: the buffer of a Leaving cannot be read",
        "TypeError",
    )
    outer[:] = [Leaving(b"abc"), 1]
    assert message(outer)[0] == "to_js: $.a[0]: the list changed while it was converted"
    value = Leaving(b"abc")
    assert bytes(to_js([value, value])[1]) == b"abc"
    assert run_js("([a, b]) => a === b")(to_js([value, value])) is True


@inside
def test_characters_that_unicode_has_not_name_their_place() -> None:
    from array import array

    from pyjs import run_js, to_js
    from pyjs.ffi import ConversionError

    def characters(*codes):
        made = array("w")
        made.frombytes(b"".join(code.to_bytes(4, "little") for code in codes))
        return made

    for code in (0x110000, 0xFFFFFFFF):
        try:
            to_js({"users": [1, {"name": characters(65, code)}]})
        except ConversionError as error:
            text = str(error)
        assert text.startswith("to_js: $.users[1].name: "), text
        assert str(code) in text, text
    units = run_js("x => x.map(each => each.charCodeAt(0)).join()")
    assert units(to_js(characters(0xD800, 0xDFFF, 0x10FFFF))) == "55296,57343,56319"


@inside
def test_buffers_that_contradict_themselves_are_errors() -> None:
    """Of exporters in C that tell another shape than they have, or strides that lead astray."""
    import ctypes

    from pyjs import run_js, to_js
    from pyjs.ffi import ConversionError

    number = ctypes.c_ssize_t
    names = "shape", "strides", "suboffsets"

    class Buffer(ctypes.Structure):
        _fields_ = (
            ("buf", ctypes.c_void_p),
            ("obj", ctypes.c_void_p),
            ("len", number),
            ("itemsize", number),
            ("readonly", ctypes.c_int),
            ("ndim", ctypes.c_int),
            ("format", ctypes.c_char_p),
            *((name, ctypes.POINTER(number)) for name in names),
            ("internal", ctypes.c_void_p),
        )

    make = ctypes.pythonapi.PyMemoryView_FromBuffer
    make.restype, make.argtypes = ctypes.py_object, [ctypes.POINTER(Buffer)]
    memory = (ctypes.c_ubyte * 16)(*range(16))
    show = run_js("JSON.stringify")

    def convert(size, shape, strides):
        sizes = [(number * len(shape))(*each) for each in (shape, strides)]
        start = ctypes.addressof(memory)
        view = make(Buffer(start, None, size, 1, 0, len(shape), b"B", *sizes, None, None))
        try:
            return show(to_js([0, view]))
        except ConversionError as error:
            return str(error).removeprefix("to_js: $[1]: the buffer of a memoryview ")

    row = '{"0":0,"1":%d,"2":%d}'
    assert (
        convert(6, (2, 3), (1, 2)) == f"[0,[{row % (2, 4)},{row.replace(':0', ':1', 1) % (3, 5)}]]"
    )
    contradicts = "contradicts itself: its shape does not make its size in bytes"
    assert convert(5, (2, 3), (3, 1)) == contradicts
    assert convert(5, (2, 3), (1, 2)) == contradicts
    assert convert(6, (1 << 30, 1 << 30), (3, 1)) == contradicts
    assert convert(6, (-2, -3), (1, 2)) == contradicts
    assert convert(6, (6,), (1 << 30,)) == "has elements outside of the memory"
    assert convert(6, (6,), (-(1 << 30),)) == "has elements outside of the memory"


@inside
@pytest.mark.parametrize("size", [0, 1, 2**20])
def test_buffers_go_to_a_converter_when_it_is_eager(size: int) -> None:
    from pyjs import to_js

    names = []

    def eager(value, convert, cache):
        names.append(type(value).__name__)
        return convert(value)

    made = to_js([bytes(size), bytearray(size)], eager_converter=eager)
    assert [len(each) for each in made] == [size, size]
    assert names == ["list", "bytes", "bytearray"]


@inside
def test_what_is_made_can_be_transferred() -> None:
    from array import array

    from pyjs import run_js, to_js

    move = run_js(
        """x => {
          const size = x.byteLength;
          const alone = x.byteOffset === 0 && x.buffer.byteLength === size;
          const moved = structuredClone(x, {transfer: [x.buffer]});
          return alone && x.byteLength === 0 && moved.byteLength === size;
        }"""
    )
    data = bytearray(b"abc")
    for made in (
        to_js(data),
        to_js({"x": array("d", [1, 2])}).x,
        to_js(memoryview(bytes(range(12)))[::-2]),
        to_js(memoryview(bytes(12)).cast("B", (3, 4)))[1],
        to_js([1, 2, 3], typed="i32"),
    ):
        assert move(made) is True
    assert data == b"abc"
    a, b = to_js([data, bytes(data)])
    assert run_js("(a, b) => a.buffer !== b.buffer")(a, b) is True


def test_what_toJs_makes_can_be_transferred(host: Host) -> None:  # noqa: N802
    assert host.js(
        """
            const data = py.runPython("bytearray(b'abc')");
            const made = data.toJs();
            const moved = structuredClone(made, { transfer: [made.buffer] });
            const out = [[...moved], made.length, [...data.toJs()]];
            data.destroy();
            return out;
            """
    ) == [[97, 98, 99], 0, [97, 98, 99]]


@inside
def test_the_payloads_of_nans_stay() -> None:
    from array import array
    from struct import pack, unpack

    from pyjs import run_js, to_js, to_py

    payloads = [0x7FF8000000000001, 0xFFF8DEADBEEF0001, 0x7FF0000000000001, 0x8000000000000000]
    data = pack("<4Q", *payloads)
    values = array("d", data)
    made = to_js([values])
    bits = run_js("x => new BigUint64Array(x.buffer)")
    assert [int(x) for x in bits(made[0])] == payloads
    back = to_py(made)[0]
    assert unpack("<4Q", bytes(back)) == tuple(payloads)
    assert made[0].to_bytes() == data
    values[:] = array("d", bytes(32))
    made[0].assign_to(values)
    assert values.tobytes() == data
