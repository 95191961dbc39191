"""Exit codes, tracebacks and interrupts."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.run import TIMEOUT, Cli, Result

FAILING = """\
def inner(x):
    return 1 / x


def outer():
    try:
        inner(0)
    except ZeroDivisionError as error:
        raise ValueError("no luck") from error


outer()
"""

# What CPython 3.13 prints for it, with the folder in place of %s.
TRACEBACK = """\
Traceback (most recent call last):
  File "%s/failing.py", line 7, in outer
    inner(0)
    ~~~~~^^^
  File "%s/failing.py", line 2, in inner
    return 1 / x
           ~~^~~
ZeroDivisionError: division by zero

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "%s/failing.py", line 12, in <module>
    outer()
    ~~~~~^^
  File "%s/failing.py", line 9, in outer
    raise ValueError("no luck") from error
ValueError: no luck
"""


def test_exit_with_text(cli: Cli) -> None:
    assert cli.run("-c", "import sys; sys.exit('no more')") == Result("", "no more\n", 1)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("pass", 0),
        ("raise SystemExit", 0),
        ("import sys; sys.exit(-1)", 255),
        ("import sys; sys.exit(256 + 7)", 7),
        ("import os; os._exit(9)", 9),
        ("import sys; sys.exit(True)", 1),
    ],
)
def test_exit_codes(node: Cli, code: str, expected: int) -> None:
    assert node.run("-c", code) == Result("", "", expected)


def test_exit_functions_run(node: Cli) -> None:
    code = "import atexit, sys; atexit.register(print, 'bye'); print('hi'); sys.exit(4)"
    assert node.run("-c", code) == Result("hi\nbye\n", "", 4)


def test_traceback_is_that_of_cpython(cli: Cli) -> None:
    cli.write("failing.py", FAILING)
    expected = Result("", TRACEBACK.replace("%s", str(cli.folder)), 1)
    assert cli.run("failing.py") == expected


def test_traceback_of_a_module_and_of_await(node: Cli) -> None:
    node.write("failing.py", FAILING + "await later\n")
    expected = Result("", TRACEBACK.replace("%s", str(node.folder)), 1)
    assert node.run("-m", "failing") == expected
    assert node.run("failing.py").err == expected.err


def test_syntax_error(cli: Cli) -> None:
    assert cli.program("print('not run')\nx = (1 +\n") == Result(
        "",
        f'  File "{cli.folder}/program.py", line 2\n'
        "    x = (1 +\n"
        "        ^\n"
        "SyntaxError: '(' was never closed\n",
        1,
    )


def test_keyboard_interrupt(node: Cli) -> None:
    assert node.run("-c", "raise KeyboardInterrupt") == Result(
        "",
        "Traceback (most recent call last):\n"
        '  File "<string>", line 1, in <module>\n'
        "    raise KeyboardInterrupt\n"
        "KeyboardInterrupt\n",
        130,
    )


def test_excepthook(node: Cli) -> None:
    code = "import sys; sys.excepthook = lambda kind, error, tb: print('hook:', error); 1/0"
    assert node.run("-c", code) == Result("hook: division by zero\n", "", 1)


def test_interrupt(cli: Cli, temporary: Path) -> None:
    """SIGINT ends a program that computes, and its browser, whose profile is removed."""
    cli.write("program.py", "print('on', flush=True)\nwhile True:\n    pass\n")
    with cli.start("program.py", env={"TMPDIR": str(temporary)}) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"on\n"
        process.send_signal(signal.SIGINT)
        # A process that the signal itself ended is 130 to a shell.
        code = process.wait(TIMEOUT)
        assert code == (-signal.SIGINT if cli.host == "node" else 130)
    assert sorted(path.name for path in temporary.glob("pyjs-*")) == []


def test_uncaught_in_a_callback(cli: Cli) -> None:
    result = cli.program(
        """
        import asyncio, pyjs
        def callback():
            raise ValueError("late")
        pyjs.js.setTimeout(pyjs.create_proxy(callback), 10)
        await asyncio.sleep(1000)
        """
    )
    assert (result.out, result.code) == ("", 1)
    assert result.err.endswith(
        f'  File "{cli.folder}/program.py", line 4, in callback\n'
        '    raise ValueError("late")\n'
        "ValueError: late\n"
    )
