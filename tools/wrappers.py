"""The commands and settings that make an unpacked Debian prefix a usable SDK."""

from __future__ import annotations

import re
from pathlib import Path

from tools import elf
from tools.report import ToolError

_EMSCRIPTEN = (
    "em++",
    "em-config",
    "emar",
    "embuilder",
    "emcc",
    "emcmake",
    "emconfigure",
    "emmake",
    "emnm",
    "emranlib",
    "emscan-deps",
    "emsize",
    "emstrip",
    "emsymbolizer",
    "wasm-as",
    "wasm-dis",
    "wasm-merge",
    "wasm-metadce",
    "wasm-opt",
    "wasm-split",
    "wasm2js",
)
_LLVM = (
    "llvm-ar",
    "llvm-dwarfdump",
    "llvm-nm",
    "llvm-objcopy",
    "llvm-objdump",
    "llvm-ranlib",
    "llvm-readobj",
    "llvm-size",
    "llvm-strip",
    "wasm-ld",
)
_HOST = ("make", "pkg-config", "python3.13")


def write_host(prefix: Path) -> None:
    """Fill host-bin with the build tools.

    It holds only what a build asks for: the prefix's python3 must not hide the machine's own.
    """
    for name in _HOST:
        _link(prefix / "host-bin" / name, prefix / "usr/bin" / name)
    _write_compilers(prefix, _llvm_version(prefix))
    _write_tclsh(prefix)


def write_emscripten(prefix: Path, emscripten_cache: Path) -> None:
    """Fill em-bin with the SDK's commands and write Emscripten's configuration."""
    llvm = _llvm_version(prefix)
    for name in _EMSCRIPTEN:
        _link(prefix / "em-bin" / name, prefix / "usr/bin" / name)
    for name in _LLVM:
        _link(prefix / "em-bin" / name, prefix / "usr/bin" / f"{name}-{llvm}")
    # Where Node finds acorn for Emscripten; unlike NODE_PATH it serves imports, and no one else.
    _link(prefix / "usr/share/node_modules", prefix / "usr/share/nodejs")
    _write_config(prefix, llvm, emscripten_cache)


def _llvm_version(prefix: Path) -> str:
    for path in (prefix / "usr/bin").glob("wasm-ld-*"):
        return path.name.removeprefix("wasm-ld-")
    raise ToolError(f"finding LLVM: expected usr/bin/wasm-ld-VERSION in {prefix}")


def _link(path: Path, target: Path) -> None:
    if not target.exists():
        raise ToolError(f"making the command {path.name}: expected {target}, which is not there")
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(target)


def _script(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)


def _write_compilers(prefix: Path, llvm: str) -> None:
    """The host's cc and c++; their programs run with the prefix's newer C library."""
    link = [f"-Wl,--dynamic-linker={elf.loader(prefix)}"]
    link += [f"-Wl,-rpath,{folder}" for folder in elf.library_folders(prefix)]
    flags = ["-fuse-ld=lld", "-Wno-unused-command-line-argument", *link]
    for name, clang in (("cc", "clang"), ("c++", "clang++")):
        start = f"exec '{prefix}/usr/bin/{clang}-{llvm}' '--sysroot={prefix}'"
        quoted = " ".join(f"'{flag}'" for flag in flags)
        _script(prefix / "host-bin" / name, [f'{start} {quoted} "$@"'])


def _write_tclsh(prefix: Path) -> None:
    library = next((prefix / "usr/share/tcltk").glob("tcl*"))
    lines = [
        f"TCL_LIBRARY='{library}'",
        "export TCL_LIBRARY",
        f"exec '{prefix}/usr/bin/tclsh' \"$@\"",
    ]
    _script(prefix / "host-bin/tclsh", lines)


def _write_config(prefix: Path, llvm: str, emscripten_cache: Path) -> None:
    """Emscripten's settings; CACHE lies outside, so that it survives a repaired SDK folder.

    NODE_JS is left to the environment (EM_NODE_JS), since it is the machine's own.
    """
    major = re.sub(r"\..*", "", llvm)
    settings = {
        "LLVM_ROOT": str(prefix / "usr/bin"),
        "BINARYEN_ROOT": str(prefix / "usr"),
        "LLVM_ADD_VERSION": major,
        "CLANG_ADD_VERSION": major,
        "CACHE": str(emscripten_cache),
    }
    text = "".join(f"{name} = {value!r}\n" for name, value in settings.items())
    (prefix / "emscripten.config").write_text(text)
