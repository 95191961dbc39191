"""Checks that imports run one way (docs/architecture.md, "Layers").

python3 -m tools.layers
"""

from __future__ import annotations

import re
from graphlib import CycleError, TopologicalSorter

from tools import versions
from tools.report import ToolError, main, plain

ROOT = versions.ROOT

# Public headers, from the bottom: a header includes only what stands before it.
_HEADERS = ("handle", "error", "convert", "proxy", "suspend", "module", "pyjs")
# The loader may know the core's types, never its code; the core knows nothing of the loader.
_TYPES_ONLY = re.compile(r'^import type .* from "(?:\.\./)+core/', re.MULTILINE)
# pyodide.mjs imports pyjs.mjs: what it took of js/runtime itself would be there twice.
_OF_RUNTIME = re.compile(r'^import type .* from "\.\./runtime/', re.MULTILINE)
_IMPORT = re.compile(
    r'^(?:import|export)\b(?P<names>[^;]*?)from "(?P<target>\.[^"]+)"', re.MULTILINE
)


def check() -> None:
    """Raise a ToolError that names the first import of a forbidden kind."""
    _check_headers()
    _check_cpp()
    _check_typescript("js/core", allowed=("js/core",))
    _check_typescript("js/runtime", allowed=("js/runtime",))
    _check_typescript("js/compat", ("js/compat", "js/runtime/options"), _OF_RUNTIME)
    _check_typescript("js/wheel", allowed=("js/wheel", "js/core", "js/runtime"))
    _check_package()


def _check_headers() -> None:
    for rank, name in enumerate(_HEADERS):
        text = (ROOT / f"include/pyjs/{name}.hpp").read_text()
        for included in re.findall(r'#include "pyjs/(\w+)\.hpp"', text):
            if included not in _HEADERS[:rank]:
                raise ToolError(
                    f"layers: include/pyjs/{name}.hpp includes {included}.hpp, a later layer"
                )


def _check_cpp() -> None:
    """C++ never imports the Python package: it gets what it needs through hooks."""
    for path in sorted((ROOT / "src").glob("*.cpp")):
        if re.search(r'(?:ImportModule|module_::import)\("pyjs', path.read_text()):
            raise ToolError(
                f"layers: {path.relative_to(ROOT)} imports the Python package; use a hook"
            )


def _check_typescript(
    folder: str, allowed: tuple[str, ...], types: re.Pattern[str] = _TYPES_ONLY
) -> None:
    for path in sorted((ROOT / folder).rglob("*.ts")):
        if path.name.endswith(".d.ts"):
            continue  # types alone
        text = types.sub("", path.read_text())
        for match in _IMPORT.finditer(text):
            target = (path.parent / match["target"]).resolve().relative_to(ROOT)
            if not str(target).startswith(allowed):
                raise ToolError(f"layers: {path.relative_to(ROOT)} imports {target}")


def _check_package() -> None:
    """The modules of the Python package import each other without a cycle at import time."""
    graph: dict[str, set[str]] = {}
    for path in sorted((ROOT / "python/pyjs").glob("*.py")):
        top_level = re.findall(
            r"^from pyjs(?:\.(\w+))? import ([\w, ]+)", path.read_text(), re.MULTILINE
        )
        graph[path.stem] = {name for module, names in top_level for name in _modules(module, names)}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise ToolError(
            f"layers: the Python package imports itself in a circle: {error.args[1]}"
        ) from error


def _modules(module: str, names: str) -> set[str]:
    if module:
        return set() if module == "_core" else {module}
    found = {name.strip() for name in names.split(",")}
    return {name for name in found if (ROOT / f"python/pyjs/{name}.py").exists()}


if __name__ == "__main__":
    main(plain("layers", check))
