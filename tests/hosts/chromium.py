"""The runtime in a page of headless Chromium."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from tests.hosts.base import Host, HostError
from tools import webdriver
from tools.server import serving

_ROOT = Path(__file__).resolve().parents[2]
_TIMEOUT = 240
#: What it opens, below the project's folder.
PAGE = "tests/hosts/page.html"


class ChromiumHost(Host):
    """Drives a page through Selenium."""

    name = "chromium"

    def __init__(self, page: str = PAGE) -> None:
        self._resources = ExitStack()
        base = self._resources.enter_context(serving(_ROOT))
        browser = webdriver.chromium("--js-flags=--expose-gc")
        self._driver = self._resources.enter_context(browser)
        self._driver.set_script_timeout(_TIMEOUT)
        self._driver.get(f"{base.rstrip('/')}/{page}")
        if self._driver.title.startswith("failed"):
            raise HostError(f"[{self.name}] {self._driver.title}")

    def _send(self, request: str) -> str:
        answer = self._driver.execute_async_script(
            "const [text, done] = arguments; globalThis.request(text).then(done);", request
        )
        return str(answer)

    def close(self) -> None:
        self._resources.close()
