"""pyodide.mjs and pyodide.js in pages, workers and Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.hosts.start import DIST
from tests.js import Site

_SHOW = "const show = (text) => { document.title = text; };"
_RUN = """
const run = (pyodide) => pyodide.runPythonAsync(
  "import asyncio; await asyncio.sleep(0.01); from js import Math; f'{Math.max(1, 2)} {1 + 1}'");
const failed = (error) => `failed: ${error.message}`;
"""


def test_a_module_script(site: Site) -> None:
    script = f"""
    import {{ loadPyodide, version }} from "/pyodide.mjs";
    {_SHOW}{_RUN}
    loadPyodide().then(run).then((text) => show(`${{text}} ${{version}}`), (e) => show(failed(e)));
    """
    assert site.open("module.html", script) == "2 2 314.0.7"


def test_a_classic_script(site: Site) -> None:
    """As the documentation has it: one script loads, another runs."""
    page = site.folder / "scripts.html"
    page.write_text(f"""<!doctype html><title>waiting</title>
    <script src="/pyodide.js"></script>
    <script>{_SHOW}{_RUN}
    (async function main() {{
      const pyodide = await loadPyodide();
      show(await run(pyodide));
    }})().catch((error) => show(failed(error)));
    </script>""")
    assert site.show(f"{site.url}scripts.html") == "2 2"


@pytest.mark.parametrize("index", ["/", "", "deep/..", "./", "absolute"])
def test_the_folder_may_be_written_in_any_way(site: Site, index: str) -> None:
    index = site.url.rstrip("/") if index == "absolute" else index
    script = f"""
    import {{ loadPyodide }} from "/pyodide.mjs";
    {_SHOW}{_RUN}
    loadPyodide({{ indexURL: {json.dumps(index)} }}).then(run).then(show, (e) => show(failed(e)));
    """
    assert site.open("index.html", script) == "2 2"


_CLASSIC_WORKER = f"""
importScripts("/pyodide.js");
{_RUN}
onmessage = async () => postMessage(await loadPyodide().then(run).catch(failed));
"""
_MODULE_WORKER = f"""
import {{ loadPyodide }} from "/pyodide.mjs";
{_RUN}
onmessage = async () => postMessage(await loadPyodide().then(run).catch(failed));
"""


@pytest.mark.parametrize(
    ("kind", "source"), [("classic", _CLASSIC_WORKER), ("module", _MODULE_WORKER)]
)
def test_a_worker(site: Site, kind: str, source: str) -> None:
    page = f"""
    {_SHOW}
    const worker = new Worker("{kind}-worker.extra.mjs", {{ type: "{kind}" }});
    worker.onmessage = ({{ data }}) => show(data);
    worker.onerror = (event) => show(`failed: ${{event.message}}`);
    worker.postMessage(0);
    """
    assert site.open(f"{kind}-worker.html", page, extra=source) == "2 2"


@pytest.mark.parametrize("kind", ["classic", "module"])
def test_a_worker_without_a_file(site: Site, kind: str) -> None:
    """Its own URL is a blob's, from which nothing relative can be reached."""
    source = _CLASSIC_WORKER if kind == "classic" else _MODULE_WORKER
    source = source.replace('"/pyodide', f'"{site.url}pyodide')
    page = f"""
    {_SHOW}
    const source = new Blob([{json.dumps(source)}], {{ type: "text/javascript" }});
    const worker = new Worker(URL.createObjectURL(source), {{ type: "{kind}" }});
    worker.onmessage = ({{ data }}) => show(data);
    worker.onerror = (event) => show(`failed: ${{event.message}}`);
    worker.postMessage(0);
    """
    assert site.open(f"{kind}-blob.html", page) == "2 2"


def test_a_service_worker(site: Site) -> None:
    """Which may import nothing later."""
    (site.folder / "service.mjs").write_text(f"""
    import {{ loadPyodide }} from "/pyodide.mjs";
    import createPyodideModule from "/pyodide.asm.mjs";
    {_RUN}
    onmessage = ({{ source }}) =>
      loadPyodide({{ createPyodideModule }}).then(run).catch(failed).then((text) =>
        source.postMessage(text));
    """)
    page = f"""
    {_SHOW}
    navigator.serviceWorker.onmessage = ({{ data }}) => show(data);
    navigator.serviceWorker.startMessages();
    const found = await navigator.serviceWorker.register("/service.mjs", {{ type: "module",
      scope: "/" }});
    const worker = found.installing ?? found.waiting ?? found.active;
    if (worker.state !== "activated")
      await new Promise((resolve) => worker.addEventListener("statechange", () => {{
        if (worker.state === "activated") resolve();
      }}));
    worker.postMessage(0);
    """
    assert site.open("service.html", page) == "2 2"


