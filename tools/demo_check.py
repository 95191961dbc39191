"""Uses the demo page as a reader would, in headless Chromium: python3 -m tools.demo_check URL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from selenium.common.exceptions import TimeoutException, WebDriverException

from tools import demo_examples, demo_prompt, webdriver
from tools.demo_page import Page
from tools.report import ToolError, main, say

_FLAGS = (
    "--window-size=1280,800",
    # Whatever asks for another host fails at once, and is found among the requests.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_LOGS = {"goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
_PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}

Step = tuple[str, Callable[[Page], None]]


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
    with webdriver.chromium(*_FLAGS, capabilities=_LOGS) as driver:
        page = Page(driver, arguments[0])
        driver.get(page.url)
        _run(page)
    return 0


if __name__ == "__main__":
    main(_entry)
