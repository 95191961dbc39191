"""Builds the C libraries CPython links (zlib, bzip2, xz, SQLite, libffi) for WebAssembly.

python3 -m tools.libraries   build them, print their prefix
"""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools import cache, debian, process, versions
from tools.report import ToolError, main, say
from tools.toolchain import sdk

_RECIPE = cache.recipe(__file__)

# What every object of the runtime is compiled with; exceptions and longjmp must agree in all.
# No -g: debug information would triple the size of the archives.
COMMON_FLAGS = ("-g0", "-fPIC", "-fwasm-exceptions", "-sSUPPORT_LONGJMP=wasm")
_FLAGS = ("-O2", *COMMON_FLAGS)

_SQLITE_FEATURES = (
    "-DSQLITE_ENABLE_COLUMN_METADATA",
    "-DSQLITE_ENABLE_DBSTAT_VTAB",
    "-DSQLITE_ENABLE_FTS5",
    "-DSQLITE_ENABLE_MATH_FUNCTIONS",
    "-DSQLITE_ENABLE_RTREE",
    "-DSQLITE_OMIT_LOAD_EXTENSION",
    "-DSQLITE_THREADSAFE=0",
)
_XZ_OPTIONS = (
    *(
        f"--disable-{part}"
        for part in (
            "shared",
            "xz",
            "xzdec",
            "lzmadec",
            "lzmainfo",
            "scripts",
            "doc",
            "nls",
            "threads",
            "assembler",
        )
    ),
    # Named, or config.guess takes emcc for the build machine's own compiler.
    "--build=x86_64-linux-gnu",
    "--host=wasm32-unknown-linux",
)
_BZIP2_PARTS = ("blocksort", "bzlib", "compress", "crctable", "decompress", "huffman", "randtable")
_FFI_PARTS = ("prep_cif", "types", "raw_api", "java_raw_api", "closures", "tramp", "wasm32/ffi")
# libffi's configure needs autotools, to find out no more than this.
_FFI_CONFIG = """\
#define FFI_HIDDEN __attribute__((visibility("hidden")))
#define HAVE_ALLOCA_H 1
#define HAVE_INTTYPES_H 1
#define HAVE_LONG_DOUBLE 1
#define HAVE_MEMCPY 1
#define HAVE_STDINT_H 1
#define SIZEOF_DOUBLE 8
#define SIZEOF_LONG_DOUBLE 16
#define SIZEOF_SIZE_T 4
#define STDC_HEADERS 1
"""


def prefix() -> Path:
    """The folder with include/ and lib/ of all the libraries, built when missing."""
    names = list(_RECIPES)
    pins = [versions.source(name).sha256 for name in names]
    path = cache.root() / f"libraries-{cache.key(sdk().version, *pins, _RECIPE)}"
    with cache.building(path) as needed:
        if needed:
            for folder in ("include", "lib"):
                (path / folder).mkdir()
            log = cache.log_file(path.name)
            for name in names:
                _build(name, path, log)
            shutil.rmtree(path / "src")
    return path


def unpacked(name: str, folder: Path) -> Path:
    """Fetch the pinned source called `name`, unpack it in `folder`, return its top folder."""
    wanted = versions.source(name)
    downloads = cache.root() / "sources"
    tarball = downloads / f"{wanted.sha256[:12]}-{wanted.file}"
    with cache.lock("apt"):
        if not tarball.exists():
            say(name, f"downloading {wanted.file}")
            shutil.rmtree(downloads / "new", ignore_errors=True)
            debian.apt().source(wanted, downloads / "new").rename(tarball)
    # Dates are kept, or make would try to run autotools on files that look outdated.
    with tarfile.open(tarball) as archive:
        archive.extractall(folder)
        top = archive.getnames()[0].split("/")[0]
    return folder / top


