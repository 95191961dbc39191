"""JavaScript's values, code and global scope for Python (PEP 818).

>>> from jstypes.code import run_js
>>> from jstypes.ffi import JSArray, to_js
>>> isinstance(to_js([1, 2]), JSArray), run_js("1 + 1")
(True, 2)

The module `jstypes.global_this` is JavaScript's globalThis.
"""
