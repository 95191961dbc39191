"""JavaScript values made and asked about explicitly, where conversion would decide otherwise.

The Python API of emscripten-forge's pyjs. What it says less of than is needed
here is as JavaScript has it.

>>> from pyjs import JsValue, type_str
>>> type_str(JsValue("text")), type_str([1, 2])
('string', 'object')
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from pyjs import _core
from pyjs._core import (
    JsArray,
    JsCallable,
    JsDoubleProxy,
    JsException,
    JsNull,
    JsPromise,
    JsProxy,
    create_proxy,
    js,
    jsnull,
)

__all__ = [
    "JsValue",
    "apply",
    "call",
    "callable_context",
    "create_callable",
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
    "js_array",
    "js_null",
    "js_object",
    "js_py_object",
    "js_undefined",
    "new",
    "promise",
    "type_str",
]

_PRIMITIVES = (bool, int, float, str, JsNull, type(None))


class _JsValueMeta(type):
    """Calling the class converts, and every JavaScript value is an instance."""

    def __call__(cls, value: Any) -> JsProxy:
        if isinstance(value, JsProxy):
            return value
        return _core.js_value(value) if isinstance(value, _PRIMITIVES) else js_py_object(value)

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, JsProxy)


class JsValue(metaclass=_JsValueMeta):
    """Convert a Python value to a JavaScript value, and hold that as a JsProxy.

    None, bool, int, float, str and jsnull become undefined, boolean, number or
    bigint, number, string and null: a proxy of the primitive itself, which
    JavaScript functions get as that primitive. A JsProxy is returned as it is.
    Any other object becomes a PyProxy, as with `js_py_object`. Every JsProxy is
    an instance of this class. What comes back from JavaScript is converted as
    ever: `JsValue(5)` passed to a function that returns it gives 5.

    Args:
        value: what to convert.

    Raises:
        TypeError: no value is given, or more than one.

    >>> from pyjs import JsValue, js
    >>> JsValue("text").toUpperCase()
    'TEXT'
    >>> js.JSON.stringify(JsValue(1.5))
    '1.5'
    >>> isinstance(js.Math, JsValue), isinstance(5, JsValue)
    (True, False)

    Source: the Python API of emscripten-forge's pyjs, "JsValue".
    """


def js_null() -> JsProxy:
    """JavaScript's null as a JsValue; what JavaScript gives is `jsnull`.

    >>> from pyjs import js, js_null
    >>> js.JSON.stringify(js_null()), str(js_null())
    ('null', 'null')

    Source: ECMA-262, "The Null Type".
    """
    return _core.js_value(jsnull)


def js_undefined() -> JsProxy:
    """JavaScript's undefined as a JsValue; what JavaScript gives is None.

    >>> from pyjs import js_undefined
    >>> str(js_undefined()), js_undefined().typeof
    ('undefined', 'undefined')

    Source: ECMA-262, "The Undefined Type".
    """
    return _core.js_value(None)


def js_array() -> JsArray[Any]:
    """Make a new empty JavaScript array.

    >>> from pyjs import js_array
    >>> array = js_array()
    >>> array.push("a", "b")
    2
    >>> array[1]
    'b'

    Source: ECMA-262, "Array".
    """
    return cast(JsArray[Any], js.Array.new())


def js_object() -> JsProxy:
    """Make a new empty JavaScript object.

    >>> from pyjs import js, js_object
    >>> point = js_object()
    >>> point.x = 1
    >>> js.JSON.stringify(point)
    '{"x":1}'

    Source: ECMA-262, "Object".
    """
    return cast(JsProxy, js.Object.new())


def js_py_object(value: Any) -> JsDoubleProxy:
    """Make a PyProxy of any Python object, even of one that would be converted.

    It lives until `destroy()` is called or both languages have let it go.

    Args:
        value: the object.

    >>> from pyjs import js_py_object, type_str
    >>> proxy = js_py_object(5)
    >>> type_str(proxy), proxy.bit_length()
    ('object', 3)
    >>> proxy.destroy()

    Source: PEP 818, "create_proxy".
    """
    return create_proxy(value, roundtrip=False)


def new(cls: JsProxy, *args: Any) -> Any:
    """Make an instance of a JavaScript class: `new cls(...args)`.

    Args:
        cls: the class.
        args: what its constructor gets.

    Raises:
        TypeError: `cls` is no JavaScript function.
        JsException: it is no constructor, or what the constructor throws.

    >>> from pyjs import js, new
    >>> new(js.Date, 0).toISOString()
    '1970-01-01T00:00:00.000Z'

    Source: the Python API of emscripten-forge's pyjs, "new".
    """
    return _expect_function("new", cls).new(*args)


def call(function: JsProxy, this: Any, *args: Any) -> Any:
    """Call a JavaScript function with a chosen `this`: `function.call(this, ...args)`.

    Args:
        function: what to call.
        this: its `this`.
        args: its arguments.

    Raises:
        TypeError: `function` is no JavaScript function.
        JsException: what the function throws.

    >>> from pyjs import call, js
    >>> call(js.Array.prototype.join, js.Array.of(1, 2), "+")
    '1+2'

    Source: ECMA-262, Function.prototype.call.
    """
    return _expect_function("call", function).call(this, *args)


def apply(function: JsProxy, args: Iterable[Any]) -> Any:
    """Call a JavaScript function with the arguments in a list; a method keeps its object.

    Args:
        function: what to call.
        args: its arguments, each converted as in any call.

    Raises:
        TypeError: `function` is no JavaScript function.
        JsException: what the function throws.

    >>> from pyjs import apply, js
    >>> apply(js.Math.max, [1, 3, 2])
    3

    Source: the Python API of emscripten-forge's pyjs, "apply".
    """
    return _expect_function("apply", function)(*args)


def japply(function: JsProxy, args: Iterable[Any]) -> Any:
    """Like `apply`, but the arguments cross as JSON: dicts and lists become plain objects.

    Args:
        function: what to call.
        args: its arguments, which JSON can express.

    Raises:
        TypeError: `function` is no JavaScript function, or an argument is not for JSON.
        ValueError: an argument contains itself, or a number that is not finite.
        JsException: what the function throws.

    >>> from pyjs import japply, js
    >>> japply(js.Object.keys, [{"a": 1, "b": [2]}]).join()
    'a,b'

    Source: the Python API of emscripten-forge's pyjs, "japply".
    """
    return _apply_json(_expect_function("japply", function), args)


def gapply(function: JsProxy, args: Iterable[Any], jin: bool = True, jout: bool = True) -> Any:
    """Call a JavaScript function with arguments and result as JSON, or either of them.

    Args:
        function: what to call.
        args: its arguments.
        jin: the arguments cross as JSON, as in `japply`; else as in `apply`.
        jout: the result crosses as JSON, so that arrays and objects become
            list and dict; None when JSON cannot express it. Else it is
            converted as in any call.

    Raises:
        TypeError: `function` is no JavaScript function, or an argument is not for JSON.
        ValueError: an argument contains itself, or a number that is not finite.
        JsException: what the function throws, or the result is not for JSON.

    >>> from pyjs import gapply, js
    >>> gapply(js.Object.entries, [{"a": [1, 2]}])
    [['a', [1, 2]]]

    Source: the Python API of emscripten-forge's pyjs, "gapply".
    """
    target = _expect_function("gapply", function)
    result = _apply_json(target, args) if jin else target(*args)
    if not jout:
        return result
    text = js.JSON.stringify(result)
    return None if text is None else json.loads(text)


class _Handle:
    """What keeps a callable usable from JavaScript."""

    def __init__(self, proxy: JsDoubleProxy) -> None:
        self._proxy = proxy

    def delete(self) -> None:
        """Let the Python callable go. A second time does nothing."""
        self._proxy.destroy()


def create_callable(function: Callable[..., Any]) -> tuple[JsDoubleProxy, _Handle]:
    """Make a JavaScript function of a Python callable, to be called any number of times.

    Args:
        function: what to call.

    Returns:
        The JavaScript function, and a handle whose `delete()` lets the callable
        go; a call after that throws.

    Raises:
        TypeError: `function` is not callable.

    >>> from pyjs import create_callable, js
    >>> double, handle = create_callable(lambda x, *_: 2 * x)
    >>> js.Array.of(1, 2).map(double).join()
    '2,4'
    >>> handle.delete()

    Source: the Python API of emscripten-forge's pyjs, "create_callable".
    """
    proxy = create_proxy(_expect_callable("create_callable", function))
    return proxy, _Handle(proxy)


@contextmanager
def callable_context(function: Callable[..., Any]) -> Iterator[JsDoubleProxy]:
    """Make a JavaScript function of a Python callable that lives as long as the `with` block.

    Args:
        function: what to call.

    Raises:
        TypeError: `function` is not callable.

    >>> from pyjs import callable_context, js
    >>> with callable_context(lambda x, *_: 2 * x) as double:
    ...     print(js.Array.of(1, 2).map(double).join())
    2,4

    Source: the Python API of emscripten-forge's pyjs, "callable_context".
    """
    proxy = create_proxy(_expect_callable("callable_context", function))
    try:
        yield proxy
    finally:
        proxy.destroy()


def promise(executor: Callable[[JsCallable, JsCallable], Any]) -> JsPromise:
    """Make a JavaScript promise: `new Promise(executor)`.

    Args:
        executor: called at once, with a function that resolves the promise and
            one that rejects it; both may be kept and called later.

    Raises:
        TypeError: `executor` is not callable.

    >>> from pyjs import promise
    >>> await promise(lambda resolve, reject: resolve(5))
    5

    Source: the Python API of emscripten-forge's pyjs, "promise"; ECMA-262, "Promise".
    """
    return cast(JsPromise, js.Promise.new(_expect_callable("promise", executor)))


def type_str(value: Any) -> str:
    """What `typeof` says of a value in JavaScript, but "null" of null.

    Args:
        value: a JavaScript value, or a Python object, of which the answer is
            what JavaScript would get.

    >>> from pyjs import js, type_str
    >>> type_str(5), type_str(js.Math), type_str(js.eval), type_str(None)
    ('number', 'object', 'function', 'undefined')

    Source: ECMA-262, "The typeof Operator".
    """
    if not isinstance(value, JsProxy):
        if not isinstance(value, _PRIMITIVES):
            return "function" if callable(value) else "object"
        value = _core.js_value(value)
    return "null" if value == js_null() else cast(str, value.typeof)


def is_null(value: Any) -> bool:
    """True for null.

    >>> from pyjs import is_null, js, jsnull
    >>> is_null(jsnull), is_null(js.JSON.parse("null")), is_null(None)
    (True, True, False)

    Source: ECMA-262, "The Null Type".
    """
    return type_str(value) == "null"


def is_undefined(value: Any) -> bool:
    """True for undefined, which None is in JavaScript.

    >>> from pyjs import is_undefined, js_undefined
    >>> is_undefined(js_undefined()), is_undefined(None), is_undefined(0)
    (True, True, False)

    Source: ECMA-262, "The Undefined Type".
    """
    return type_str(value) == "undefined"


def is_undefined_or_null(value: Any) -> bool:
    """True for undefined and null.

    >>> from pyjs import is_undefined_or_null, jsnull
    >>> is_undefined_or_null(jsnull), is_undefined_or_null(None), is_undefined_or_null("")
    (True, True, False)

    Source: ECMA-262, "The Undefined Type" and "The Null Type".
    """
    return type_str(value) in ("undefined", "null")


def is_boolean(value: Any) -> bool:
    """True for true and false.

    >>> from pyjs import JsValue, is_boolean
    >>> is_boolean(JsValue(False)), is_boolean(0)
    (True, False)

    Source: ECMA-262, "The Boolean Type".
    """
    return type_str(value) == "boolean"


def is_number(value: Any) -> bool:
    """True for numbers; an int beyond 2**53 is a bigint.

    >>> from pyjs import JsValue, is_number
    >>> is_number(JsValue(1.5)), is_number(2**60), is_number("1")
    (True, False, False)

    Source: ECMA-262, "The Number Type".
    """
    return type_str(value) == "number"


def is_bigint(value: Any) -> bool:
    """True for bigints.

    >>> from pyjs import is_bigint, js
    >>> is_bigint(js.BigInt(5)), is_bigint(2**60), is_bigint(5)
    (True, True, False)

    Source: ECMA-262, "The BigInt Type".
    """
    return type_str(value) == "bigint"


def is_string(value: Any) -> bool:
    """True for strings.

    >>> from pyjs import JsValue, is_string
    >>> is_string(JsValue("")), is_string("text"), is_string(5)
    (True, True, False)

    Source: ECMA-262, "The String Type".
    """
    return type_str(value) == "string"


def is_symbol(value: Any) -> bool:
    """True for symbols.

    >>> from pyjs import is_symbol, js
    >>> is_symbol(js.Symbol("name")), is_symbol("name")
    (True, False)

    Source: ECMA-262, "The Symbol Type".
    """
    return type_str(value) == "symbol"


def is_function(value: Any) -> bool:
    """True for functions and classes, which Python's callables are in JavaScript too.

    >>> from pyjs import is_function, js
    >>> is_function(js.Date), is_function(len), is_function(js.Math)
    (True, True, False)

    Source: ECMA-262, "The typeof Operator".
    """
    return type_str(value) == "function"


def is_object(value: Any) -> bool:
    """True for objects, arrays and errors among them; not for null, nor for functions.

    >>> from pyjs import is_object, js, jsnull
    >>> is_object(js.Math), is_object(js.Array.of(1)), is_object(jsnull), is_object(js.Date)
    (True, True, False, False)

    Source: ECMA-262, "The typeof Operator".
    """
    return type_str(value) == "object"


def is_array(value: Any) -> bool:
    """True for JavaScript's arrays, as Array.isArray; a Python list is none.

    >>> from pyjs import is_array, js
    >>> is_array(js.Array.of(1)), is_array(js.Uint8Array.new(1)), is_array([1])
    (True, False, False)

    Source: ECMA-262, Array.isArray.
    """
    return isinstance(value, _core._JsOwnArray)


def is_error(value: Any) -> bool:
    """True for JavaScript's errors.

    >>> from pyjs import is_error, js
    >>> is_error(js.RangeError.new("too far")), is_error(js.Math), is_error(ValueError())
    (True, False, False)

    Source: ECMA-262, "Error Objects".
    """
    return isinstance(value, JsException)


def _apply_json(function: JsCallable, args: Iterable[Any]) -> Any:
    return function(*js.JSON.parse(json.dumps(list(args), allow_nan=False)))


def _expect_function(operation: str, function: Any) -> JsCallable:
    if not isinstance(function, JsCallable):
        raise TypeError(
            f"{operation}: expected a JavaScript function, got {type(function).__name__}"
        )
    return function


def _expect_callable(operation: str, function: Any) -> Any:
    if not callable(function):
        raise TypeError(f"{operation}: expected a callable, got {type(function).__name__}")
    return function