@dataclass
class _Work:
    """One library being built: its source, the prefix it goes to, and how to run commands."""

    name: str
    source: Path
    prefix: Path
    log: Path
    env: dict[str, str] = field(
        default_factory=lambda: {
            **sdk().env,
            "CC": "emcc",
            "AR": "emar",
            "RANLIB": "emranlib",
            "CFLAGS": " ".join(_FLAGS),
        }
    )

    def run(self, *command: str | Path, env: dict[str, str] | None = None) -> None:
        process.run(
            command,
            f"building {self.name}",
            self.log,
            cwd=self.source,
            env=self.env if env is None else env,
        )

    def archive(self, library: str, sources: Sequence[str], *flags: str) -> None:
        """Compile sources and put their objects in a static library of the prefix."""
        self.run("emcc", *_FLAGS, *flags, "-c", *sources)
        objects = [f"{Path(source).stem}.o" for source in sources]
        self.run("emar", "rcs", self.prefix / "lib" / library, *objects)

    def headers(self, *names: str) -> None:
        for name in names:
            shutil.copy(self.source / name, self.prefix / "include")


def _build(name: str, path: Path, log: Path) -> None:
    pin = versions.source(name)
    source = unpacked(name, path / "src")
    say("libraries", f"building {name} {pin.version}")
    library = path / "lib" / _LIBRARIES[name]
    _RECIPES[name](_Work(name, source, path, log))
    if not library.is_file():
        raise ToolError(f"building {name}: expected {library}, which was not made; see {log}")


def _zlib(work: _Work) -> None:
    work.run(
        "./configure", "--static", f"--prefix={work.prefix}", env={**work.env, "CHOST": "wasm32"}
    )
    work.run("make", "libz.a")
    work.headers("zlib.h", "zconf.h")
    shutil.copy(work.source / "libz.a", work.prefix / "lib")


def _bzip2(work: _Work) -> None:
    work.archive("libbz2.a", [f"{part}.c" for part in _BZIP2_PARTS])
    work.headers("bzlib.h")


def _xz(work: _Work) -> None:
    work.run("./configure", f"--prefix={work.prefix}", *_XZ_OPTIONS)
    work.run("make", f"-j{process.cores()}", "-C", "src/liblzma", "install")


def _sqlite(work: _Work) -> None:
    # The amalgamation is made by the host's compiler and tclsh, not by Emscripten.
    work.run("./configure", "--disable-tcl", env={**sdk().env, "CC": "cc"})
    work.run("make", "sqlite3.c", "sqlite3.h", env=sdk().env)
    work.archive("libsqlite3.a", ["sqlite3.c"], *_SQLITE_FEATURES)
    work.headers("sqlite3.h")


def _libffi(work: _Work) -> None:
    text = (work.source / "include/ffi.h.in").read_text()
    for name, value in (
        ("VERSION", versions.source("libffi").version),
        ("TARGET", "wasm32"),
        ("HAVE_LONG_DOUBLE", "1"),
        ("FFI_EXEC_TRAMPOLINE_TABLE", "0"),
    ):
        text = text.replace(f"@{name}@", value)
    (work.source / "include/ffi.h").write_text(text)
    (work.source / "include/fficonfig.h").write_text(_FFI_CONFIG)
    work.archive("libffi.a", [f"src/{part}.c" for part in _FFI_PARTS], "-Iinclude", "-Isrc/wasm32")
    work.headers("include/ffi.h", "src/wasm32/ffitarget.h")


_RECIPES: dict[str, Callable[[_Work], None]] = {
    "zlib": _zlib,
    "bzip2": _bzip2,
    "xz": _xz,
    "sqlite": _sqlite,
    "libffi": _libffi,
}
_LIBRARIES = {
    "zlib": "libz.a",
    "bzip2": "libbz2.a",
    "xz": "liblzma.a",
    "sqlite": "libsqlite3.a",
    "libffi": "libffi.a",
}


def _entry(arguments: list[str]) -> int:
    if arguments:
        raise ToolError(f"usage: python3 -m tools.libraries, without arguments; given {arguments}")
    print(prefix())
    return 0


if __name__ == "__main__":
    main(_entry)
