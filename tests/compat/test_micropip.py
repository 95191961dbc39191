"""micropip itself, from PyPI: installing from an index, listing, uninstalling, freezing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.compat.fresh import run
from tests.compat.shelf import Shelf, wheel_bytes
from tests.hosts.base import Host
from tests.hosts.start import DIST

_COMPILED = "cp313-cp313-pyemscripten_2025_0_wasm32"


def _wheel(name: str) -> Path:
    (path,) = DIST.glob(f"{name}-*.whl")
    return path


def _python(host: Host, shelf: Shelf, program: str, options: str = "{}") -> Any:
    """What the last expression of a program gives, as JSON; `url` is the shelf's."""
    body = f"""
    const runtime = await pyodide({options});
    await runtime.loadPackage("micropip");
    runtime.globals.set("url", args[0]);
    return await runtime.runPythonAsync(args[1]);
    """
    start = "import json, micropip\nindex = [f'{url}simple']\n"
    return json.loads(run(host, body, shelf.url, start + program))


def test_a_pure_package_with_what_it_needs(host: Host, shelf: Shelf) -> None:
    shelf.files["outer-1.2-py3-none-any.whl"] = wheel_bytes(
        "outer", {"outer.py": "import inner\nwhere = inner.where"}, "1.2", ("inner>=2",)
    )
    shelf.files["inner-1.0-py3-none-any.whl"] = wheel_bytes("inner", {"inner.py": ""}, "1.0")
    shelf.files["inner-2.0-py3-none-any.whl"] = wheel_bytes(
        "inner", {"inner.py": "where = 'two'"}, "2.0"
    )
    program = """
await micropip.install("outer", index_urls=index)
import outer
from importlib.metadata import distribution
read = lambda name, file: distribution(name).read_text(file)
names = ("INSTALLER", "PYODIDE_SOURCE", "PYODIDE_URL", "PYODIDE_REQUIRES")
import pyodide_js
json.dumps([
    outer.where,
    {name: [info.version, info.source] for name, info in micropip.list().items()},
    [read("outer", file) for file in names],
    pyodide_js.loadedPackages.to_py(),
])
"""
    where, listed, told, loaded = _python(host, shelf, program)
    assert where == "two"
    assert listed["outer"] == ["1.2", "pypi"]
    assert listed["inner"] == ["2.0", "pypi"]
    assert listed["micropip"][1] == "pyodide"
    assert told[:2] == ["micropip", "pypi"]
    assert told[2].startswith(f"{shelf.url}outer-1.2-py3-none-any.whl")
    assert told[3] == '["inner"]'
    assert loaded == {"micropip": "default channel", "outer": "pypi", "inner": "pypi"}


@pytest.mark.parametrize(
    ("name", "expression"),
    [
        ("msgpack", "[msgpack.unpackb(msgpack.packb([1, 'two'])), msgpack.Packer.__module__]"),
        ("simplejson",
         "[simplejson.loads('[1, \"two\"]'), simplejson.encoder.c_make_encoder.__module__]"),
    ],
)  # fmt: skip
def test_a_compiled_package_from_an_index(
    host: Host, shelf: Shelf, name: str, expression: str
) -> None:
    path = _wheel(name)
    assert path.name.endswith(f"{_COMPILED}.whl")
    shelf.files[path.name] = path.read_bytes()
    program = f"""
await micropip.install("{name}", index_urls=index)
import {name}
json.dumps([*{expression}, micropip.list()["{name}"].source])
"""
    value, module, source = _python(host, shelf, program)
    assert value == [1, "two"]
    assert name in module
    assert source == "pypi"


def test_by_url_and_from_the_file_system(host: Host, shelf: Shelf) -> None:
    data = wheel_bytes("by_url", {"by_url.py": "where = 'url'"})
    shelf.files["by_url-1.0-py3-none-any.whl"] = data
    shelf.files["by_file-1.0-py3-none-any.whl"] = wheel_bytes(
        "by_file", {"by_file.py": "where = 'file'"}
    )
    program = """
from pyodide.http import pyfetch
await micropip.install(f"{url}by_url-1.0-py3-none-any.whl")
answer = await pyfetch(f"{url}by_file-1.0-py3-none-any.whl")
with open("/tmp/by_file-1.0-py3-none-any.whl", "wb") as file:
    file.write(await answer.bytes())
await micropip.install("emfs:/tmp/by_file-1.0-py3-none-any.whl")
import by_url, by_file
json.dumps([by_url.where, by_file.where, micropip.list()["by-url"].source])
"""
    url, file, source = _python(host, shelf, program)
    assert (url, file) == ("url", "file")
    assert source == f"{shelf.url}by_url-1.0-py3-none-any.whl"


def test_from_the_disk_of_node(host: Host, shelf: Shelf, tmp_path: Path) -> None:
    if not host.is_node:
        pytest.skip("pages have no disk")
    path = tmp_path / "on_disk-1.0-py3-none-any.whl"
    path.write_bytes(wheel_bytes("on_disk", {"on_disk.py": "where = 'disk'"}))
    program = f"await micropip.install('file:{path}')\nimport on_disk\njson.dumps(on_disk.where)"
    assert _python(host, shelf, program) == "disk"


