"""The event loop, and futures and tasks with the methods of promises.

`WebLoop` is the loop that the host runs all the time.

Source: Pyodide's API reference, pyodide.webloop.
"""

from pyjs.webloop import HostLoop as WebLoop
from pyjs.webloop import PromiseFuture as PyodideFuture
from pyjs.webloop import PromiseTask as PyodideTask
from pyjs.webloop import WebLoopPolicy

__all__ = ["PyodideFuture", "PyodideTask", "WebLoop", "WebLoopPolicy"]
