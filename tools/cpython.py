"""Builds CPython for WebAssembly as static archives, with its headers and standard library.

python3 -m tools.cpython   build it, print its prefix
"""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from tools import cache, libraries, process, stdlib, versions
from tools.report import ToolError, main, say
from tools.toolchain import sdk

_RECIPE = cache.recipe(__file__)

# The place to change how CPython is optimised.
CFLAGS = ("-O2", *libraries.COMMON_FLAGS, "-DPY_CALL_TRAMPOLINE")

_PATCHES = versions.ROOT / "runtime" / "patches"
_CONFIGURE = (
    # Fixed, so that the result does not depend on where it was built.
    "--prefix=/",
    "--build=x86_64-linux-gnu",
    "--host=wasm32-unknown-emscripten",
    "--with-emscripten-target=browser",
    "--enable-wasm-dynamic-linking",
    "--enable-big-digits=30",
    # For small objects faster than Emscripten's malloc; configure leaves it out by default.
    "--with-pymalloc",
    "--without-ensurepip",
    "--disable-ipv6",
    "--disable-shared",
    "--disable-test-modules",
)
_VARIABLES = {
    "CONFIG_SITE": "Tools/wasm/config.site-wasm32-emscripten",
    "CC": "emcc",
    "CXX": "em++",
    "AR": "emar",
    "RANLIB": "emranlib",
    "HOSTRUNNER": "node",
    "PLATFORM_TRIPLET": "wasm32-emscripten",
    "OPT": "-fwrapv -Wall",
    "CFLAGS": " ".join(CFLAGS),
    # Found in Emscripten's sysroot, of no use in a browser.
    "py_cv_module__uuid": "n/a",
    "py_cv_module_xxsubtype": "n/a",
}
_LIBRARY_VARIABLES = {
    "ZLIB": "-lz",
    "BZIP2": "-lbz2",
    "LIBLZMA": "-llzma",
    "LIBSQLITE3": "-lsqlite3",
    "LIBFFI": "-lffi",
}
# Modules that configure leaves out for a browser, though they build and packages import them.
_FORCED_MODULES = ("fcntl", "termios")
_NEEDED_MODULES = (
    *_FORCED_MODULES,
    "_ctypes",
    "zlib",
    "_bz2",
    "_lzma",
    "_sqlite3",
    "_decimal",
    "pyexpat",
    "_elementtree",
    "_md5",
    "_sha1",
    "_sha2",
    "_sha3",
    "_blake2",
    "unicodedata",
    "_json",
    "array",
    "math",
    "cmath",
    "_struct",
    "_datetime",
    "_zoneinfo",
    "mmap",
    "select",
    "_asyncio",
    "_contextvars",
    "_pickle",
    "_socket",
    "binascii",
    "_csv",
    "_random",
    "_statistics",
)
# In the order in which a linker must see them.
_ARCHIVES = (
    "libpython{minor}.a",
    "Modules/_decimal/libmpdec/libmpdec.a",
    "Modules/expat/libexpat.a",
    "Modules/_hacl/libHacl_Hash_SHA2.a",
)
_SYSCONFIG = "_sysconfigdata__emscripten_wasm32-emscripten.py"


@dataclass(frozen=True)
class Python:
    """A built CPython: what a link of the runtime and a build of extensions need from it."""

    prefix: Path
    stdlib: Path

    @property
    def include(self) -> Path:
        """The folder with Python.h and pyconfig.h."""
        return self.prefix / "include" / f"python{minor()}"

    @property
    def archives(self) -> list[Path]:
        """The static libraries, in link order."""
        names: list[str] = json.loads((self.prefix / "link.json").read_text())["archives"]
        return [self.prefix / name for name in names]

    @property
    def sysconfig(self) -> Path:
        """The sysconfig data module of the target."""
        return self.prefix / _SYSCONFIG


def minor() -> str:
    """CPython's major.minor version."""
    return versions.source("cpython").version.rpartition(".")[0]


def python() -> Python:
    """The built CPython, built when missing."""
    libs = libraries.prefix()
    patches = sorted(_PATCHES.glob("*.patch"))
    texts = [_RECIPE, *(path.read_text() for path in patches)]
    pin = versions.source("cpython").sha256
    path = cache.root() / f"cpython-{cache.key(sdk().version, pin, libs.name, *texts)}"
    with cache.building(path) as needed:
        if needed:
            _build(path, libs, patches, cache.log_file(path.name))
    return Python(path, stdlib.packed(path, _SYSCONFIG, sdk().build_python))


