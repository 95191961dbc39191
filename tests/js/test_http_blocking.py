"""urllib and synchronous requests where the stack cannot be suspended, on every host."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import http_server
from tests.hosts.base import Host
from tests.js import Site, run_fresh

_RUN = """
const globals = py.runPython("{'__name__': 'test'}");
globals.set("url", args[0]);
try { return py.runPython(args[1], { globals }); } finally { globals.destroy(); }
"""


@pytest.fixture
def url() -> Iterator[str]:
    with http_server.serving() as base:
        yield base


def test_what_cannot_be_suspended_blocks(host: Host, url: str) -> None:
    said = host.js(
        _RUN,
        url,
        """
import json
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen
from pyjs import js
from pyjs.ffi import can_run_sync
from pyjs.http import open_url, pyxhr
assert not can_run_sync()
with urlopen(url + "bytes") as response:
    assert response.status == 200 and response.getheader("x-mixed-case") == "Kept"
    assert response.read(1) + response.read() == bytes(range(256))
assert urlopen(url + "redirect/lines").geturl() == url + "lines"
assert len(urlopen(url + "big?size=1048576").read()) == 1048576
assert urlopen(url + "gzip").read() == b"packed" * 100
sent = json.load(urlopen(Request(url + "echo", data=b"\\x00\\xff", headers={"X-Own": "1"})))
assert (sent["method"], sent["body"], sent["headers"]["x-own"]) == ("POST", "\\x00\\xff", "1")
assert urlopen(Request(url + "bytes", method="HEAD")).read() == b""
assert urlopen(url + "status/204").read() == b""
assert pyxhr.get(url + "bytes").content == bytes(range(256))
assert open_url(url + "lines").readlines() == ["one\\n", "two\\n", "three"]
errors = []
for bad in ("status/404", "hangup", "redirect/loop"):
    try:
        urlopen(url + bad)
    except (URLError, ConnectionError) as error:
        errors.append(isinstance(error, HTTPError))
# A browser tells nothing of a redirection, nor why it does not follow.
assert errors == [True, False, not hasattr(js, "document")], errors
"said"
""",
    )
    assert said == "said"


def test_a_timeout_where_the_host_keeps_it(host: Host, url: str) -> None:
    kept, warned = host.js(
        f"const run = () => {{ {_RUN} }}; const list = run(); "
        "try { return list.toJs(); } finally { list.destroy(); }",
        url,
        """
import warnings
from urllib.request import urlopen
from pyjs import js
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    # Where it is not kept the answer has to come, and elsewhere it comes too late.
    slow = f"{url}slow/t?seconds={5 if hasattr(js, 'process') else 0.5}"
    try:
        kept = urlopen(slow, timeout=0.1).read() != b"at last"
    except TimeoutError:
        kept = True
[kept, [str(warning.message) for warning in caught]]
""",
    )
    if host.is_node:
        assert (kept, warned) == (True, [])
    else:
        assert not kept
        assert "the timeout is not kept" in warned[0]


def test_a_refused_redirection(host: Host, url: str) -> None:
    said = host.js(
        _RUN,
        url,
        """
import urllib.request
class Refuses(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None
try:
    urllib.request.build_opener(Refuses).open(url + "redirect/lines")
except urllib.error.URLError as error:
    said = str(error)
said
""",
    )
    if host.is_node:
        assert said == "HTTP Error 302: Found"
    else:
        assert "neither the status nor the target of a redirection" in said


def test_an_interrupt_stops_a_request_of_nodes_thread(host: Host, url: str) -> None:
    if host.name != "node":
        pytest.skip(f"{host.name} has no thread that could interrupt a request of a page's own")
    said = host.js(
        """
        const { Worker } = process.getBuiltinModule("node:worker_threads");
        const signals = new Uint8Array(new SharedArrayBuffer(1));
        py.setInterruptBuffer(signals);
        const source = `const { signals, url } = require("node:worker_threads").workerData;
          fetch(url + "begun/blocked").then(() => { signals[0] = 2; });`;
        const worker = new Worker(source, { eval: true, workerData: { signals, url: args[0] } });
        const globals = py.runPython("{'__name__': 'test'}");
        globals.set("url", args[0]);
        try {
          return py.runPython(`
from urllib.request import urlopen
try:
    urlopen(url + "slow/blocked").read()
    said = "not interrupted"
except KeyboardInterrupt:
    said = urlopen(url + "left/blocked").read().decode()
said`, { globals });
        } finally {
          globals.destroy();
          py.setInterruptBuffer();
          await worker.terminate();
        }
        """,
        url,
    )
    assert said == "true"


def test_a_worker_limits_the_time(site: Site, url: str) -> None:
    page = """
    const worker = new Worker("urllib.extra.mjs", { type: "module" });
    worker.onmessage = ({ data }) => { document.title = data; };
    worker.onerror = (event) => { document.title = `failed: ${event.message}`; };
    """
    worker = """
    const { loadPyjs } = await import("/pyjs.mjs");
    const py = await loadPyjs();
    py.globals.set("url", "URL");
    postMessage(py.runPython(`
from urllib.request import Request, urlopen
said = [len(urlopen(url + "bytes").read()), Request("data.json").full_url.endswith("/data.json")]
try:
    urlopen(url + "slow/worker", timeout=0.2)
except TimeoutError:
    said.append("timeout")
str(said)
`));
    """
    title = site.open("urllib.html", page, extra=worker.replace("URL", url))
    assert title == "[256, True, 'timeout']"


def test_an_import_that_failed_is_adapted_when_it_succeeds(url: str) -> None:
    said = run_fresh(
        """
        const py = await loadPyjs();
        py.globals.set("url", args[0]);
        return py.runPython(`
import sys
before = [name for name in ("http.client", "urllib.request", "asyncio") if name in sys.modules]
sys.modules["email.parser"] = None
try:
    import http.client
    failed = False
except ImportError:
    failed = True
del sys.modules["email.parser"]
from urllib.request import urlopen
import http.client, asyncio, json, webbrowser
names = [type(finder).__module__ for finder in sys.meta_path]
[before, failed, urlopen(url + "lines").read(3).decode(), "pyjs._first_import" in names]
`).toJs();
        """,
        url,
    )
    assert said == [[], True, "one", False]
