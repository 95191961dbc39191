"""Runs the gallery's examples, each in a namespace of its own, and stops them."""

import asyncio
import builtins
import io
from collections.abc import Callable
from typing import Any

from pyjs.code import run_async

from pyjs_demo import errors

__all__ = ["Runner"]


class _Output(io.TextIOBase):
    """A text stream into the example's output area."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._write(text)
        return len(text)


class Runner:
    """One example at a time; the next run ends the one before."""

    def __init__(self) -> None:
        self._task: asyncio.Future[Any] | None = None

    async def run(self, source: str, filename: str, write: Callable[[str], None]) -> str:
        """Run an example to its end; returns its traceback, empty when it ended well."""
        await self.stop()
        errors.remember(filename, source)
        task = asyncio.ensure_future(run_async(source, _namespace(write), filename=filename))
        self._task = task
        try:
            await asyncio.wait([task])
        finally:
            if self._task is task:
                self._task = None
        if task.cancelled():
            return ""
        error = task.exception()
        return "" if error is None else errors.describe(error, colour=False)

    async def stop(self) -> None:
        """Cancel the running example and wait until it has cleaned up."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])


def _namespace(write: Callable[[str], None]) -> dict[str, Any]:
    """Names to run in. `print` writes to the output area, in callbacks and tasks too.

    These come later than the run, from a listener or a timer: a redirected
    sys.stdout would not reach them, and would catch what others print.
    """
    output = _Output(write)

    def example_print(*values: object, file: Any = None, **options: Any) -> None:
        print(*values, file=output if file is None else file, **options)

    own = {**vars(builtins), "print": example_print}
    return {"__name__": "__main__", "__builtins__": own}
