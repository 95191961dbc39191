"""Tells the host's listeners of what failed in an event loop, as of their own errors."""

from typing import Any

from pyjs import _core

_NEVER_RETRIEVED = "exception was never retrieved"


def tell_host(context: dict[str, Any]) -> bool:
    """Dispatch what an exception handler was told; whether a listener took care of it.

    Tasks and futures whose exception nobody retrieved are an `unhandledrejection`
    (`unhandledRejection` in Node), all else an `error` (`uncaughtException`).
    """
    error = context.get("exception")
    if not isinstance(error, BaseException):
        return False
    message = context.get("message", "")
    is_rejection = message.endswith(_NEVER_RETRIEVED)
    return _core.reporter()(error, f"{message}: {error!r}", is_rejection) is True
