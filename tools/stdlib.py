"""Packs the Python standard library into a zip of compiled modules."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from tools import cache, process, versions
from tools.report import say

_RECIPE = cache.recipe(__file__)

# Tests, desktop programs, and what needs a process, a terminal or pip's bundled wheel.
_LEFT_OUT = (
    "__phello__",
    # What C modules that are linked in do faster.
    "_pydatetime.py",
    "_pydecimal.py",
    "_pyio.py",
    "_pyrepl",
    "curses",
    "ensurepip",
    "idlelib",
    "pydoc_data",
    "site-packages",
    "test",
    "tkinter",
    "turtle.py",
    "turtledemo",
    "venv",
)
# Zip cannot say "no date"; this is the first one it has.
DATE = (1980, 1, 1, 0, 0, 0)

# Run by a Python of the target's version, whose compiled modules the target loads. They carry a
# hash of their source instead of a date, and paths as they will appear in tracebacks.
COMPILE = """\
import pathlib, py_compile, sys
source, target, shown = map(pathlib.Path, sys.argv[1:])
for path in sorted(source.rglob("*.py")):
    name = path.relative_to(source)
    output = (target / name).with_suffix(".pyc")
    py_compile.compile(
        str(path), str(output), str(shown / name), doraise=True, optimize=0,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
"""


def packed(python: Path, sysconfig: str, build_python: Path) -> Path:
    """The zip of the standard library of the built CPython in `python`, made when missing."""
    path = cache.root() / f"stdlib-{cache.key(python.name, _RECIPE, versions.abi())}"
    output = path / "python_stdlib.zip"
    with cache.building(path) as needed:
        if needed:
            say("stdlib", "compiling and packing the standard library")
            _pack(python / "Lib", python / sysconfig, output, build_python)
    return output


def _pack(lib: Path, sysconfig: Path, output: Path, build_python: Path) -> None:
    work = output.with_suffix(".work")
    chosen, compiled = work / "source", work / "compiled"
    shutil.copytree(lib, chosen, ignore=_ignored)
    (chosen / sysconfig.name).write_text(f"{sysconfig.read_text()}\n{_variables()}")
    process.run(
        [build_python, "-I", "-c", COMPILE, chosen, compiled, f"/lib/{output.name}"],
        "compiling the standard library",
        cache.log_file(output.parent.name),
    )
    with zipfile.ZipFile(output, "w") as archive:
        add(archive, compiled)
    shutil.rmtree(work)


def _variables() -> str:
    """What PEP 783 wants sysconfig to tell, with the names that it had in Pyodide before."""
    names = ("PYEMSCRIPTEN_PLATFORM_VERSION", "PYEMSCRIPTEN_ABI_VERSION", "PYODIDE_ABI_VERSION")
    return f"build_time_vars |= {dict.fromkeys(names, versions.abi())!r}\n"


def add(archive: zipfile.ZipFile, compiled: Path) -> None:
    """Put the compiled modules under a folder into a zip, the same ones always as the same bytes.

    They are stored: a server's brotli does better on the whole than zlib on each module.
    """
    for path in sorted(compiled.rglob("*.pyc")):
        info = zipfile.ZipInfo(path.relative_to(compiled).as_posix(), DATE)
        info.external_attr = 0o644 << 16
        archive.writestr(info, path.read_bytes(), zipfile.ZIP_STORED)


def _ignored(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name in _LEFT_OUT or name == "__pycache__"}
