"""Operations of JavaScript's that stop when the task that waits for them is cancelled."""

from pyjs import _core
from pyjs._core import JsCallable


def abortable[F: JsCallable](
    function: F, *, position: int | None = None, option: str = "signal"
) -> F:
    """Let cancellation abort what a JavaScript function began: `fetch` has it from the start.

    From now on each call of the function from Python gets an AbortSignal in its options. When
    the promise that it gives is awaited, and all the tasks that await it are cancelled, or run
    into `asyncio.timeout`, the signal aborts. A signal that the caller gives aborts as well.

    Args:
        function: a JavaScript function that takes an AbortSignal in an options object.
        position: which argument has the options, from 0; by default it is the last one if that
            is a plain object, or else one after all that are given.
        option: the name of the option.

    Returns:
        The function itself.

    Raises:
        TypeError: `function` is no JavaScript function.

    >>> import asyncio
    >>> from pyjs import abortable, run_js
    >>> wait = abortable(run_js("(box, { signal }) => new Promise(() => { box[0] = signal })"))
    >>> box = run_js("[]")
    >>> task = asyncio.ensure_future(wait(box))
    >>> await asyncio.sleep(0)
    >>> task.cancel()
    True
    >>> await asyncio.sleep(0)
    >>> await asyncio.sleep(0)
    >>> box[0].aborted
    True
    >>> del box, wait, task

    Source: WHATWG, DOM, "AbortController".
    """
    if not isinstance(function, JsCallable):
        kind = type(function).__name__
        raise TypeError(f"abortable: expected a JavaScript function, given {kind}")
    if position is not None and not (isinstance(position, int) and position >= 0):
        raise ValueError(f"abortable: position: expected an int from 0, given {position!r}")
    _core.set_abortable(function, position, option)
    return function
