"""Headless Chromium under WebDriver; it needs the developers' environment, which has Selenium."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from selenium import webdriver
from selenium.common.exceptions import WebDriverException

from tools import browsers
from tools.report import ToolError


@contextmanager
def chromium(
    *flags: str, capabilities: Mapping[str, object] | None = None
) -> Iterator[webdriver.Chrome]:
    """A browser with a fresh profile, closed at the end; `flags` come on top of the usual."""
    browser = browsers.chromium()
    with tempfile.TemporaryDirectory(prefix="pyjs-", ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = str(browser.program)
        for flag in ("--headless=new", f"--user-data-dir={profile}", *browsers.FLAGS, *flags):
            options.add_argument(flag)
        for name, value in (capabilities or {}).items():
            options.set_capability(name, value)
        service = webdriver.ChromeService(str(browser.driver))
        try:
            driver = webdriver.Chrome(options, service)
        except WebDriverException as error:
            raise ToolError(
                f"starting {browser.program} with {browser.driver}: {error.msg}"
            ) from error
        try:
            yield driver
        finally:
            driver.quit()
