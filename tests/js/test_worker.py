"""The loader in pages of their own: a worker, a classic script, a strict policy, missing files."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

from tests.js import DIST
from tools import browsers

_FILES = ("pyjs.mjs", "pyjs.wasm", "python_stdlib.zip")
_POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"


class _Handler(SimpleHTTPRequestHandler):
    """Serves a folder; everything below /strict/ carries a strict policy."""

    extensions_map = {  # noqa: RUF012
        **SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
    }

    def end_headers(self) -> None:
        if self.path.startswith("/strict/"):
            self.send_header("Content-Security-Policy", _POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Requests are not worth a line each."""


class Site:
    """A folder on loopback and a browser that opens its pages."""

    def __init__(self, folder: Path, driver: webdriver.Chrome, port: int) -> None:
        self.folder, self._driver, self.url = folder, driver, f"http://127.0.0.1:{port}/"

    def open(self, name: str, script: str, *, kind: str = "module", extra: str = "") -> str:
        """Open a page with one script file; gives the title the script sets in the end."""
        page = self.folder / name
        page.parent.mkdir(exist_ok=True)
        page.with_suffix(".js").write_text(script)
        page.with_suffix(".extra.mjs").write_text(extra)
        source = page.with_suffix(".js").name
        page.write_text(
            f'<!doctype html><title>waiting</title><script type="{kind}" src="{source}"></script>'
        )
        self._driver.get(self.url + name)
        WebDriverWait(self._driver, 40, 0.05).until(lambda d: d.title != "waiting")
        return str(self._driver.title)


@pytest.fixture(scope="module")
def site(pytestconfig: pytest.Config) -> Iterator[Site]:
    if "chromium" not in pytestconfig.getoption("--hosts").split(","):
        pytest.skip("needs --hosts with chromium")
    with tempfile.TemporaryDirectory(prefix="pyjs-site-") as name:
        folder = Path(name)
        for file in _FILES:
            shutil.copy(DIST / file, folder / file)

        def handler(*args: Any) -> _Handler:
            return _Handler(*args, directory=name)

        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        Thread(target=server.serve_forever, daemon=True).start()
        chromium = browsers.chromium()
        options = webdriver.ChromeOptions()
        options.binary_location = str(chromium.program)
        for flag in (*browsers.CHROMIUM_FLAGS, f"--user-data-dir={name}/.profile"):
            options.add_argument(flag)
        driver = webdriver.Chrome(options, Service(str(chromium.driver)))
        yield Site(folder, driver, server.server_port)
        driver.quit()
        server.shutdown()


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
    for file in _FILES:
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
    for file in _FILES:
        shutil.copy(DIST / file, folder / file)
    (folder / name).write_bytes((DIST / name).read_bytes()[:200_000])
    script = f"""
    import {{ loadPyjs }} from "/pyjs.mjs";
    loadPyjs({{ indexURL: "/{folder.name}/" }})
      .then(() => {{ document.title = "loaded" }}){_FAILED};
    """
    assert f"cannot load {site.url}{folder.name}/{name}" in site.open(f"half-{name}.html", script)
