"""Modules of Pyodide's own that programs import all the same."""

from _pyodide import _base, _importhook

__all__ = ["_base", "_importhook"]
