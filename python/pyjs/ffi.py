"""The types and functions with which Python and JavaScript values meet (PEP 818).

A class statement whose base is a JavaScript class defines a native JavaScript class. Methods and
properties go to its prototype, `self` is the JavaScript object, and other class attributes are
static members. `super().__init__()` constructs the base; before it there is no object. The
name converts to the JavaScript class wherever it crosses:

>>> from pyjs import js, run_js
>>> class Counter(js.Map):
...     def __init__(self, words):
...         super().__init__()
...         for word in words.split():
...             self.set(word, self.get(word) + 1)
...     def get(self, word):
...         return super().get(word) or 0
...     @property
...     def words(self):
...         return sum(self.values())
>>> counter = run_js("Class => new Class('to be or not to be')")(Counter)
>>> counter.get("be"), counter.words, isinstance(counter, Counter), isinstance(counter, js.Map)
(2, 6, True, True)
>>> del counter

Attributes set on `self` are the object's properties, and convert as any. A class lives until
neither language can reach it; what `customElements.define` got lives as long as its page.

Neither collector sees a circle through both languages, so what is in one lives for good: a class
whose globals, closures or attributes hold one of its own instances, or an instance that has a
bound method of itself as an attribute.
"""

# Loaded when the interpreter starts, unlike collections.abc, which is the same.
import _collections_abc as _abc
from typing import TYPE_CHECKING, Any, Literal

from pyjs import _core
from pyjs._core import (
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
    js_call,
    jsnull,
    to_js,
)
from pyjs._host import IS_GUEST
from pyjs.importer import register_js_module, unregister_js_module

if IS_GUEST and not TYPE_CHECKING:
    from pyjs._guest import can_run_sync, run_sync
else:
    from pyjs._suspend import can_run_sync, run_sync

if TYPE_CHECKING:
    from pyjs._core import Typed
    from pyjs._leaks import Leak, leaks, set_debug
else:

    def __getattr__(name: str) -> Any:
        """Import `pyjs._leaks` when one of its names is first asked for: few programs do."""
        if name not in __all__:
            raise AttributeError(f"module 'pyjs.ffi' has no attribute {name!r}")
        from pyjs import _leaks

        return getattr(_leaks, name)

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})


__all__ = [
    "ConversionError",
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
    "JsWeakRef",
    "Leak",
    "can_run_sync",
    "create_once_callable",
    "create_proxy",
    "destroy_proxies",
    "js_call",
    "jsnull",
    "leaks",
    "register_js_module",
    "run_sync",
    "set_debug",
    "to_js",
    "to_py",
    "unregister_js_module",
]

# What isinstance(x, collections.abc.Sequence) and its kin say; the rest they see by themselves.
for _abstract, _type in (
    (_abc.MutableSequence, _core._JsOwnArray),
    (_abc.MutableSequence, JsTypedArray),
    (_abc.Sequence, _core._JsSequence),
    (_abc.MutableMapping, JsMutableMap),
    (_abc.Mapping, JsMap),
    (_abc.Generator, JsGenerator),
    (_abc.AsyncGenerator, JsAsyncGenerator),
    (_abc.Iterable, JsIterable),
    (_abc.Iterator, JsIterator),
    (_abc.AsyncIterable, JsAsyncIterable),
    (_abc.AsyncIterator, JsAsyncIterator),
):
    _abstract.register(_type)


def to_py(
    value: Any,
    *,
    depth: int = -1,
    default_converter: _abc.Callable[..., Any] | None = None,
    null: JsNull | None = jsnull,
    numbers: Literal["auto", "float"] = "auto",
    typed: "Typed | None" = None,
    dates: bool = False,
) -> Any:
    """Convert a JavaScript structure into Python objects, as `JsProxy.to_py` does.

    Args:
        value: what to convert; anything but a JsProxy is returned as it is.
        depth: how many levels to convert, -1 for all; what lies deeper stays a JsProxy.
        default_converter: called with (value, convert, cache) for what has no conversion, but not
            where `depth` ends.
        null: what JavaScript's null becomes: jsnull, which tells it from undefined, or None.
        numbers: "auto" makes ints of integral numbers; with "float" every number is a float, and
            ints are what was a bigint, as to_js(ints="bigint") writes them.
        typed: "auto" or the name of a type, such as "f64": an Array of numbers becomes an
            array.array of it.
        dates: whether a Date becomes an aware datetime in UTC; see also pyjs.converters.

    >>> from pyjs import js, to_py
    >>> to_py(js.JSON.parse('{"a": [1, 2]}'))
    {'a': [1, 2]}
    >>> to_py(js.JSON.parse("[null, 1]"), null=None, numbers="float")
    [None, 1.0]

    Source: PEP 818, "From JavaScript to Python".
    """
    if not isinstance(value, JsProxy):
        return null if value is jsnull else value
    if null is jsnull and numbers == "auto" and typed is None and not dates:
        # Each keyword costs as much as the conversion of ten numbers.
        return value.to_py(depth=depth, default_converter=default_converter)
    return value.to_py(
        depth=depth,
        default_converter=default_converter,
        null=null,
        numbers=numbers,
        typed=typed,
        dates=dates,
    )
