"""The start rows of the benchmark: from importing the loader to the first result."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from selenium.webdriver import Chrome

from tools import process, versions, webdriver
from tools.bench_result import OURS, Row, Target
from tools.report import ToolError

_GROUP = "Start: loader to first result, ms"
_TARGET = Target("pyodide", 0.5)
_BENCH = versions.ROOT / "bench"
_DEADLINE = 60.0
_PYODIDE = ("pyodide.mjs", "loadPyodide")
_LOADERS = {OURS: ("pyjs.mjs", "loadPyjs"), "pyodide": _PYODIDE, "pyodide-0-29": _PYODIDE}
_TYPES = {
    ".html": "text/html",
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".json": "application/json",
    ".wasm": "application/wasm",
}

Sample = Callable[[str, Path], float]


def in_node(folders: dict[str, Path], rounds: int) -> Row:
    """Start each runtime in fresh Node processes, one after the other."""
    return _row("start/node", "in Node", folders, rounds, _node_sample)


def in_browser(folders: dict[str, Path], rounds: int) -> Row:
    """Start each runtime in fresh profiles of headless Chromium, from a local server."""
    with _server(folders) as port:
        sample = partial(_browser_sample, port, _LOADERS)
        return _row("start/chromium", "in headless Chromium", folders, rounds, sample)


def drop_in(folders: dict[str, Path], rounds: int) -> Row:
    """The same by `loadPyodide` in all of them."""
    with _server(folders) as port:
        sample = partial(_browser_sample, port, dict.fromkeys(_LOADERS, _PYODIDE))
        return _row("start/drop-in", "loadPyodide in Chromium", folders, rounds, sample)


def _row(id_: str, name: str, folders: dict[str, Path], rounds: int, sample: Sample) -> Row:
    samples: dict[str, list[float]] = {runtime: [] for runtime in folders}
    errors: dict[str, str] = {}
    for _ in range(rounds):
        for runtime, folder in folders.items():
            if runtime in errors:
                continue
            try:
                samples[runtime].append(sample(runtime, folder))
            except ToolError as error:
                errors[runtime] = str(error)
    good = {runtime: samples[runtime] for runtime in folders if runtime not in errors}
    return Row(_GROUP, id_, name, "ms", good, _TARGET, errors)


def _node_sample(runtime: str, folder: Path) -> float:
    command: list[str | Path] = ["node", _BENCH / "start.mjs", runtime, folder]
    return float(process.output(command, f"starting {runtime} in Node"))


def _browser_sample(
    port: int, loaders: Mapping[str, tuple[str, str]], runtime: str, _folder: Path
) -> float:
    loader, load = loaders[runtime]
    query = urlencode({"url": f"/{runtime}/{loader}", "load": load})
    with webdriver.chromium() as page:
        page.get(f"http://127.0.0.1:{port}/start.html?{query}")
        return _wait(page, runtime)


def _wait(page: Chrome, runtime: str) -> float:
    end = time.monotonic() + _DEADLINE
    while time.monotonic() < end:
        sample = page.execute_script("return window.sample ?? null")
        if sample is not None:
            if "error" in sample:
                raise ToolError(f"starting {runtime} in Chromium: {sample['error']}")
            return float(sample["time"])
        time.sleep(0.2)
    raise ToolError(f"starting {runtime} in Chromium: no result within {_DEADLINE:.0f} s")


class _Handler(SimpleHTTPRequestHandler):
    """Serves start.html, and each runtime's folder under its name."""

    folders: dict[str, Path]

    def translate_path(self, path: str) -> str:
        parts = urlsplit(path).path.strip("/").split("/")
        if parts == ["start.html"]:
            return str(_BENCH / "start.html")
        if len(parts) == 2 and parts[0] in self.folders:
            return str(self.folders[parts[0]] / parts[1])
        return str(_BENCH / "no-such-file")

    def guess_type(self, path: str | os.PathLike[str]) -> str:
        return _TYPES.get(Path(path).suffix, "application/octet-stream")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: a terminal line per request takes time from what is measured."""


@contextmanager
def _server(folders: dict[str, Path]) -> Iterator[int]:
    handler = type("Handler", (_Handler,), {"folders": folders})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
