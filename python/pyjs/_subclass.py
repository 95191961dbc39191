"""Class statements whose base is a JavaScript class.

Such a statement makes two classes that stand for each other: a Python class, which the name
is bound to, and a native JavaScript class, which is what crosses. A Python class is what
`super()` needs; its instances are proxies of JavaScript objects, and have no state besides.

For the JavaScript base itself stands a class that the statement never sees. It has what
`super()` finds in JavaScript, and its `__init__` constructs.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from keyword import iskeyword
from typing import Any

from pyjs import _core

_js = _core.subclassing


class _ParentMember:
    """What a JavaScript parent has under a name, looked up when it is asked for."""

    __slots__ = ("_name", "_parent")

    def __init__(self, name: str, parent: type) -> None:
        self._name = name
        self._parent = parent

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return getattr(_core.static_side(owner), self._name, self)
        return _js.parentMember(self._parent, self._name, instance)

    def __call__(self, instance: Any, /, *args: Any, **keywords: Any) -> Any:
        return self.__get__(instance, type(instance))(*args, **keywords)


_core.set_parent_member(_ParentMember)


class _Guard:
    """Makes the JavaScript class of its owner, and notices when Python can no longer reach it.

    The two classes would keep each other alive for good. Python's holds JavaScript's; when it
    is garbage to Python's collector, that runs this finaliser, and from then on JavaScript's
    holds Python's, which so survives; until JavaScript collects its own, or Python gets the
    class or an instance again (js/core/js_class.ts).
    """

    _owner: Any = None

    def __set_name__(self, owner: Any, name: str) -> None:
        # After all other attributes, and before __init_subclass__, which may use the class.
        self._owner = owner
        _make(owner)

    def __del__(self) -> None:
        owner = self._owner
        if owner is None or not _core.is_held(owner):
            return
        follower = _Guard()  # a finaliser runs once
        follower._owner = owner
        type.__setattr__(owner, "__js_guard__", follower)
        # The collector has cleared the weak references of its bases, which tell it of changes.
        type.__setattr__(owner, "__bases__", owner.__bases__)
        _js.loosen(owner, sum(generation["collections"] for generation in gc.get_stats()))


class _Meta(_core.JsClassMeta):
    """Metaclass of the Python classes that are JavaScript classes."""

    def __new__(
        mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **keywords: Any
    ) -> Any:
        _check(name, bases, namespace)
        members = {**namespace, "__slots__": (), "__js_guard__": _Guard()}
        if "__orig_bases__" in members:
            members["__orig_bases__"] = _without_proxies(members["__orig_bases__"], bases)
        return super().__new__(mcls, name, bases, members, **keywords)

    def __call__(cls, *args: Any, **keywords: Any) -> Any:
        return _construct(cls, cls, *args, **keywords)

    def __getattr__(cls, name: str) -> Any:
        return getattr(_core.static_side(cls), name)

    def __setattr__(cls, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if "__js_guard__" in vars(cls):
            _expose(cls, name, value)

    def __delattr__(cls, name: str) -> None:
        super().__delattr__(name)
        if "__js_guard__" in vars(cls):
            _js.remove(cls, _property_name(name))


def _without_proxies(original: tuple[Any, ...], bases: tuple[type, ...]) -> tuple[Any, ...]:
    """The bases as written, but for a proxy: it would hold what leads to JavaScript's class."""
    parent = next((base for base in bases if isinstance(base, _Meta)), None)
    return tuple(parent if isinstance(base, _core.JsProxy) else base for base in original)


