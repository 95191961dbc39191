"""An interactive console without a screen: its user sends lines, and gets what they give.

>>> from pyjs.console import Console
>>> console = Console()
>>> [console.push(line).syntax_check for line in ("if True:", "    x = 20", "")]
['incomplete', 'incomplete', 'complete']
>>> await console.push("x + 1")
21

Source: Pyodide, pyodide.console.
"""

import ast
import asyncio
import codeop
import sys
import traceback
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from types import TracebackType
from typing import Any, Literal

from pyjs import _console_streams, _traceback
from pyjs._code_runner import CodeRunner
from pyjs.code import dedented

__all__ = ["BANNER", "Console", "ConsoleFuture", "repr_shorten", "shorten"]

type ConsoleFutureStatus = Literal["incomplete", "syntax-error", "complete"]

#: What a console greets with.
BANNER = (
    f"Python {sys.version.partition(')')[0]}) on WebAssembly/Emscripten\n"
    'Type "help", "copyright", "credits" or "license" for more information.'
)


class ConsoleFuture(asyncio.Future[Any]):
    """What a console gives for a line: a future of its value, and what is known at once.

    `syntax_check` says whether the source is "complete", "incomplete" or a "syntax-error". With
    the last, and when it raised an exception, `formatted_error` is the text that a console shows.

    Source: Pyodide, pyodide.console.ConsoleFuture.
    """

    syntax_check: ConsoleFutureStatus
    formatted_error: str | None

    def __init__(self, syntax_check: ConsoleFutureStatus) -> None:
        super().__init__()
        self.syntax_check = syntax_check
        self.formatted_error = None


class Console:
    """A console: judges source, runs it, completes words, and redirects the standard streams.

    Args:
        globals: the namespace; by default a new one, whose `__name__` is "__console__".
        stdin_callback: called with a number of characters, or -1, when `sys.stdin` is read; gives
            a str, which is empty at the end. None leaves `sys.stdin` as it is, as with the others.
        stdout_callback: called with each text that is written to `sys.stdout`.
        stderr_callback: called with each text that is written to `sys.stderr`.
        persistent_stream_redirection: whether the streams are redirected all the time, and not
            only while source runs.
        filename: the name that tracebacks show.
        dont_inherit: as for `compile`.
        optimize: as for `compile`.

    >>> from pyjs.console import Console
    >>> shown = []
    >>> console = Console({"word": "spam"}, stdout_callback=shown.append)
    >>> await console.push("print(word); len(word)")
    4
    >>> shown
    ['spam', '\\n']
    >>> console.complete("x = wor")
    (['word'], 4)

    Source: Pyodide, pyodide.console.Console.
    """

    globals: dict[str, Any]
    stdin_callback: Callable[[int], str] | None
    stdout_callback: Callable[[str], int | None] | None
    stderr_callback: Callable[[str], int | None] | None
    buffer: list[str]
    completer_word_break_characters: str

    def __init__(
        self,
        globals: dict[str, Any] | None = None,
        *,
        stdin_callback: Callable[[int], str] | None = None,
        stdout_callback: Callable[[str], None] | None = None,
        stderr_callback: Callable[[str], None] | None = None,
        persistent_stream_redirection: bool = False,
        filename: str = "<console>",
        dont_inherit: bool = False,
        optimize: int = -1,
    ) -> None:
        if globals is None:
            globals = {"__name__": "__console__", "__doc__": None}
        if not isinstance(globals, dict):
            kind = type(globals).__name__
            raise TypeError(f"Console: globals: expected a dict, got {kind}")
        self.globals = globals
        self.stdin_callback = stdin_callback
        self.stdout_callback = stdout_callback
        self.stderr_callback = stderr_callback
        self.filename = filename
        self.buffer = []
        self.completer_word_break_characters = " \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?"
        self._options: dict[str, Any] = {"dont_inherit": dont_inherit, "optimize": optimize}
        # Remembers the __future__ imports of what it has judged.
        self._judge = codeop.CommandCompiler()
        self._judge.compiler.flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        # One for all runs: it keeps what it was given too much.
        self._stdin = _console_streams.Reader(self._read, "<stdin>")
        self._lock = asyncio.Lock()
        self._persistent: ExitStack | None = None
        if persistent_stream_redirection:
            self.persistent_redirect_streams()

    def persistent_redirect_streams(self) -> None:
        """Redirect the standard streams until `persistent_restore_streams` is called."""
        if self._persistent is None:
            self._persistent = self._redirections()

    def persistent_restore_streams(self) -> None:
        """Give the standard streams back. A second time does nothing."""
        redirections, self._persistent = self._persistent, None
        if redirections is not None:
            redirections.close()

    @contextmanager
    def redirect_streams(self) -> Generator[None]:
        """Redirect the standard streams in a `with` block; blocks may be nested."""
        if self._persistent is not None:
            yield
            return
        with self._redirections():
            yield

    def _redirections(self) -> ExitStack:
        stack = ExitStack()
        if self.stdin_callback is not None:
            stack.enter_context(_console_streams.redirect_stdin(self._stdin))
        if self.stdout_callback is not None:
            writer = _console_streams.Writer(self.stdout_callback, "<stdout>")
            stack.enter_context(redirect_stdout(writer))
        if self.stderr_callback is not None:
            writer = _console_streams.Writer(self.stderr_callback, "<stderr>")
            stack.enter_context(redirect_stderr(writer))
        return stack

    def _read(self, size: int) -> str:
        return "" if self.stdin_callback is None else self.stdin_callback(size)

    def push(self, line: str) -> ConsoleFuture:
        """Add a line to those that are not complete yet, and run them if they are now.

        Args:
            line: without the newline at its end.

        Returns:
            What `runsource` gives for all the lines.
        """
        self.buffer.append(line)
        result = self.runsource("\n".join(self.buffer), self.filename)
        if result.syntax_check != "incomplete":
            self.buffer = []
        return result

    def runsource(self, source: str, filename: str = "<console>") -> ConsoleFuture:
        """Judge source, and run it if it is complete, after what was given before.

        Args:
            source: one statement, of any number of lines.
            filename: the name that tracebacks show.

        Returns:
            A future of the value, at once. Cancelling it cancels what runs.
        """
        try:
            code = self._compile(source, filename)
        except (OverflowError, SyntaxError, ValueError) as error:
            result = ConsoleFuture("syntax-error")
            result.formatted_error = self.formatsyntaxerror(error)
            result.set_exception(error)
            result.exception()  # formatted_error tells it too, so nobody need await the future
            return result
        if code is None:
            result = ConsoleFuture("incomplete")
            result.set_result(None)
            return result
        result = ConsoleFuture("complete")
        task = asyncio.ensure_future(self._run(source, code))
        task.add_done_callback(lambda task: self._ended(task, result))
        result.add_done_callback(lambda _: task.cancel() if result.cancelled() else None)
        return result

    def _compile(self, source: str, filename: str) -> CodeRunner | None:
        source = dedented(source)
        lines = (line.strip() for line in source.splitlines())
        if all(not line or line.startswith("#") for line in lines):
            source = "pass"
        if self._judge(source, filename, "single") is None:
            return None
        flags = self._judge.compiler.flags & ~_ONLY_FOR_JUDGING
        runner = CodeRunner(
            source, mode="single", filename=filename, flags=flags, dedent=False, **self._options
        )
        return runner.compile()

    async def _run(self, source: str, code: CodeRunner) -> Any:
        async with self._lock:
            with self.redirect_streams():
                return await self.runcode(source, code)

    def _ended(self, task: asyncio.Task[Any], result: ConsoleFuture) -> None:
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        if result.done():
            return
        if error is None:
            result.set_result(task.result())
            return
        result.formatted_error = self.formattraceback(error)
        if isinstance(error, asyncio.CancelledError):
            result.cancel()
        else:
            result.set_exception(error)

    async def runcode(self, source: str, code: CodeRunner) -> Any:
        """Run compiled source and give its value. Subclasses may do more.

        Args:
            source: the text.
            code: what it was compiled to.
        """
        return await code.run_async(self.globals)

    def formatsyntaxerror(self, e: Exception) -> str:
        """The text of a syntax error, which has no frames; `sys.last_exc` is set to it."""
        _set_last(e)
        return "".join(traceback.format_exception_only(e))

    def num_frames_to_keep(self, tb: TracebackType | None) -> int:
        """How many frames of a traceback are the user's: from the console's source on."""
        names = [frame.f_code.co_filename for frame, _ in traceback.walk_tb(tb)]
        own = (self.filename, "<exec>")
        begin = next((i for i, name in enumerate(names) if name in own), len(names))
        return len(names) - begin

    def formattraceback(self, e: BaseException) -> str:
        """The text of an exception, with the user's frames; `sys.last_exc` is set to it."""
        _set_last(e)
        kept = self.num_frames_to_keep(e.__traceback__)
        return _traceback.format_exception(e, limit=-kept if kept else None)

    def complete(self, source: str) -> tuple[list[str], int]:
        """What the word at the end of `source` may become, and where in it the word begins.

        Args:
            source: what stands before the cursor.
        """
        import rlcompleter

        breaks = self.completer_word_break_characters
        start = max((source.rfind(each) for each in breaks), default=-1) + 1
        word = source[start:]
        completer = rlcompleter.Completer(self.globals)
        matches = completer.attr_matches if "." in word else completer.global_matches
        return matches(word), start


