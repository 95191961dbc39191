"""Methods of JavaScript's buffers: ArrayBuffer, SharedArrayBuffer, typed arrays, DataView."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside

_BUFFERS = [
    "new Uint8Array([1, 2, 3, 4])",
    "new Uint8ClampedArray([1, 2, 3, 4])",
    "new Uint16Array([513, 1027])",
    "new Uint8Array([0, 0, 1, 2, 3, 4, 5]).subarray(2, 6)",
    "new Uint8Array([1, 2, 3, 4]).buffer",
    "new DataView(new Uint8Array([0, 0, 1, 2, 3, 4, 5]).buffer, 2, 4)",
    "new Uint32Array(new Uint8Array([1, 2, 3, 4]).buffer)",
]


@pytest.mark.parametrize("code", _BUFFERS)
@inside
def test_bytes_out_and_in(code: str) -> None:
    from pyjs import run_js
    from pyjs.ffi import JsBuffer

    buffer = run_js(code)
    assert isinstance(buffer, JsBuffer)
    assert buffer.to_bytes() == b"\1\2\3\4"
    view = buffer.to_memoryview()
    assert (view.tobytes(), view.readonly) == (b"\1\2\3\4", False)
    assert buffer.to_string() == "\1\2\3\4"
    assert buffer.assign(memoryview(b"\5\6\7\x08").cast(view.format)) is None
    assert buffer.to_bytes() == b"\5\6\7\x08"
    assert view.tobytes() == b"\1\2\3\4"
    target = bytearray(4)
    assert buffer.assign_to(memoryview(target).cast(view.format)) is None
    assert target == b"\5\6\7\x08"
    target.append(1)  # nothing holds it


@inside
def test_shared_memory() -> None:
    from pyjs import js, run_js

    if not hasattr(js, "SharedArrayBuffer"):
        return  # a page that is not isolated
    for code in ("new SharedArrayBuffer(2)", "new Uint8Array(new SharedArrayBuffer(2))"):
        buffer = run_js(code)
        buffer.assign(b"hi")
        assert buffer.to_bytes() == b"hi"
        assert buffer.to_string() == "hi"
        assert buffer.to_memoryview().tolist() == [104, 105]
        target = bytearray(2)
        buffer.assign_to(target)
        assert target == b"hi"


@inside
def test_formats_of_memoryviews() -> None:
    from pyjs import run_js

    for kind, code in {
        "Int8": "b", "Uint8": "B", "Uint8Clamped": "B", "Int16": "h", "Uint16": "H", "Int32": "i",
        "Uint32": "I", "Float32": "f", "Float64": "d", "BigInt64": "q", "BigUint64": "Q",
    }.items():  # fmt: skip
        view = run_js(f"new {kind}Array(3)").to_memoryview()
        assert (view.format, view.shape) == (code, (3,))


@inside
def test_text() -> None:
    from pyjs import JsException, js, run_js

    make = run_js("(...bytes) => new Uint8Array(bytes)")
    assert make().to_string() == ""
    assert make(0xEF, 0xBB, 0xBF, 65).to_string() == "\ufeffA"
    assert make(0xF0, 0x9F, 0x98, 0x80).to_string() == "\U0001f600"
    assert make(65, 0, 66, 0).to_string("utf-16le") == "AB"
    assert make(200, 0xE4).to_string(encoding="latin1") == "Èä"
    assert make(65).to_string(None) == "A"
    long = js.Uint8Array.new(300_000)
    assert long.to_string() == "\0" * 300_000
    for encoding, error, text in (
        ("utf8", ValueError, "to_string: the bytes are not utf-8; pass another encoding"),
        ("nope", JsException, "RangeError"),
        (5, TypeError, "to_string: expected the encoding as a str or None, got int"),
    ):
        try:
            make(200).to_string(encoding)
        except error as raised:
            assert text in str(raised), raised
        else:
            raise AssertionError(encoding)


@inside
def test_sizes_must_agree() -> None:
    from array import array

    from pyjs import run_js

    def refused(act: object, error: type[Exception], text: str) -> None:
        try:
            act()  # type: ignore[operator]
        except error as raised:
            assert text in str(raised), raised
        else:
            raise AssertionError(text)

    u8, i16 = run_js("new Uint8Array(4)"), run_js("new Int16Array(2)")
    view = run_js("new DataView(new ArrayBuffer(4))")
    for other in (array("i", [1]), array("h", [1, 2]), b"abcd"):
        view.assign(other)
        view.buffer.assign(other)
    sizes = "expected as many bytes on both sides; the JavaScript buffer has 4, the Python object "
    refused(lambda: u8.assign(b"abc"), ValueError, f"assign: {sizes}3")
    refused(lambda: view.assign(b"abcde"), ValueError, f"assign: {sizes}5")
    refused(lambda: u8.assign_to(bytearray(5)), ValueError, f"assign_to: {sizes}5")
    elements = "expected elements of one size; those of the typed array have "
    refused(lambda: i16.assign(b"abcd"), ValueError, f"assign: {elements}2 bytes, those of the")
    refused(lambda: u8.assign(array("h", [1, 2])), ValueError, f"assign: {elements}1 bytes")
    refused(lambda: u8.assign(5), TypeError, "a bytes-like object is required, not 'int'")
    refused(lambda: u8.assign(memoryview(bytes(8))[::2]), BufferError, "not C-contiguous")
    refused(lambda: u8.assign_to(bytes(4)), BufferError, "not writable")
    assert u8.to_bytes() == bytes(4)


@inside
def test_lost_buffers() -> None:
    from io import BytesIO

    from pyjs import run_js

    detached = (
        "(() => { const view = new %s; const buffer = view.buffer ?? view;"
        " structuredClone(buffer, {transfer: [buffer]}); return view })()"
    )
    shrunk = (
        "(() => { const buffer = new ArrayBuffer(8, {maxByteLength: 16});"
        " const view = new %s(buffer, 4, 4); buffer.resize(6); return view })()"
    )
    kinds = "Uint8Array(4)", "ArrayBuffer(4)", "DataView(new ArrayBuffer(4))"
    cases = [(detached % kind, "the ArrayBuffer is detached: it was transferred") for kind in kinds]
    if run_js("'resizable' in ArrayBuffer.prototype"):
        why = "the ArrayBuffer was resized, and the view lies outside of it"
        cases += [(shrunk % kind, why) for kind in ("Uint8Array", "DataView")]
    for code, why in cases:
        lost = run_js(code)
        for name, act in {
            "to_bytes": lost.to_bytes,
            "to_string": lost.to_string,
            "assign": lambda lost=lost: lost.assign(b""),
            "assign_to": lambda lost=lost: lost.assign_to(bytearray()),
            "to_memoryview": lost.to_memoryview,
            "to_file": lambda lost=lost: lost.to_file(BytesIO()),
            "into_file": lambda lost=lost: lost.into_file(BytesIO()),
            "from_file": lambda lost=lost: lost.from_file(BytesIO()),
        }.items():
            try:
                act()
            except ValueError as error:
                assert f"{name}: {why}" in str(error), error
            else:
                raise AssertionError((code, name))


@inside
def test_resizable_buffers_have_the_size_of_the_moment() -> None:
    from pyjs import run_js

    if not run_js("'resizable' in ArrayBuffer.prototype"):
        return
    buffer = run_js("new ArrayBuffer(2, {maxByteLength: 8})")
    view = run_js("buffer => new Uint8Array(buffer)")(buffer)
    assert (buffer.to_bytes(), view.to_bytes()) == (b"\0\0", b"\0\0")
    buffer.resize(4)
    view.assign(b"abcd")
    assert (buffer.to_bytes(), view.to_string()) == (b"abcd", "abcd")


@inside
def test_what_only_says_that_it_is_a_buffer() -> None:
    from pyjs import run_js

    class Anything:
        def write(self, data: object) -> int:
            raise AssertionError(data)

    fake = run_js("new (class { length = 2; get [Symbol.toStringTag]() { return 'ArrayBuffer' } })")
    for name, act in {
        "to_bytes": fake.to_bytes,
        "to_memoryview": fake.to_memoryview,
        "to_file": lambda: fake.to_file(Anything()),
        "into_file": lambda: fake.into_file(Anything()),
        "from_file": lambda: fake.from_file(Anything()),
    }.items():
        try:
            act()
        except ValueError as error:
            assert str(error) == (
                f"{name}: expected an ArrayBuffer, got an object that only calls itself one"
            )
        else:
            raise AssertionError("an object with a tag has no bytes")


@inside
def test_text_files_stand_where_their_readers_think() -> None:
    """They read ahead, so the binary file below is elsewhere."""
    from io import BytesIO, TextIOWrapper

    from pyjs import js

    data = js.Uint8Array.new(3)
    text = TextIOWrapper(BytesIO(("é" * 3 + "abcdef").encode()), encoding="utf-8")
    assert text.read(3) == "é" * 3
    data.from_file(text)
    assert (data.to_bytes(), text.read(1)) == (b"abc", "d")
    data.to_file(text)
    text.write("!")
    text.flush()
    assert text.buffer.getvalue().decode() == "é" * 3 + "abcdabc!"


@inside
def test_a_text_file_without_places() -> None:
    """Such as a pipe: what was written as text comes first."""
    from io import BytesIO, TextIOWrapper

    from pyjs import js

    class Pipe(BytesIO):
        def seekable(self) -> bool:
            return False

    data = js.Uint8Array.new([104, 105])
    pipe = Pipe()
    text = TextIOWrapper(pipe, encoding="utf-8")
    text.write("é")
    data.to_file(text)
    assert pipe.getvalue().decode() == "éhi"
    data.from_file(TextIOWrapper(Pipe(b"yes"), encoding="utf-8"))
    assert data.to_bytes() == b"ye"


@inside
def test_files() -> None:
    import io
    import tempfile
    from pathlib import Path

    from pyjs import run_js

    words = run_js("new Uint16Array([0x4241, 0x4443])")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        for name in ("to_file", "into_file", "_into_file"):
            with path.open("wb") as file:
                file.write(b"-")
                assert getattr(words, name)(file) is None
                file.write(b"-")
            assert path.read_bytes() == b"-ABCD-"
        with path.open("w") as text:
            text.write("text ")
            words.to_file(text)
        assert path.read_bytes() == b"text ABCD"
        with path.open("rb") as file:
            assert file.read(1) == b"t"
            assert words.from_file(file) is None
            assert words.to_bytes() == b"ext "
            words.from_file(file)
            words.from_file(file)  # nothing is left
            assert (words.to_bytes(), file.tell()) == (b"ABCD", 9)
        with path.open("rb", buffering=0) as file:
            file.seek(8)
            words.from_file(file)
            assert words.to_bytes() == b"DBCD"
    file = io.BytesIO()
    words.to_file(file)
    assert file.getvalue() == b"DBCD"
    words.from_file(io.BytesIO(b"wxyz and more"))
    assert words.to_bytes() == b"wxyz"

    class Full:
        def write(self, data: memoryview) -> int:
            return 2

    for target, error in ((5, AttributeError), (Full(), OSError)):
        try:
            words.to_file(target)
        except error as raised:
            assert "write" in str(raised) or str(raised) == "to_file: the file took 2 of 4 bytes"
        else:
            raise AssertionError(target)


def test_a_view_of_linear_memory(host: Host) -> None:
    """What getBuffer() gives goes back to Python, also when the copy makes the memory grow."""
    body = """
    const data = py.runPython("bytearray(b'abc' * 1000)");
    const view = data.getBuffer();
    const same = py.runPython("lambda x: x.to_bytes() == b'abc' * 1000")
    const move = py.runPython("lambda x, y: (x.assign_to(y), x.assign(bytes(3000)))");
    const out = [same(view.data)];
    move(view.data, data).destroy();
    out.push(view.data[0]);
    view.release();
    for (const each of [data, same, move]) each.destroy();
    return out;
    """
    assert host.js(body) == [True, 0]


def test_deep_conversion_of_a_view_of_linear_memory(host: Host) -> None:
    """It is copied whole, also when the copy makes the memory grow."""
    body = """
    const data = py.runPython("bytearray(b'abcd' * 1000000)");
    const view = data.getBuffer();
    const check = py.runPython("from pyjs import to_py\\nkept = []\\n" +
      "lambda x: kept.append(to_py(x)) or kept[-1]['x'][0].obj == b'abcd' * 1000000");
    const out = [];
    let grown = 0;
    // What ran before may have left much of the memory free.
    for (let i = 0; i < 300 && grown === 0; i++) {
      const { buffer } = view.data;
      out.push(check({ x: [view.data] }));
      if (buffer.byteLength === 0) grown++;
    }
    py.runPython("del kept");
    view.release();
    for (const each of [data, check]) each.destroy();
    return [out.every((same) => same), grown > 0];
    """
    assert host.js(body) == [True, True]
