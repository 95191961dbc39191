"""Headless Chromium under WebDriver; it needs the developers' environment, which has Selenium."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from selenium import webdriver
from selenium.common.exceptions import WebDriverException

from tools import browsers
from tools.report import ToolError, say


@contextmanager
def chromium(
    *flags: str, capabilities: Mapping[str, object] | None = None
) -> Iterator[webdriver.Chrome]:
    """A browser with a fresh profile, closed at the end; `flags` come on top of the usual."""
    with tempfile.TemporaryDirectory(prefix="pyjs-", ignore_cleanup_errors=True) as folder:
        driver = _started(folder, flags, capabilities or {})
        try:
            yield driver
        finally:
            driver.quit()


def _started(
    folder: str, flags: Sequence[str], capabilities: Mapping[str, object], attempts: int = 3
) -> webdriver.Chrome:
    browser = browsers.chromium()
    options = webdriver.ChromeOptions()
    options.binary_location = str(browser.program)
    profile = f"--user-data-dir={tempfile.mkdtemp(dir=folder)}"
    for flag in ("--headless=new", profile, *browsers.FLAGS, *flags):
        options.add_argument(flag)
    for name, value in capabilities.items():
        options.set_capability(name, value)
    try:
        return webdriver.Chrome(options, webdriver.ChromeService(str(browser.driver)))
    except WebDriverException as error:
        text = f"starting {browser.program} with {browser.driver}: {error.msg}"
        if attempts == 1:
            raise ToolError(text) from error
    # Another process took the driver's port, or a busy machine started the browser too slowly.
    say("webdriver", f"once more, after {text}")
    return _started(folder, flags, capabilities, attempts - 1)
