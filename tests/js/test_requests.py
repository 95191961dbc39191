"""Requests from a worker, and promises that nobody awaits, in processes and pages of their own."""

from __future__ import annotations

from tests import http_server
from tests.js import Site, run_fresh


def test_a_worker_blocks_on_requests_and_limits_their_time(site: Site) -> None:
    page = """
    const worker = new Worker("requests.extra.mjs", { type: "module" });
    worker.onmessage = ({ data }) => { document.title = data; };
    worker.onerror = (event) => { document.title = `failed: ${event.message}`; };
    """
    worker = """
    const { loadPyjs } = await import("/pyjs.mjs");
    const py = await loadPyjs();
    py.globals.set("url", "URL");
    postMessage(py.runPython(`
from pyjs.http import open_url, pyxhr
said = [len(pyxhr.get(url + "bytes").content), open_url(url + "stream/w?count=2").read()]
try:
    pyxhr.get(url + "slow/worker", timeout=0.2)
except pyxhr.XHRTimeoutError:
    said.append("timeout")
str(said)
`));
    """
    with http_server.serving() as url:
        title = site.open("requests.html", page, extra=worker.replace("URL", url))
    assert title == "[256, '0;1;', 'timeout']"


def test_the_thread_of_synchronous_requests_does_not_keep_node_alive() -> None:
    with http_server.serving() as url:
        said = run_fresh(
            """
            const py = await loadPyjs();
            py.globals.set("url", args[0]);
            py.runPython("from pyjs.http import pyxhr");
            const get = (path) => py.runPython(`pyxhr.get(url + "${path}").status_code`);
            return [get("bytes"), get("status/404"), get("redirect/bytes")];
            """,
            url,
        )
    assert said == [200, 404, 200]


def test_a_python_error_that_nobody_awaits_is_reported_once_by_the_host() -> None:
    said = run_fresh(
        """
        const seen = [];
        process.on("unhandledRejection", (error) => seen.push(error.message));
        const py = await loadPyjs();
        const fails = py.runPython(`
async def fails():
    raise KeyError("lost")
fails`);
        fails();
        fails().then(() => {});
        fails().catch(() => {});
        const later = () => new Promise((resolve) => setTimeout(resolve, 20));
        while (seen.length < 2) await later();
        await later();
        return seen.map((text) => [text.includes("in fails"), text.includes("KeyError: 'lost'")]);
        """
    )
    assert said == [[True, True], [True, True]]
