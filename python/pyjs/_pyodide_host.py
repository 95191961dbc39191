"""What programs written for Pyodide expect to find when they start."""

import sys
from typing import Any

from pyjs import _core, importer


def install() -> None:
    """Give the core the name that Pyodide's has."""
    sys.modules.setdefault("_pyodide_core", _core)


def save_state() -> dict[str, Any]:
    """The names of `__main__`, and the JavaScript modules."""
    return {
        "globals": dict(sys.modules["__main__"].__dict__),
        "js_modules": dict(importer._registered),
        "loaded_js_modules": _loaded(),
    }


def restore_state(state: dict[str, Any]) -> int:
    """Put back what `save_state` gave."""
    names = sys.modules["__main__"].__dict__
    names.clear()
    names.update(state["globals"])
    importer._registered.clear()
    importer._registered.update(state["js_modules"])
    for name in _loaded().keys() - state["loaded_js_modules"].keys():
        del sys.modules[name]
    sys.modules.update(state["loaded_js_modules"])
    return 0


def _loaded() -> dict[str, Any]:
    return {name: each for name, each in sys.modules.items() if isinstance(each, _core.JsProxy)}
