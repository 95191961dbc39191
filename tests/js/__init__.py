"""Tests of the loader and the API that JavaScript sees; each loads runtimes of its own."""

from __future__ import annotations

import atexit
import functools
import json
import subprocess
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait

from tests.hosts.node import NodeHost

DIST = Path(__file__).resolve().parents[2] / "dist"
FILES = ("pyjs.mjs", "pyjs.wasm", "python_stdlib.zip")


_LOADER = Path(__file__).with_name("loader.mjs")


@functools.cache
def _loader() -> list[NodeHost]:
    return []


def run_node(body: str, *args: Any, dist: Path = DIST) -> Any:
    """Run the body of an async function in Node; gives what it returns.

    `loadPyjs` is the loader, `args` a list. The runtimes that it loads are disposed of in the end;
    the process goes on with what the next test asks.
    """
    running = _loader()
    if not (running and running[0].is_running):
        running[:] = [NodeHost(DIST, _LOADER)]
        atexit.register(running[0].close)
    return running[0].js(body, f"{dist.as_uri()}/", *args)


def run_fresh(body: str, *args: Any, stdin: str = "", dist: Path = DIST) -> Any:
    """The same in a process of its own, for what changes the process or measures it."""
    script = f"""
    import {{ loadPyjs, version }} from {json.dumps(f"{DIST.as_uri()}/pyjs.mjs")};
    const args = {json.dumps(args)}, indexURL = {json.dumps(f"{dist.as_uri()}/")};
    const result = await (async () => {{ {body} }})();
    process.stdout.write("\\nRESULT " + JSON.stringify(result ?? null));
    process.exit(0);
    """
    done = subprocess.run(
        ["node", "--input-type=module", "-"]
        if not stdin
        else ["node", "--input-type=module", "-e", script],
        input=stdin or script,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.rpartition("RESULT ")[2])


class Site:
    """A folder on loopback and a browser that opens its pages."""

    def __init__(self, folder: Path, driver: Chrome, port: int) -> None:
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
        return self.show(self.url + name)

    def show(self, url: str) -> str:
        """Open any page; gives the title that it sets in the end."""
        self._driver.get(url)
        WebDriverWait(self._driver, 180, 0.05).until(lambda d: d.title not in ("", "waiting"))
        return str(self._driver.title)


#: JavaScript for run_fresh(): `memory` is that of the runtime that is loaded next. Node's own HTTP
#: parser makes another instance.
MEMORY = """
let memory;
const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (module, imports) => {
  const instance = await instantiate(module, imports);
  if (!instance.exports.pyjs_py_call) return instance;
  memory = instance.exports.memory ?? imports.env?.memory ?? Object.values(imports)
    .flatMap((space) => Object.values(space)).find((x) => x instanceof WebAssembly.Memory);
  return instance;
};
"""
