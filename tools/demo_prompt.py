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

_COUNT_FRAMES = """
window.frames_drawn = 0;
const count = () => { if (window.frames_drawn++ < 30) requestAnimationFrame(count); };
count();
"""
_FRAMES = "return window.frames_drawn"


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


def _wait_last(page: Page, row: str) -> None:
    page.wait(f"{row!r} as the last row", lambda: _last(page)[-1] == row)


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
    page.type("js.document.createElem", Keys.TAB, "('b').tagName")
    _enter(page, "", "'B'")


def _listing(page: Page) -> None:
    page.type("js.document.createElement", Keys.TAB)
    _wait_row(
        page, lambda row: row.split() == ["createElement", "createElementNS"], "list of names"
    )
    page.control("c")


def _await(page: Page) -> None:
    _enter(page, "import asyncio")
    _enter(page, "await asyncio.sleep(0.05, 'slept')", "'slept'")


def _cancel(page: Page) -> None:
    page.type("await asyncio.sleep(3600)", Keys.ENTER)
    page.wait("running cell", lambda: _last(page)[-1] == ">>> await asyncio.sleep(3600)")
    page.control("c")
    _wait_for(page, "KeyboardInterrupt")
    for _ in range(5):  # a cell that is about to start
        page.type("'next'", Keys.ENTER)
        _wait_for(page, "'next'")
        page.control("c", "await asyncio.sleep(3600)", Keys.ENTER)
        _wait_for(page, "KeyboardInterrupt")


def _stop_loop(page: Page) -> None:
    page.type("while True: pass", Keys.ENTER, Keys.ENTER)
    page.wait("running cell", lambda: _last(page)[-1] != ">>>")
    page.driver.execute_script(_COUNT_FRAMES)
    page.wait("frame while Python runs", lambda: page.driver.execute_script(_FRAMES) > 10)
    page.control("c")
    _wait_row(page, lambda row: row.startswith("KeyboardInterrupt"), "interrupted loop")
    _enter(page, "1 + 1", "2")


def _input(page: Page) -> None:
    """A program reads what is typed, or typed ahead; the page stays alive; Ctrl-C ends it."""
    page.type("name = input('name? ')", Keys.ENTER)
    page.wait("prompt of input()", lambda: _last(page)[-1] == "name?")
    page.driver.execute_script(_COUNT_FRAMES)
    page.wait("frame while input() waits", lambda: page.driver.execute_script(_FRAMES) > 10)
    page.type("Grase", Keys.BACKSPACE, Keys.BACKSPACE)
    _enter(page, "ce", "name? Grace")
    _enter(page, "name", "'Grace'")
    page.type("input('a '), input('b ')", Keys.ENTER, "1", Keys.ENTER, "2", Keys.ENTER)
    _wait_for(page, "a 1", "b 2", "('1', '2')")
    page.type("input('never ')", Keys.ENTER)
    page.wait("prompt of input()", lambda: _last(page)[-1] == "never")
    page.control("c", "x")
    _wait_row(page, lambda row: row == "never x^C", "interrupted line")
    _wait_row(page, lambda row: row.startswith("KeyboardInterrupt"), "interrupted input")
    _enter(page, "input('again ')\nkept", "again kept", "'kept'")


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
    page.type("for n in range(3):", Keys.ENTER, "print('tick', n)", Keys.ENTER)
    page.type("while not hasattr(js, f'go_{n}'): await asyncio.sleep(0.01)", *2 * [Keys.ENTER])
    for line in ("tick 0", "tick 1", "tick 2"):
        _wait_last(page, line)
        page.driver.execute_script(f"globalThis.{line.replace('tick ', 'go_')} = true")
    _wait_for(page, "tick 0", "tick 1", "tick 2")


def _long_lines(page: Page) -> None:
    """Lines that wrap, with characters two cells wide, edited at their start."""
    text = "\u6f22\u5b57 and kana " * 12
    page.type(f"x'{text}'", Keys.HOME, Keys.DELETE, Keys.END)
    _enter(page, f".count('kana') + len('{'a' * 120}')", "132")


def _change_width(page: Page, width: int) -> None:
    terminal = "#terminal .xterm-screen"
    before = page.size(terminal)
    page.emulate({"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False})
    page.wait("change of the terminal's size", lambda: page.size(terminal) != before)


def _resize(page: Page) -> None:
    """A block at the prompt keeps its rows in a window that narrows and widens."""
    page.type("if True:", Keys.ENTER, f"len('{'b' * 90}')")
    for width in (1000, 1400):
        _change_width(page, width)
    _enter(page, "\n", "90")
    if (prompts := sum(row == ">>> if True:" for row in page.rows())) != 1:
        raise ToolError(f"expected the block once in the terminal, found it {prompts} times")
    page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def _reload(page: Page) -> None:
    page.driver.refresh()
    page.wait_ready()
    page.click("#terminal .xterm-screen")
    page.type(Keys.UP)
    _wait_row(page, lambda row: row.startswith(">>> '") and "kana" in row, "cell of before")
    page.control("c")


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
    ("Ctrl-C stops a loop without end, and the page never freezes", _stop_loop),
    ("input() reads a line in the terminal, and Ctrl-C ends it", _input),
    ("errors show in colour, syntax errors with a caret", _errors),
    ("a paste of several lines runs", _paste),
    ("output appears as it is printed", _streams),
    ("a prompt lives through changes of the window", _resize),
    ("lines that wrap can be edited", _long_lines),
    ("the history outlives the page", _reload),
]
