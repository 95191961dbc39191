"""The hosts of tests, with Pyodide's API."""

from __future__ import annotations

from pathlib import Path

from tests.hosts.base import Host
from tests.hosts.chromium import ChromiumHost
from tests.hosts.firefox import FirefoxHost
from tests.hosts.node import NodeHost, NodeWithJspiHost
from tests.hosts.start import DIST

_AGENT = Path(__file__).with_name("node.mjs")
_PAGE = "tests/compat/page.html"


def start(name: str) -> Host:
    """A process in which `py` is what loadPyodide() gives, and `loadPyodide` is global."""
    match name:
        case "node":
            return NodeHost(DIST, _AGENT)
        case "node-jspi":
            return NodeWithJspiHost(DIST, _AGENT)
        case "firefox":
            return FirefoxHost(_PAGE)
        case _:
            return ChromiumHost(_PAGE)
