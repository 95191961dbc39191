"""Bundlers take the package as it is; what they build runs."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.hosts.start import DIST
from tests.js import Site
from tools import cache, node
from tools.server import serving

_PINS = Path(__file__).with_name("bundlers")
_APP = """
import { loadPyodide } from "pyodide";
const show = (text) => { document.title = text; };
const run = async (pyodide) => [
  pyodide.runPython("6 * 7"),
  await pyodide.runPythonAsync("import asyncio; await asyncio.sleep(0.01, 'slept')"),
  pyodide.runPython("import json, sqlite3; json.dumps([1])"),
];
loadPyodide().then(run).then((values) => show(values.join(" ")),
  (error) => show(`failed: ${error.message}`));
"""
_WORKER = """
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
worker.onmessage = ({ data }) => { document.title = data; };
worker.onerror = (event) => { document.title = `failed: ${event.message}`; };
"""
_IN_WORKER = _APP.replace("document.title = text;", "postMessage(text);")


def _build(folder: Path, bundler: str, sources: dict[str, str]) -> list[str]:
    """Build an app that has the package among its modules; gives the warnings."""
    modules = node.installed(_PINS, cache.root() / "bundlers", "the bundlers")
    shutil.copytree(DIST, folder / "node_modules/pyodide")
    for name, text in {"src/index.js": "", "index.html": "", **sources}.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    command: list[str | Path] = ["node", _PINS / "build.mjs", bundler, modules]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    warnings: list[str] = json.loads(done.stdout.rpartition("SAID ")[2])
    return warnings


@pytest.mark.parametrize("source", [{"src/index.js": _APP},
                                    {"src/index.js": _WORKER, "src/worker.js": _IN_WORKER}],
                         ids=["page", "worker"])  # fmt: skip
@pytest.mark.parametrize("bundler", ["webpack", "vite"])
def test_an_app_is_built_and_runs(
    site: Site, tmp_path: Path, bundler: str, source: dict[str, str]
) -> None:
    html = (
        '<!doctype html><title>waiting</title><script type="module" src="/src/index.js"></script>'
    )
    assert _build(tmp_path, bundler, {**source, "index.html": html}) == []
    out = tmp_path / "out"
    if bundler == "webpack":
        (out / "index.html").write_text(
            '<!doctype html><title>waiting</title><script src="main.js"></script>'
        )
    with serving(out) as url:
        assert site.show(url) == "42 slept [1]"
