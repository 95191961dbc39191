"""JavaScript from Python, in WebAssembly.

>>> import pyjs
>>> pyjs.js.Math.max(1, 3, 2)
3
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pyjs import _host

if not TYPE_CHECKING:
    try:
        import_module("pyjs._core")
    except ImportError as error:
        raise _host.explain(error) from error

from pyjs import _start, ffi
from pyjs._core import (
    JsArray,
    JsAsyncGenerator,
    JsAsyncIterable,
    JsAsyncIterator,
    JsBigInt,
    JsBuffer,
    JsCallable,
    JsDomElement,
    JsDoubleProxy,
    JsException,
    JsFetchResponse,
    JsGenerator,
    JsIterable,
    JsIterator,
    JsMap,
    JsMutableMap,
    JsNull,
    JsOnceCallable,
    JsPromise,
    JsProxy,
    JsTypedArray,
    JsWeakRef,
    create_once_callable,
    create_proxy,
    destroy_proxies,
    js,
    js_call,
    jsnull,
)
from pyjs.code import run_js
from pyjs.ffi import to_js, to_py
from pyjs.importer import js_import, register_js_module, unregister_js_module

if TYPE_CHECKING:
    from pyjs import converters as converters
    from pyjs._abort import abortable
    from pyjs._guest import api as api
    from pyjs._guest import from_pyodide as from_pyodide
    from pyjs._guest import set_proxy_lifetime as set_proxy_lifetime
    from pyjs._guest import to_pyodide as to_pyodide
    from pyjs._leaks import Leak, leaks, set_debug
    from pyjs._main_loop import cancel_main_loop, set_main_loop_callback
    from pyjs._time_slice import critical_section
    from pyjs.converters import register_converter
    from pyjs.explicit import (
        JsValue,
        apply,
        call,
        callable_context,
        create_callable,
        gapply,
        is_array,
        is_bigint,
        is_boolean,
        is_error,
        is_function,
        is_null,
        is_number,
        is_object,
        is_string,
        is_symbol,
        is_undefined,
        is_undefined_or_null,
        japply,
        js_array,
        js_null,
        js_object,
        js_py_object,
        js_undefined,
        new,
        promise,
        type_str,
    )

__version__ = "0.1.0"

__all__ = [
    "JsArray",
    "JsAsyncGenerator",
    "JsAsyncIterable",
    "JsAsyncIterator",
    "JsBigInt",
    "JsBuffer",
    "JsCallable",
    "JsDomElement",
    "JsDoubleProxy",
    "JsException",
    "JsFetchResponse",
    "JsGenerator",
    "JsIterable",
    "JsIterator",
    "JsMap",
    "JsMutableMap",
    "JsNull",
    "JsOnceCallable",
    "JsPromise",
    "JsProxy",
    "JsTypedArray",
    "JsValue",
    "JsWeakRef",
    "Leak",
    "abortable",
    "apply",
    "call",
    "callable_context",
    "cancel_main_loop",
    "create_callable",
    "create_once_callable",
    "create_proxy",
    "critical_section",
    "destroy_proxies",
    "gapply",
    "is_array",
    "is_bigint",
    "is_boolean",
    "is_error",
    "is_function",
    "is_null",
    "is_number",
    "is_object",
    "is_string",
    "is_symbol",
    "is_undefined",
    "is_undefined_or_null",
    "japply",
    "js",
    "js_array",
    "js_call",
    "js_import",
    "js_null",
    "js_object",
    "js_py_object",
    "js_undefined",
    "jsnull",
    "leaks",
    "new",
    "promise",
    "register_converter",
    "register_js_module",
    "run_js",
    "set_debug",
    "set_main_loop_callback",
    "to_js",
    "to_py",
    "type_str",
    "unregister_js_module",
]


# What there is in Pyodide alone, whose bridge has proxies of its own.
_OF_GUESTS = ("api", "from_pyodide", "set_proxy_lifetime", "to_pyodide") if _host.IS_GUEST else ()
__all__ += _OF_GUESTS

# What few programs need is imported when it is first asked for.
_ELSEWHERE = {
    **dict.fromkeys(_OF_GUESTS, "pyjs._guest"),
    "abortable": "pyjs._abort",
    "cancel_main_loop": "pyjs._main_loop",
    "critical_section": "pyjs._time_slice",
    "register_converter": "pyjs.converters",
    "set_main_loop_callback": "pyjs._main_loop",
}

if not TYPE_CHECKING:  # a checker would believe that the module has every name

    def __getattr__(name: str) -> Any:
        if name == "converters":
            return import_module("pyjs.converters")
        if name in _ELSEWHERE:
            return getattr(import_module(_ELSEWHERE[name]), name)
        if name not in __all__:
            raise AttributeError(f"module 'pyjs' has no attribute {name!r}")
        if name in ffi.__all__:
            return getattr(ffi, name)
        return getattr(import_module("pyjs.explicit"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


_start.start()
