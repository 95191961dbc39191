"""HostLoop: the loop that counts as running all the time, and that nobody ends."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from pyjs import _suspend
from pyjs._webloop import WebLoop, served


class HostLoop(WebLoop):
    """The loop that the host serves from the first import of asyncio to the end.

    It counts as running all the time: `asyncio.create_task(...)` works at the top level.
    Being the host's, it never ends: `stop` ends a `run_forever` that blocks, and `close`
    leaves it as it is.

    >>> import asyncio
    >>> from pyjs.webloop import HostLoop
    >>> isinstance(asyncio.get_running_loop(), HostLoop)
    True
    """

    #: Whether run_until_complete waits; loadPyodide's enableRunUntilComplete says so.
    waits = True

    def __init__(self) -> None:
        self._runs: list[asyncio.Future[None]] = []
        super().__init__()
        self._serve()

    def is_running(self) -> bool:
        return self._number in served  # which it is not while it is made

    def run_forever(self) -> None:
        """Suspend Python until stop() is called; where the engine cannot do so, do nothing.

        The host runs the loop in either case.
        """
        if _suspend.can_run_sync():
            run = self.create_future()
            self._runs.append(run)
            _suspend.run_sync(run)

    def run_until_complete(self, future: Awaitable[Any]) -> Any:
        """Give the result of `future`; where the engine cannot suspend Python (JSPI), its task.

        It is scheduled in either case, and may be called from a task or callback of the loop.
        """
        task = asyncio.ensure_future(future, loop=self)
        return _suspend.run_sync(task) if self.waits and _suspend.can_run_sync() else task

    def stop(self) -> None:
        """End every run_forever() that blocks; the host runs the loop on."""
        runs, self._runs = self._runs, []
        for run in runs:
            if not run.done():
                run.set_result(None)

    def close(self) -> None:
        """Nothing: the loop is the host's. Programs for CPython close theirs at their end."""

    async def idle(self) -> None:
        """Wait until the loop has nothing to do: no callback, timer, or task but the caller's.

        A task that waits for JavaScript alone keeps the loop from being idle; a promise or
        listener that no task waits for does not.

        >>> import asyncio
        >>> timer = asyncio.get_event_loop().call_later(0.01, print, "now")
        >>> await asyncio.get_event_loop().idle()
        now
        """
        while True:
            await asyncio.sleep(0)
            if tasks := asyncio.all_tasks(self) - {asyncio.current_task(self)}:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            elif self._scheduled:
                await asyncio.sleep(max(0.0, self._scheduled[0][0] - self.time()))
            elif not self._ready:
                return

    def _exit(self, handle: Any, error: BaseException) -> None:
        # A task that raised it holds it, and reports it to its awaiter.
        if isinstance(getattr(handle._callback, "__self__", None), asyncio.Future):
            return
        context = {"message": f"a callback raised {error!r}", "exception": error}
        self.call_exception_handler({**context, "handle": handle})

    def _fail(self, error: BaseException) -> None:
        # An exception handler raised it, or an interrupt came between two callbacks.
        message = f"the event loop was interrupted by {error!r}"
        self.default_exception_handler({"message": message, "exception": error})
