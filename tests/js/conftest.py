"""A site on loopback, with pages of the test's own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.js import DIST, FILES, Site
from tools import webdriver

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


@pytest.fixture(scope="module")
def site(pytestconfig: pytest.Config) -> Iterator[Site]:
    if "chromium" not in pytestconfig.getoption("--hosts").split(","):
        pytest.skip("needs --hosts with chromium")
    with tempfile.TemporaryDirectory(prefix="pyjs-site-") as name:
        folder = Path(name)
        for file in FILES:
            shutil.copy(DIST / file, folder / file)

        def handler(*args: Any) -> _Handler:
            return _Handler(*args, directory=name)

        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        Thread(target=server.serve_forever, daemon=True).start()
        with webdriver.chromium() as driver:
            yield Site(folder, driver, server.server_port)
        server.shutdown()
