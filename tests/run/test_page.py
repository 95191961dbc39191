"""A program in a page."""

from __future__ import annotations

import pytest

from tests.run import Cli, Result


def test_page(cli: Cli) -> None:
    if cli.host == "node":
        pytest.skip("Node has no page")
    result = cli.program(
        """
        from pyjs import js
        js.document.title = "mine"
        js.document.body.append("text")
        print(js.document.title, js.document.body.textContent.strip())
        js.console.log("logged")
        js.console.warn("warned")
        """
    )
    assert result == Result("mine text\nlogged\n", "warned\n", 0)


def test_the_server_tells_nobody_else(cli: Cli) -> None:
    """Without the secret of the path, and with `..` in it, there is nothing to have."""
    if cli.host != "chromium":
        pytest.skip("one browser is enough")
    program = """
        from pyjs import js
        def status(path):
            request = js.XMLHttpRequest.new()
            request.open("GET", path, False)
            request.send()
            return request.status
        print(status("page.html"), status("/"), status("/run/page.html"), status("server.mjs"))
        print(status("../dist/..%2f..%2fpackage.json"), status("../plan"))
    """
    result = cli.program(program)
    assert result == Result("200 404 404 404\n404 404\n", "", 0)
