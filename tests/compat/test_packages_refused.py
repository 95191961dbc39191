"""loadPackage: packages and requests that are refused, and that nothing is left of them."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any

import pytest

from tests.compat.fresh import LOAD, run, tell
from tests.compat.shelf import PURE, Shelf, wheel_bytes, zip_bytes
from tests.hosts.base import Host


def _failed(told: dict[str, Any], name: str) -> str:
    """The error of a package that was not loaded."""
    assert f"Failed to load {name}" in told["messages"]
    at = told["errors"].index(f"The following error occurred while loading {name}:")
    return str(told["errors"][at + 1])


_NOTHING_LEFT = """
const left = runtime.runPython(`
import os
[os.path.join(at, name) for top in ("/lib/python3.13/site-packages", "/usr/lib")
 for at, _, names in os.walk(top) for name in names]`);
const files = left.toJs();
left.destroy();
"""


def test_a_wrong_checksum(host: Host, shelf: Shelf) -> None:
    shelf.put("forged", sha256="0" * 64)
    shelf.put("needs-it", depends=("forged", "good"))
    shelf.put("good")
    body = f"""{LOAD}
    const told = await loading(runtime, "needs-it");
    const modules = ["forged", "good"].map((name) => importing(runtime, name));
    const trusting = await loading(runtime, "needs-it", {{ checkIntegrity: false }});
    return [told, modules, trusting, importing(runtime, "forged")];
    """
    told, modules, trusting, forged = run(host, body, shelf.url)
    digest = hashlib.sha256(shelf.files[f"forged-1.0-{PURE}.whl"]).hexdigest()
    assert told["loaded"] == ["good"]
    assert told["messages"][-1] == "Failed to load forged, needs-it"
    assert told["errors"] == [
        "The following error occurred while loading forged:",
        f"loading forged: {shelf.url}forged-1.0-{PURE}.whl: its sha256 is {digest}, not {'0' * 64}"
        "; the file is corrupt or another",
        "The following error occurred while loading needs-it:",
        "needs-it needs forged, which failed to load",
    ]
    assert modules == ["ModuleNotFoundError", "good"]
    assert trusting["loaded"] == ["forged", "needs-it"]
    assert forged == "forged"


def test_no_checksum_in_the_lock_file(host: Host, shelf: Shelf) -> None:
    shelf.put("bare", sha256="")
    told, trusting = (
        tell(host, shelf, "bare", options=options)[0]
        for options in ("{}", "{ checkIntegrity: false }")
    )
    assert "the lock file has no sha256" in _failed(told, "bare")
    assert trusting["loaded"] == ["bare"]


def test_a_link_with_a_checksum(host: Host, shelf: Shelf) -> None:
    data = shelf.files["linked-1.0-py3-none-any.whl"] = wheel_bytes("linked", {"linked.py": ""})
    url = f"{shelf.url}linked-1.0-py3-none-any.whl#sha256="
    wrong, right = tell(host, shelf, url + "1" * 64, url + hashlib.sha256(data).hexdigest())
    assert "its sha256 is" in _failed(wrong, "linked")
    assert right["loaded"] == ["linked"]


def _broken_member() -> bytes:
    """A wheel whose last member does not have the checksum that it says."""
    data = wheel_bytes("broken", {"broken/__init__.py": "where = 'here'", "broken/z.py": "a" * 999})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        at = archive.getinfo("broken/z.py").header_offset + 30 + len("broken/z.py")
    return data[:at] + b"\xff\xff" + data[at + 2 :]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"no archive at all", "broken-1.0-py3-none-any.whl is corrupt: File is not a zip file"),
        (b"", "broken-1.0-py3-none-any.whl is corrupt: File is not a zip file"),
        (_broken_member(), "broken-1.0-py3-none-any.whl is corrupt: "),
        (zip_bytes({"broken/__init__.py": ""}),
         "broken-1.0-py3-none-any.whl is no wheel: expected one dist-info folder, found none"),
        (zip_bytes({"broken.py": "", "a-1.dist-info/RECORD": "", "b-1.dist-info/RECORD": ""}),
         "broken-1.0-py3-none-any.whl is no wheel: expected one dist-info folder, found "
         "a-1.dist-info, b-1.dist-info"),
        (wheel_bytes("broken", {"broken.py": "", "../../evil.py": ""}),
         "'../../evil.py' would be unpacked outside /lib/python3.13/site-packages"),
        (wheel_bytes("broken", {"broken.py": "", "broken-1.0.data/data/../../../evil": ""}),
         "'broken-1.0.data/data/../../../evil' would be unpacked outside "
         "/lib/python3.13/site-packages"),
        (wheel_bytes("broken", {"broken.py": "", "broken.so": b"\x7fELF"}),
         "/lib/python3.13/site-packages/broken.so is not a WebAssembly library: "),
        (wheel_bytes("broken", {"broken.py": "", "broken.so": b"\0asm\1\0\0\0"}),
         "/lib/python3.13/site-packages/broken.so is a WebAssembly program, not a shared library"),
    ],
    ids=["text", "empty", "member", "no-info", "two-infos", "outside", "data", "elf", "program"],
)  # fmt: skip
def test_a_corrupt_package_leaves_nothing(
    host: Host, shelf: Shelf, data: bytes, message: str
) -> None:
    shelf.put("broken", data=data)
    body = f"""{LOAD}
    const told = await loading(runtime, "broken");
    const module = importing(runtime, "broken");
    {_NOTHING_LEFT}
    return [told, module, files, runtime.loadedPackages];
    """
    told, module, files, known = run(host, body, shelf.url)
    assert told["loaded"] == []
    assert message in _failed(told, "broken")
    assert (module, files, known) == ("ModuleNotFoundError", [], {})


@pytest.mark.parametrize(
    "tags",
    [
        "cp314-cp314-pyemscripten_2026_0_wasm32",
        "cp313-cp313-pyemscripten_2026_0_wasm32",
        "cp312-cp312-pyodide_2024_0_wasm32",
        "cp313-cp313-emscripten_3_1_58_wasm32",
        "cp313-cp313-manylinux_2_17_x86_64",
    ],
)
def test_wheels_for_another_abi(host: Host, shelf: Shelf, tags: str) -> None:
    shelf.put("alien", tags=tags)
    for name in ("alien", f"{shelf.url}alien-1.0-{tags}.whl"):
        (told,) = tell(host, shelf, name)
        assert _failed(told, "alien") == (
            f"alien-1.0-{tags}.whl is built for {tags}; this runtime takes wheels for "
            "cp313-cp313-pyemscripten_2025_0_wasm32, and such as are not compiled"
        )
    assert shelf.wheels() == []


@pytest.mark.parametrize(
    "tags",
    [
        "cp313-cp313-pyemscripten_2025_0_wasm32",
        "cp313-cp313-pyodide_2025_0_wasm32",
        "cp39-abi3-pyemscripten_2025_0_wasm32",
        "py3-none-pyemscripten_2025_0_wasm32",
        "cp313-cp313-pyodide_2024_0_wasm32.pyemscripten_2025_0_wasm32",
        "py2.py3-none-any",
        "cp313-none-any",
    ],
)
def test_wheels_for_this_abi(host: Host, shelf: Shelf, tags: str) -> None:
    shelf.put("native", tags=tags)
    (told,) = tell(host, shelf, "native")
    assert told["loaded"] == ["native"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("nothing", "Error: No known package with name 'nothing': the lock file "),
        (["good", "nothing"], "Error: No known package with name 'nothing': the lock file "),
        ("incomplete", "Error: No known package with name 'lost', which incomplete needs: "),
        ("good>=1.0", "Error: loadPackage: 'good>=1.0' is neither the name of a package"),
        ("good[extra]", "Error: loadPackage: 'good[extra]' is neither"),
        ("", "Error: loadPackage: '' is neither"),
        (5, "TypeError: loadPackage: expected a package's name or a URL as a string, got number"),
        (["good", None], "TypeError: loadPackage: expected a package's name or a URL as a string, "
                         "got null"),
        (None, "TypeError: loadPackage: expected a package's name or a URL as a string, got null"),
        ({"name": "good"},
         "TypeError: loadPackage: expected a package's name or a URL as a string, got object"),
    ],
)  # fmt: skip
def test_names_that_are_none(host: Host, shelf: Shelf, names: Any, message: str) -> None:
    shelf.put("good")
    shelf.put("incomplete", depends=("lost",))
    (told,) = tell(host, shelf, names)
    assert told["thrown"].startswith(message)
    assert told["loaded"] is None
    assert shelf.wheels() == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("5", "loadPackage: expected an object of options"),
        ("{ nope: 1 }", "loadPackage: unknown option nope; known are messageCallback, "),
        (
            "{ checkIntegrity: 'no' }",
            "loadPackage: expected checkIntegrity to be a boolean, got string",
        ),
        (
            "{ messageCallback: 1 }",
            "loadPackage: expected messageCallback to be a function, got number",
        ),
    ],
)
def test_options_of_the_wrong_kind(host: Host, shelf: Shelf, options: str, message: str) -> None:
    body = f"""{LOAD}
    const failed = (error) => `${{error.name}}: ${{error.message}}`;
    return await runtime.loadPackage("x", {options}).catch(failed);
    """
    assert run(host, body, shelf.url).startswith(f"TypeError: {message}")


def test_nobody_answers(host: Host, shelf: Shelf) -> None:
    shelf.put("away", file_name="http://127.0.0.1:9/away-1.0-py3-none-any.whl")
    (told,) = tell(host, shelf, "away")
    error = _failed(told, "away")
    assert error.startswith(
        "loading away: cannot load http://127.0.0.1:9/away-1.0-py3-none-any.whl: "
    )
    assert "there is no connection, or the server does not allow this origin" in error


def test_a_package_that_failed_can_be_loaded_later(host: Host, shelf: Shelf) -> None:
    shelf.put("later")
    file = f"later-1.0-{PURE}.whl"
    body = f"""{LOAD}
    const first = await loading(runtime, "later");
    await fetch(args[0] + "put/" + args[1]);
    return [first, await loading(runtime, "later"), importing(runtime, "later")];
    """
    data = shelf.files.pop(file)
    kept = shelf.answer

    def answer(name: str) -> bytes | None:
        if name == f"put/{file}":
            shelf.files[file] = data
            return b""
        return kept(name)

    shelf.answer = answer  # type: ignore[method-assign]
    first, second, module = run(host, body, shelf.url, file)
    assert "404" in _failed(first, "later")
    assert (second["loaded"], module) == (["later"], "later")


def test_static_libraries_cannot_be_loaded(host: Host, shelf: Shelf) -> None:
    shelf.put("archive", package_type="static_library", file_name="")
    (told,) = tell(host, shelf, "archive")
    assert _failed(told, "archive") == "archive is a static library, which cannot be loaded"


def test_a_package_that_fails_at_import(host: Host, shelf: Shelf) -> None:
    """It is loaded all the same: what it raises is the program's to see."""
    shelf.put("failing", {"failing.py": "1 / 0"})
    body = f"""{LOAD}
    const told = await loading(runtime, "failing");
    return [told.loaded, importing(runtime, "failing")];
    """
    assert run(host, body, shelf.url) == [["failing"], "ZeroDivisionError"]
