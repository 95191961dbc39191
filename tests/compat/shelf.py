"""A server of made-up packages with a lock file, which tells what was asked for."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

INFO = {
    "abi_version": "2025_0",
    "arch": "wasm32",
    "platform": "emscripten_6_0_5",
    "python": "3.13.15",
}
PURE = "py3-none-any"


def wheel_bytes(
    name: str,
    files: Mapping[str, str | bytes],
    version: str = "1.0",
    requires: tuple[str, ...] = (),
) -> bytes:
    """A wheel with these files beside its dist-info."""
    info = f"{name}-{version}.dist-info"
    lines = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}"]
    lines += [f"Requires-Dist: {each}" for each in requires]
    content: dict[str, str | bytes] = {
        **files,
        f"{info}/METADATA": "\n".join(lines) + "\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\n",
    }
    content[f"{info}/RECORD"] = "".join(f"{each},,\n" for each in (*content, f"{info}/RECORD"))
    return zip_bytes(content)


def zip_bytes(files: Mapping[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def tar_bytes(files: Mapping[str, str]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content.encode()))
    return file.getvalue()


class Shelf:
    """What the server has; the lock file is that of the packages which were put there."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.packages: dict[str, dict[str, Any]] = {}
        self.info: dict[str, Any] = dict(INFO)
        #: The names of the files that were asked for, in order.
        self.asked: list[str] = []
        #: Answers wait until so many requests for wheels have come.
        self.together = 1
        self.url = ""
        self._arrived = threading.Condition()

    def put(
        self,
        name: str,
        files: Mapping[str, str | bytes] | None = None,
        /,
        *,
        depends: tuple[str, ...] = (),
        version: str = "1.0",
        tags: str = PURE,
        data: bytes | None = None,
        **entry: Any,
    ) -> str:
        """Put a package there and into the lock file; gives the name of its file."""
        content = {f"{name}/__init__.py": f"where = {name!r}"} if files is None else files
        file_name = entry.pop("file_name", f"{name}-{version}-{tags}.whl")
        given = wheel_bytes(name, content, version) if data is None else data
        self.files[file_name] = given
        self.packages[name] = {
            "name": name,
            "version": version,
            "file_name": file_name,
            "install_dir": "site",
            "sha256": hashlib.sha256(given).hexdigest(),
            "package_type": "package",
            "imports": [name],
            "depends": list(depends),
            "unvendored_tests": False,
            **entry,
        }
        return str(file_name)

    def lock(self) -> dict[str, Any]:
        return {"info": self.info, "packages": self.packages}

    def answer(self, name: str) -> bytes | None:
        """The content of a file, once those that are to come together have been asked for."""
        with self._arrived:
            self.asked.append(name)
            self._arrived.notify_all()
            if name.endswith(".whl") and not self._arrived.wait_for(self._all_came, timeout=60):
                return None
        if name == "pyodide-lock.json" and name not in self.files:
            return json.dumps(self.lock()).encode()
        if name.startswith("simple/"):
            return self.index(name.split("/")[1])
        return self.files.get(name)

    def index(self, name: str) -> bytes:
        """The page of an index with the wheels of a project (PEP 503)."""
        links = [
            f'<a href="/{file}#sha256={hashlib.sha256(data).hexdigest()}">{file}</a>'
            for file, data in self.files.items()
            if file.partition("-")[0].replace("_", "-").lower() == name
        ]
        return f"<!doctype html><html><body>{''.join(links)}</body></html>".encode()

    def _all_came(self) -> bool:
        return len(self.wheels()) >= self.together

    def wheels(self) -> list[str]:
        return [name for name in self.asked if name.endswith(".whl")]


@contextmanager
def serving() -> Iterator[Shelf]:
    """An empty shelf whose server lives as long as the context."""
    shelf = Shelf()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            data = shelf.answer(unquote(urlsplit(self.path).path).removeprefix("/"))
            self.send_response(200 if data is not None else 404)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Cache-Control", "no-store")
            kind = "text/html" if self.path.endswith("/") else "application/octet-stream"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data or b"")))
            self.end_headers()
            self.wfile.write(data or b"")

        def log_message(self, *_: object) -> None:
            """What was asked for stands in `asked`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    shelf.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield shelf
    finally:
        server.shutdown()
        server.server_close()
