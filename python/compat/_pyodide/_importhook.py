"""How JavaScript objects become modules."""

from collections.abc import Mapping
from typing import Any

from pyjs import _missing_modules, importer
from pyjs.importer import register_js_module, unregister_js_module

__all__ = [
    "JsFinder",
    "add_note_to_module_not_found_error",
    "jsfinder",
    "register_js_module",
    "register_module_not_found_hook",
    "unregister_js_module",
]


class JsFinder(importer.Finder):
    """Finds JavaScript's modules, for `sys.meta_path`; one stands there from the start."""

    def register_js_module(self, name: str, jsproxy: Any) -> None:
        """What `pyodide.ffi.register_js_module` does."""
        register_js_module(name, jsproxy)

    def unregister_js_module(self, name: str) -> None:
        """What `pyodide.ffi.unregister_js_module` does."""
        unregister_js_module(name)


jsfinder = JsFinder()


def register_module_not_found_hook(packages: Any) -> None:
    """Let errors about missing modules tell which package brings them.

    Args:
        packages: the packages of a lock file, by name, as dicts or JavaScript objects with their
            `imports`.
    """
    known = packages if isinstance(packages, Mapping) else packages.to_py()
    _missing_modules.register(
        {module: name for name, package in known.items() for module in package["imports"]}
    )


def add_note_to_module_not_found_error(e: ModuleNotFoundError) -> None:
    """Let an error about a missing module tell which package brings it, if one does."""
    _missing_modules.advise(e)
