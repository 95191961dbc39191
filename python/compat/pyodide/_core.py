"""Whether this is Pyodide: a former place of that."""

from pyodide.ffi import IN_PYODIDE

__all__ = ["IN_PYODIDE"]
