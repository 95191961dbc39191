"""Declared types for JavaScript: `JsProxy.bind_sig` and `JsCallable.bind_class`.

A signature is a function or a class whose annotations say how values convert; its bodies never
run. What is not declared converts as everywhere.

>>> from typing import Annotated
>>> from pyjs import run_js
>>> from pyjs.signatures import Deep
>>> def longest(words: Annotated[list[str], Deep], *, atMost: int = 9) -> Annotated[dict, Deep]: ...
>>> f = run_js("(words, {atMost}) => ({word: words.find((w) => w.length <= atMost), words})")
>>> f.bind_sig(longest)(["javascript", "python"])
{'word': 'python', 'words': ['javascript', 'python']}

Positional parameters become arguments and may be given by name; keyword-only parameters become
properties of one trailing object, without those that are None. A wrong call is the TypeError
that the Python function would raise.

An annotation is
    Annotated[T, converter]   Deep, Json, Default, or an object with `to_js(value)`, for what goes
                              to JavaScript, or `to_py(value)`, for what comes, or both;
    a class of BindClass, or a Protocol: the value is bound to it;
    Future[T], Awaitable[T]   a promise of T, as is the result of an `async def`;
    T | None                  T, or None;
    anything else             implicit conversion.

Source: Pyodide, JsProxy.bind_sig and bind_class.
"""

import inspect
from collections.abc import Awaitable, Callable
from types import FunctionType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pyjs import _core
from pyjs._core import JsPromise, JsProxy, js, jsnull, to_js

__all__ = ["BindClass", "Deep", "Default", "Json"]

_OF_TYPE = "__pyjs_bound_type__"
_OF_INSTANCE = "__pyjs_bound__"

type _Convert = Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


class Default:
    """Annotated[T, Default]: implicit conversion, as without an annotation.

    >>> from typing import Annotated
    >>> from pyjs import run_js
    >>> from pyjs.signatures import Default
    >>> def same(x: Annotated[object, Default], /): ...
    >>> run_js("(x) => x").bind_sig(same)(5)
    5
    """


class Deep:
    """Annotated[T, Deep]: the whole structure is copied, by to_js() and to_py().

    >>> from typing import Annotated
    >>> from pyjs import run_js
    >>> from pyjs.signatures import Deep
    >>> def same(x: Annotated[list, Deep], /) -> Annotated[list, Deep]: ...
    >>> run_js("(x) => x.concat([{a: 1}])").bind_sig(same)([1])
    [1, {'a': 1}]
    """

    @staticmethod
    def to_js(value: Any) -> Any:
        """A copy in JavaScript."""
        return to_js(value)

    @staticmethod
    def to_py(value: Any) -> Any:
        """A copy in Python."""
        return value.to_py() if isinstance(value, JsProxy) else value


class Json:
    """Annotated[T, Json]: what goes and what comes is seen as JSON, uncopied.

    JavaScript sees an argument as PyProxy.asJsJson() shows it, while the call lasts: what it
    changes there changes in the dict or list itself.

    >>> from typing import Annotated
    >>> from pyjs import run_js
    >>> from pyjs.signatures import Json
    >>> def add(x: Annotated[dict, Json], /) -> Annotated[dict, Json]: ...
    >>> data = {"list": [1]}
    >>> run_js("(x) => { x.list.push(2); return {a: [{b: x.list.length}]} }").bind_sig(add)(data)
    {'a': [{'b': 2}]}
    >>> data
    {'list': [1, 2]}
    """

    @staticmethod
    def to_js(value: Any) -> Any:
        """The object as PyProxy.asJsJson() shows it."""
        return _core.as_js_json(value)

    @staticmethod
    def to_py(value: Any) -> Any:
        """The object as JsProxy.as_py_json() shows it."""
        return value.as_py_json() if isinstance(value, JsProxy) else value


class BindClass:
    """A base for signatures of objects: its annotations and methods declare members.

    >>> from typing import Annotated
    >>> from pyjs import run_js
    >>> from pyjs.signatures import BindClass, Deep
    >>> class Point(BindClass):
    ...     at: Annotated[list[int], Deep]
    ...     def moved(self, by: Annotated[list[int], Deep], /) -> Annotated[list[int], Deep]: ...
    >>> source = "({at: [1, 2], moved(by) { return this.at.map((v, i) => v + by[i]) }})"
    >>> point = run_js(source).bind_sig(Point)
    >>> point.at, point.moved([1, 1])
    ([1, 2], [2, 3])
    """


