"""The runtime in a Node process, without JSPI and with it."""

from __future__ import annotations

import os
import select
import subprocess
from pathlib import Path

from tests.hosts.base import Host, HostError
from tools import node

_TIMEOUT = 240
_AGENT = Path(__file__).with_name("node.mjs")


class NodeHost(Host):
    """Talks JSON lines with Node over two pipes, so that stdout stays the program's own."""

    name = "node"
    is_node = True

    def __init__(self, dist: Path, agent: Path = _AGENT) -> None:
        requests_read, requests_write = os.pipe()
        answers_read, answers_write = os.pipe()
        pipes = (requests_read, answers_write)
        command: list[str | Path] = [self._program(), "--expose-gc", agent, f"{dist.as_uri()}/"]
        command += map(str, pipes)
        self._process = subprocess.Popen(command, pass_fds=pipes)
        os.close(requests_read)
        os.close(answers_write)
        self._requests = os.fdopen(requests_write, "w")
        self._answers = os.fdopen(answers_read)
        if self._answers.readline() != "ready\n":
            raise HostError(f"[{self.name}] the runtime did not load; its output is above")

    def _program(self) -> str | Path:
        return "node"

    def _send(self, request: str) -> str:
        self._requests.write(f"{request}\n")
        self._requests.flush()
        if not select.select([self._answers], [], [], _TIMEOUT)[0]:
            self._process.kill()
            self._process.wait()
            raise HostError(f"[{self.name}] no answer within {_TIMEOUT} s; the process was ended")
        answer = self._answers.readline()
        if not answer:
            raise HostError(f"[{self.name}] the process ended with {self._process.wait()}")
        return answer

    @property
    def is_running(self) -> bool:  # type: ignore[override]
        return self._process.poll() is None

    def close(self) -> None:
        self._requests.close()
        self._process.wait(timeout=120)
        self._answers.close()


class NodeWithJspiHost(NodeHost):
    """The same in the Node that tools/node-jspi pins, which can suspend Python's stack."""

    name = "node-jspi"

    def _program(self) -> str | Path:
        return node.with_jspi()