# What codeop's compilers ask for, of which the source that runs needs nothing.
_ONLY_FOR_JUDGING = codeop.Compile().flags


def _set_last(error: BaseException) -> None:
    # Not last_traceback, which is the exception's, and would keep its frames beyond it.
    sys.last_exc = sys.last_value = error
    sys.last_type = type(error)


def shorten(text: str, limit: int = 1000, split: int | None = None, separator: str = "...") -> str:
    """The beginning and the end of a text that is longer than `limit`.

    Args:
        text: what is given as it is when it is short.
        limit: how many characters count as short, 2 at least.
        split: how many characters to keep at either end, by default half of `limit`.
        separator: what stands for the rest.

    Raises:
        ValueError: `limit` is below 2.

    >>> from pyjs.console import shorten
    >>> shorten("abcdefg", limit=4)
    'ab...fg'

    Source: Pyodide, pyodide.console.shorten.
    """
    if limit < 2:
        raise ValueError(f"limit must be greater than or equal to 2. Given {limit}")
    if len(text) <= limit:
        return text
    kept = min(limit // 2 if split is None else split, len(text) // 2)
    return f"{text[:kept]}{separator}{text[len(text) - kept :]}"


def repr_shorten(
    value: Any, limit: int = 1000, split: int | None = None, separator: str = "..."
) -> str:
    """The repr of a value, shortened as `shorten` does.

    Raises:
        ValueError: `limit` is below 4.

    >>> from pyjs.console import repr_shorten
    >>> repr_shorten(list(range(1000)), limit=20)
    '[0, 1, 2, ... 998, 999]'

    Source: Pyodide, pyodide.console.repr_shorten.
    """
    if limit < 4:
        raise ValueError(f"limit must be greater than or equal to 4. Given {limit}")
    return shorten(repr(value), limit, split, separator)
