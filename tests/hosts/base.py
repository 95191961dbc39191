"""What a test asks of a host, whatever the host is."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import Any

from tests.hosts.source import Source


class HostError(AssertionError):
    """Something failed inside the runtime; its text is the error of that side."""


class Host(ABC):
    """A process with one loaded runtime."""

    name: str
    #: Whether there are Node's modules rather than a page.
    is_node = False
    #: False once the process has ended, or is of no use any more.
    is_running = True

    @abstractmethod
    def _send(self, request: str) -> str:
        """Send one JSON request to the agent and return its JSON answer."""

    @abstractmethod
    def close(self) -> None:
        """End the process."""

    def request(self, verb: str, *args: Any) -> Any:
        answer = json.loads(self._send(json.dumps({"verb": verb, "args": args})))
        if "error" in answer:
            raise HostError(f"[{self.name}] {answer['type']}: {answer['error']}")
        return answer["value"]

    def js(self, body: str, *args: Any) -> Any:
        """Run the body of an async JavaScript function; `py` is the runtime, `args` a list."""
        return self.request("js", body, list(args))

    def load(self, body: str, *args: Any) -> Any:
        """The same with `loadPyjs` in the place of `py`; what it loads is disposed of."""
        return self.request("load", body, list(args))

    def run(self, source: Source, arguments: dict[str, Any]) -> None:
        """Run a Python test function inside the runtime."""
        self.js(
            """
            const globals = py.runPython("{'__name__': 'test'}");
            try {
              await py.runPythonAsync(args[0], { globals, filename: args[1] });
            } finally {
              globals.destroy();
            }
            """,
            source.program(arguments),
            source.filename,
        )

    def counts(self, wanted: dict[str, int | str] | None = None) -> dict[str, int | str]:
        """Live handles and proxies, after both garbage collectors ran, and whether stacks wait."""
        text = json.dumps(wanted, separators=(",", ":")) if wanted else ""
        return dict(self.request("settle", text))
