"""The loader in pages of their own: a worker, a classic script, a strict policy, missing files."""

from __future__ import annotations

import shutil

import pytest

from tests.js import DIST, FILES, Site

_FAILED = ".catch((error) => { document.title = `failed: ${error.message}` })"


def test_a_module_worker_runs_python(site: Site) -> None:
    page = """
    const worker = new Worker("worker.extra.mjs", { type: "module" });
    worker.onmessage = ({ data }) => { document.title = data; };
    worker.onerror = (event) => { document.title = `failed: ${event.message}`; };
    worker.postMessage("sum(range(5))");
    """
    worker = """
    onmessage = async ({ data }) => {
      const { loadPyjs } = await import("/pyjs.mjs");
      const py = await loadPyjs();
      await py.runPythonAsync("import asyncio; await asyncio.sleep(0.01)");
      const page = py.runPython("from pyjs import js; hasattr(js, 'document')");
      postMessage(`${py.runPython(data)} ${page}`);
    };
    """
    assert site.open("worker.html", page, extra=worker) == "10 false"


def test_a_classic_script_imports_the_loader(site: Site) -> None:
    script = f"""
    import("/pyjs.mjs").then(async ({{ loadPyjs }}) => {{
      const py = await loadPyjs({{ indexURL: "/" }});
      document.title = String(py.runPython("6 * 7"));
    }}){_FAILED};
    """
    assert site.open("classic.html", script, kind="text/javascript") == "42"


def test_a_strict_policy_is_enough(site: Site) -> None:
    script = f"""
    import {{ loadPyjs }} from "/pyjs.mjs";
    let violations = 0;
    document.addEventListener("securitypolicyviolation", () => violations++);
    (async () => {{
      const py = await loadPyjs();
      const sum = await py.runPythonAsync(`
import asyncio
from pyjs import js
await asyncio.sleep(0)
js.Array.of(1, 2).map(lambda x, *_: x + 1)[1]`);
      let blocked = "";
      try {{ py.runPython("from pyjs import run_js; run_js('1')"); }}
      catch (e) {{ blocked = e.name; }}
      document.title = `${{sum}} ${{blocked}}`;
    }})(){_FAILED};
    """
    assert site.open("strict/page.html", script) == "3 EvalError"


@pytest.mark.parametrize("name", ["pyjs.wasm", "python_stdlib.zip"])
def test_a_missing_file_is_named_with_its_status(site: Site, name: str) -> None:
    folder = site.folder / f"without-{name}"
    folder.mkdir()
    for file in FILES:
        if file != name:
            shutil.copy(DIST / file, folder / file)
    script = f"""
    import {{ loadPyjs }} from "/pyjs.mjs";
    loadPyjs({{ indexURL: "/{folder.name}/" }})
      .then(() => {{ document.title = "loaded" }}){_FAILED};
    """
    title = site.open(f"missing-{name}.html", script)
    assert f"cannot load {site.url}{folder.name}/{name}" in title
    assert "404" in title


@pytest.mark.parametrize("name", ["pyjs.wasm", "python_stdlib.zip"])
def test_a_truncated_file_is_named(site: Site, name: str) -> None:
    folder = site.folder / f"half-{name}"
    folder.mkdir()
    for file in FILES:
        shutil.copy(DIST / file, folder / file)
    (folder / name).write_bytes((DIST / name).read_bytes()[:200_000])
    script = f"""
    import {{ loadPyjs }} from "/pyjs.mjs";
    loadPyjs({{ indexURL: "/{folder.name}/" }})
      .then(() => {{ document.title = "loaded" }}){_FAILED};
    """
    assert f"cannot load {site.url}{folder.name}/{name}" in site.open(f"half-{name}.html", script)


def test_an_uncaught_exception_is_reported_with_its_text(site: Site) -> None:
    """By a page to its console, and by a worker to the page."""
    page = """
    const last = (text) => text.trim().split("\\n").at(-1);
    const seen = [];
    const worker = new Worker("uncaught.extra.mjs", { type: "module" });
    worker.onerror = (event) => {
      event.preventDefault();
      seen.push(last(event.message));
      import("/pyjs.mjs").then(async ({ loadPyjs }) => {
        const py = await loadPyjs();
        console.error = (text) => { document.title = [...seen, last(text)].join("; "); };
        setTimeout(py.runPython("lambda: {}['missing']"));
      });
    };
    addEventListener("error", (event) => seen.push(last(event.error.message)));
    """
    worker = """
    import { loadPyjs } from "/pyjs.mjs";
    const py = await loadPyjs();
    setTimeout(py.runPython("lambda: 1 / 0"));
    """
    title = site.open("uncaught.html", page, extra=worker)
    assert title == "ZeroDivisionError: division by zero" + 2 * "; KeyError: 'missing'"
