"""The wheel where it is installed: stock Pyodide through micropip, and desktop Python."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

from tests.packaging.conftest import TARGETS, Wheel, session
from tools import process, pyvenv, server, wheel, wheel_python

_INSTALL = """
const [code, wanted, index] = args;
await micropip.install.callKwargs(wanted, index ? { index_urls: index } : {});
return py.runPython(code);
"""
_CODE = """
from importlib.metadata import metadata
from pyjs import js, to_js

f"{js.Math.max(1, 3, 2)} {metadata('pyjs')['Version']} {js.JSON.stringify(to_js([1, 'ä']))}"
"""
# Which modules `import pyjs` runs, and which of them Python had to compile.
_COMPILES = """
import json, sys
from importlib.machinery import SourceFileLoader
compiled, inner = [], SourceFileLoader.source_to_code
def source_to_code(self, *args, **kwargs):
    compiled.append(self.name)
    return inner(self, *args, **kwargs)
SourceFileLoader.source_to_code = source_to_code
import pyjs
json.dumps([sorted(name for name in sys.modules if name.partition(".")[0] == "pyjs"), compiled])
"""


def _installed(built: Wheel, code: str, *wanted: str) -> str:
    """What the last expression of the code gives, a text, in a Pyodide with the wheel.

    What is wanted is a URL, or a name and the address of an index.
    """
    return str(session(built.target, _INSTALL, code, *wanted))


def test_micropip_installs_it(built: Wheel, wheelhouse: str) -> None:
    assert _installed(built, _CODE, f"{wheelhouse}{built.path.name}") == '3 0.1.0 [1,"ä"]'


def test_micropip_finds_it_by_its_name(built: Wheel, tmp_path: Path) -> None:
    """In an index that has the wheels of all Pyodides, as that of a release would."""
    wheels = list(wheel.DIST.glob("pyjs-*.whl"))
    for path in wheels:
        shutil.copy(path, tmp_path)
    page = tmp_path / "pyjs/index.html"
    page.parent.mkdir()
    links = [f'<a href="/{path.name}">{path.name}</a>' for path in wheels]
    page.write_text(f"<!doctype html><title>pyjs</title>{''.join(links)}")
    with server.serving(tmp_path) as index:
        assert _installed(built, _CODE, "pyjs", index) == '3 0.1.0 [1,"ä"]'


def test_an_import_compiles_nothing(built: Wheel, wheelhouse: str) -> None:
    """All that it runs is bytecode of the wheel's, and the wheel has no other bytecode."""
    imported, compiled = json.loads(_installed(built, _COMPILES, f"{wheelhouse}{built.path.name}"))
    assert compiled == []
    names = {name.partition(".")[2] or "__init__" for name in imported} - {"_core"}
    assert built.bytecode == {f"pyjs/__pycache__/{name}.{built.cache_tag}.pyc" for name in names}


def _desktop(tmp_path: Path) -> Path:
    """A virtual environment of desktop Python with the source distribution in it."""
    python = wheel_python.host_python(TARGETS["314"].python)
    pip: list[str | Path] = [wheel_python.build_tools(python) / "bin/python", "-m", "pip"]
    sdist = wheel.sdist(tmp_path)
    log = tmp_path / "pip.log"
    made = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path, sdist]
    process.run(made, "building the sdist on the desktop", log)
    environment = tmp_path / "venv"
    process.run([python.program, "-m", "venv", "--without-pip", environment], "making it", log)
    pure = tmp_path / "pyjs-0.1.0-py3-none-any.whl"
    into = [*pip, "--python", environment / "bin/python", "install", "--no-index", pure]
    process.run(into, "installing it", log)
    return environment / "bin/python"


def test_desktop(tmp_path: Path) -> None:
    """There the sdist becomes a wheel for type checkers, without a compiler."""
    python = _desktop(tmp_path)
    with zipfile.ZipFile(tmp_path / "pyjs-0.1.0-py3-none-any.whl") as archive:
        names = archive.namelist()
    assert {"pyjs/_core.pyi", "pyjs/py.typed", "pyjs/__init__.py"} <= set(names)
    assert not [name for name in names if name.endswith((".so", ".cpp", ".ts"))]
    done = subprocess.run(
        [python, "-c", "import pyjs"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    said = done.stderr.splitlines()[-1]
    assert said.startswith("ImportError: pyjs joins Python to JavaScript in WebAssembly")
    assert "await micropip.install('pyjs')" in said

    program = tmp_path / "program.py"
    program.write_text("import pyjs\nreveal_type(pyjs.to_js)\nreveal_type(pyjs.jsnull)\n")
    typed = subprocess.run(
        [
            pyvenv.program("mypy"),
            "--strict",
            "--config-file=",
            "--python-version=3.14",
            f"--python-executable={python}",
            program,
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert typed.returncode == 0, typed.stdout
    assert 'Revealed type is "Overload(def [' in typed.stdout
    assert 'Revealed type is "pyjs._core.JsNull"' in typed.stdout
