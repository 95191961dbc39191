"""Makes programs unpacked from packages run where they stand, with their own C library."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools import process
from tools.report import ToolError

_INTERP, _DYNAMIC = 3, 2
_RPATH, _RUNPATH = 15, 29
_HEADER = 64


@dataclass(frozen=True)
class _Elf:
    is_program: bool
    has_rpath: bool


def relocate(prefix: Path, patchelf: Path, log: Path) -> None:
    """Point every program under `prefix` to the prefix's own loader and libraries.

    Programs get DT_RPATH, not DT_RUNPATH: it is searched for the libraries of libraries too and
    comes before LD_LIBRARY_PATH. A library with a path of its own would cut that search short,
    so it loses it.
    """
    interpreter = loader(prefix)
    search = ":".join(str(folder) for folder in library_folders(prefix))

    def patch(item: tuple[Path, _Elf]) -> None:
        path, elf = item
        what = f"relocating {path.relative_to(prefix)}"
        path.chmod(path.stat().st_mode | 0o200)
        if elf.is_program:
            process.run(
                [
                    patchelf,
                    "--set-interpreter",
                    interpreter,
                    "--force-rpath",
                    "--set-rpath",
                    search,
                    path,
                ],
                what,
                log,
            )
        elif elf.has_rpath:
            process.run([patchelf, "--remove-rpath", path], what, log)

    with ThreadPoolExecutor(process.cores()) as pool:
        list(pool.map(patch, list(_elves(prefix))))


def loader(prefix: Path) -> Path:
    """The dynamic loader inside the prefix."""
    found = sorted((prefix / "usr").glob("lib*/ld-linux*.so.*"))
    if not found:
        raise ToolError(f"finding a dynamic loader: expected usr/lib*/ld-linux*.so.* in {prefix}")
    return found[0]


def library_folders(prefix: Path) -> list[Path]:
    """Where the prefix's shared libraries lie."""
    folders = [*(prefix / "usr/lib").glob("*-linux-gnu*"), *(prefix / "usr/lib").glob("llvm-*/lib")]
    return sorted(folder for folder in folders if folder.is_dir())


def _elves(prefix: Path) -> Iterator[tuple[Path, _Elf]]:
    start = loader(prefix).resolve()
    for path in sorted((prefix / "usr").rglob("*")):
        if path.is_symlink() or not path.is_file() or path == start:
            continue
        elf = _read(path)
        if elf is not None:
            yield path, elf


def _read(path: Path) -> _Elf | None:
    """The facts of a linked 64-bit little-endian ELF file; None for anything else.

    libc.so.6 names an interpreter too, but is a library, and must stay as it is.
    """
    with path.open("rb") as file:
        head = file.read(_HEADER)
        if len(head) < _HEADER or head[:6] != b"\x7fELF\x02\x01":
            return None
        (offset,) = struct.unpack_from("<Q", head, 32)
        size, count = struct.unpack_from("<HH", head, 54)
        if not count:
            return None
        file.seek(offset)
        table = file.read(size * count)
        is_program, tags = False, set[int]()
        for index in range(count):
            kind, _, start, _, _, length = struct.unpack_from("<IIQQQQ", table, index * size)
            is_program |= kind == _INTERP and ".so" not in path.name
            if kind == _DYNAMIC:
                file.seek(start)
                entries = file.read(length)
                tags = {tag for tag, _ in struct.iter_unpack("<QQ", entries)}
    return _Elf(is_program, bool(tags & {_RPATH, _RUNPATH})) if tags else None
