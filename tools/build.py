"""Builds dist/: the wasm, the standard library with the package, and the loader.

python3 -m tools.build   build what is not up to date
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tools import cache, cpython, node, package, process, pyvenv, versions
from tools.report import ToolError, main, plain, say
from tools.toolchain import sdk

ROOT = versions.ROOT
BUILD = ROOT / "build"
DIST = ROOT / "dist"
# Of python/; the compatible ones stand where a host has none of its own, so not in the wheel.
PACKAGES = ("pyjs", "jstypes", "compat/pyodide", "compat/_pyodide")
_CORE = BUILD / "pyjs_core.js"
_TYPES = ("pyjs.d.ts", "packages.d.ts", "py_proxy.d.ts", "stdio.d.ts")
_COMPATIBLE_TYPES = ("pyodide.d.ts", "ffi.d.ts", "file_system.d.ts")
_GLUE = BUILD / "runtime" / "pyjs_glue.mjs"


def build() -> Path:
    """Build the distribution and return its folder."""
    python = cpython.python()
    BUILD.mkdir(exist_ok=True)
    log = cache.log_file("build")
    env = pyvenv.activated(env=sdk().env)
    say("build", "bundling the JavaScript core")
    node.bundle(["core", str(_CORE)], log)
    say("build", "compiling and linking")
    _compile(python, env, log)
    DIST.mkdir(exist_ok=True)
    say("build", "packing the standard library and the packages")
    _pack(python, log)
    _replace(_GLUE.with_suffix(".wasm"), DIST / "pyjs.wasm")
    say("build", "bundling the loader")
    node.bundle(
        ["loader", str(_GLUE), *(str(DIST / n) for n in ("pyjs.wasm", "python_stdlib.zip"))]
        + [str(DIST)],
        log,
    )
    _copy_types()
    _write_package()
    return DIST


def _copy_types() -> None:
    """The public types, which lie in one folder there."""
    for name in _TYPES:
        shutil.copy(ROOT / "js/runtime" / name, DIST / name)
    for name in _COMPATIBLE_TYPES:
        text = (ROOT / "js/compat" / name).read_text()
        (DIST / name).write_text(text.replace('"../runtime/', '"./'))


def _write_package() -> None:
    """What makes dist/ an npm package, and one that knows no Python packages yet."""
    shutil.copy(ROOT / "js/compat/package.json", DIST / "package.json")
    lock = DIST / "pyodide-lock.json"
    if not lock.exists():
        shutil.copy(ROOT / "js/compat/pyodide-lock.json", lock)


def _compile(python: cpython.Python, env: dict[str, str], log: Path) -> None:
    archives = ";".join(str(path) for path in python.archives)
    pybind11 = process.output(
        [pyvenv.program("python"), "-c", "import pybind11; print(pybind11.get_cmake_dir())"],
        "finding pybind11",
    ).strip()
    configure: list[str | Path] = [
        "emcmake", "cmake", "-S", ROOT, "-B", BUILD, "-G", "Ninja",
        "-DCMAKE_BUILD_TYPE=Release",
        "-DPYJS_RUNTIME=ON",
        f"-DPYJS_CORE_JS={_CORE}",
        f"-DPYJS_PYTHON_LIBRARIES={archives}",
        f"-DPYJS_PYTHON_INCLUDE={python.include}",
        f"-Dpybind11_DIR={pybind11}",
    ]  # fmt: skip
    process.run(configure, "configuring the core", log, env=env)
    process.run(["ninja", "-C", BUILD], "compiling the core", log, env=env)


def _pack(python: cpython.Python, log: Path) -> None:
    """The standard library, and behind it the packages, as one zip."""
    staged = BUILD / "python_stdlib.zip"
    shutil.copy(python.stdlib, staged)
    packages = [ROOT / "python" / name for name in PACKAGES]
    package.add(packages, staged, sdk().build_python, BUILD / "package", log)
    _replace(staged, DIST / "python_stdlib.zip")


def _replace(source: Path, target: Path) -> None:
    """Replace `target` in one step: who loads it meanwhile gets one version or the other."""
    if not source.exists():
        raise ToolError(f"building {target.name}: {source} was not made")
    staged = target.with_suffix(".new")
    shutil.copy(source, staged)
    os.replace(staged, target)


if __name__ == "__main__":
    main(plain("build", lambda: print(build())))
