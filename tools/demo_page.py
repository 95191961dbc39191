"""The demo page under Selenium: waiting, typing, reading."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tools.report import ToolError

_START = 240
_PATIENCE = 120
_ROWS = "return [...document.querySelectorAll('.xterm-rows > div')].map((row) => row.textContent)"
_WIDTH = "return [document.documentElement.scrollWidth, innerWidth]"
# Elements that reach past the window, for the message.
_WIDE = """
return [...document.querySelectorAll('body *')]
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && e.offsetParent !== null)
  .map((e) => e.tagName + '.' + e.className).slice(0, 5)
"""


class Page:
    """The loaded page. Methods called expect_ raise a ToolError when the page is otherwise."""

    def __init__(self, driver: Chrome, url: str) -> None:
        self.driver = driver
        self.url = url
        self._errors: list[str] = []

    def wait(self, what: str, condition: Callable[[], object], seconds: float = _PATIENCE) -> None:
        """Wait until a condition holds; `what` says what was waited for."""
        WebDriverWait(self.driver, seconds, 0.05).until(lambda _: condition(), f"no {what}")

    def wait_ready(self) -> None:
        """Wait until Python has started; fail at once when the page says that it did not."""

        def settled() -> bool:
            failure = self.find("#failure-text").get_attribute("textContent")
            if failure:
                raise ToolError(failure)
            return bool(self.driver.execute_script("return document.body.dataset.ready"))

        self.wait("started Python", settled, _START)

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def click(self, selector: str) -> None:
        self.find(selector).click()

    def text(self, selector: str) -> str:
        """The text of an element, scrolled into view or not."""
        return self.find(selector).get_attribute("textContent") or ""

    def count(self, selector: str) -> int:
        return len(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def size(self, selector: str) -> tuple[int, int]:
        """The width and height of an element."""
        size = self.find(selector).size
        return size["width"], size["height"]

    def type(self, *keys: str) -> None:
        """Type into whatever has the focus."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def control(self, key: str, *before: str) -> None:
        """Press a key with Ctrl; `before` is typed first, without a pause."""
        chain = ActionChains(self.driver).send_keys(*before).key_down(Keys.CONTROL).send_keys(key)
        chain.key_up(Keys.CONTROL).perform()

    def rows(self) -> list[str]:
        """The terminal's rows, as they are shown."""
        rows: list[str] = self.driver.execute_script(_ROWS)
        return [row.replace("\xa0", " ").rstrip() for row in rows]

    def emulate(self, metrics: Mapping[str, Any]) -> None:
        """Take the size of another screen."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", dict(metrics))

    def expect_fits(self, what: str) -> None:
        """Nothing reaches past the right edge."""
        width, window = self.driver.execute_script(_WIDTH)
        if width > window:
            wide = self.driver.execute_script(_WIDE)
            raise ToolError(f"{what} is {width} pixels wide in {window}: {wide}")

    def expect_no_errors(self) -> None:
        """The browser's console holds no error, and page and workers raised none."""
        if errors := self._take_errors():
            raise ToolError(
                "expected no errors in the browser's console, found:\n" + "\n".join(errors)
            )

    def expect_own_requests(self) -> None:
        """Every request went to the server the page came from."""
        own = urlsplit(self.url).netloc
        strangers = {url for url in self._requests() if urlsplit(url).netloc not in ("", own)}
        if strangers:
            raise ToolError(f"expected requests to {own} alone, found {sorted(strangers)}")

    def describe(self) -> str:
        """What the page shows, for the message of a failure."""
        shown = [row for row in self.rows() if row][-12:]
        lines = ["the terminal shows:", *(f"  | {row}" for row in shown)]
        lines += ["the example printed:", *(f"  | {x}" for x in self.text("#printed").splitlines())]
        lines += ["the browser's console:", *(f"  | {error}" for error in self._take_errors())]
        return "\n".join(lines)

    def _take_errors(self) -> list[str]:
        entries: list[dict[str, Any]] = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        self._errors += [entry["message"] for entry in entries if entry["level"] == "SEVERE"]
        return self._errors

    def _requests(self) -> list[str]:
        urls = []
        entries = self.driver.get_log("performance")  # type: ignore[no-untyped-call]
        for entry in entries:
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                url: str = message["params"]["request"]["url"]
                if url.startswith(("http:", "https:", "ws:", "wss:")):
                    urls.append(url)
        return urls
