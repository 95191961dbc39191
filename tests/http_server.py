"""A server on loopback for the tests of HTTP; pages of any origin may use it."""

from __future__ import annotations

import functools
import gzip
import io
import json
import socket
import threading
import time
import zipfile
import zlib
from collections.abc import Container, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xmlrpc.server import SimpleXMLRPCDispatcher

_LINGER = 60  # seconds that a stream goes on unless its reader leaves


@functools.cache
def _rpc() -> SimpleXMLRPCDispatcher:
    dispatcher = SimpleXMLRPCDispatcher(allow_none=True)
    dispatcher.register_function(lambda *numbers: sum(numbers), "add")
    dispatcher.register_function(lambda value: value, "same")
    dispatcher.register_multicall_functions()
    return dispatcher


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    left: dict[str, int]  # how many chunks a reader got who left, by the name of the stream
    begun: set[str]  # the names of the streams and slow answers that were asked for
    released: set[str]  # of the slow answers that are to come

    def log_message(self, *_: Any) -> None:
        """Nothing: the tests say what went wrong."""

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Headers", "*, authorization")
        self.send_header("Access-Control-Allow-Methods", "*")
        self.send_header("Access-Control-Expose-Headers", "*")
        super().end_headers()

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        _, verb, *rest = parts.path.split("/")
        getattr(self, f"do_{verb}", self.do_missing)(rest, query)

    def _options(self) -> None:
        self._send(200, b"", {"allow": "GET"})

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_missing(self, *_: Any) -> None:
        self._send(404, b"nothing here")

    def do_echo(self, _: list[str], query: dict[str, str]) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length).decode("latin-1")
        headers = {name.lower(): value for name, value in self.headers.items()}
        said = {"method": self.command, "query": query, "headers": headers, "body": body}
        self._send(200, json.dumps(said).encode(), {"Content-Type": "application/json"})

    def do_bytes(self, *_: Any) -> None:
        kind = {"Content-Type": "application/octet-stream", "X-Mixed-Case": "Kept"}
        self._send(200, bytes(range(256)), kind)

    def do_latin(self, *_: Any) -> None:
        self._send(200, "é".encode("latin-1"), {"Content-Type": "text/plain; charset=latin-1"})

    def do_status(self, rest: list[str], _: dict[str, str]) -> None:
        status = int(rest[0])
        self._send(status, b"" if status in (204, 304) else b"body of the error")

    def do_redirect(self, rest: list[str], _: dict[str, str]) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        target = "redirect/loop" if rest == ["loop"] else "/".join(rest)
        self._send(302, b"", {"Location": f"/{target}"})

    def do_big(self, _: list[str], query: dict[str, str]) -> None:
        block = bytes(range(256)) * 256
        self._send(200, block * (int(query["size"]) // len(block)))

    def do_length(self, *_: Any) -> None:
        """How long the body of the request was, and its sum."""
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self._send(200, json.dumps([len(body), zlib.crc32(body)]).encode())

    def do_lines(self, *_: Any) -> None:
        self._send(200, b"one\ntwo\nthree", {"Content-Type": "text/plain"})

    def do_gzip(self, *_: Any) -> None:
        self._send(200, gzip.compress(b"packed" * 100), {"Content-Encoding": "gzip"})

    def do_hidden(self, *_: Any) -> None:
        """What pages of other origins may not see."""
        self.send_response(200)
        self.send_header("Content-Length", "0")
        super().end_headers()

    def do_hangup(self, *_: Any) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def do_short(self, *_: Any) -> None:
        """Less than Content-Length says."""
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"only this")
        self.close_connection = True

    def do_secret(self, *_: Any) -> None:
        if self.headers.get("authorization") == "Basic dXNlcjpwYXNz":
            self._send(200, b"welcome")
        else:
            self._send(401, b"who?", {"WWW-Authenticate": 'Basic realm="tests"'})

    def do_cookie(self, *_: Any) -> None:
        said = self.headers.get("cookie", "none").encode()
        self._send(200, said, {"Set-Cookie": "flavour=oat; Path=/"})

    def do_rpc(self, *_: Any) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        answer: Any = _rpc()._marshaled_dispatch(body)
        self._send(200, answer, {"Content-Type": "text/xml"})

    def do_zip(self, *_: Any) -> None:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("inner/file.txt", "unpacked")
        self._send(200, file.getvalue(), {"Content-Type": "application/zip"})

    def do_slow(self, rest: list[str], query: dict[str, str]) -> None:
        """No answer for so many seconds, or until `release`; tells when the client leaves."""
        name, end = rest[0], time.monotonic() + float(query.get("seconds", _LINGER))
        self.begun.add(name)
        self.connection.settimeout(0.02)
        while time.monotonic() < end and name not in self.released:
            try:
                if not self.connection.recv(1):
                    self.left[name] = 0
                    self.close_connection = True
                    return
            except TimeoutError:
                continue
            except OSError:
                self.left[name] = 0
                self.close_connection = True
                return
        self.connection.settimeout(None)
        in_time = "seconds" in query or name in self.released
        self._send(200, b"at last" if in_time else b"never released")

    def do_stall(self, rest: list[str], query: dict[str, str]) -> None:
        """The beginning of a body, and nothing more."""
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"begun")
        self.do_slow(rest, query)

    def do_stream(self, rest: list[str], query: dict[str, str]) -> None:
        """Chunks, one each 20 ms, for as long as somebody reads them, or so many."""
        name, count = rest[0], int(query.get("count", 10**6))
        self.begun.add(name)
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        end = time.monotonic() + _LINGER
        for number in range(count):
            if time.monotonic() > end:
                return
            chunk = b"%d;" % number
            try:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
                self.wfile.flush()
            except OSError:
                self.left[name] = number
                self.close_connection = True
                return
            time.sleep(0.02)
        self.wfile.write(b"0\r\n\r\n")

    def do_left(self, rest: list[str], _: dict[str, str]) -> None:
        """Whether the reader of a stream has left, which it waits for."""
        self._tell(rest[0], self.left, _LINGER / 2)

    def do_begun(self, rest: list[str], query: dict[str, str]) -> None:
        """Whether a stream or slow answer was asked for, which it waits for."""
        self._tell(rest[0], self.begun, float(query.get("seconds", _LINGER / 2)))

    def _tell(self, name: str, among: Container[str], seconds: float) -> None:
        end = time.monotonic() + seconds
        while name not in among and time.monotonic() < end:
            time.sleep(0.01)
        self._send(200, json.dumps(name in among).encode())

    def do_release(self, rest: list[str], _: dict[str, str]) -> None:
        """Let a slow answer come."""
        self.released.add(rest[0])
        self._send(200, b"")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: Any) -> None:
        """Nothing: clients leave."""


@contextmanager
def serving() -> Iterator[str]:
    """Serve while the context lasts; gives the URL, which ends in a slash."""
    verbs = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD")
    methods = {f"do_{verb}": _Handler._answer for verb in verbs}
    members = {
        **methods,
        "do_OPTIONS": _Handler._options,
        "left": {},
        "begun": set(),
        "released": set(),
    }
    handler = type("Handler", (_Handler,), members)
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
