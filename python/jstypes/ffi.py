"""The types and functions with which Python and JavaScript values meet, by PEP 818's names."""

from pyjs.ffi import JsArray as JSArray
from pyjs.ffi import JsAsyncGenerator as JSAsyncGenerator
from pyjs.ffi import JsAsyncIterable as JSAsyncIterable
from pyjs.ffi import JsAsyncIterator as JSAsyncIterator
from pyjs.ffi import JsBigInt as JSBigInt
from pyjs.ffi import JsBuffer as JSBuffer
from pyjs.ffi import JsCallable as JSCallable
from pyjs.ffi import JsDoubleProxy as JSDoubleProxy
from pyjs.ffi import JsException as JSException
from pyjs.ffi import JsGenerator as JSGenerator
from pyjs.ffi import JsIterable as JSIterable
from pyjs.ffi import JsIterator as JSIterator
from pyjs.ffi import JsMap as JSMap
from pyjs.ffi import JsMutableMap as JSMutableMap
from pyjs.ffi import JsNull as JSNull
from pyjs.ffi import JsPromise as JSPromise
from pyjs.ffi import JsProxy as JSProxy
from pyjs.ffi import JsTypedArray as JSTypedArray
from pyjs.ffi import create_once_callable, create_proxy, destroy_proxies, jsnull, to_js

__all__ = [
    "JSArray",
    "JSAsyncGenerator",
    "JSAsyncIterable",
    "JSAsyncIterator",
    "JSBigInt",
    "JSBuffer",
    "JSCallable",
    "JSDoubleProxy",
    "JSException",
    "JSGenerator",
    "JSIterable",
    "JSIterator",
    "JSMap",
    "JSMutableMap",
    "JSNull",
    "JSPromise",
    "JSProxy",
    "JSTypedArray",
    "create_once_callable",
    "create_proxy",
    "destroy_proxies",
    "jsnull",
    "to_js",
]
