"""A former place of `run_js`."""

from pyodide.code import run_js

__all__ = ["run_js"]
