"""The runtime in a page of headless Chromium."""

from __future__ import annotations

import functools
import tempfile
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from tests.hosts.base import Host, HostError
from tools import browsers

_ROOT = Path(__file__).resolve().parents[2]
_TIMEOUT = 60


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Requests are not worth a line each."""


def serve(folder: Path) -> ThreadingHTTPServer:
    """Serve a folder on a free port of the loopback address."""
    handler = functools.partial(_Handler, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class ChromiumHost(Host):
    """Drives a page through Selenium."""

    name = "chromium"

    def __init__(self) -> None:
        self._server = serve(_ROOT)
        self._profile = tempfile.TemporaryDirectory(prefix="pyjs-chromium-")
        chromium = browsers.chromium()
        options = webdriver.ChromeOptions()
        options.binary_location = str(chromium.program)
        for flag in (*browsers.CHROMIUM_FLAGS, f"--user-data-dir={self._profile.name}"):
            options.add_argument(flag)
        options.add_argument("--js-flags=--expose-gc")
        self._driver = webdriver.Chrome(options, Service(str(chromium.driver)))
        self._driver.set_script_timeout(_TIMEOUT)
        self._driver.get(f"http://127.0.0.1:{self._server.server_port}/tests/hosts/page.html")
        if self._driver.title.startswith("failed"):
            raise HostError(f"[chromium] {self._driver.title}")

    def _send(self, request: str) -> str:
        answer = self._driver.execute_async_script(
            "const [text, done] = arguments; globalThis.request(text).then(done);", request
        )
        return str(answer)

    def close(self) -> None:
        self._driver.quit()
        self._server.shutdown()
        self._profile.cleanup()
