"""The event loop that asyncio uses here; the first import of asyncio installs it.

>>> import asyncio
>>> from pyjs.webloop import WebLoop
>>> isinstance(asyncio.get_event_loop(), WebLoop)
True
"""

import asyncio  # noqa: F401 - first: importing it imports and installs the loop

from pyjs._promise import PromiseFuture
from pyjs._webloop import WebLoop, WebLoopPolicy

__all__ = ["PromiseFuture", "WebLoop", "WebLoopPolicy"]
