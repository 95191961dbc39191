"""Errors and progress lines, in one form for every tool."""

from __future__ import annotations

import sys
from collections.abc import Callable


class ToolError(Exception):
    """A failure worth showing without a traceback: operation, expectation, finding, remedy."""


def say(tool: str, text: str) -> None:
    """Print a progress line; stderr, so that a tool's stdout stays usable by scripts."""
    print(f"{tool:<10} {text}", file=sys.stderr, flush=True)


def plain(tool: str, action: Callable[[], object]) -> Callable[[list[str]], int]:
    """The command line entry of a tool that takes no arguments."""

    def entry(arguments: list[str]) -> int:
        if arguments:
            raise ToolError(f"usage: python3 -m tools.{tool}, without arguments; given {arguments}")
        action()
        return 0

    return entry


def main(entry: Callable[[list[str]], int]) -> None:
    """Run a command line entry; a ToolError becomes its text and exit status 1."""
    try:
        status = entry(sys.argv[1:])
    except ToolError as error:
        print(f"error: {error}", file=sys.stderr)
        status = 1
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)
