"""What a program has scheduled with asyncio, and its end; the rules stand in `_program`."""

import sys
from collections.abc import Coroutine
from contextvars import ContextVar
from typing import Any

from pyjs import _start

_runs: list[Any] = []
_run_of: ContextVar[object] = ContextVar("_run_of", default=None)


def follow() -> None:
    """Once asyncio is imported, learn of every `asyncio.run`."""
    if "asyncio" in sys.modules:
        _install()
        return
    install = _start._install_loop

    def install_and_follow() -> None:
        install()
        _install()

    _start._install_loop = install_and_follow


def _install() -> None:
    import asyncio

    start = asyncio.run

    def run(main: Coroutine[Any, Any, Any], **options: Any) -> Any:
        mark = object()
        token = _run_of.set(mark)
        try:
            result = start(main, **options)
        finally:
            _run_of.reset(token)
        if isinstance(result, asyncio.Future):
            _runs.append(result)
            result.add_done_callback(lambda _task: _cancel_rest(mark))
        return result

    run.__doc__ = start.__doc__
    asyncio.run = run


def _cancel_rest(mark: object) -> None:
    """Cancel what an ended `asyncio.run` has left."""
    import asyncio

    for task in asyncio.all_tasks():
        if (context := task.get_context()) is not None and context.get(_run_of) is mark:
            task.cancel()
    loop: Any = asyncio.get_event_loop()  # a WebLoop
    for timer in list(loop._timers.values()):
        if timer._context.get(_run_of) is mark:
            timer.cancel()


async def await_runs(failure: BaseException | None) -> BaseException | None:
    """Wait for every `asyncio.run`; the exception with which the program ends."""
    import asyncio

    for task in _runs:  # which may grow meanwhile
        await asyncio.wait([task])
        if task.cancelled():
            return asyncio.CancelledError()
        if (error := task.exception()) is not None:
            return error  # type: ignore[no-any-return]
    if isinstance(failure, SystemExit) and failure.code in _runs:
        failure.code = failure.code.result()  # type: ignore[union-attr]
    return failure


async def drain() -> None:
    """Wait until the event loop has nothing left to do."""
    import asyncio

    loop: Any = asyncio.get_event_loop()  # a WebLoop
    await loop.idle()


def show_unseen() -> None:
    """Say which tasks failed unasked: one that is still referenced does not say it itself."""
    import asyncio

    for task in list(getattr(asyncio.tasks, "_scheduled_tasks", ())):
        if task.done() and not task.cancelled() and getattr(task, "_log_traceback", False):
            asyncio.get_event_loop().call_exception_handler(
                {
                    "message": "Task exception was never retrieved",
                    "exception": task.exception(),
                    "task": task,
                }
            )
