"""Consoles without a screen.

Source: Pyodide's API reference, pyodide.console.
"""

from typing import Any

from pyjs._code_runner import CodeRunner
from pyjs._console_streams import redirect_stdin as redirect_stdin
from pyjs.console import BANNER, Console, ConsoleFuture, repr_shorten
from pyjs.console import shorten as shorten

__all__ = ["BANNER", "Console", "ConsoleFuture", "PyodideConsole", "repr_shorten"]


# What `syntax_check` of a ConsoleFuture is.
INCOMPLETE = "incomplete"
SYNTAX_ERROR = "syntax-error"
COMPLETE = "complete"


class PyodideConsole(Console):
    """A console that loads the packages that source imports before it runs.

    Source: Pyodide, pyodide.console.PyodideConsole.
    """

    async def runcode(self, source: str, code: CodeRunner) -> Any:
        """Load the packages that `source` imports, by `loadPackagesFromImports`, then run it."""
        from pyodide_js import loadPackagesFromImports

        await loadPackagesFromImports(source)
        return await super().runcode(source, code)
