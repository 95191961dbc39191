"""Compares the runtime with Pyodide: crossings, Python alone, asyncio, stacks, start and size.

The wheel is compared with Pyodide's own bridge, in one interpreter: the rows wheel/*.

python3 -m tools.bench [--rows GLOB] [--quick] [--json FILE] [--dist FOLDER] [--wheel FILE]

--rows GLOB    only rows whose id matches, as in "py_js/*" or "wheel/*"
--list         show the ids and names of all rows
--quick        fewer and shorter samples: a first look, not a result
--json FILE    write every sample, and what was computed from them
--dist FOLDER  measure this distribution; without it dist/ is brought up to date and measured
--wheel FILE   measure this wheel; without it that of Pyodide 314 is brought up to date and measured
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from tools import bench_wheel, cache, node, process, pyvenv, versions
from tools.bench_result import (
    HEADER,
    LABELS,
    OURS,
    Row,
    error_lines,
    from_json,
    line,
    save,
    summary,
)
from tools.report import ToolError, main, say

_BENCH = versions.ROOT / "bench"
_LOADER = "pyjs.mjs"
_TRIES = 5
_ABORTED = (-signal.SIGTRAP, -signal.SIGILL, -signal.SIGABRT)
_STARTS = ("start/node", "start/chromium", "start/drop-in")
_SIZES = ("size/wasm", "size/js", "size/stdlib", "size/all", "size/drop-in")


@dataclass(frozen=True)
class Effort:
    """How long to measure."""

    rounds: int
    sample_ms: int
    warm_ms: int
    start_ms: int
    node_starts: int
    browser_starts: int


_FULL = Effort(21, 12, 200, 2500, node_starts=6, browser_starts=5)
_QUICK = Effort(5, 5, 60, 800, node_starts=1, browser_starts=1)


def peers() -> Path:
    """The packages of the pinned peers, installed by npm as bench/package-lock.json says."""
    return node.installed(_BENCH, cache.root() / "bench" / "peers", "the runtimes to compare with")


def _folders(dist: Path) -> dict[str, Path]:
    if not (dist / _LOADER).is_file():
        raise ToolError(f"measuring {dist}: there is no {_LOADER} in it; run make build")
    packages = peers()
    return {OURS: dist, **{name: packages / name for name in LABELS if name != OURS}}


def _list() -> str:
    """The ids and names of the rows that one Node process measures."""
    command = ["node", str(_BENCH / "main.mjs"), json.dumps({"list": True})]
    return process.output(command, "listing the rows")


def _crossings(
    folders: dict[str, Path], wanted: list[str], effort: Effort, program: str | Path = "node"
) -> Iterator[Row]:
    """The rows measured in one process of the Node `program`, as they come.

    V8 in Node 20 may abort under Pyodide 314 ("unreachable code", in its deoptimizer). Such a
    run goes on in a new process at the row it died in, which is said.
    """
    left = list(wanted)
    log = cache.log_file("bench")
    for _ in range(_TRIES):
        with _node(program, folders, left, effort, log) as running:
            for text in running.stdout or ():
                row = from_json(json.loads(text))
                left.remove(row.id)
                yield row
        if running.returncode == 0:
            return
        if running.returncode not in _ABORTED:
            break
        say("bench", f"node aborted before {left[0]} was done; going on in a new process")
    raise ToolError(f"measuring in Node: exit status {running.returncode}\n{process.tail(log)}")


def _suspend(folders: dict[str, Path], wanted: list[str], effort: Effort) -> Iterator[Row]:
    """The rows that need JSPI, in a Node that has it."""
    try:
        program = node.with_jspi()
    except node.NotForThisMachine as error:
        say("bench", f"not measured: {', '.join(wanted)}: {error}")
        return
    yield from _crossings(folders, wanted, effort, program)


def _node(
    program: str | Path, folders: dict[str, Path], rows: list[str], effort: Effort, log: Path
) -> subprocess.Popen[str]:
    settings = {
        "runtimes": {runtime: str(folder) for runtime, folder in folders.items()},
        "rows": rows,
        "rounds": effort.rounds,
        "sampleMs": effort.sample_ms,
        "warmMs": effort.warm_ms,
        "startMs": effort.start_ms,
    }
    command = [program, "--expose-gc", str(_BENCH / "main.mjs"), json.dumps(settings)]
    with log.open("ab") as errors:
        try:
            return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        except OSError as error:
            raise ToolError(f"measuring in Node: cannot start node: {error.strerror}") from error


def _wheel(
    folders: dict[str, Path], wanted: list[str], effort: Effort, file: Path | None
) -> Iterator[Row]:
    """The rows of the wheel, in a process of their own."""
    locations = bench_wheel.locations(folders, (file or bench_wheel.build()).resolve())
    for row in _crossings(locations, bench_wheel.plain_ids(wanted), effort):
        yield bench_wheel.row(row)


def _ids() -> list[str]:
    return [text.split()[0] for text in _list().splitlines()]


def _all(folders: dict[str, Path], rows: str, effort: Effort, wheel: Path | None) -> Iterator[Row]:
    # They need the developers' environment, which _entry has changed to.
    from tools import bench_size, bench_start

    ids = _ids()
    wanted = [name for name in ids if fnmatchcase(name, rows)]
    stacks = [name for name in wanted if name.startswith("suspend/")]
    if plain := [name for name in wanted if name not in stacks]:
        yield from _crossings(folders, plain, effort)
    if stacks:
        yield from _suspend(folders, stacks, effort)
    if wheels := [name for name in bench_wheel.ids(ids) if fnmatchcase(name, rows)]:
        yield from _wheel(folders, wheels, effort, wheel)
    in_node, in_browser, dropped_in = (fnmatchcase(name, rows) for name in _STARTS)
    if in_node:
        yield bench_start.in_node(folders, effort.node_starts)
    if in_browser:
        yield bench_start.in_browser(folders, effort.browser_starts)
    if dropped_in:
        yield bench_start.drop_in(folders, effort.browser_starts)
    if any(fnmatchcase(name, rows) for name in _SIZES):
        say("bench", "compressing")
        yield from (row for row in bench_size.rows(folders) if fnmatchcase(row.id, rows))


def _show(rows: Iterator[Row]) -> list[Row]:
    shown: list[Row] = []
    group = ""
    print(HEADER)
    for row in rows:
        if row.group != group:
            print(f"{row.group}{', ns per operation' if row.unit == 'ns' else ''}")
            group = row.group
        print("\n".join([line(row), *error_lines(row)]), flush=True)
        shown.append(row)
    print(summary(shown))
    return shown


def _environment() -> dict[str, str]:
    node = process.output(["node", "--version"], "asking for Node's version").strip()
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    return {"node": node, "machine": platform.machine(), "load": load}


def _arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools.bench", description=__doc__)
    parser.add_argument("--rows", default="*", metavar="GLOB")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--dist", type=Path, metavar="FOLDER")
    parser.add_argument("--wheel", type=Path, metavar="FILE")
    return parser.parse_args(arguments)


def _in_environment(arguments: list[str]) -> None:
    """Start over in the developers' environment, which has Selenium and brotli."""
    if Path(sys.prefix) != pyvenv.environment():
        python = str(pyvenv.program("python"))
        os.execv(python, [python, "-m", "tools.bench", *arguments])


def _entry(arguments: list[str]) -> int:
    options = _arguments(arguments)
    if options.list:
        print("\n".join([_list().rstrip(), *bench_wheel.ids(_ids()), *_STARTS, *_SIZES]))
        return 0
    _in_environment(arguments)
    if options.dist is None:
        from tools import build

        options.dist = build.build()
    folders = _folders(options.dist.resolve())
    effort = _QUICK if options.quick else _FULL
    rows = _show(_all(folders, options.rows, effort, options.wheel))
    if not rows:
        raise ToolError(
            f"no row matches {options.rows!r}; ids are group/row, as in py_js/call-float"
        )
    if options.json:
        save(rows, _environment(), options.json)
    return 1 if any(row.errors for row in rows) else 0


if __name__ == "__main__":
    main(_entry)
