"""A client for Firefox's remote protocol, for which Debian has no driver program.

Source: Mozilla, Marionette protocol (version 3).
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

_START = 120  # seconds


class MarionetteError(Exception):
    """Firefox did not do what it was asked to."""


class Firefox:
    """A headless Firefox with a profile of its own."""

    def __init__(self, program: str, timeout: int) -> None:
        self._profile = Path(tempfile.mkdtemp(prefix="pyjs-firefox-"))
        port = _free_port()
        (self._profile / "user.js").write_text(f'user_pref("marionette.port", {port});\n')
        command = [program, "--headless", "--marionette", "--no-remote", "--profile"]
        self._process = subprocess.Popen(
            [*command, self._profile], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._sent = 0
        try:
            self._socket = _connect(port, self._process)
            self._answers = self._socket.makefile("rb")
            self._receive()  # Firefox says what it is
            self.command("WebDriver:NewSession", capabilities={})
            self.command("WebDriver:SetTimeouts", script=1000 * timeout)
        except BaseException:
            self.close()
            raise

    def command(self, name: str, **parameters: Any) -> Any:
        self._sent += 1
        text = json.dumps([0, self._sent, name, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(text), text))
        _, _, error, value = self._receive()
        if error:
            raise MarionetteError(f"{name}: {error['error']}: {error['message']}")
        return value

    def execute(self, script: str, *args: Any, kind: str = "Script", sandbox: str = "") -> Any:
        """Run the body of a function in the page; the sandbox "system" has Firefox's own powers."""
        answer = self.command(
            f"WebDriver:Execute{kind}",
            script=script,
            args=args,
            sandbox=sandbox or None,
            newSandbox=False,
        )
        return answer["value"]

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=120)
        shutil.rmtree(self._profile, ignore_errors=True)

    def _receive(self) -> Any:
        length = b""
        while (byte := self._answers.read(1)) != b":":
            if not byte:
                raise MarionetteError("Firefox closed the connection")
            length += byte
        return json.loads(self._answers.read(int(length)))


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _connect(port: int, process: subprocess.Popen[bytes]) -> socket.socket:
    end = time.monotonic() + _START
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except OSError as error:
            if process.poll() is not None or time.monotonic() > end:
                raise MarionetteError(f"Firefox does not listen on port {port}") from error
        time.sleep(0.1)