def _build(path: Path, libs: Path, patches: list[Path], log: Path) -> None:
    source = libraries.unpacked("cpython", path / "src")
    for patch in patches:
        # Git would silently skip everything if it took the cache for a part of a repository.
        env = {**os.environ, "GIT_CEILING_DIRECTORIES": str(source.parent)}
        process.run(
            ["git", "apply", "-p1", patch], f"applying {patch.name}", log, cwd=source, env=env
        )
    env = _environment(libs)
    # The date that sys.version shows is the source's, or no two builds would be alike.
    env["SOURCE_DATE_EPOCH"] = str(int((source / "configure").stat().st_mtime))
    say("cpython", f"configuring {versions.source('cpython').version}")
    process.run(
        ["./configure", f"--with-build-python={sdk().build_python}", *_CONFIGURE],
        "configuring CPython",
        log,
        cwd=source,
        env=env,
    )
    _choose_modules(source)
    say("cpython", "compiling")
    archives = [name.format(minor=minor()) for name in _ARCHIVES]
    process.run(
        ["make", f"-j{process.cores()}", *archives, "pybuilddir.txt"],
        "compiling CPython",
        log,
        cwd=source,
        env=env,
    )
    _check_modules(source)
    _install(source, path, libs, archives)
    shutil.rmtree(path / "src")


def _environment(libs: Path) -> dict[str, str]:
    env = {**sdk().env, **_VARIABLES}
    for name, link in _LIBRARY_VARIABLES.items():
        env[f"{name}_CFLAGS"] = f"-I{libs}/include"
        env[f"{name}_LIBS"] = f"-L{libs}/lib {link}"
    # Without it configure would find the machine's own libraries.
    env["PKG_CONFIG_LIBDIR"] = str(libs / "lib/pkgconfig")
    return env


def _choose_modules(source: Path) -> None:
    """Build every module statically, those of _FORCED_MODULES too."""
    text = (source / "Modules/Setup.stdlib").read_text()
    for name in _FORCED_MODULES:
        text, count = re.subn(rf"^#({name} .*)$", r"\1", text, flags=re.MULTILINE)
        if count != 1:
            raise ToolError(
                f"configuring CPython: expected one disabled line for {name} in "
                f"{source}/Modules/Setup.stdlib, found {count}; check _FORCED_MODULES"
            )
    (source / "Modules/Setup.local").write_text(text)


def _check_modules(source: Path) -> None:
    built = set(re.findall(r'\{"(\w+)", PyInit_', (source / "Modules/config.c").read_text()))
    missing = [name for name in _NEEDED_MODULES if name not in built]
    if missing:
        raise ToolError(
            f"compiling CPython: these modules were not built in: {', '.join(missing)}; "
            f"configure's reasons stand in {source}/config.log"
        )


def _install(source: Path, path: Path, libs: Path, archives: list[str]) -> None:
    """Copy what others need out of the build tree."""
    library = path / "lib"
    library.mkdir()
    found = [*(source / name for name in archives), *sorted((libs / "lib").glob("*.a"))]
    for archive in found:
        shutil.copy(archive, library)
    names = [f"lib/{archive.name}" for archive in found]
    (path / "link.json").write_text(json.dumps({"archives": names}, indent=2) + "\n")
    shutil.copytree(source / "Lib", path / "Lib", ignore=shutil.ignore_patterns("test"))
    include = path / "include" / f"python{minor()}"
    shutil.copytree(source / "Include", include)
    shutil.copy(source / "pyconfig.h", include)
    folder = (source / "pybuilddir.txt").read_text().strip()
    text = (source / folder / _SYSCONFIG).read_text()
    # The file is shipped: it must not tell, nor depend on, where it was made.
    text = re.sub(re.escape(str(cache.root())) + r"/[^/\s'\"]+", "/build", text)
    (path / _SYSCONFIG).write_text(text)


def _entry(arguments: list[str]) -> int:
    if arguments:
        raise ToolError(f"usage: python3 -m tools.cpython, without arguments; given {arguments}")
    print(python().prefix)
    return 0


if __name__ == "__main__":
    main(_entry)
