"""Whose interpreter this is: the project's own runtime, or one that pyjs was installed into."""

import sys
from typing import TYPE_CHECKING

if not TYPE_CHECKING and sys.platform != "emscripten":
    raise ImportError(
        "pyjs joins Python to JavaScript in WebAssembly, and this is CPython on "
        f"{sys.platform}: use it in Pyodide (await micropip.install('pyjs')) or in its own runtime "
        "(loadPyjs() of the npm package pyjs)"
    )

# Then the event loop, the suspension of stacks, and the modules `js` and `pyodide` are the host's.
IS_GUEST = "pyjs._core" not in sys.builtin_module_names

_POLICY = (
    "the page's Content-Security-Policy has to allow 'unsafe-eval' in script-src: Pyodide compiles "
    "the JavaScript of extension modules that way"
)


def explain(error: ImportError) -> ImportError:
    """What to say of a core that could not be imported.

    >>> from pyjs._host import explain
    >>> print(explain(ImportError("bad export type", name="pyjs._core")))
    importing pyjs: bad export type
    """
    text = str(error)
    if "eval" in text.lower():
        reason = _POLICY
    elif "module export function" in text:
        reason = (
            "the extension was not loaded whole when it was installed, and the error of "
            f"micropip.install says why; {_POLICY}"
        )
    elif isinstance(error, ModuleNotFoundError):
        version = ".".join(map(str, sys.version_info[:2]))
        reason = (
            f"this wheel has no extension module for CPython {version} here: install the one of "
            "this Pyodide's version (await micropip.install('pyjs'))"
        )
    else:
        reason = text
    return ImportError(f"importing pyjs: {reason}", name=error.name, path=error.path)
