"""Running Python and JavaScript source.

Source: Pyodide's API reference, pyodide.code.
"""

from collections.abc import Callable
from typing import Any

from pyjs import code as _code
from pyjs.code import (
    CodeRunner,
    eval_code,
    eval_code_async,
    find_imports,
    relaxed_wrap,
    run_js,
    should_quiet,
)

__all__ = [
    "CodeRunner",
    "eval_code",
    "eval_code_async",
    "find_imports",
    "relaxed_call",
    "relaxed_wrap",
    "run_js",
    "should_quiet",
]


def relaxed_call[T](func: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Call `func` without the arguments that its signature has no place for.

    Source: Pyodide, pyodide.code.relaxed_call.
    """
    result: T = _code.relaxed_call(func, *args, **kwargs)
    return result
