"""The modules that programs for Pyodide import, on this bridge.

Each is imported when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyodide import code, console, ffi, http, webloop

__version__ = "314.0.7"

__all__ = ["__version__", "code", "console", "ffi", "http", "webloop"]

_MODULES = ("_package_loader", "_state", "code", "common", "console", "ffi", "http", "webloop")

if not TYPE_CHECKING:  # a checker would believe that the module has every name

    def __getattr__(name: str) -> Any:
        if name not in _MODULES:
            raise AttributeError(f"module 'pyodide' has no attribute {name!r}")
        return import_module(f"pyodide.{name}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES})
