"""An interactive console: judges, runs and completes what is typed in the page's terminal."""

import ast
import asyncio
import builtins
import codeop
import sys
from collections.abc import Coroutine
from types import CodeType, ModuleType
from typing import Any

import pyjs

from pyjs_demo import completion, errors

__all__ = ["Console", "banner"]

_CO_COROUTINE = 0x80  # inspect.CO_COROUTINE; the import of inspect would delay the first prompt


def banner() -> str:
    """The line that greets: versions of Python and of pyjs."""
    version = sys.version.partition(" ")[0]
    return f"Python {version} on pyjs {pyjs.__version__}"


class Console:
    """One console; its cells share a namespace, the one of `__main__`."""

    def __init__(self) -> None:
        main = sys.modules.setdefault("__main__", ModuleType("__main__"))
        self._names = main.__dict__
        self._names.setdefault("js", pyjs.js)
        self._compiler = codeop.CommandCompiler()
        self._compiler.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._task: asyncio.Future[Any] | None = None
        self._running = False
        self._interrupted = False
        self._cells = 0

    def wants_more(self, source: str) -> bool:
        """Whether Enter after `source` should open another line instead of running it.

        As in CPython's own console: a block goes on until an empty line, a
        syntax error inside a block waits for that line too.
        """
        blank, indented = _last_line(source)
        if blank:
            source = source.rstrip(" \t") + "\n"
        try:
            return self._compiler(source, "<stdin>", "single") is None
        except (OverflowError, SyntaxError, ValueError):
            pass
        # Not one statement: several, as a paste brings, or one that is wrong.
        in_block = indented and not blank
        try:
            return self._compiler(source, "<stdin>", "exec") is None or in_block
        except (OverflowError, SyntaxError, ValueError):
            return in_block and "\n" in source

    def run(self, source: str) -> Coroutine[Any, Any, None]:
        """Run one cell. What it prints, its result's repr and its errors go to the terminal."""
        # At once: an interrupt may come before the coroutine has its first turn.
        self._running = True
        self._interrupted = False
        return self._run(source)

    async def _run(self, source: str) -> None:
        self._cells += 1
        filename = f"<console {self._cells}>"
        errors.remember(filename, source)
        try:
            for code in _compile(source, filename):
                await self._execute(code)
        except BaseException as error:  # SystemExit too
            self._report(error)
        finally:
            self._task = None
            self._running = False
            sys.stdout.flush()
            sys.stderr.flush()

    def interrupt(self) -> bool:
        """Cancel the cell that awaits or is about to start; says whether there was one."""
        if self._running:
            self._interrupted = True
            if self._task is not None:
                self._task.cancel()
        return self._running

    def complete(self, source: str) -> tuple[str, list[str]]:
        """What stands before the cursor and can be completed, and what it could become."""
        return completion.complete(source, self._names)

    def _report(self, error: BaseException) -> None:
        if self._interrupted and isinstance(error, asyncio.CancelledError):
            print("KeyboardInterrupt", file=sys.stderr)
            return
        if isinstance(error, SystemExit):
            print("A page cannot exit; reload it to start anew.", file=sys.stderr)
            return
        sys.last_exc = error
        print(errors.describe(error, colour=True), end="", file=sys.stderr)

    async def _execute(self, code: CodeType) -> None:
        if self._interrupted:
            raise asyncio.CancelledError
        result = eval(code, self._names)
        if code.co_flags & _CO_COROUTINE:
            self._task = asyncio.ensure_future(result)
            await self._task


def _last_line(source: str) -> tuple[bool, bool]:
    """Whether the last line is empty below others, and whether it is indented."""
    above, _, last = source.rpartition("\n")
    return bool(above) and not last.strip(), last.startswith((" ", "\t"))


def _compile(source: str, filename: str) -> list[CodeType]:
    """The statements of a cell, the last one such that its value is displayed."""
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    tree = compile(source, filename, "exec", flags | ast.PyCF_ONLY_AST, dont_inherit=True)
    if not tree.body:
        return []
    last = ast.Interactive([tree.body.pop()])
    codes = [compile(last, filename, "single", flags, dont_inherit=True)]
    if tree.body:
        codes.insert(0, compile(tree, filename, "exec", flags, dont_inherit=True))
    return codes


def _display(value: Any) -> None:
    """sys.displayhook, which keeps `_` among the builtins, where a program's own `_` hides it."""
    if value is None:
        return
    builtins._ = None  # type: ignore[attr-defined]
    print(repr(value))
    builtins._ = value  # type: ignore[attr-defined]


sys.displayhook = _display
