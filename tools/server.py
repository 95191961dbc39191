"""A web server for a folder, on this machine alone."""

from __future__ import annotations

import http.server
import io
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from tools.report import ToolError

HOST = "127.0.0.1"

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".py": "text/x-python; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".zip": "application/zip",
    "": "application/octet-stream",
}


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Files only: the base class keeps paths inside the folder, listings are refused here."""

    protocol_version = "HTTP/1.1"
    extensions_map = _TYPES
    extra_headers: Mapping[str, str] = {}

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in self.extra_headers.items():
            self.send_header(name, value)
        super().end_headers()

    def list_directory(self, path: object) -> io.BytesIO | None:
        self.send_error(HTTPStatus.NOT_FOUND)
        return None

    def log_message(self, *_: object) -> None:
        """Nothing: the browser's own tools show the requests."""


class _Server(http.server.ThreadingHTTPServer):
    """Browsers keep idle connections open; neither requests nor the end may wait for them."""

    daemon_threads = True
    block_on_close = False


@contextmanager
def serving(folder: Path, port: int = 0, headers: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve `folder` while the context lasts; gives the URL. Port 0 takes a free one."""
    root = folder.resolve()

    class Handler(_Handler):
        extra_headers = headers or {}

        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(root))  # type: ignore[arg-type]

        def send_head(self) -> object:  # type: ignore[override]
            # A symbolic link could lead out of the folder.
            if not Path(self.translate_path(self.path)).resolve().is_relative_to(root):
                self.send_error(HTTPStatus.NOT_FOUND)
                return None
            return super().send_head()

    try:
        server = _Server((HOST, port), Handler)
    except (OSError, OverflowError) as error:
        raise ToolError(
            f"serving {folder}: cannot listen on {HOST}:{port}: {error}; port 0 takes a free one"
        ) from error
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
