"""Packages with shared libraries: extension modules, and libraries that they are linked with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.compat import side_modules as side
from tests.compat.fresh import LOAD, run
from tests.compat.shelf import Shelf, wheel_bytes, zip_bytes
from tests.hosts.base import Host
from tests.js import MEMORY, run_fresh

_TAGS = "cp313-cp313-pyemscripten_2025_0_wasm32"
# The last line of what importing a module raises, or what its function gives.
_CALL = """
const calling = (name) => {
  try {
    return runtime.runPython(`import ${name}; ${name}.call()`);
  } catch (error) {
    const lines = error.message.trim().split("\\n");
    return lines.filter((line) => !/^( |Traceback)/.test(line)).join(" ");
  }
};
"""
_DECLARED = "extern int base_data; int base_function(int);"


def _put(shelf: Shelf, name: str, data: bytes, *depends: str, **files: bytes) -> None:
    content: dict[str, str | bytes] = {f"{name}{side.SUFFIX}": data, **files}
    shelf.put(name, content, tags=_TAGS, depends=depends)


def _put_shared(shelf: Shelf) -> None:
    archive = zip_bytes({"libbase.so": side.base()})
    shelf.put(
        "libbase",
        data=archive,
        file_name="libbase-1.0.zip",
        package_type="shared_library",
        install_dir="dynlib",
    )


def _call(host: Host, shelf: Shelf, name: str) -> tuple[dict[str, Any], Any]:
    """What loading a package told, and what calling its module gives."""
    body = f"{LOAD}{_CALL} return [await loading(runtime, args[1]), calling(args[1])];"
    told, got = run(host, body, shelf.url, name)
    return told, got


def test_an_extension_module(host: Host, shelf: Shelf) -> None:
    _put(shelf, "single", side.extension("single", "42"))
    told, got = _call(host, shelf, "single")
    assert (told["errors"], got) == ([], 42)


def test_a_library_that_is_a_package(host: Host, shelf: Shelf) -> None:
    side.base()
    _put_shared(shelf)
    user = side.extension("user", "base_function(base_data)", _DECLARED, "libbase.so")
    _put(shelf, "user", user, "libbase")
    told, got = _call(host, shelf, "user")
    assert (told["loaded"], told["errors"], got) == (["libbase", "user"], [], 42)


def test_a_library_that_is_a_package_and_not_linked_with(host: Host, shelf: Shelf) -> None:
    """All see the symbols of a shared library."""
    side.base()
    _put_shared(shelf)
    late = side.extension(
        "late", "base_function(base_data)", _DECLARED, "-Wl,--unresolved-symbols=import-dynamic"
    )
    _put(shelf, "late", late, "libbase")
    told, got = _call(host, shelf, "late")
    assert (told["errors"], got) == ([], 42)


def test_a_library_inside_a_wheel(host: Host, shelf: Shelf) -> None:
    data = side.base()
    rpath = "-Wl,-rpath,$ORIGIN/bundled.libs"
    bundled = side.extension("bundled", "base_function(base_data)", _DECLARED, "libbase.so", rpath)
    _put(shelf, "bundled", bundled, **{"bundled.libs/libbase.so": data})
    told, got = _call(host, shelf, "bundled")
    assert (told["errors"], got) == ([], 42)


def test_a_library_that_is_not_there(host: Host, shelf: Shelf) -> None:
    side.base()
    _put(shelf, "alone", side.extension("alone", "base_function(1)", _DECLARED, "libbase.so"))
    body = f"""{LOAD}{_CALL}
    await loading(runtime, "alone");
    return [calling("alone"), calling("alone"), runtime.runPython("1 + 1")];
    """
    first, second, two = run(host, body, shelf.url)
    assert first.startswith("ImportError: could not load dynamic lib: ")
    assert (
        f"alone{side.SUFFIX} needs the library libbase.so, which is in none of the folders" in first
    )
    assert second == first
    assert two == 2


def test_data_that_is_nowhere(host: Host, shelf: Shelf) -> None:
    lost = side.extension(
        "lost", "*nowhere + nowhere_too()", "extern int nowhere[]; int nowhere_too(void);"
    )
    _put(shelf, "lost", lost)
    told, got = _call(host, shelf, "lost")
    assert told["errors"] == []
    assert got.endswith(
        f"lost{side.SUFFIX} needs what neither the runtime nor a loaded library has: nowhere"
    )


def test_a_function_that_is_nowhere(host: Host, shelf: Shelf) -> None:
    """Wheels have such that they never call; one that does stops the interpreter."""
    _put(shelf, "halting", side.extension("halting", "nowhere()", "int nowhere(void);"))
    body = f"""{LOAD}{_CALL}
    await loading(runtime, "halting");
    const there = runtime.runPython("import halting; callable(halting.call)");
    let thrown = null;
    try {{ runtime.runPython("halting.call()"); }} catch (error) {{ thrown = error; }}
    runtimes.splice(0); // it has ended
    return [there, String(thrown.cause?.message ?? thrown.message)];
    """
    there, message = run(host, body, shelf.url)
    assert there is True
    assert message.endswith(
        f"halting{side.SUFFIX} called nowhere, a function that neither the runtime nor a loaded "
        "library has"
    )


def test_javascript_in_a_library(host: Host, shelf: Shelf) -> None:
    source = "#include <emscripten.h>\nEM_JS(int, from_js, (void), { return 1; });"
    _put(shelf, "scripted", side.extension("scripted", "from_js()", source))
    told, got = _call(host, shelf, "scripted")
    assert told["loaded"] == []
    assert told["errors"][1] == (
        f"/lib/python3.13/site-packages/scripted{side.SUFFIX} contains JavaScript (EM_JS or "
        "EM_ASM), which this runtime does not evaluate"
    )
    assert got == "ModuleNotFoundError: No module named 'scripted'"


def test_a_library_too_large_to_be_compiled_at_once(host: Host, shelf: Shelf) -> None:
    """Pages may compile no more than 8 MB while Python waits."""
    blob = "static const char blob[] = {[0 ... 9437183] = 7};"
    large = side.extension("large", "blob[(long)self % 9437184]", blob)
    assert len(large) > 9 << 20
    _put(shelf, "large", large)
    told, got = _call(host, shelf, "large")
    assert (told["errors"], got) == ([], 7)


def test_many_modules_at_once(host: Host, shelf: Shelf) -> None:
    files = {
        f"many{index}{side.SUFFIX}": side.extension(f"many{index}", str(index))
        for index in range(4)
    }
    shelf.put("many", files, tags=_TAGS)
    body = f"""{LOAD}{_CALL}
    await loading(runtime, "many");
    return [0, 1, 2, 3].map((index) => calling(`many${{index}}`));
    """
    assert run(host, body, shelf.url) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("name", "expression", "expected"),
    [
        ("msgpack",
         "msgpack.unpackb(msgpack.packb([1, 'two', b'3'])), 'cmsg' in msgpack.Packer.__module__",
         "([1, 'two', b'3'], True)"),
        ("simplejson", "simplejson.loads('[1, 2.5]'), simplejson.decoder.c_scanstring is not None",
         "([1, 2.5], True)"),
    ],
)  # fmt: skip
def test_wheels_from_pypi(host: Host, name: str, expression: str, expected: str) -> None:
    body = """
    const runtime = await load();
    const [name, expression] = args;
    const { errors } = await loading(runtime, name);
    return [errors, importing(runtime, name, `str((${expression}))`)];
    """
    assert run(host, body, name, expression) == [[], expected]


def test_memory_holds_no_copies_of_files(tmp_path: Path) -> None:
    """What is left of a library is what it asks memory for."""
    blob = "static const char blob[] = {{[0 ... 9437183] = {index}}};"
    paths = []
    for index in range(5):
        name = f"heavy{index}"
        data = side.extension(name, "blob[(long)self % 9437184]", blob.format(index=index))
        paths.append(tmp_path / f"{name}-1.0-{_TAGS}.whl")
        paths[-1].write_bytes(wheel_bytes(name, {f"{name}{side.SUFFIX}": data}))
    body = """
    const py = await loadPyjs();
    const before = memory.buffer.byteLength;
    await py.loadPackage(args[0], { messageCallback() {} });
    const call = (index) => py.runPython(`import heavy${index}; heavy${index}.call()`);
    const found = args[0].map((_, index) => call(index));
    return [found, (memory.buffer.byteLength - before) / 2 ** 20];
    """
    found, grown = run_fresh(MEMORY + body, [str(path) for path in paths])
    assert found == [0, 1, 2, 3, 4]
    assert grown < 5 * 9 + 20