def _is_signature_class(hint: Any) -> bool:
    return isinstance(hint, type) and (
        issubclass(hint, BindClass) or bool(getattr(hint, "_is_protocol", False))
    )


def _optional(convert: _Convert) -> _Convert:
    return lambda value: value if value is None or value is jsnull else convert(value)


def _promised(convert: _Convert) -> _Convert:
    async def result(promise: Awaitable[Any]) -> Any:
        return convert(await promise)

    return lambda value: result(value) if isinstance(value, JsPromise) else value


def _bound_to(signature: Any) -> _Convert:
    return lambda value: bind(value, signature) if isinstance(value, JsProxy) else value


def _around(convert: _Convert, wrap: Callable[[_Convert], _Convert]) -> _Convert:
    return convert if convert is _same else wrap(convert)


def _converter(hint: Any, direction: str) -> _Convert:
    """What converts a value with this annotation; `direction` is "to_js" or "to_py"."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        named = (getattr(each, direction, None) for each in hint.__metadata__)
        return next(filter(callable, named), _same)
    if origin in (Union, UnionType):
        rest = [each for each in args if each is not type(None)]
        return _around(_converter(rest[0], direction), _optional) if len(rest) == 1 else _same
    if direction == "to_js":
        return _same
    if isinstance(origin, type) and issubclass(origin, Awaitable) and args:
        # The last of Coroutine[Yield, Send, Return].
        return _around(_converter(args[-1], direction), _promised)
    if origin is type or _is_signature_class(hint):
        return _bound_to(hint)
    return _same


def _empty() -> None: ...


def _checker(function: FunctionType) -> FunctionType:
    """A function that only checks its arguments, as CPython does for `function`."""
    code, empty = function.__code__, _empty.__code__
    arguments = code.co_argcount + code.co_kwonlyargcount
    stars = bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    kinds = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS
    checking = code.replace(
        co_code=empty.co_code,
        co_consts=empty.co_consts,
        co_names=(),
        co_varnames=code.co_varnames[: arguments + stars],
        co_cellvars=(),
        co_freevars=(),
        co_nlocals=arguments + stars,
        co_stacksize=empty.co_stacksize,
        co_exceptiontable=empty.co_exceptiontable,
        co_linetable=empty.co_linetable,
        co_flags=(empty.co_flags & ~kinds) | (code.co_flags & kinds),
    )
    checker = FunctionType(checking, {}, function.__name__, function.__defaults__)
    checker.__kwdefaults__ = function.__kwdefaults__
    return checker


class _Call:
    """How a declared function is called; `method` says that its first parameter is the object."""

    def __init__(self, function: Any, names: dict[str, Any], *, method: bool) -> None:
        if not isinstance(function, FunctionType):
            raise TypeError(
                "bind_sig: expected a Python function, a class or type[class] as the signature, "
                f"got {type(function).__name__}"
            )
        self._check = _checker(function)
        self._self = (None,) if method else ()
        hints = get_type_hints(function, localns=names, include_extras=True)
        self._parameters = [
            (each, _converter(hints.get(each.name), "to_js"))
            for each in list(inspect.signature(function).parameters.values())[len(self._self) :]
        ]
        result = _converter(hints.get("return"), "to_py")
        is_async = inspect.iscoroutinefunction(function)
        self._result = _around(result, _promised) if is_async else result

    def __call__(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self._check(*self._self, *args, **kwargs)
        positional, options = self._arguments(args, dict(kwargs))
        return self._result(target(*positional, **options))

    def _arguments(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[list[Any], dict[str, Any]]:
        """What JavaScript gets; `kwargs` is used up."""
        positional: list[Any] = []
        options: dict[str, Any] = {}
        for place, (parameter, convert) in enumerate(self._parameters):
            match parameter.kind:
                case parameter.VAR_POSITIONAL:
                    positional += map(convert, args[place:])
                case parameter.VAR_KEYWORD:
                    options |= {name: convert(value) for name, value in kwargs.items()}
                case parameter.KEYWORD_ONLY:
                    value = kwargs.pop(parameter.name, parameter.default)
                    options[parameter.name] = None if value is None else convert(value)
                case _ if place < len(args):
                    positional.append(convert(args[place]))
                case parameter.POSITIONAL_ONLY:
                    positional.append(convert(parameter.default))
                case _:
                    positional.append(convert(kwargs.pop(parameter.name, parameter.default)))
        given = {name: value for name, value in options.items() if value is not None}
        if options and not given:
            positional.append(js.Object.new())
        return positional, given


class _Half:
    """What a bound proxy has in Python; `__plain__` is the same object, unbound."""

    def __init__(self, plain: JsProxy) -> None:
        self.__plain__ = plain


def _attribute(name: str, hint: Any) -> property:
    read, write = _converter(hint, "to_py"), _converter(hint, "to_js")

    def get(half: _Half) -> Any:
        return read(getattr(half.__plain__, name))

    def put(half: _Half, value: Any) -> None:
        setattr(half.__plain__, name, write(value))

    def delete(half: _Half) -> None:
        delattr(half.__plain__, name)

    return property(get, put, delete)


def _method(name: str, call: _Call) -> Callable[..., Any]:
    def method(half: _Half, /, *args: Any, **kwargs: Any) -> Any:
        return call(getattr(half.__plain__, name), args, kwargs)

    return method


def _function_half(function: Any) -> dict[str, Any]:
    call = _Call(function, {}, method=False)
    return {"__call__": lambda half, /, *args, **kwargs: call(half.__plain__, args, kwargs)}


def _class_half(signature: type) -> dict[str, Any]:
    """Instances of the class, as members of a half."""
    names = {signature.__name__: signature}
    hints = get_type_hints(signature, localns=names, include_extras=True)
    members: dict[str, Any] = {name: _attribute(name, hint) for name, hint in hints.items()}
    for cls in reversed(signature.__mro__):
        if cls in (object, BindClass) or cls.__module__ == "typing":
            continue
        for name, value in vars(cls).items():
            static = isinstance(value, staticmethod)
            function = value.__func__ if static else value
            if isinstance(function, FunctionType):
                members |= _declared(name, function, names, method=not static)
    return members


def _declared(name: str, function: Any, names: dict[str, Any], *, method: bool) -> dict[str, Any]:
    if name == "__getattr__":
        hint = get_type_hints(function, localns=names, include_extras=True).get("return")
        read = _converter(hint, "to_py")
        return {name: lambda half, name: read(getattr(half.__plain__, name))}
    if name == "__call__":
        call = _Call(function, names, method=method)
        return {name: lambda half, /, *args, **kwargs: call(half.__plain__, args, kwargs)}
    if name.startswith("__"):
        return {}
    return {name: _method(name, _Call(function, names, method=method))}


def _constructor_half(signature: type) -> dict[str, Any]:
    """The class itself: a call constructs."""
    declared = signature.__dict__.get("__init__")
    names = {signature.__name__: signature}
    call = _Call(declared, names, method=True) if isinstance(declared, FunctionType) else None

    def construct(half: Any, /, *args: Any, **kwargs: Any) -> Any:
        new = half.__plain__.new
        made = new(*args, **kwargs) if call is None else call(new, args, kwargs)
        return bind(made, signature)

    return {"__call__": construct, "new": construct}


def _make_half(signature: Any) -> type[_Half]:
    if get_origin(signature) is type:
        members = _constructor_half(get_args(signature)[0])
    elif isinstance(signature, type):
        members = _class_half(signature)
    else:
        members = _function_half(signature)
    return type("_BoundHalf", (_Half,), {**members, "_sig": signature})


def _half_class(signature: Any) -> type[_Half]:
    """Made once; it lives on what it is made of, for both refer to each other."""
    is_type = get_origin(signature) is type
    owner, name = (get_args(signature)[0], _OF_TYPE) if is_type else (signature, _OF_INSTANCE)
    kept: type[_Half] | None = getattr(owner, "__dict__", {}).get(name)
    if kept is None:
        kept = _make_half(signature)
        setattr(owner, name, kept)
    return kept


def bind(proxy: JsProxy, signature: Any) -> JsProxy:
    """What `proxy.bind_sig(signature)` gives."""
    return _core.bind(proxy, _half_class(signature)(proxy))
