"""Signals that the host sends: there is no operating system that would."""

import _signal  # type: ignore[import-not-found]

from pyjs import _suspend


def handle_sigint() -> None:
    """Let SIGINT raise KeyboardInterrupt, unless the program has a handler of its own."""
    if _signal.getsignal(_signal.SIGINT) in (_signal.SIG_DFL, None):
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)


def send(signum: int) -> bool:
    """Deliver a signal to the program while no Python runs; whether there is one, that waits."""
    handle_sigint()
    handler = _signal.getsignal(signum)
    if not callable(handler):
        return False
    try:
        handler(signum, None)
    except BaseException as error:
        return _suspend.interrupt(error) > 0
    return _suspend.is_waiting()


def check() -> None:
    """Do nothing: calling any function handles the signals that have arrived."""
