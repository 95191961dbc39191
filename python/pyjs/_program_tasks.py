"""What a program has scheduled with asyncio, and its end; the rules stand in `_program`."""

from collections.abc import Coroutine
from typing import Any

from pyjs import _first_import

_runs: list[Any] = []


def follow() -> None:
    """Once asyncio is imported, learn of every `asyncio.run`."""
    _first_import.install({"asyncio": _install})


def _install() -> None:
    import asyncio

    from pyjs._loop_run import Scheduled

    start = asyncio.run

    def run(main: Coroutine[Any, Any, Any], **options: Any) -> Any:
        result = start(main, **options)
        if isinstance(result, Scheduled):
            _runs.append(result)
        return result

    run.__doc__ = start.__doc__
    asyncio.run = run


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

    loop: Any = asyncio.get_event_loop()  # the host's
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
