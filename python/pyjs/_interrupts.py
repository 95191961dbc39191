"""Signals that the host sends: there is no operating system that would."""

import _signal  # type: ignore[import-not-found]


def handle_sigint() -> None:
    """Let SIGINT raise KeyboardInterrupt, unless the program has a handler of its own."""
    if _signal.getsignal(_signal.SIGINT) in (_signal.SIG_DFL, None):
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)


def interrupt_waiting() -> None:
    """Handle the signals that have arrived; what a handler raises is raised where stacks wait."""
    from pyjs import _suspend

    try:
        for _ in range(200):  # CPython looks for signals at every fiftieth call
            check()
    except BaseException as error:
        _suspend.interrupt(error)


def check() -> None:
    """Do nothing: calling any function handles the signals that have arrived."""
