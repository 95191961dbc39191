"""JavaScript objects as Python modules: `import js`, and what is registered."""

import builtins
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, cast

from pyjs import _core
from pyjs._core import JsProxy
from pyjs._host import IS_GUEST

__all__ = ["js_import", "register_js_module", "unregister_js_module"]

registered: dict[str, JsProxy] = {}


def register_js_module(name: str, jsproxy: JsProxy) -> None:
    """Let Python import a JavaScript object as the module `name`.

    The module's attributes are the object's properties, live in both
    directions, and the JavaScript objects among them are its submodules.
    `from name import *` takes the object's own enumerable properties. A name
    that was registered before stands for the new object from the next import
    on; a registered name comes before a file or built-in module of that name
    that has not been imported yet.

    Args:
        name: what `import` calls it.
        jsproxy: the object.

    Raises:
        TypeError: `name` is not a str, or `jsproxy` not a JsProxy.

    >>> from pyjs import register_js_module, run_js, unregister_js_module
    >>> register_js_module("shapes", run_js("({sides: 4, round: {pi: 3.14}})"))
    >>> from shapes import sides
    >>> from shapes.round import pi
    >>> sides, pi
    (4, 3.14)
    >>> unregister_js_module("shapes")

    Source: Pyodide's API reference, "pyodide.ffi.register_js_module".
    """
    _expect_name("register_js_module", name)
    if not isinstance(jsproxy, JsProxy):
        raise TypeError(
            f"register_js_module: expected a JsProxy for {name!r}, got {type(jsproxy).__name__}"
        )
    _forget(name)
    registered[name] = jsproxy


def unregister_js_module(name: str) -> None:
    """Undo `register_js_module`: the module and its submodules cannot be imported any more.

    Who holds the module already can go on using it.

    Args:
        name: what it was registered as.

    Raises:
        TypeError: `name` is not a str.
        ValueError: no module is registered as `name`.

    >>> from pyjs import js, register_js_module, unregister_js_module
    >>> register_js_module("maths", js.Math)
    >>> unregister_js_module("maths")
    >>> try:
    ...     import maths
    ... except ModuleNotFoundError as error:
    ...     print(error)
    No module named 'maths'

    Source: Pyodide's API reference, "pyodide.ffi.unregister_js_module".
    """
    _expect_name("unregister_js_module", name)
    if name not in registered:
        raise ValueError(
            f"unregister_js_module: expected a registered JavaScript module, got {name!r}"
        )
    _forget(name)
    del registered[name]


async def js_import(url: str) -> JsProxy:
    """Import an ES module and return its namespace: JavaScript's `import()`.

    Args:
        url: of the module. A relative one starts at the page (in a worker: at
            the worker's script), in Node at the current folder.

    Raises:
        TypeError: `url` is not a str.
        JsException: what JavaScript throws: the module cannot be loaded, it
            has a syntax error, or its code throws.

    >>> from pyjs import js_import
    >>> module = await js_import("data:text/javascript,export const answer = 42")
    >>> module.answer
    42

    Source: ECMA-262, "Import Calls"; the HTML Standard, "document base URL".
    """
    if not isinstance(url, str):
        raise TypeError(f"js_import: expected a URL as a str, got {type(url).__name__}")
    return cast(JsProxy, await _core.js_import(url))


def install() -> None:
    """Make `pyjs.js` and what is registered importable; import `js`, unless it is the host's."""
    registered["pyjs.js"] = _core.js
    sys.meta_path.insert(0, Finder())
    if not IS_GUEST:
        registered["js"] = registered["jstypes.global_this"] = _core.js
        __import__("js")


def _expect_name(operation: str, name: Any) -> None:
    if not isinstance(name, str):
        raise TypeError(f"{operation}: expected the name as a str, got {type(name).__name__}")


def _forget(name: str) -> None:
    """Drop the module and its submodules from the import system; Python's own stay."""
    for key, module in list(sys.modules.items()):
        if (key == name or key.startswith(f"{name}.")) and isinstance(module, JsProxy):
            del sys.modules[key]


def _find(name: str) -> JsProxy | None:
    """What is registered, or a JavaScript object within a module that is one."""
    if name in registered:
        return registered[name]
    parent, _, child = name.rpartition(".")
    module: Any = sys.modules.get(parent)
    found = getattr(module, child, None) if isinstance(module, JsProxy) else None
    return found if isinstance(found, JsProxy) else None


class Finder:
    """Finds registered objects, and objects within them.

    Without a base of importlib.abc, whose import brings half of the standard library with it.
    """

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if _find(fullname) is None:
            return None
        return ModuleSpec(fullname, cast(Any, _Loader()), origin="javascript", is_package=True)


class _Loader:
    """Makes the module; keeps no reference to it, for the module keeps its loader."""

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        found = _find(spec.name)
        if found is None:
            raise ModuleNotFoundError(f"No module named {spec.name!r}", name=spec.name)
        half = _GlobalHalf(spec) if found == _core.js else _Half(spec)
        # To the import system a module is whatever a loader makes.
        return cast(ModuleType, _core.js_module(found, half))

    def exec_module(self, module: ModuleType) -> None:
        """JavaScript has run it."""


class _Half:
    """The attributes of a module that are Python's; the core asks JavaScript for all others."""

    __slots__ = ("__loader__", "__name__", "__package__", "__path__", "__proxy__", "__spec__")

    def __init__(self, spec: ModuleSpec) -> None:
        self.__name__ = spec.name
        self.__package__ = spec.name
        self.__spec__ = spec
        self.__loader__ = spec.loader
        self.__path__: list[str] = []
        self.__proxy__: Any = None  # the core puts a weak reference to the module's proxy here

    @property
    def __all__(self) -> list[str]:
        return [_as_attribute(name) for name in self.__proxy__().object_keys()]


class _GlobalHalf(_Half):
    """globalThis: its classes cannot be enumerated, and its `print` and `open` are not meant."""

    __slots__ = ()

    @property
    def __all__(self) -> list[str]:
        module = self.__proxy__()
        names = _core.js.Object.getOwnPropertyNames(module)
        return [name for name in names if name.isidentifier() and _wanted(module, name)]


def _wanted(module: JsProxy, name: str) -> bool:
    if name.startswith("_") or hasattr(builtins, name):
        return False
    try:
        return hasattr(module, name)
    except _core.JsException:
        return False  # a browser refuses: localStorage without an origin


def _as_attribute(name: str) -> str:
    """`from` is the property `from_` in Python, and so on."""
    from keyword import kwlist

    return f"{name}_" if name.rstrip("_") in kwlist else name
