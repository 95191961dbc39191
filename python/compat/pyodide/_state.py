"""Recording and restoring the state of the interpreter, for test runners."""

from pyjs._pyodide_host import restore_state, save_state

__all__ = ["restore_state", "save_state"]
