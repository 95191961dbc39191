"""The cross-build environment that pyodide-build asks for, assembled without its download.

What it consists of is said in docs/wheel.md. The official one is an archive of the same layout,
from a host that not every machine reaches.
"""

from __future__ import annotations

import json
import re
import runpy
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools import cache, node, versions, wheel_python
from tools.report import ToolError, say

_RECIPE = cache.recipe(__file__)
_SYSCONFIG = "_sysconfigdata__emscripten_wasm32-emscripten"
_TEXT = re.compile(r'^[\w"().*,+ -]+$')
_DIRECTIVE = re.compile(
    r"^(?:/\* #undef (?P<unset>\w+) \*/|#define (?P<set>\w+)(?: (?P<value>.*))?)$"
)

# What the target was compiled with decides these; the official environment says the same.
_COMPILE = "-g0 -fPIC -fwasm-exceptions -sSUPPORT_LONGJMP=wasm"
_LINK = "-fwasm-exceptions -sSUPPORT_LONGJMP=wasm -sWASM_BIGINT"


@dataclass(frozen=True)
class Environment:
    """An assembled cross-build environment, and the Python it is for."""

    target: versions.WheelTarget
    path: Path
    python: wheel_python.HostPython
    pyodide: Path


def environment(target: versions.WheelTarget) -> Environment:
    """The cross-build environment of a target, assembled when missing."""
    python = wheel_python.host_python(target.python)
    pyodide = package(target)
    inputs = (_RECIPE, repr(target), str(python.prefix), str(pyodide))
    path = cache.root() / f"xbuildenv-{target.name}-{cache.key(*inputs)}"
    with cache.building(path) as needed:
        if needed:
            say("wheel", f"assembling the cross-build environment of Pyodide {target.name}")
            _assemble(path, target, python, pyodide)
    return Environment(target, path, python, pyodide)


def package(target: versions.WheelTarget) -> Path:
    """npm's package of a target's Pyodide, which has no Python packages beside it."""
    modules = node.installed(
        versions.ROOT / "wheel", cache.root() / "wheel" / "pyodide", "the Pyodides"
    )
    return modules / f"pyodide-{target.name}"


def lock_file(pyodide: Path) -> dict[str, Any]:
    """pyodide-lock.json of a package: what it was built with, and the packages it knows."""
    data: dict[str, Any] = json.loads((pyodide / "pyodide-lock.json").read_text())
    return data


def _assemble(
    path: Path, target: versions.WheelTarget, python: wheel_python.HostPython, pyodide: Path
) -> None:
    info = lock_file(pyodide)["info"]
    if not info["python"].startswith(f"{target.python}."):
        raise ToolError(
            f"assembling the environment of Pyodide {target.name}: runtime/versions.json says "
            f"Python {target.python}, the package of wheel/package.json has {info['python']}"
        )
    version = path / target.name
    root = version / "xbuildenv/pyodide-root"
    install = root / "cpython/installs" / f"python-{info['python']}"
    (install / "sysconfigdata").mkdir(parents=True)
    with zipfile.ZipFile(pyodide / "python_stdlib.zip") as stdlib:
        stdlib.extract(f"{_SYSCONFIG}.py", install / "sysconfigdata")
    found = runpy.run_path(str(install / "sysconfigdata" / f"{_SYSCONFIG}.py"))["build_time_vars"]
    _write_headers(install / f"include/python{target.python}", python, found)
    (root / "Makefile.envs").write_text(_makefile(target, info, install.relative_to(root)))
    (root.parent / "requirements.txt").write_text("")
    (version / ".build-python-version").write_text(f"{target.python}\n")
    # pyodide-build takes the version that this link names.
    (path / "xbuildenv").symlink_to(target.name)


def _makefile(target: versions.WheelTarget, info: dict[str, str], install: Path) -> str:
    major, minor, micro = info["python"].split(".", 2)
    emscripten = info["platform"].removeprefix("emscripten_").replace("_", ".")
    where = f"$(PYODIDE_ROOT)/{install}"
    exports = {
        "PYVERSION": info["python"],
        "PYMAJOR": major,
        "PYMINOR": minor,
        "PYMICRO": micro,
        "PYODIDE_ABI_VERSION": info["abi_version"],
        "PYODIDE_EMSCRIPTEN_VERSION": emscripten,
        "PLATFORM_TRIPLET": "wasm32-emscripten",
        "SYSCONFIG_NAME": _SYSCONFIG,
        "CPYTHONINSTALL": where,
        "TARGETINSTALLDIR": where,
        "SYSCONFIGDATA_DIR": f"{where}/sysconfigdata",
        "PYTHONINCLUDE": f"{where}/include/python{target.python}",
        "CFLAGS_BASE": _COMPILE,
        "CXXFLAGS_BASE": _COMPILE,
        "LDFLAGS_BASE": _LINK,
    }
    lines = [f"export {name} = {value}" for name, value in exports.items()]
    return "\n".join([*lines, "", ".output_vars:", "\t@env", ""])


def _write_headers(folder: Path, python: wheel_python.HostPython, found: dict[str, Any]) -> None:
    """CPython's headers, with the pyconfig.h that the target was configured with."""
    shutil.copytree(python.include, folder)
    lines = python.config_header.read_text().splitlines()
    (folder / "pyconfig.h").write_text("".join(f"{_configured(line, found)}\n" for line in lines))


def _configured(line: str, found: dict[str, Any]) -> str:
    """A line of the host's pyconfig.h as it is in the target's: every file has the same lines."""
    match = _DIRECTIVE.match(line)
    if match is None:
        return line
    name = match["set"] or match["unset"]
    if match["set"] and match["value"] is None:
        return line
    value = found.get(name)
    if isinstance(value, str) and not value.startswith('"') and (match["value"] or "")[:1] == '"':
        value = f'"{value}"'
    if value in (None, 0, "") or (isinstance(value, str) and not _TEXT.match(value)):
        return f"/* #undef {name} */"
    return f"#define {name} {value}"
