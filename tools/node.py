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


def locked(folder: Path, root: Path, tool: str) -> Path:
    """node_modules of what `folder`/package-lock.json pins, installed in the cache below `root`."""
    names = ("package.json", "package-lock.json")
    path = root / f"peers-{cache.key(*((folder / name).read_text() for name in names))}"
    root.mkdir(exist_ok=True)
    with cache.building(path) as needed:
        if needed:
            say(tool, f"installing the packages of {folder.name}/package.json")
            for name in names:
                shutil.copy(folder / name, path / name)
            command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            process.run(command, "installing them", cache.log_file(f"{tool}-npm"), cwd=path)
    return path / "node_modules"


def bundle(arguments: list[str], log: Path) -> None:
    """Run tools/bundle.mjs."""
    modules()
    command = ["node", "tools/bundle.mjs", *arguments]
    process.run(command, f"bundling {arguments[0]}", log, cwd=versions.ROOT)