@pytest.mark.parametrize("name", ["pyjs.wasm", "python_stdlib.zip", "pyjs.mjs", "pyodide.mjs"])
@pytest.mark.parametrize("entry", ["pyodide.js", "pyodide.mjs"])
def test_a_missing_file_is_named(site: Site, name: str, entry: str) -> None:
    folder = site.folder / f"without-{name}-{entry}"
    shutil.copytree(DIST, folder)
    (folder / name).unlink()
    page = folder / "page.html"
    importing = (
        '<script src="pyodide.js"></script>'
        "<script>const loading = Promise.resolve({ loadPyodide });"
        if entry == "pyodide.js"
        else '<script>const loading = import("./pyodide.mjs");'
    )
    page.write_text(f"""<!doctype html><title>waiting</title>{importing}{_SHOW}
    loading.then(({{ loadPyodide }}) => loadPyodide()).then(() => show("loaded"),
      (e) => show(e.message));
    </script>""")
    title = site.show(f"{site.url}{folder.name}/page.html")
    assert title != "loaded"
    # The browser names the module that it asked for, not what that one imports.
    named = "pyodide.mjs" if name == "pyjs.mjs" else name
    assert f"{site.url}{folder.name}/{named}" in title


def test_a_strict_policy_is_enough(site: Site) -> None:
    """The page's scripts are files, and nothing is evaluated."""
    page = site.folder / "strict.html"
    (site.folder / "strict.script.js").write_text(f"""{_SHOW}{_RUN}
    loadPyodide().then(run).then(show, (error) => show(failed(error)));
    """)
    page.write_text("""<!doctype html><title>waiting</title>
    <meta http-equiv="Content-Security-Policy"
          content="default-src 'self'; script-src 'self' 'wasm-unsafe-eval'">
    <script src="pyodide.js"></script><script src="strict.script.js"></script>""")
    assert site.show(f"{site.url}strict.html") == "2 2"


_IN_NODE = {
    "cjs": 'const { loadPyodide } = require(DIST + "/pyodide.js");',
    "cjs-bare": 'const { loadPyodide } = require(DIST + "/pyodide");',
    "cjs-package": "const { loadPyodide } = require(DIST);",
    "mjs": 'const { loadPyodide } = await import(DIST + "/pyodide.mjs");',
}


@pytest.mark.parametrize("kind", _IN_NODE)
def test_node(tmp_path: Path, kind: str) -> None:
    script = tmp_path / f"script.{kind[:3]}"
    script.write_text(f"""
    const DIST = {json.dumps(str(DIST))};
    (async () => {{
      {_IN_NODE[kind]}
      {_RUN}
      const pyodide = await loadPyodide();
      console.log(await run(pyodide));
      pyodide.dispose();
    }})();
    """)
    done = subprocess.run(
        ["node", script], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout, done.stderr) == ("2 2\n", "")


def test_node_finds_the_package(tmp_path: Path) -> None:
    """As `npm install` of the folder leaves it: a link."""
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules/pyodide").symlink_to(DIST)
    (tmp_path / "one.mjs").write_text("""
    import { loadPyodide } from "pyodide";
    import { loadPyjs } from "pyodide/pyjs";
    import { createRequire } from "node:module";
    const required = createRequire(import.meta.url)("pyodide");
    const pyodide = await loadPyodide(), py = await loadPyjs(),
      other = await required.loadPyodide();
    console.log(pyodide.runPython("1 + 1"), py.runPython("1 + 2"), other.runPython("1 + 3"));
    for (const each of [pyodide, py, other]) each.dispose();
    """)
    done = subprocess.run(
        ["node", "one.mjs"], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout, done.stderr) == ("2 3 4\n", "")


@pytest.mark.parametrize("index", ["{dist}", "{dist}/", "file://{dist}", "relative"])
def test_node_takes_a_path(tmp_path: Path, index: str) -> None:
    given = index.format(dist=DIST) if index != "relative" else f"../{DIST.name}"
    folder = DIST.parent / "tests"
    script = f"""
    const {{ loadPyodide }} = require({json.dumps(str(DIST / "pyodide"))});
    loadPyodide({{ indexURL: {json.dumps(given)} }}).then((pyodide) => {{
      console.log(pyodide.runPython("3"));
      pyodide.dispose();
    }});
    """
    done = subprocess.run(
        ["node", "-e", script], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout, done.stderr) == ("3\n", "")
