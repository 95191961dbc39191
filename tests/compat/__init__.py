"""Tests of what stands where Pyodide stands: its API, its modules, its packages."""
