"""The event loops that asyncio has here; the first import of asyncio installs them.

The host's loop runs all the time, in tasks of the page, the worker or Node. Others,
made by `asyncio.new_event_loop()`, run when they are run.

>>> import asyncio
>>> from pyjs.webloop import WebLoop
>>> isinstance(asyncio.get_event_loop(), WebLoop)
True
"""

import asyncio  # noqa: F401 - first: importing it imports and installs the loop
from typing import TYPE_CHECKING

from pyjs._host import IS_GUEST
from pyjs._promise import PromiseFuture, PromiseTask

if IS_GUEST and not TYPE_CHECKING:
    from pyodide.webloop import WebLoop, WebLoopPolicy

    HostLoop = WebLoop
else:
    from pyjs._loop_host import HostLoop
    from pyjs._loop_run import WebLoopPolicy
    from pyjs._webloop import WebLoop

__all__ = ["HostLoop", "PromiseFuture", "PromiseTask", "WebLoop", "WebLoopPolicy"]
