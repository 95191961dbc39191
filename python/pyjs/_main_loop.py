"""The main loop: a function that is called for every frame."""

import asyncio
from collections.abc import Callable
from inspect import isawaitable
from typing import Any

from pyjs import _core
from pyjs._core import js
from pyjs._host import IS_GUEST

# Where nothing is drawn.
_FPS = 60


def _hosts_loop() -> Any:
    """Frames are the host's, and go on when a loop ends that a program runs."""
    if IS_GUEST:
        return asyncio.get_event_loop()
    from pyjs import _loop_state

    return _loop_state.host()


class _MainLoop:
    """Calls one function until it is stopped, or fails; at most one call is asked for at a time."""

    def __init__(self, callback: Callable[[float], Any], fps: float) -> None:
        self._callback = callback
        self._is_drawn = hasattr(js, "requestAnimationFrame")
        self._period = 1 / fps if fps else 0 if self._is_drawn else 1 / _FPS
        self._loop = _hosts_loop()
        self._last = self._due = self._loop.time()
        self._asked: int | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Future[Any] | None = None
        self._proxy = _core.create_proxy(self._on_frame) if self._is_drawn else None
        self._ask()

    def stop(self) -> None:
        if self._asked is not None:
            js.cancelAnimationFrame(self._asked)
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
        if self._proxy is not None:
            self._proxy.destroy()
        self._asked = self._timer = self._task = self._proxy = None

    def _ask(self) -> None:
        if self._proxy is not None:
            self._asked = js.requestAnimationFrame(self._proxy)
        elif not self._is_drawn:
            now = self._loop.time()
            # Frames that were missed are not made up for.
            self._due = max(self._due + self._period, now)
            self._timer = self._loop.call_later(self._due - now, self._frame)

    def _on_frame(self, _time: float) -> None:
        self._asked = None
        now = self._loop.time()
        # Half a frame early is nearer than half a frame late.
        if self._period and now < self._due - 0.004:
            self._ask()
            return
        if self._period:
            self._due = max(self._due + self._period, now)
        self._frame()

    def _frame(self) -> None:
        self._timer = None
        now = self._loop.time()
        elapsed, self._last = now - self._last, now
        try:
            result = self._callback(elapsed)
        except BaseException as error:
            self._fail(error)
            return
        if _current is not self:
            return  # the function has stopped or replaced the loop
        if isawaitable(result):
            self._task = asyncio.ensure_future(result, loop=self._loop)
            self._task.add_done_callback(self._on_end)
        else:
            self._ask()

    def _on_end(self, task: asyncio.Future[Any]) -> None:
        if _current is not self or task.cancelled():
            return
        self._task = None
        if (error := task.exception()) is not None:
            self._fail(error)
        else:
            self._ask()

    def _fail(self, error: BaseException) -> None:
        if _current is self:
            cancel_main_loop()
        message = f"the main loop stopped: {self._callback!r} raised {error!r}"
        self._loop.call_exception_handler({"message": message, "exception": error})


_current: _MainLoop | None = None


def set_main_loop_callback(callback: Callable[[float], Any], fps: float = 0) -> None:
    """Call a function for every frame that the page draws; it replaces the one that was set.

    Args:
        callback: called with the seconds since its last call. The next frame waits for a
            coroutine that it gives. What it raises stops the loop, and goes to the event loop's
            exception handler, which prints it.
        fps: how many calls a second there are to be at most; 0 for one per frame. Where there
            is no requestAnimationFrame, in Node and most workers, a timer calls, for 0 60 times
            a second.

    Raises:
        TypeError: `callback` is not callable.
        ValueError: `fps` is below 0, or not finite.

    >>> import asyncio
    >>> from pyjs import cancel_main_loop, set_main_loop_callback
    >>> frames = []
    >>> set_main_loop_callback(frames.append, 50)
    >>> await asyncio.sleep(0.2)
    >>> cancel_main_loop()
    >>> len(frames) > 0
    True

    Source: the Python API of emscripten-forge's pyjs; HTML, "Animation frames".
    """
    global _current
    if not callable(callback):
        kind = type(callback).__name__
        raise TypeError(f"set_main_loop_callback: expected a callable, given {kind}")
    if not 0 <= fps < float("inf"):
        raise ValueError(f"set_main_loop_callback: fps: expected 0 or more, given {fps!r}")
    cancel_main_loop()
    _current = _MainLoop(callback, fps)


def cancel_main_loop() -> None:
    """Stop calling what `set_main_loop_callback` got; without one nothing happens.

    >>> from pyjs import cancel_main_loop
    >>> cancel_main_loop()
    """
    global _current
    stopped, _current = _current, None
    if stopped is not None:
        stopped.stop()
