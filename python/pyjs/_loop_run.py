"""asyncio.run and Runner here, the policy, and the installation of all that."""

import asyncio
import functools
from asyncio import coroutines, events, runners
from collections.abc import Callable, Coroutine, Iterable
from contextvars import Context, ContextVar, copy_context
from typing import Any

from pyjs import _core, _loop_state, _made_at, _promise, _suspend, _webloop
from pyjs._loop_host import HostLoop
from pyjs._webloop import WebLoop, tick

_run_of: ContextVar[object] = ContextVar("_run_of", default=None)


class WebLoopPolicy(events.BaseDefaultEventLoopPolicy):
    """Gives the host's loop, unless set_event_loop() chose another; makes WebLoops.

    >>> import asyncio
    >>> loop = asyncio.new_event_loop()
    >>> asyncio.set_event_loop(loop)
    >>> asyncio.get_event_loop_policy().get_event_loop() is loop
    True
    >>> loop.close()
    >>> asyncio.set_event_loop(None)  # the host's again
    """

    chosen: Any = None

    def get_event_loop(self) -> Any:
        loop = self.chosen
        return _loop_state.host() if loop is None or loop.is_closed() else loop

    def set_event_loop(self, loop: Any) -> None:
        if loop is not None and not isinstance(loop, events.AbstractEventLoop):
            raise TypeError(
                f"set_event_loop: expected an AbstractEventLoop or None, got {type(loop).__name__}"
            )
        self.chosen = loop
        _loop_state.choose(loop)

    def new_event_loop(self) -> WebLoop:
        return WebLoop()


class Scheduled(asyncio.Future[Any]):
    """What asyncio.run() returns where it cannot block; cancelling it cancels `main`.

    It ends when what `main` left behind has ended too.
    """

    def __init__(self, main: Coroutine[Any, Any, Any], loop: HostLoop) -> None:
        super().__init__(loop=loop)
        self._place = _made_at.made_at()
        self._mark = object()
        context = copy_context()
        context.run(_run_of.set, self._mark)
        self._task = loop.create_task(main, context=context)
        self._task.add_done_callback(self._main_ended)

    def __repr__(self) -> str:
        return f"{super().__repr__()[:-1]} of {self._task!r}>"

    def cancel(self, msg: Any = None) -> bool:
        return not self.done() and (self._task.cancel(msg) or super().cancel(msg))

    def _is_of_run(self, context: Context | None) -> bool:
        return context is not None and context.get(_run_of) is self._mark

    def _main_ended(self, _task: asyncio.Future[Any]) -> None:
        loop: Any = self.get_loop()
        for _, _, timer in list(loop._scheduled):
            if self._is_of_run(timer._context):
                timer.cancel()
        left = [task for task in asyncio.all_tasks(loop) if self._is_of_run(task.get_context())]
        for task in left:
            task.cancel()
        if left:
            gathered = asyncio.gather(*left, return_exceptions=True)
            gathered.add_done_callback(functools.partial(self._all_ended, left))
        else:
            self._settle()

    def _all_ended(self, left: Iterable[asyncio.Task[Any]], _results: object) -> None:
        for task in left:
            if not task.cancelled() and (error := task.exception()) is not None:
                message = "unhandled exception during asyncio.run() shutdown"
                context = {"message": message, "exception": error, "task": task}
                self.get_loop().call_exception_handler(context)
        self._settle()

    def _settle(self) -> None:
        if self.done():
            return
        if self._task.cancelled():
            super().cancel()
        elif (error := self._task.exception()) is not None:
            self.set_exception(error)
        else:
            self.set_result(self._task.result())


_run_in_runner = runners.run
_run_of_runner = runners.Runner.run


def run(
    main: Coroutine[Any, Any, Any] | _core.JsPromise,
    *,
    debug: bool | None = None,
    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> Any:
    """Run `main` to its end and give its result; or schedule it where Python cannot block.

    `main` is a coroutine, or a JavaScript promise.

    Where the engine can suspend Python (JSPI), `main` runs in a loop of its own, as in CPython;
    calls may be nested. Where it cannot, `main` is scheduled on the host's loop, and a future of
    its result is returned at once, to be awaited at the top level or not at all. In either case,
    tasks and timers that `main` leaves behind are cancelled when it ends.

    With a loop_factory, and inside a loop that blocks, it is as `asyncio.Runner().run(main)`,
    which never schedules.

    >>> import asyncio
    >>> future = asyncio.run(asyncio.sleep(0.01, "done"))

    Source: CPython, asyncio.run.
    """
    if isinstance(main, _core.JsPromise) and loop_factory is None and not _suspend.can_run_sync():
        main = _promise.as_coroutine(main, _loop_state.host())
    blocks = _suspend.can_run_sync() or loop_factory is not None
    running = events._get_running_loop()
    if blocks or running is not _loop_state.host():
        outer = _set_aside()
        try:
            return _run_in_runner(main, debug=debug, loop_factory=loop_factory)
        finally:
            if outer is not None:
                _loop_state.switch(outer)
    if not coroutines.iscoroutine(main):
        raise ValueError(f"a coroutine was expected, got {main!r}")
    loop = _loop_state.host()
    if debug is not None:
        loop.set_debug(debug)
    return Scheduled(main, loop)


def _set_aside() -> WebLoop | None:
    """Let no loop count as running, if it is a WebLoop that does: it can wait, or goes on."""
    running = events._get_running_loop()
    if not isinstance(running, WebLoop):
        return None
    events._set_running_loop(None)
    return running


@functools.wraps(_run_of_runner)
def _runner_run(self: Any, coro: Any, *, context: Context | None = None) -> Any:
    if isinstance(coro, _core.JsPromise):
        coro = _promise.as_coroutine(coro, self.get_loop())
    outer = _set_aside()
    try:
        return _run_of_runner(self, coro, context=context)
    finally:
        if outer is not None:
            _loop_state.switch(outer)


def install() -> None:
    """Make WebLoop the loop of every import of asyncio. The second call does nothing."""
    if _loop_state.active:
        return
    # What set_event_loop_policy(None) goes back to, and what programs ask for by name.
    asyncio.DefaultEventLoopPolicy = WebLoopPolicy  # type: ignore[assignment]
    asyncio.EventLoop = WebLoop  # type: ignore[assignment]
    asyncio.set_event_loop_policy(None)
    _core.set_tick(tick)
    _loop_state.install(HostLoop())
    _suspend.attach(_webloop)
    asyncio.run = runners.run = run
    runners.Runner.run = _runner_run  # type: ignore[method-assign]
