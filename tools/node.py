"""Node's packages and the bundler."""

from __future__ import annotations

import shutil
from pathlib import Path

from tools import cache, process, versions
from tools.report import ToolError, say

_MODULES = versions.ROOT / "node_modules"
_LOCK = versions.ROOT / "package-lock.json"


def modules() -> Path:
    """node_modules as package-lock.json says, installed when it is not."""
    mark = _MODULES / ".pyjs-lock"
    wanted = cache.key(_LOCK.read_text())
    with cache.lock("node_modules"):
        if not mark.exists() or mark.read_text() != wanted:
            _install()
            mark.write_text(wanted)
    return _MODULES


def _install() -> None:
    if shutil.which("npm") is None:
        raise ToolError(
            "installing Node's packages: npm is not on PATH; install Node 20 or newer with npm"
        )
    say("node", "installing packages")
    command = ["npm", "ci", "--no-audit", "--no-fund"]
    process.run(command, "installing Node's packages", cache.log_file("npm"), cwd=versions.ROOT)


def bundle(arguments: list[str], log: Path) -> None:
    """Run tools/bundle.mjs."""
    modules()
    command = ["node", "tools/bundle.mjs", *arguments]
    process.run(command, f"bundling {arguments[0]}", log, cwd=versions.ROOT)
