"""Which loop counts as running, in and between the tasks of the host.

Inside a tick it is the loop whose tick it is. Between ticks it is the host's, unless
set_event_loop() has chosen another at the top level: what JavaScript calls has nothing to
do with a loop that some stack runs meanwhile (`asyncio.run`), and goes on when that ends.
"""

import sys
from asyncio import base_events, events, tasks
from typing import Any

type Loop = base_events.BaseEventLoop

# The loop of the top level, then those that suspend a stack, in the order in which they began.
active: list[Any] = []
_host: list[Any] = []


def install(loop: Loop) -> None:
    """Make `loop` the host's."""
    _host.append(loop)
    active.append(loop)
    switch(loop)


def host() -> Any:
    return _host[0]


def ours() -> list[Any]:
    """The host's loop, unless another bridge brought it, and those that suspend a stack."""
    return [*_host, *active[1:]]


def running() -> Any:
    """The loop that runs, or else the host's: what set_event_loop() chose may never be run."""
    return events._get_running_loop() or (host() if _host else events.get_event_loop())


def switch(loop: Any) -> None:
    """Let `loop` count as running, and have the asynchronous generators that begin now."""
    events._set_running_loop(loop)
    if isinstance(loop, base_events.BaseEventLoop):
        sys.set_asyncgen_hooks(
            firstiter=loop._asyncgen_firstiter_hook,  # type: ignore[attr-defined]
            finalizer=loop._asyncgen_finalizer_hook,  # type: ignore[attr-defined]
        )
    else:
        sys.set_asyncgen_hooks(None, None)


def begin(loop: Loop) -> Any:
    """`loop` runs from now on; gives what end() is to be told."""
    outer = events._get_running_loop()
    active.append(loop)
    switch(loop)
    return outer


def end(loop: Loop, outer: Any) -> None:
    # Stacks are suspended and resumed in any order: the loop need not be the last.
    del active[len(active) - 1 - active[::-1].index(loop)]
    switch(outer)


def choose(loop: Any) -> None:
    """Let `loop` be that of the top level; None is the host's.

    Any other takes the host's loop out of the top level: there, no loop runs until it is run,
    as in CPython. Inside a task nothing changes.
    """
    if tasks.current_task(host()) is not None:
        return
    before, active[0] = active[0], host() if loop is None or loop is host() else None
    if len(active) == 1 and events._get_running_loop() is before:
        switch(active[0])
