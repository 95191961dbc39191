"""Uses the demo page as a reader would, in headless Chromium: python3 -m tools.demo_check URL."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import TimeoutException, WebDriverException

from tools import demo_examples, demo_prompt
from tools.demo_page import Page
from tools.report import ToolError, main, say

_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,800",
    # Whatever asks for another host fails at once, and is found among the requests.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}

Step = tuple[str, Callable[[Page], None]]


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise ToolError(
            f"checking the demo page: {name} is not on PATH; on Debian: apt install {name}"
        )
    return path


@contextmanager
def _chromium() -> Iterator[webdriver.Chrome]:
    with tempfile.TemporaryDirectory(prefix="pyjs-demo-", ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = _program("chromium")
        for flag in (*_FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = webdriver.Chrome(options, webdriver.ChromeService(_program("chromedriver")))
        try:
            yield driver
        finally:
            driver.quit()


def _phone(page: Page) -> None:
    page.emulate(_PHONE)
    for view in ("console", "gallery"):
        page.click(f"#tab-{view}")
        page.expect_fits(view)
    for name in demo_examples.NAMES:
        page.click(f"#tab-{name}")
        page.expect_fits(name)


def _steps() -> list[Step]:
    return [
        ("the page becomes ready", Page.wait_ready),
        *demo_prompt.STEPS,
        *demo_examples.STEPS,
        ("a phone shows it without scrolling sideways", _phone),
        ("no other host was asked", Page.expect_own_requests),
        ("the browser's console has no errors", Page.expect_no_errors),
    ]


def _run(page: Page) -> None:
    for what, step in _steps():
        try:
            step(page)
        except (TimeoutException, WebDriverException) as error:
            text = error.msg or type(error).__name__
            raise ToolError(f"demo page: {what}: {text}\n{page.describe()}") from error
        except ToolError as error:
            raise ToolError(f"demo page: {what}: {error}\n{page.describe()}") from error
        say("demo", f"ok   {what}")


def _entry(arguments: list[str]) -> int:
    if len(arguments) != 1:
        raise ToolError(f"usage: {Path(__file__).stem} URL; given {arguments}")
    with _chromium() as driver:
        page = Page(driver, arguments[0])
        driver.get(page.url)
        _run(page)
    return 0


if __name__ == "__main__":
    main(_entry)
