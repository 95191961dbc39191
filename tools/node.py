"""Node's packages, the bundler, and a Node that can suspend stacks."""

from __future__ import annotations

import platform
import shutil
import sys
from pathlib import Path

from tools import cache, process, versions
from tools.report import ToolError, say

_MODULES = versions.ROOT / "node_modules"
_LOCK = versions.ROOT / "package-lock.json"
_PINS = ("package.json", "package-lock.json")
_WITH_JSPI = versions.ROOT / "tools" / "node-jspi"
_MACHINES = {"x86_64": "x64", "aarch64": "arm64"}


class NotForThisMachine(ToolError):
    """There is no such program for the machine; nothing to be mended."""


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


def installed(pins: Path, folder: Path, what: str) -> Path:
    """node_modules as the pins say, in a cache folder named `folder` and their hash."""
    key = cache.key(*((pins / name).read_text() for name in _PINS))
    path = folder.with_name(f"{folder.name}-{key}")
    path.parent.mkdir(exist_ok=True)
    with cache.building(path) as needed:
        if needed:
            say("node", f"installing {what}")
            for name in _PINS:
                shutil.copy(pins / name, path / name)
            # Install scripts could download from anywhere.
            command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            log = cache.log_file(f"{folder.name}-npm")
            process.run([*command, "--include=optional"], f"installing {what}", log, cwd=path)
    return path / "node_modules"


def with_jspi() -> Path:
    """The program of the Node with JSPI that tools/node-jspi pins; Node 20 has no JSPI."""
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        raise NotForThisMachine(
            "a Node with JSPI: tools/node-jspi/package.json pins npm packages with the program for "
            f"Linux on x86_64 and aarch64; this is {sys.platform} on {platform.machine()}"
        )
    packages = installed(_WITH_JSPI, cache.root() / "node-jspi", "a Node with JSPI")
    return packages / f"node-linux-{machine}" / "bin" / "node"


def bundle(arguments: list[str], log: Path) -> None:
    """Run tools/bundle.mjs."""
    modules()
    command = ["node", "tools/bundle.mjs", *arguments]
    process.run(command, f"bundling {arguments[0]}", log, cwd=versions.ROOT)
