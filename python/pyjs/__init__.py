"""JavaScript from Python, in WebAssembly.

>>> import pyjs
>>> pyjs.js.Math.max(1, 3, 2)
3
"""

from pyjs import _start
from pyjs._core import (
    JsArray,
    JsBigInt,
    JsBuffer,
    JsCallable,
    JsDoubleProxy,
    JsException,
    JsIterable,
    JsIterator,
    JsMap,
    JsMutableMap,
    JsNull,
    JsPromise,
    JsProxy,
    create_once_callable,
    create_proxy,
    js,
    jsnull,
)
from pyjs.code import run_js
from pyjs.ffi import to_py
from pyjs.importer import js_import, register_js_module, unregister_js_module

__version__ = "0.1.0"

__all__ = [
    "JsArray",
    "JsBigInt",
    "JsBuffer",
    "JsCallable",
    "JsDoubleProxy",
    "JsException",
    "JsIterable",
    "JsIterator",
    "JsMap",
    "JsMutableMap",
    "JsNull",
    "JsPromise",
    "JsProxy",
    "create_once_callable",
    "create_proxy",
    "js",
    "js_import",
    "jsnull",
    "register_js_module",
    "run_js",
    "to_py",
    "unregister_js_module",
]

_start.start()
