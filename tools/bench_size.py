"""The size rows of the benchmark: what a page downloads, compressed with brotli -q 11."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli  # type: ignore[import-untyped]

from tools import cache, process
from tools.bench_result import OURS, Row, Target
from tools.report import ToolError

_GROUP = "Size, brotli -q 11, bytes"
_PEER = "pyodide"
_QUALITY = 11

# Per runtime and part: a runtime without its loader, wasm and standard library starts nothing.
_FILES = {
    OURS: {"wasm": ["pyjs.wasm"], "js": ["pyjs.mjs"], "stdlib": ["python_stdlib.zip"]},
    _PEER: {
        "wasm": ["pyodide.asm.wasm"],
        "js": ["pyodide.asm.mjs", "pyodide.mjs"],
        "stdlib": ["python_stdlib.zip"],
    },
    "pyodide-0-29": {
        "wasm": ["pyodide.asm.wasm"],
        "js": ["pyodide.asm.js", "pyodide.mjs"],
        "stdlib": ["python_stdlib.zip"],
    },
}
# What a page downloads beside these that calls our `loadPyodide`.
_DROP_IN = "pyodide.mjs"
_NAMES = {"wasm": "WebAssembly", "js": "JavaScript", "stdlib": "standard library"}


def rows(folders: dict[str, Path]) -> list[Row]:
    """One row per part, and their sums."""
    paths = [folders[runtime] / name for runtime in folders for name in _all_files(runtime)]
    with ThreadPoolExecutor(process.cores()) as pool:
        sizes = dict(zip(paths, pool.map(_compressed, paths), strict=True))
    found = [_part(part, folders, sizes) for part in _NAMES]
    sums = {runtime: [sum(row.samples[runtime][0] for row in found)] for runtime in folders}
    target = Target(_PEER, 1.0)
    dropped = sums | {OURS: [sums[OURS][0] + _compressed(folders[OURS] / _DROP_IN)]}
    return [
        *found,
        Row(_GROUP, "size/all", "all", "bytes", sums, target),
        Row(_GROUP, "size/drop-in", "all, with loadPyodide", "bytes", dropped, target),
    ]


def _all_files(runtime: str) -> list[str]:
    return [name for names in _FILES[runtime].values() for name in names]


def _part(part: str, folders: dict[str, Path], sizes: dict[Path, int]) -> Row:
    samples = {
        runtime: [float(sum(sizes[folder / name] for name in _FILES[runtime][part]))]
        for runtime, folder in folders.items()
    }
    return Row(_GROUP, f"size/{part}", _NAMES[part], "bytes", samples)


def _compressed(path: Path) -> int:
    """The compressed size; kept in the cache, since the best quality is slow."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ToolError(f"measuring sizes: cannot read {path}: {error.strerror}") from error
    kept = cache.root() / "bench" / "sizes" / f"{hashlib.sha256(data).hexdigest()}.br{_QUALITY}"
    if kept.exists():
        return int(kept.read_text())
    size = len(brotli.compress(data, quality=_QUALITY))
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(str(size))
    return size
