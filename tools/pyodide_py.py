"""Pyodide's package on PyPI, for what it declares: no code of it is run, or part of anything here.

python3 -m tools.pyodide_py   fetch it into the cache
"""

from __future__ import annotations

from pathlib import Path

from tools import cache, process, pyvenv, versions
from tools.report import ToolError, main, plain, say

_RECIPE = cache.recipe(__file__)


def wheel() -> Path:
    """The wheel of pyodide-py, fetched when missing."""
    pins = versions.python_tools("pyodide-py")
    path = cache.root() / f"pyodide-py-{cache.key(_RECIPE, *pins)}"
    with cache.building(path) as needed:
        if needed:
            say("pyodide-py", "fetching")
            _fetch(pins, path)
    found = list(path.glob("*.whl"))
    if len(found) != 1:
        raise ToolError(f"fetching pyodide-py: expected one wheel in {path}, found {len(found)}")
    return found[0]


def _fetch(pins: list[str], path: Path) -> None:
    # It is for a newer Python than runs this.
    which = ["--no-deps", "--only-binary=:all:", "--python-version", "3.14"]
    pip = [str(pyvenv.program("python")), "-m", "pip", "download", *which, "--dest", str(path)]
    process.run([*pip, *pins], "fetching pyodide-py", cache.log_file(path.name))


if __name__ == "__main__":
    main(plain("pyodide-py", lambda: print(wheel())))
