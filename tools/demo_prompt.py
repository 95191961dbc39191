"""What a reader does at the demo page's prompt, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable

from selenium.webdriver.common.keys import Keys

from tools.demo_page import Page
from tools.report import ToolError

_PASTE = """
const data = new DataTransfer();
data.setData("text/plain", arguments[0]);
const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
document.querySelector(".xterm-helper-textarea").dispatchEvent(event);
"""


def _last(page: Page) -> list[str]:
    """The rows from the last cell on, without the empty ones below the prompt."""
    rows = page.rows()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _enter(page: Page, source: str, *expected: str) -> None:
    """Type a line and Enter; wait for these rows between it and a fresh prompt."""
    page.type(source, Keys.ENTER)
    _wait_for(page, *expected)


def _wait_for(page: Page, *expected: str) -> None:
    def shown() -> bool:
        rows = _last(page)
        ended = bool(rows) and rows[-1] == ">>>"
        return ended and tuple(rows[-1 - len(expected) : -1]) == expected

    page.wait(f"{list(expected)} above a fresh prompt", shown)


def _wait_row(page: Page, matches: Callable[[str], bool], what: str) -> None:
    page.wait(what, lambda: any(matches(row) for row in page.rows()))


def _arithmetic(page: Page) -> None:
    page.click("#terminal .xterm-screen")
    _wait_row(page, lambda row: row.startswith("Python 3.13"), "banner")
    _enter(page, "1 + 1", "2")
    _enter(page, "_ * 21", "42")
    _enter(page, "None", ">>> None")


def _dom(page: Page) -> None:
    _enter(page, "js.document.title = 'from ' + 'Python'")
    if page.driver.title != "from Python":
        raise ToolError(f"expected the title 'from Python', found {page.driver.title!r}")


def _block(page: Page) -> None:
    page.type("for i in range(2):", Keys.ENTER, "print('row', i)", Keys.ENTER)
    _enter(page, "", "row 0", "row 1")


def _edit(page: Page) -> None:
    page.type("xy'abc'", Keys.HOME, Keys.DELETE, Keys.RIGHT, Keys.BACKSPACE, Keys.END)
    _enter(page, " * 2", "'abcabc'")


def _history(page: Page) -> None:
    page.type(Keys.UP)
    _wait_row(page, lambda row: row == ">>> 'abc' * 2", "earlier cell")
    _enter(page, "", "'abcabc'")


def _complete(page: Page) -> None:
    page.type("js.document.createElem", Keys.TAB, "('b').tagN", Keys.TAB)
    _enter(page, "", "'B'")


def _listing(page: Page) -> None:
    page.type("js.document.createElement", Keys.TAB)
    _wait_row(
        page, lambda row: row.split() == ["createElement", "createElementNS"], "list of names"
    )
    page.type(Keys.CONTROL, "c")
    page.type(Keys.NULL)


def _await(page: Page) -> None:
    _enter(page, "import asyncio")
    _enter(page, "await asyncio.sleep(0.05, 'slept')", "'slept'")


def _cancel(page: Page) -> None:
    page.type("await asyncio.sleep(3600)", Keys.ENTER)
    page.wait("running cell", lambda: _last(page)[-1] == ">>> await asyncio.sleep(3600)")
    page.type(Keys.CONTROL, "c")
    page.type(Keys.NULL)
    _wait_for(page, "KeyboardInterrupt")


def _errors(page: Page) -> None:
    page.type("1 / 0", Keys.ENTER)
    _wait_row(page, lambda row: row.startswith("ZeroDivisionError: division by zero"), "error")
    colours = page.count(".xterm-rows span.xterm-fg-5, .xterm-rows span.xterm-fg-13")
    if not colours:
        raise ToolError("expected a coloured traceback, found none of its colours")
    page.type("1 + * 2", Keys.ENTER)
    _wait_row(page, lambda row: row.strip() == "^", "caret below the syntax error")
    _wait_row(page, lambda row: row.startswith("SyntaxError"), "syntax error")


def _paste(page: Page) -> None:
    page.driver.execute_script(
        _PASTE, "def twice(x):\n    return 2 * x\n\nfor n in (4, 5):\n    print(twice(n))\n"
    )
    _wait_for(page, "8", "10")


def _streams(page: Page) -> None:
    page.type("for n in range(3): print('tick', n); await asyncio.sleep(0.4)", Keys.ENTER)
    page.wait("first line of output", lambda: _last(page)[-1] == "tick 0", 5)
    _wait_for(page, "tick 0", "tick 1", "tick 2")


STEPS: list[tuple[str, Callable[[Page], None]]] = [
    ("a cell shows its result, _ keeps it, None shows nothing", _arithmetic),
    ("a cell changes the page", _dom),
    ("a block takes several lines", _block),
    ("keys edit the line", _edit),
    ("the arrows recall cells", _history),
    ("Tab completes names of JavaScript", _complete),
    ("Tab lists what it cannot decide", _listing),
    ("await works at the prompt", _await),
    ("Ctrl-C cancels a cell that awaits", _cancel),
    ("errors show in colour, syntax errors with a caret", _errors),
    ("a paste of several lines runs", _paste),
    ("output appears as it is printed", _streams),
]
