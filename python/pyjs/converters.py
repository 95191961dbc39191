"""Which objects deep conversions know, in both directions, beyond containers and plain values.

Deep conversions are to_js(), to_py() and JsProxy.to_py(), and in JavaScript toJs() and toPy(). What
is registered here counts in all of them, from the next object on. What comes with the package is
off until enable() switches it on:

========= ================================= ==========================================
name      to Python                         to JavaScript
========= ================================= ==========================================
Date      an aware datetime, in UTC         an aware datetime becomes a Date
RegExp    re.Pattern                        re.Pattern becomes a RegExp, with the flag u
URL       str, its href                     what urllib.parse.urlsplit() and urlparse() give
                                            becomes a URL; a str stays one
Enum                                        a member becomes its value, converted
dataclass                                   an instance becomes its fields, as a dict does
Decimal                                     str, which loses nothing
UUID                                        str
========= ================================= ==========================================

>>> from datetime import datetime, timezone
>>> from pyjs import js, to_js, to_py
>>> from pyjs.converters import enable
>>> with enable("Date"):
...     made = to_js({"when": datetime(2024, 2, 29, 12, tzinfo=timezone.utc)})
...     back = to_py(made)
>>> made.when.toISOString(), back["when"].year
('2024-02-29T12:00:00.000Z', 2024)

A datetime becomes the millisecond that it lies in, so microseconds are rounded down; naive ones,
invalid Dates and those outside of the years 1 to 9999 are a ConversionError. So is a pattern that
the other language cannot express: bytes, re.VERBOSE, the flags y and v, possessive quantifiers.
Classes such as \\d and \\w mean the same characters on both sides.

A URL becomes a str, since that is what Python's libraries take. No str becomes a URL, since any may
look like one: `urlsplit(text)` says that it is one. It has to be absolute, as JavaScript's are;
JavaScript normalises it.

The converters' order: what the call gives as `eager_converter`, what is registered, what conversion
does anyway, what the call gives as `default_converter`. Lists, tuples, dicts, sets, numbers and
strings that are exactly that, JavaScript's arrays and plain objects never look here; instances of
classes derived from them do.

What a converter of register_to_js() gives is converted level by level without calls in calls, to a
depth of 100,000. A converter that converts by itself, with to_js(), to_py() or the `convert` of a
default_converter, is a call in a call at each level: a RecursionError ends that far earlier, after
some hundred levels, or after about 60 where each passes through both languages.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pyjs import _core

if TYPE_CHECKING:
    from types import TracebackType

__all__ = [
    "BUILT_IN",
    "disable",
    "enable",
    "register_converter",
    "register_to_js",
    "register_to_py",
    "unregister_to_js",
    "unregister_to_py",
]

#: What enable() and disable() know.
BUILT_IN = ("Date", "RegExp", "URL", "Enum", "dataclass", "Decimal", "UUID")

type _ToPy = Callable[[Any], Any]
type _Entry = tuple[int, Callable[..., Any] | None]

# As in src/registry.hpp.
_VALUE, _DATE, _REG_EXP, _URL = 1, 2, 3, 4

# As in js/core/registry.ts.
_REFUSALS: dict[int, tuple[type[Exception], str]] = {
    1: (TypeError, "it has no prototype that instances could have"),
    2: (ValueError, "plain objects and arrays are always converted as such"),
}

_classes: dict[int, tuple[_core.JsProxy, _ToPy]] = {}
_tags: dict[str, _ToPy] = {}
_types: dict[type, Callable[[Any], Any]] = {}
_enabled: frozenset[str] = frozenset()
# What the core has the addresses of.
_given: tuple[object, ...] = ()

# These have conversions of their own, which no look-up may slow down.
_NEVER = (object, type(None), bool, int, float, str, list, tuple, dict, set)


def register_to_py(js_class: _core.JsProxy | str, converter: _ToPy, /) -> None:
    """Convert objects of a JavaScript class by a function of Python's, from now on.

    Args:
        js_class: the class, whose instances and those of its subclasses are meant; or a name, for
            objects of any realm: the name of a constructor, or what Object.prototype.toString says
            (`"ImageData"`). A class comes before a name, and the nearest prototype first.
        converter: called with the JsProxy; what it returns stands in the result as it is. It is
            held until it is unregistered or replaced.

    Raises:
        TypeError: `js_class` is neither a class nor a name, or `converter` is not callable.
        ValueError: it is Object or Array, which are always converted as such.

    >>> from pyjs import run_js, to_py
    >>> from pyjs.converters import register_to_py, unregister_to_py
    >>> Point = run_js("(class Point { constructor(x, y) { this.x = x; this.y = y } })")
    >>> register_to_py(Point, lambda point: complex(point.x, point.y))
    >>> to_py(run_js("Point => ({at: [new Point(1, 2)]})")(Point))
    {'at': [(1+2j)]}
    >>> unregister_to_py(Point)
    """
    _expect_callable("register_to_py", converter)
    if isinstance(js_class, str):
        if js_class in ("", "Object", "Array"):
            raise ValueError(f"register_to_py: expected the name of a class, got {js_class!r}")
        _tags[js_class] = converter
    else:
        _classes[_number_of("register_to_py", js_class)] = (js_class, converter)
    _publish()


def unregister_to_py(js_class: _core.JsProxy | str, /) -> None:
    """Take back a register_to_py().

    Args:
        js_class: the class or name that was registered.

    Raises:
        KeyError: it is not registered.

    >>> from pyjs.converters import register_to_py, unregister_to_py
    >>> register_to_py("ImageData", bytes)
    >>> unregister_to_py("ImageData")
    """
    if isinstance(js_class, str):
        known = _tags.pop(js_class, None) is not None
    else:
        number = _number_of("unregister_to_py", js_class)
        known = _classes.pop(number, None) is not None
    if not known:
        raise KeyError(f"unregister_to_py: nothing is registered for {js_class!r}")
    _publish()


def register_to_js(python_type: type, converter: Callable[[Any], Any], /) -> None:
    """Convert instances of a class to JavaScript by what a function makes of them, from now on.

    Args:
        python_type: the class, whose instances and those of its subclasses are meant. The nearest
            class in the order of resolution counts.
        converter: called with the object; what it returns is converted in the place of the
            object, deeply. A JsProxy goes through as the JavaScript object. It is held until
            it is unregistered or replaced.

    An object that occurs twice becomes the same JavaScript object. A replacement that is the
    object itself, or leads to replacements without end, is a ConversionError.

    Raises:
        TypeError: `python_type` is no class, or `converter` is not callable.
        ValueError: the class is one of those that are always converted as such, as list is.

    >>> from fractions import Fraction
    >>> from pyjs import js, to_js
    >>> from pyjs.converters import register_to_js, unregister_to_js
    >>> register_to_js(Fraction, lambda value: [value.numerator, value.denominator])
    >>> js.JSON.stringify(to_js({"half": Fraction(1, 2)}))
    '{"half":[1,2]}'
    >>> unregister_to_js(Fraction)
    """
    _expect_callable("register_to_js", converter)
    if not isinstance(python_type, type):
        raise TypeError(f"register_to_js: expected a class, got {type(python_type).__name__}")
    if python_type in _NEVER or issubclass(python_type, (_core.JsProxy, _core.JsNull)):
        raise ValueError(
            f"register_to_js: {python_type.__name__} has a conversion of its own; register a class"
            " derived from it, or give the conversion an eager_converter"
        )
    _types[python_type] = converter
    _publish()


def unregister_to_js(python_type: type, /) -> None:
    """Take back a register_to_js().

    Args:
        python_type: the class that was registered.

    Raises:
        KeyError: it is not registered.

    >>> from pyjs.converters import register_to_js, unregister_to_js
    >>> register_to_js(complex, str)
    >>> unregister_to_js(complex)
    """
    if _types.pop(python_type, None) is None:
        raise KeyError(f"unregister_to_js: nothing is registered for {python_type!r}")
    _publish()


class _Restore:
    """Gives back, when it is left, what was enabled before."""

    def __init__(self, before: frozenset[str]) -> None:
        self._before = before

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        _set_enabled(self._before)


def enable(*names: str) -> _Restore:
    """Switch conversions on that come with the package; without a name, all of them.

    Args:
        names: some of BUILT_IN.

    Returns:
        A context manager: when it is left, what was enabled before is so again.

    Raises:
        ValueError: a name is unknown; nothing is switched on.

    >>> from decimal import Decimal
    >>> from pyjs import to_js
    >>> from pyjs.converters import enable
    >>> with enable("Decimal"):
    ...     made = to_js([Decimal("0.10")])
    >>> made[0]
    '0.10'
    """
    before = _enabled
    _set_enabled(before | _known("enable", names))
    return _Restore(before)


def disable(*names: str) -> None:
    """Switch off again what enable() switched on; without a name, all of it.

    Args:
        names: some of BUILT_IN.

    Raises:
        ValueError: a name is unknown; nothing is switched off.

    >>> from pyjs.converters import disable
    >>> disable("Date", "URL")
    """
    _set_enabled(_enabled - _known("disable", names))


def register_converter(cls_name: str, converter: Callable[..., Any]) -> None:
    """Convert JavaScript objects whose class has this name, as register_to_py() does.

    Args:
        cls_name: the name of the JavaScript class.
        converter: called with (value, depth, cache, converter_options), as in the documentation
            of emscripten-forge's pyjs. Only `value`, the JsProxy, says something here: the others
            are 0, None, None, and what `value` holds is converted by to_py() without them. One
            that cannot take four arguments gets the value alone.

    >>> from pyjs import register_converter, run_js, to_py
    >>> from pyjs.converters import unregister_to_py
    >>> def to_pair(value, depth, cache, converter_options):
    ...     return value.width, value.height
    >>> register_converter("Rectangle", to_pair)
    >>> to_py(run_js("new class Rectangle { width = 3; height = 4 }"))
    (3, 4)
    >>> unregister_to_py("Rectangle")

    Source: "Explicit conversion" in the tour of emscripten-forge's pyjs, and its "Python API".
    """
    import inspect

    _expect_callable("register_converter", converter)
    if not isinstance(cls_name, str):
        raise TypeError(f"register_converter: expected a name, got {type(cls_name).__name__}")
    try:
        inspect.signature(converter).bind(None, 0, None, None)
    except (TypeError, ValueError):
        register_to_py(cls_name, converter)
    else:
        register_to_py(cls_name, lambda value: converter(value, 0, None, None))


def _expect_callable(operation: str, converter: object) -> None:
    if not callable(converter):
        raise TypeError(f"{operation}: expected a callable, got {type(converter).__name__}")


def _number_of(operation: str, js_class: _core.JsProxy) -> int:
    if not isinstance(js_class, _core.JsProxy):
        kind = type(js_class).__name__
        raise TypeError(f"{operation}: expected a JavaScript class or its name, got {kind}")
    refusal = _core.registry.refusal(js_class)
    if refusal in _REFUSALS:
        kind, why = _REFUSALS[refusal]
        raise kind(f"{operation}: expected a JavaScript class: {why}")
    return js_class.js_id


def _known(operation: str, names: tuple[str, ...]) -> frozenset[str]:
    unknown = [name for name in names if name not in BUILT_IN]
    if unknown:
        known = ", ".join(BUILT_IN)
        raise ValueError(f"{operation}: unknown name {unknown[0]!r}; known are {known}")
    return frozenset(names or BUILT_IN)


def _set_enabled(names: frozenset[str]) -> None:
    global _enabled
    _enabled = names
    _publish()


def _publish() -> None:
    """Give the core all that is registered."""
    global _given
    types: dict[type, _Entry] = {}
    for name in BUILT_IN:
        if name in _enabled and name in _BUILT_IN_TYPES:
            types.update(_BUILT_IN_TYPES[name]())
    types |= {python_type: (_VALUE, converter) for python_type, converter in _types.items()}
    dataclass = (_VALUE, _fields) if "dataclass" in _enabled else None
    reg_exp = _from_reg_exp() if "RegExp" in _enabled else None
    given = (dict(_classes), dict(_tags), reg_exp)
    _core.set_converters(types, dataclass)
    _core.registry.replace(
        _core.to_js([part for js_class, f in _classes.values() for part in (js_class, id(f))]),
        _core.to_js([part for tag, f in _tags.items() for part in (tag, id(f))]),
        "Date" in _enabled,
        "URL" in _enabled,
        0 if reg_exp is None else id(reg_exp),
    )
    _given = given


def _fields(instance: Any) -> dict[str, Any]:
    from dataclasses import fields

    return {field.name: getattr(instance, field.name) for field in fields(instance)}


def _date() -> dict[type, _Entry]:
    from datetime import datetime

    return {datetime: (_DATE, None)}


def _reg_exp() -> dict[type, _Entry]:
    import re

    from pyjs import _regexp

    return {re.Pattern: (_REG_EXP, _regexp.to_js)}


def _from_reg_exp() -> tuple[_ToPy]:
    from pyjs import _regexp

    # The tuple tells the core that what it refuses is a ConversionError.
    return (_regexp.from_js,)


def _url() -> dict[type, _Entry]:
    from urllib.parse import ParseResult, SplitResult

    return {kind: (_URL, kind.geturl) for kind in (SplitResult, ParseResult)}


def _enum() -> dict[type, _Entry]:
    from enum import Enum
    from operator import attrgetter

    return {Enum: (_VALUE, attrgetter("value"))}


def _decimal() -> dict[type, _Entry]:
    from decimal import Decimal

    return {Decimal: (_VALUE, str)}


def _uuid() -> dict[type, _Entry]:
    from uuid import UUID

    return {UUID: (_VALUE, str)}


# Each imports what it is about.
_BUILT_IN_TYPES: dict[str, Callable[[], dict[type, _Entry]]] = {
    "Date": _date,
    "RegExp": _reg_exp,
    "URL": _url,
    "Enum": _enum,
    "Decimal": _decimal,
    "UUID": _uuid,
}
