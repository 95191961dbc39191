"""Running Python source as a console would: the value of the last expression is the result."""

import _ast
import sys
from _collections_abc import Callable
from types import CodeType
from typing import Any

from pyjs import _traceback
from pyjs._core import js

__all__ = ["relaxed_call", "run", "run_async", "run_js"]

_CO_COROUTINE = 0x80  # inspect.CO_COROUTINE; importing inspect takes longer than most programs


def run_js(source: str) -> Any:
    """Evaluate JavaScript source in the global scope and return its value.

    Needs a page whose Content-Security-Policy allows `unsafe-eval`.

    Args:
        source: JavaScript; several statements may stand in it.

    Raises:
        TypeError: `source` is not a str.
        JsException: what the source throws, a SyntaxError included.

    >>> from pyjs import run_js
    >>> run_js("[1, 2, 3].map(x => x * 2)")[1]
    4

    Source: ECMA-262, PerformEval (indirect); PEP 818, "run_js".
    """
    if not isinstance(source, str):
        raise TypeError(f"run_js: expected JavaScript as a str, got {type(source).__name__}")
    return js.eval(source)


def run(
    source: str,
    globals: dict[str, Any] | None = None,
    locals: Any = None,
    filename: str | None = None,
) -> Any:
    """Run `source` and return the value of its last expression, or None.

    Args:
        source: Python source.
        globals: the names it runs in; those of `__main__` by default.
        locals: a mapping for local names; `globals` by default.
        filename: the name that tracebacks show.

    >>> from pyjs.code import run
    >>> run("x = 20; x + 1")
    21
    """
    names = _names(globals)
    body, last = _compile(source, filename, 0)
    local = names if locals is None else locals
    exec(body, names, local)
    return None if last is None else eval(last, names, local)


async def run_async(
    source: str,
    globals: dict[str, Any] | None = None,
    locals: Any = None,
    filename: str | None = None,
) -> Any:
    """Like `run`, for source that may use await, async for and async with at the top level.

    >>> from pyjs.code import run_async
    >>> await run_async("import asyncio; await asyncio.sleep(0); 'done'")
    'done'
    """
    names = _names(globals)
    body, last = _compile(source, filename, _ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    local = names if locals is None else locals
    await _step(body, names, local)
    return None if last is None else await _step(last, names, local)


async def _step(code: CodeType, names: dict[str, Any], local: Any) -> Any:
    result = eval(code, names, local)
    return await result if code.co_flags & _CO_COROUTINE else result


def _names(given: dict[str, Any] | None) -> dict[str, Any]:
    if given is None:
        return sys.modules["__main__"].__dict__
    if not isinstance(given, dict):
        raise TypeError(f"running Python: globals must be a dict, got {type(given).__name__}")
    return given


def _compile(source: str, filename: str | None, flags: int) -> tuple[CodeType, CodeType | None]:
    """The statements of `source`, and its last expression when that ends it."""
    if filename is None:
        filename = "<exec>"
    tree = compile(source, filename, "exec", flags | _ast.PyCF_ONLY_AST, dont_inherit=True)
    last = None
    if tree.body and isinstance(tree.body[-1], _ast.Expr):
        expression = _ast.Expression(tree.body.pop().value)
        last = compile(expression, filename, "eval", flags, dont_inherit=True)
    body = compile(tree, filename, "exec", flags, dont_inherit=True)
    if filename.startswith("<"):
        for code in (body, last) if last is not None else (body,):
            _traceback.remember(code, source)
    return body, last


def relaxed_call(function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """Call `function` without the arguments that its signature has no place for.

    JavaScript passes callbacks more arguments than most want: `array.map(f)` calls f(item, index,
    array).

    Args:
        function: any callable; one whose signature is unknown gets all arguments.

    >>> from pyjs.code import relaxed_call
    >>> relaxed_call(lambda x: x, 1, 2, other=3)
    1

    Source: Pyodide, pyodide.code.relaxed_call.
    """
    import inspect

    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return function(*args, **kwargs)
    kinds = {each.kind for each in parameters}
    if inspect.Parameter.VAR_KEYWORD not in kinds:
        names = {each.name for each in parameters if each.kind != each.POSITIONAL_ONLY}
        kwargs = {name: value for name, value in kwargs.items() if name in names}
    if inspect.Parameter.VAR_POSITIONAL not in kinds:
        named = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        args = args[: sum(each.kind in named for each in parameters)]
    return function(*args, **kwargs)
