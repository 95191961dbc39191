"""Another place of what `pyodide.code` has."""

from typing import Any

from pyjs._code_runner import (
    CodeRunner,
    ReturnMode,
    eval_code,
    eval_code_async,
    should_quiet,
)
from pyjs.code import find_imports

__all__ = [
    "CodeRunner",
    "ReturnMode",
    "eval_code",
    "eval_code_async",
    "find_imports",
    "pyimport_impl",
    "should_quiet",
]


def pyimport_impl(path: str) -> Any:
    """A module, or what it has, by its dotted name; JavaScript's `pyodide.pyimport`.

    Args:
        path: such as "math" or "math.sin".

    Raises:
        ModuleNotFoundError: there is no such module.
        AttributeError: the module has nothing of that name.
    """
    from importlib import import_module

    stem, _, name = path.rpartition(".")
    try:
        return import_module(path)
    except ModuleNotFoundError as error:
        if not stem or error.name != path:
            raise
    return getattr(pyimport_impl(stem), name)
