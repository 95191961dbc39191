"""The runtime in a page of headless Chromium."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from tests.hosts.base import Host, HostError
from tools import browsers
from tools.server import serving

_ROOT = Path(__file__).resolve().parents[2]
_TIMEOUT = 60


def open_browser(resources: ExitStack) -> webdriver.Chrome:
    """A headless Chromium with a fresh profile, closed with `resources`."""
    profile = resources.enter_context(tempfile.TemporaryDirectory(prefix="pyjs-chromium-"))
    chromium = browsers.chromium()
    options = webdriver.ChromeOptions()
    options.binary_location = str(chromium.program)
    for flag in (*browsers.CHROMIUM_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.add_argument("--js-flags=--expose-gc")
    driver = webdriver.Chrome(options, Service(str(chromium.driver)))
    resources.callback(driver.quit)
    driver.set_script_timeout(_TIMEOUT)
    return driver


class ChromiumHost(Host):
    """Drives a page through Selenium."""

    name = "chromium"

    def __init__(self) -> None:
        self._resources = ExitStack()
        base = self._resources.enter_context(serving(_ROOT))
        self._driver = open_browser(self._resources)
        self._driver.get(f"{base.rstrip('/')}/tests/hosts/page.html")
        if self._driver.title.startswith("failed"):
            raise HostError(f"[chromium] {self._driver.title}")

    def _send(self, request: str) -> str:
        answer = self._driver.execute_async_script(
            "const [text, done] = arguments; globalThis.request(text).then(done);", request
        )
        return str(answer)

    def close(self) -> None:
        self._resources.close()
