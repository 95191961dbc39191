"""What makes the interpreter one that programs for Pyodide know: `loadPyodide` calls `install`."""

import gc
import importlib
import sys
from types import ModuleType
from typing import Any

from pyjs import _core, _first_import, ffi, importer

# What Pyodide's own module in C has, of what its users may call.
_CORE = (
    "ConversionError",
    "JsException",
    "can_run_sync",
    "create_once_callable",
    "create_proxy",
    "destroy_proxies",
    "jsnull",
    "run_sync",
    "to_js",
)


def install() -> None:
    """Set up what programs for Pyodide look at, once; called by JavaScript's `loadPyodide`.

    - `_pyodide_core` is in sys.modules, by which programs know Pyodide, with the bridge's
      functions; so is `pyodide`, whose submodules are imported when they are asked for.
    - Tasks have the methods of promises: asyncio's first import makes them PromiseTasks.
    """
    if "_pyodide_core" in sys.modules:
        return
    core = ModuleType("_pyodide_core", "The bridge's functions.")
    vars(core).update({name: getattr(ffi, name) for name in _CORE})
    sys.modules["_pyodide_core"] = core
    importlib.import_module("pyodide")
    _first_import.install({"asyncio": _use_promise_tasks})


def _use_promise_tasks() -> None:
    from pyjs.webloop import PromiseTask, WebLoop

    WebLoop.task_type = PromiseTask


def save_state() -> dict[str, Any]:
    """Record the names of `__main__`, and the JavaScript modules; see `restore_state`.

    >>> from pyjs._pyodide_host import save_state
    >>> sorted(save_state())
    ['globals', 'js_modules', 'loaded_js_modules']
    """
    return {
        "globals": dict(sys.modules["__main__"].__dict__),
        "js_modules": dict(importer.registered),
        "loaded_js_modules": _loaded(),
    }


def restore_state(state: dict[str, Any]) -> int:
    """Make the names of `__main__`, and the JavaScript modules, what they were.

    Python modules that were imported meanwhile stay: what they hold is not known.

    Args:
        state: what `save_state` gave.

    Returns:
        How many unreachable objects Python's collector then found.
    """
    names = sys.modules["__main__"].__dict__
    names.clear()
    names.update(state["globals"])
    importer.registered.clear()
    importer.registered.update(state["js_modules"])
    for name in _loaded().keys() - state["loaded_js_modules"].keys():
        del sys.modules[name]
    sys.modules.update(state["loaded_js_modules"])
    return gc.collect()


def _loaded() -> dict[str, Any]:
    return {name: each for name, each in sys.modules.items() if isinstance(each, _core.JsProxy)}
