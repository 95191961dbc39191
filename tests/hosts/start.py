"""The hosts by name."""

from __future__ import annotations

from pathlib import Path

from tests.hosts.base import Host
from tests.hosts.chromium import ChromiumHost
from tests.hosts.firefox import FirefoxHost
from tests.hosts.node import NodeHost, NodeWithJspiHost
from tests.hosts.wheel import WheelInChromiumHost, WheelInNodeHost

DIST = Path(__file__).resolve().parents[2] / "dist"
HOSTS = ("node", "node-jspi", "chromium", "firefox", "wheel-node", "wheel-chromium")


def in_pyodide(name: str) -> bool:
    """Whether the host is stock Pyodide with the wheel, not our own runtime."""
    return name.startswith("wheel-")


def start(name: str) -> Host:
    """A new process of the host."""
    match name:
        case "node":
            return NodeHost(DIST)
        case "node-jspi":
            return NodeWithJspiHost(DIST)
        case "wheel-node":
            return WheelInNodeHost()
        case "wheel-chromium":
            return WheelInChromiumHost()
        case "firefox":
            return FirefoxHost()
        case _:
            return ChromiumHost()
