"""Running Python source as a console would: the value of the last expression is the result."""

import _ast
import sys
from _collections_abc import Callable, Iterable
from types import CodeType
from typing import TYPE_CHECKING, Any

from pyjs import _traceback
from pyjs._core import js

if TYPE_CHECKING:
    from pyjs._code_runner import (
        CodeRunner,
        eval_code,
        eval_code_async,
        should_quiet,
    )
else:

    def __getattr__(name: str) -> Any:
        """Import what few programs need when it is first asked for."""
        if name not in __all__:
            raise AttributeError(f"module 'pyjs.code' has no attribute {name!r}")
        from pyjs import _code_runner

        return getattr(_code_runner, name)

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})


__all__ = [
    "CodeRunner",
    "eval_code",
    "eval_code_async",
    "find_imports",
    "relaxed_call",
    "relaxed_wrap",
    "run",
    "run_async",
    "run_js",
    "should_quiet",
]

CO_COROUTINE = 0x80  # inspect.CO_COROUTINE; importing inspect takes longer than most programs
# Where statements hold statements; expressions hold no imports.
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


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
    names = namespace(globals)
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
    names = namespace(globals)
    body, last = _compile(source, filename, _ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    local = names if locals is None else locals
    await _step(body, names, local)
    return None if last is None else await _step(last, names, local)


async def _step(code: CodeType, names: dict[str, Any], local: Any) -> Any:
    result = eval(code, names, local)
    return await result if code.co_flags & CO_COROUTINE else result


def namespace(given: dict[str, Any] | None) -> dict[str, Any]:
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


def dedented(source: str) -> str:
    """`source` without the indentation that all of its lines share."""
    first = next((line for line in source.splitlines() if line.strip()), "")
    if not first[:1].isspace():
        return source  # as most is, and textwrap takes long to import
    import textwrap

    return textwrap.dedent(source)


def find_imports(source: str) -> list[str]:
    """The names of the modules that Python source imports, sorted, each with its packages.

    Args:
        source: Python source; may await at the top level, and be indented as a whole. What is not
            Python imports nothing. Relative imports are left out.

    Raises:
        TypeError: `source` is not a str.

    >>> from pyjs.code import find_imports
    >>> find_imports("import numpy as np; from scipy.stats import norm")
    ['numpy', 'scipy', 'scipy.stats']

    Source: Pyodide, pyodide.code.find_imports.
    """
    if not isinstance(source, str):
        raise TypeError(f"find_imports: expected source as a str, got {type(source).__name__}")
    import warnings

    flags = _ast.PyCF_ONLY_AST | _ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # running the source will tell
            tree = compile(dedented(source), "<imports>", "exec", flags, dont_inherit=True)
    except SyntaxError:
        return []
    found: set[str] = set()
    left: list[Any] = [tree]
    while left:
        node = left.pop()
        for block in _BLOCKS:
            left += getattr(node, block, ())
        for name in _imported(node):
            while name:
                found.add(name)
                name = name.rpartition(".")[0]
    return sorted(found)


def _imported(node: Any) -> Iterable[str]:
    if isinstance(node, _ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, _ast.ImportFrom) and not node.level and node.module:
        return [node.module]
    return ()


def relaxed_call(func: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """Call `func` without the arguments that its signature has no place for.

    JavaScript passes callbacks more arguments than most want: `array.map(f)` calls f(item, index,
    array).

    Args:
        func: any callable; one whose signature is unknown gets all arguments.

    >>> from pyjs.code import relaxed_call
    >>> relaxed_call(lambda x: x, 1, 2, other=3)
    1

    Source: Pyodide, pyodide.code.relaxed_call.
    """
    parameters = _parameters(func)
    return func(*args, **kwargs) if parameters is None else _call(func, parameters, args, kwargs)


def relaxed_wrap(func: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function that calls `func` without the arguments that it has no place for.

    Args:
        func: any callable whose signature is known.

    Raises:
        TypeError: its signature is unknown, or it is no callable.

    >>> from pyjs import js
    >>> from pyjs.code import relaxed_wrap
    >>> @relaxed_wrap
    ... def double(x):
    ...     return 2 * x
    >>> js.Array.of(1, 2).map(double).join()
    '2,4'

    Source: Pyodide, pyodide.code.relaxed_wrap.
    """
    import functools

    parameters = _parameters(func)
    if parameters is None:
        raise TypeError(f"Cannot wrap function: relaxed_wrap finds no signature of {func!r}")

    @functools.wraps(func)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return _call(func, parameters, args, kwargs)

    return wrapper


def _parameters(func: Callable[..., Any]) -> list[Any] | None:
    """The parameters that a callable declares; None when it tells none."""
    import inspect

    try:
        return [*inspect.signature(func).parameters.values()]
    except (TypeError, ValueError):
        return None


def _call(
    func: Callable[..., Any], parameters: list[Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    kinds = {each.kind for each in parameters}
    if not any(kind == kind.VAR_KEYWORD for kind in kinds):
        names = {each.name for each in parameters if each.kind != each.POSITIONAL_ONLY}
        kwargs = {name: value for name, value in kwargs.items() if name in names}
    if not any(kind == kind.VAR_POSITIONAL for kind in kinds):
        named = [each for each in parameters if each.kind <= each.POSITIONAL_OR_KEYWORD]
        args = args[: len(named)]
    return func(*args, **kwargs)