def test_a_package_of_the_lock_file(host: Host, shelf: Shelf) -> None:
    program = """
await micropip.install("packaging")
from packaging.tags import sys_tags
import pyodide_js
platforms = {tag.platform for tag in sys_tags()}
json.dumps([micropip.list()["packaging"].source, pyodide_js.loadedPackages.to_py()["packaging"],
            sorted(platforms)])
"""
    source, loaded, platforms = _python(host, shelf, program)
    assert (source, loaded) == ("pyodide", "default channel")
    assert "pyemscripten_2025_0_wasm32" in platforms


def test_uninstalling(host: Host, shelf: Shelf) -> None:
    shelf.files["gone-1.0-py3-none-any.whl"] = wheel_bytes(
        "gone", {"gone/__init__.py": "", "gone/part.py": "", "gone-1.0.data/scripts/gone": "#!"}
    )
    program = """
import importlib, os, sys
await micropip.install("gone", index_urls=index)
import gone
there = os.path.exists("/bin/gone")
micropip.uninstall("gone")
del sys.modules["gone"]
importlib.invalidate_caches()
try:
    import gone
    found = "found"
except ImportError as error:
    found = type(error).__name__
left = [name for name in os.listdir("/lib/python3.13/site-packages") if "gone" in name]
await micropip.install("gone", index_urls=index)
import gone
json.dumps([there, os.path.exists("/bin/gone"), found, left, "gone" in micropip.list()])
"""
    assert _python(host, shelf, program) == [True, True, "ModuleNotFoundError", [], True]


def test_freezing(host: Host, shelf: Shelf) -> None:
    """What micropip writes is a lock file from which the same is loaded without it."""
    shelf.files["frosty-1.0-py3-none-any.whl"] = wheel_bytes(
        "frosty", {"frosty.py": "where = 'frozen'"}, "1.0", ("icy",)
    )
    shelf.files["icy-3.0-py3-none-any.whl"] = wheel_bytes("icy", {"icy.py": ""}, "3.0")
    body = """
    const first = await pyodide();
    await first.loadPackage("micropip");
    first.globals.set("url", args[0]);
    const lockFileContents = await first.runPythonAsync(`
import micropip
await micropip.install("frosty", index_urls=[f"{url}simple"])
micropip.freeze()`);
    const second = await pyodide({ lockFileContents });
    const told = await loading(second, "frosty");
    return [told, importing(second, "frosty"), Object.keys(JSON.parse(lockFileContents))];
    """
    told, where, keys = run(host, body, shelf.url)
    assert (told["errors"], sorted(told["loaded"])) == ([], ["frosty", "icy"])
    assert where == "frozen"
    assert keys == ["info", "packages"]


@pytest.mark.parametrize(
    ("requirement", "message"),
    [
        ("absent", "Can't find a pure Python 3 wheel for 'absent'"),
        ("alien", "Can't find a pure Python 3 wheel for 'alien'"),
        ("needy", "Can't find a pure Python 3 wheel for 'absent'"),
        ("{url}alien-1.0-cp314-cp314-pyemscripten_2026_0_wasm32.whl",
         "Wheel was built with Emscripten"),
        ("{url}alien-1.0-cp313-cp313-manylinux_2_17_x86_64.whl",
         "Wheel platform 'manylinux_2_17_x86_64'"),
        ("corrupt", "not a zip file"),
        ("changed", "Invalid checksum"),
    ],
)  # fmt: skip
def test_what_cannot_be_installed(host: Host, shelf: Shelf, requirement: str, message: str) -> None:
    alien = wheel_bytes("alien", {"alien.py": ""})
    shelf.files["alien-1.0-cp314-cp314-pyemscripten_2026_0_wasm32.whl"] = alien
    shelf.files["needy-1.0-py3-none-any.whl"] = wheel_bytes(
        "needy", {"needy.py": ""}, "1.0", ("absent",)
    )
    shelf.files["corrupt-1.0-py3-none-any.whl"] = b"not a zip"
    changed = wheel_bytes("changed", {"changed.py": ""})
    shelf.files["changed-1.0-py3-none-any.whl"] = changed
    kept = shelf.index

    def index(name: str) -> bytes:
        return kept(name).replace(b"sha256=", b"sha256=0" if name == "changed" else b"sha256=")

    shelf.index = index  # type: ignore[method-assign]
    program = f"""
import os
try:
    await micropip.install(f"{requirement}", index_urls=index)
    said = "nothing"
except Exception as error:
    said = f"{{type(error).__name__}}: {{error}}"
names = ("absent", "alien", "needy", "corrupt", "changed")
left = [each for each in os.listdir("/lib/python3.13/site-packages") if each.startswith(names)]
json.dumps([said, left])
"""
    said, left = _python(host, shelf, program)
    assert message in said
    assert left == []
