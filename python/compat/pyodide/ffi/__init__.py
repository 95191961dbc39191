"""The types and functions with which Python and JavaScript values meet.

Source: Pyodide's API reference, pyodide.ffi.
"""

from collections.abc import Callable
from typing import Any, Protocol

from pyjs.ffi import (
    ConversionError,
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
    jsnull,
    register_js_module,
    run_sync,
    to_js,
    unregister_js_module,
)
from pyjs.ffi import can_run_sync as can_run_sync

__all__ = [
    "IN_PYODIDE",
    "ConversionError",
    "JsArray",
    "JsAsyncGenerator",
    "JsAsyncIterable",
    "JsAsyncIterator",
    "JsBigInt",
    "JsBuffer",
    "JsCallable",
    "JsCallableDoubleProxy",
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
    "JsWeakRef",
    "ToJsConverter",
    "create_once_callable",
    "create_proxy",
    "destroy_proxies",
    "jsnull",
    "register_js_module",
    "run_sync",
    "to_js",
    "unregister_js_module",
]

#: True: there is JavaScript.
IN_PYODIDE = True


class InternalError(Exception):
    """A mistake of Pyodide's own that it survives; here nothing raises it."""


class _CallableDoubleProxyMeta(type):
    """Whatever has both abilities is an instance: proxies get their types from what they can."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, JsDoubleProxy) and isinstance(instance, JsCallable)

    def __subclasscheck__(cls, candidate: type) -> bool:
        return issubclass(candidate, JsDoubleProxy) and issubclass(candidate, JsCallable)


class JsCallableDoubleProxy[**P, T](metaclass=_CallableDoubleProxyMeta):
    """What `create_proxy` makes of a callable.

    Source: Pyodide, pyodide.ffi.JsCallableDoubleProxy.
    """


class ToJsConverter(Protocol):
    """What `default_converter` and `eager_converter` of `to_js` are.

    Source: Pyodide, pyodide.ffi.ToJsConverter.
    """

    def __call__(
        self,
        value: Any,
        converter: Callable[[Any], JsProxy],
        cache: Callable[[Any, JsProxy], None],
        /,
    ) -> JsProxy:
        """Give what `value` becomes.

        Args:
            value: the object.
            converter: converts a part of it as `to_js` would.
            cache: tells what `value` becomes, before its parts are converted that may refer to it.
        """
        ...