def _check(name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> None:
    parents = [base.__name__ for base in bases if isinstance(base, _Meta)]
    if len(parents) > 1:
        raise TypeError(
            f"class {name}: expected one base that is a JavaScript class, got {', '.join(parents)}"
        )
    if namespace.get("__slots__"):
        raise TypeError(
            f"class {name}: __slots__ must be empty: attributes are the JavaScript object's"
        )
    if "__new__" in namespace:
        raise TypeError(
            f"class {name}: JavaScript makes the object, so __new__ cannot: define __init__"
        )


def base_for(js_class: _core.JsCallable) -> type:
    """The Python class that stands for `js_class` in a class statement's bases."""
    found = _js.describe(js_class)
    if found is _core.jsnull:
        raise TypeError(
            f"class statement: expected as base a JavaScript class whose instances are "
            f"objects, got {js_class!r}"
        )
    name, flags, above, *names = found.to_py()
    plain = _core.proxy_type(flags)
    # What every proxy has stays. What a container has in Python's manner gives way to JavaScript's
    # methods, for those are what a class overrides and calls with super().
    common = (_core.JsProxy, _core.JsException)
    own = set().union(*map(vars, plain.__mro__ if plain in common else plain.__mro__[1:]))
    members = {"__slots__": (), "__js_flags__": flags, "__doc__": None}
    base: Any = type.__new__(_Meta, name or "JsClass", (above or plain,), members)
    for member in names:
        spelled = f"{member}_" if iskeyword(member) else member
        if spelled not in own:
            type.__setattr__(base, spelled, _ParentMember(member, base))
    type.__setattr__(base, "__init__", _initialiser(base))
    _core.stand_for(base, js_class)
    return base  # type: ignore[no-any-return]


def _initialiser(base: type) -> Callable[..., None]:
    def initialise(self: Any, /, *args: Any, **keywords: Any) -> None:
        """Construct the JavaScript object; keyword arguments become one trailing object."""
        target = _core.target_of(self)
        if target is None:
            raise TypeError("super().__init__(): the JavaScript object was already made")
        _core.finish_instance(self, _core.construct_as(base, target, *args, **keywords))

    return initialise


def _construct(cls: Any, target: Any, /, *args: Any, **keywords: Any) -> Any:
    """What `new target(...)` makes: `target` is `cls`, or a JavaScript subclass of it."""
    self = _core.begin_instance(cls, target)
    cls.__init__(self, *args, **keywords)
    if _core.target_of(self) is not None:
        raise TypeError(
            f"{cls.__name__}.__init__(): super().__init__() was never called: it makes the "
            f"JavaScript object"
        )
    return self


def _make(cls: Any) -> None:
    """Define the JavaScript class of `cls`, with the members of all its Python parts."""
    at, parent = next((i, k) for i, k in enumerate(cls.__mro__[1:], 1) if isinstance(k, _Meta))
    flags = cls.__js_flags__
    number = _core.number_class(cls, flags)
    type.__setattr__(cls, "__js_members__", [])
    construct = _address(cls, partial(_construct, cls))
    above = 0 if "__js_guard__" in vars(parent) else id(parent)
    _js.define(parent, cls.__name__, id(cls), above, flags, number, construct)
    for part in reversed(cls.__mro__[:at]):
        for name, value in list(vars(part).items()):
            _expose(cls, name, value)


def _address(cls: Any, function: Any) -> int:
    """Where JavaScript finds `function`, which lives as long as `cls`."""
    cls.__js_members__.append(function)
    return id(function)


def _property_name(name: str) -> str:
    return name[:-1] if name.endswith("_") and iskeyword(name[:-1]) else name


def _expose(cls: Any, name: str, value: Any) -> None:
    """Give the JavaScript class its member for `name`; Python's special names have none."""
    if name.startswith("__"):
        return
    property_name, kind = _property_name(name), type(value)
    if isinstance(value, (staticmethod, classmethod)):
        function = _address(cls, value.__func__)
        _js.staticMethod(cls, property_name, function, isinstance(value, classmethod))
    elif hasattr(kind, "__get__") and callable(value):
        _js.method(cls, property_name, _address(cls, value))
    elif hasattr(kind, "__get__") or hasattr(kind, "__set__"):
        getter, setter = _accessors(value)
        addresses = [0 if part is None else _address(cls, part) for part in (getter, setter)]
        _js.accessor(cls, property_name, *addresses)
    else:
        getter = _address(cls, partial(type.__getattribute__, cls, name))
        _js.staticMember(cls, property_name, getter, _address(cls, partial(setattr, cls, name)))


def _accessors(descriptor: Any) -> tuple[Any, Any]:
    if isinstance(descriptor, property):
        return descriptor.fget, descriptor.fset
    getter = setter = None
    if hasattr(descriptor, "__get__"):

        def getter(self: Any) -> Any:
            return descriptor.__get__(self, type(self))

    if hasattr(descriptor, "__set__"):
        setter = descriptor.__set__
    return getter, setter
