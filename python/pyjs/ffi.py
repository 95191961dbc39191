"""The types and functions with which Python and JavaScript values meet (PEP 818)."""

from typing import Any

from pyjs import _core
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
    jsnull,
)
from pyjs.importer import register_js_module, unregister_js_module

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
    "jsnull",
    "register_js_module",
    "to_py",
    "unregister_js_module",
]


def to_py(value: Any, *, depth: int = -1) -> Any:
    """Convert a JavaScript structure into Python objects, deeply.

    Array becomes list, Map and plain object dict, Set set, ArrayBuffer and
    typed arrays bytes-like memoryviews; anything else stays a JsProxy. What
    occurs twice, or contains itself, does so in the result too.

    Args:
        value: what to convert; anything but a JsProxy is returned as it is.
        depth: how many levels to convert, -1 for all.

    >>> from pyjs import js, to_py
    >>> to_py(js.JSON.parse('{"a": [1, 2]}'))
    {'a': [1, 2]}

    Source: PEP 818, "From JavaScript to Python".
    """
    return _core.to_py(value, depth) if isinstance(value, JsProxy) else value
