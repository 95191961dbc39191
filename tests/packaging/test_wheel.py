"""What a built wheel is: names, files, metadata, dates, size, and what its extension imports."""

from __future__ import annotations

import base64
import csv
import hashlib
import os
import re
import subprocess
import zipfile
from email import message_from_bytes
from pathlib import Path

import brotli  # type: ignore[import-untyped]

from tests.packaging.conftest import TARGETS, Wheel, wheel_of
from tools import cache, pyvenv, toolchain, versions, wheel, wheel_env

ROOT = versions.ROOT
_INFO = "pyjs-0.1.0.dist-info"
_LARGEST_DOWNLOAD = 400_000
_CHECK = ROOT / "tools/check_imports.mjs"
_IMPORTS = """
import { readFile } from "node:fs/promises";
const compile = async (path) => WebAssembly.compile(await readFile(path));
const exported = WebAssembly.Module.exports(await compile(process.argv[2]));
const names = new Set(exported.map(({ name }) => name));
const module = await compile(process.argv[1]);
for (const { name } of WebAssembly.Module.exports(module)) names.add(name);
const imports = WebAssembly.Module.imports(module);
console.log(imports.filter(({ name }) => !names.has(name)).map(({ name }) => name).join(" "));
"""
# Given by every loader of side modules, and by the JavaScript that comes with this one.
_FROM_THE_LOADER = {"__memory_base", "__table_base", "emscripten_get_now", "pyjs_wheel_join"}


def test_names() -> None:
    assert [wheel_of(name).path.name for name in TARGETS] == [
        "pyjs-0.1.0-cp314-cp314-pyemscripten_2026_0_wasm32.whl",
        "pyjs-0.1.0-cp315-cp315-pyemscripten_2026_5_wasm32.whl",
    ]


def test_files(built: Wheel) -> None:
    package = ROOT / "python/pyjs"
    sources = {
        f"pyjs/{path.relative_to(package)}": path.read_bytes()
        for pattern in ("*.py", "*.pyi", "py.typed")
        for path in package.rglob(pattern)
    }
    licences = ("LICENSE", "wheel/licenses/emscripten.txt", "wheel/licenses/pybind11.txt")
    info = {"METADATA", "WHEEL", "RECORD", *(f"licenses/{name}" for name in licences)}
    assert {"pyjs/__init__.py", "pyjs/_core.pyi", "pyjs/py.typed"} <= sources.keys()
    assert {"pyjs/__pycache__/__init__." + built.cache_tag + ".pyc"} <= built.bytecode
    assert built.files.keys() == {
        *sources, built.extension, *built.bytecode, *(f"{_INFO}/{name}" for name in info)
    }  # fmt: skip
    for name, content in sources.items():
        assert built.files[name] == content, name


def test_record(built: Wheel) -> None:
    rows = csv.reader(built.files[f"{_INFO}/RECORD"].decode().splitlines())
    recorded = {name: digest for name, digest, _ in rows}
    assert recorded.keys() == built.files.keys()
    for name, digest in recorded.items():
        if not name.endswith("/RECORD"):
            found = base64.urlsafe_b64encode(hashlib.sha256(built.files[name]).digest())
            assert digest == f"sha256={found.decode().rstrip('=')}", name


def test_tag(built: Wheel) -> None:
    headers = message_from_bytes(built.files[f"{_INFO}/WHEEL"])
    assert headers["Root-Is-Purelib"] == "false"
    assert headers.get_all("Tag") == [built.tag]


def test_metadata(built: Wheel) -> None:
    headers = message_from_bytes(built.files[f"{_INFO}/METADATA"])
    assert (headers["Name"], headers["Version"]) == ("pyjs", "0.1.0")
    assert headers["Summary"] == "The Python and JavaScript bridge for WebAssembly"
    assert headers["License-Expression"] == "BSD-3-Clause AND MIT"
    assert headers["Requires-Python"] == ">=3.13"
    assert headers["Requires-Dist"] is None
    classifiers = headers.get_all("Classifier", [])
    assert "Environment :: WebAssembly :: Emscripten" in classifiers
    assert "Typing :: Typed" in classifiers
    assert headers.get_payload() == (ROOT / "README.md").read_text()


def test_twine(tmp_path: Path) -> None:
    files = [*(wheel_of(name).path for name in TARGETS), wheel.sdist(tmp_path)]
    done = subprocess.run(
        [pyvenv.program("twine", "twine"), "check", "--strict", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert len(re.findall("PASSED", done.stdout)) == len(files)


def test_nothing_of_the_build_machine(built: Wheel) -> None:
    places = [str(ROOT), str(cache.root()), str(Path.home()), "/tmp/", "/usr/"]
    for name, content in built.files.items():
        if name.startswith(_INFO) or not name.endswith((".py", ".pyi")):
            assert [place for place in places if place.encode() in content] == [], name


def test_dates(built: Wheel) -> None:
    with zipfile.ZipFile(built.path) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_size(built: Wheel) -> None:
    """All that it adds: it requires no other package (test_metadata)."""
    assert built.path.stat().st_size < _LARGEST_DOWNLOAD
    assert len(brotli.compress(built.path.read_bytes())) < _LARGEST_DOWNLOAD


def test_imports(built: Wheel, tmp_path: Path) -> None:
    """All that the extension imports is exported by Pyodide, but for what every loader gives."""
    extension = tmp_path / "core.wasm"
    extension.write_bytes(built.files[built.extension])
    pyodide = wheel_env.package(built.target) / "pyodide.asm.wasm"
    done = subprocess.run(
        ["node", "--input-type=module", "-e", _IMPORTS, extension, pyodide],
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(done.stdout.split()) == _FROM_THE_LOADER


def _check(module: Path) -> subprocess.CompletedProcess[str]:
    command = ["node", str(_CHECK), str(module)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_check_of_imports(built: Wheel, tmp_path: Path) -> None:
    module = tmp_path / "core.wasm"
    module.write_bytes(built.files[built.extension])
    assert _check(module).returncode == 0


def test_check_finds_what_is_missing(tmp_path: Path) -> None:
    """A side module that uses emscripten::val, and brings none of its functions."""
    source = tmp_path / "uses_val.cpp"
    source.write_text(
        "#include <emscripten/val.h>\n"
        'extern "C" int used() { return emscripten::val::global("x").as<int>(); }\n'
    )
    module = tmp_path / "uses_val.so"
    flags = ["-O1", "-fPIC", "-fwasm-exceptions", "-sSIDE_MODULE=2", "-Wl,--experimental-pic"]
    command = ["em++", *flags, "-sEXPORTED_FUNCTIONS=_used", str(source), "-o", str(module)]
    subprocess.run(command, env=toolchain.sdk().env, check=True)
    done = _check(module)
    assert done.returncode == 1
    assert "_emval_get_global" in done.stderr
    assert "must come with the module, since Pyodide has no Embind" in done.stderr


def test_build_runs_the_check() -> None:
    """The check stands behind the link: what it refuses is no wheel."""
    log = (ROOT / "build/wheel-314/build.ninja").read_text()
    link = re.search(r"^build \S*_core\S*\.so:.*?(?=^build )", log, re.MULTILINE | re.DOTALL)
    assert link is not None
    assert os.fspath(_CHECK) in link.group(0)
