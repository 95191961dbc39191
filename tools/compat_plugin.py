"""A pytest plugin with which Pyodide's own suites run against dist/, on this machine's browser.

pytest-pyodide's server answers one connection at a time, and a browser keeps idle ones open; its
runner looks for a driver of Chromium on the network.
"""

from __future__ import annotations

import socketserver
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from pytest_pyodide import server
from pytest_pyodide.config import get_global_config
from pytest_pyodide.runner import NodeRunner, SeleniumChromeRunner

from tools import webdriver


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    block_on_close = False


class _Sockets:
    """What the server's module takes from socketserver."""

    TCPServer = _Server


def _driver(runner: Any, jspi: bool = False) -> Any:
    runner.browser_stack = ExitStack()
    flags = get_global_config().get_flags("chrome")
    return runner.browser_stack.enter_context(webdriver.chromium(*flags))


def _quit(runner: Any) -> None:
    runner.browser_stack.close()


def _quit_node(runner: Any) -> None:
    runner.p.close(force=True)


# The part of a suite's set-up that is about what dist/ does not have.
_LOAD_IN_NODE = "let pyodide = await loadPyodide({ jsglobals: self });"


@pytest.fixture(scope="session", autouse=True)
def this_machine() -> Iterator[None]:
    """Puts the threading server and the pinned browser in place while the suites run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "socketserver", _Sockets)
        patch.setattr(SeleniumChromeRunner, "get_driver", _driver)
        patch.setattr(SeleniumChromeRunner, "quit", _quit)
        patch.setattr(NodeRunner, "quit", _quit_node)
        get_global_config().set_load_pyodide_script("node", _LOAD_IN_NODE)
        yield
