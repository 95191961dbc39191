"""Signals that the host sends: there is no operating system that would."""

import _signal  # type: ignore[import-not-found]
import _thread

from pyjs import _suspend


def handle_sigint() -> None:
    """Let SIGINT raise KeyboardInterrupt, unless the program has a handler of its own."""
    if _signal.getsignal(_signal.SIGINT) in (_signal.SIG_DFL, None):
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)


def send(signum: int, running: bool) -> bool:
    """Deliver a signal to the program; whether there is one, that runs or waits (run_sync)."""
    handle_sigint()
    if running:
        _thread.interrupt_main(signum)  # type: ignore[arg-type]
        return True
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
