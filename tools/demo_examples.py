"""Runs each example of the demo page's gallery, and looks for what it must do."""

from __future__ import annotations

import re
from collections.abc import Callable

from selenium.webdriver.common.keys import Keys

from tools.demo_page import Page
from tools.report import ToolError, say

_SUM = """
const canvas = document.querySelector("#stage canvas");
const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
return data.reduce((sum, byte) => sum + byte, 0);
"""
_SLIDE = """
const slider = document.querySelector("#stage input");
slider.value = -100;
slider.dispatchEvent(new Event("input"));
"""


def _start(page: Page, name: str) -> None:
    page.click(f"#tab-{name}")
    page.click("#run")


def _ended(page: Page) -> None:
    """Wait for the end of the run; an example that fails says why."""

    def over() -> bool:
        state = page.text("#state")
        if state == "Failed":
            raise ToolError("the example failed")
        return state.startswith(("Ended", "Stopped"))

    page.wait("end of the run", over)


def _expect_printed(page: Page, *lines: str) -> None:
    printed = [" ".join(line.split()) for line in page.text("#printed").splitlines()]
    for line in lines:
        if line not in printed:
            raise ToolError(f"expected the printed line {line!r}, found {printed}")


def _elements(page: Page) -> None:
    _start(page, "elements")
    _ended(page)
    before = page.count("#stage li")
    page.find("#stage input").send_keys("Try the console", Keys.ENTER)
    page.wait("new item", lambda: page.count("#stage li") == before + 1)
    page.wait("line of the listener", lambda: page.text("#printed"))
    _expect_printed(page, f"{before + 1} things to do")


def _fetch(page: Page) -> None:
    _start(page, "fetch")
    _ended(page)
    _expect_printed(page, "200 application/json", "8 planets: <class 'list'> of <class 'dict'>")
    if (first := page.text("#stage tbody tr")) != "Jupiter142,984 km9.9 h95":
        raise ToolError(f"expected Jupiter in the table's first row, found {first!r}")


def _canvas(page: Page) -> None:
    _start(page, "canvas")
    page.wait("frame rate", lambda: "fps" in page.text("#stage output"))
    before = page.driver.execute_script(_SUM)
    page.wait("change of the picture", lambda: page.driver.execute_script(_SUM) != before)
    rate = page.text("#stage output")
    page.click("#stop")
    _ended(page)
    _expect_printed(page, "The task was cancelled.")
    still = page.driver.execute_script(_SUM)
    if still != page.driver.execute_script(_SUM):
        raise ToolError("expected a still picture after Stop")
    if int(rate.split()[0]) < 20:  # a busy machine draws fewer than 60
        raise ToolError(f"expected a fluent animation, found {rate}")
    say("demo", f"     the canvas showed {rate}")


def _library(page: Page) -> None:
    _start(page, "library")
    _ended(page)
    grid = page.find("#stage .grid").get_attribute("d")
    if not grid or len(grid) < 1000:
        raise ToolError(f"expected the globe's lines, found {grid!r}")
    page.driver.execute_script(_SLIDE)
    page.wait("turned globe", lambda: page.find("#stage .grid").get_attribute("d") != grid)
    if not re.search(r"short way: 9,\d\d\d km", page.text("#printed")):
        raise ToolError("expected the distance of 9 thousand kilometres")


def _callbacks(page: Page) -> None:
    _start(page, "callbacks")
    _ended(page)
    _expect_printed(
        page,
        "by length fig pear Äpfel olive Zitrone",
        "in German Äpfel fig olive pear Zitrone",
        "numbered 1/5 pear, 2/5 Äpfel, 3/5 fig, 4/5 Zitrone, 5/5 olive",
        "first long Zitrone",
        "squares 0 1 4 9 16 25",
        "caught LookupError('not this one')",
    )


def _worker(page: Page) -> None:
    _start(page, "worker")
    page.wait("second Python", lambda: "runs in the worker" in page.text("#printed"))
    _ended(page)
    if "1,270,607 primes below 20,000,000" not in page.text("#printed"):
        raise ToolError("expected 1,270,607 primes below 20,000,000")
    say("demo", f"     {page.text('#stage output')}")


def _replace(page: Page, source: str) -> None:
    """Put another text into the editor, and run it by its key."""
    page.click("#editor [contenteditable]")
    page.control("a")
    page.type(source)
    page.control(Keys.ENTER)


def _own_changes(page: Page) -> None:
    page.click("#tab-callbacks")
    _replace(page, "print('changed')")
    _ended(page)
    _expect_printed(page, "changed")
    _replace(page, "1 / 0")
    page.wait("failure", lambda: page.text("#state") == "Failed")
    _expect_printed(
        page, "Traceback (most recent call last):", 'File "<callbacks.py>", line 1, in <module>'
    )
    page.click("#reset")
    page.click("#run")
    _ended(page)
    _expect_printed(page, "squares 0 1 4 9 16 25")


_RUNS: dict[str, Callable[[Page], None]] = {
    "elements": _elements,
    "fetch": _fetch,
    "canvas": _canvas,
    "library": _library,
    "callbacks": _callbacks,
    "worker": _worker,
}

NAMES = tuple(_RUNS)

STEPS: list[tuple[str, Callable[[Page], None]]] = [
    *((f"the example {name} works", run) for name, run in _RUNS.items()),
    ("an example can be changed, run by its key, fail, and be undone", _own_changes),
]
