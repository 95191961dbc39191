"""Virtual environments of pinned Python tools, kept in the cache.

python3 -m tools.pyvenv             make the developers' environment
python3 -m tools.pyvenv run CMD...  run a command in it
"""

from __future__ import annotations

import os
import sys
import venv
from pathlib import Path

from tools import cache, process, versions
from tools.report import ToolError, main, say


def environment(group: str = "dev") -> Path:
    """The folder of a virtual environment with the pinned tools of `group`, made when missing."""
    wanted = versions.python_tools(group)
    path = cache.root() / f"venv-{group}-{cache.key(*wanted, sys.version, sys.base_prefix)}"
    with cache.building(path) as needed:
        if needed:
            say("pyvenv", f"installing {len(wanted)} Python tools ({group})")
            _make(path, wanted, cache.log_file(path.name))
    return path


def program(name: str, group: str = "dev") -> Path:
    """A program of a virtual environment."""
    path = environment(group) / "bin" / name
    if not path.exists():
        raise ToolError(
            f"finding {name}: not among the tools of group {group!r}; see {path.parent}"
        )
    return path


def activated(group: str = "dev", env: dict[str, str] | None = None) -> dict[str, str]:
    """The environment variables with which the tools of `group` are found first."""
    base = dict(os.environ if env is None else env)
    path = environment(group)
    base["VIRTUAL_ENV"] = str(path)
    base["PATH"] = f"{path / 'bin'}{os.pathsep}{base.get('PATH', os.defpath)}"
    base.pop("PYTHONHOME", None)
    return base


def _make(path: Path, wanted: list[str], log: Path) -> None:
    try:
        venv.EnvBuilder(with_pip=True, symlinks=True).create(path)
    except Exception as error:
        raise ToolError(
            f"making a virtual environment in {path}: {error}; on Debian, the package "
            "python3-venv is needed"
        ) from error
    # pip reads the user's own configuration: index, proxy, certificates.
    pip = [str(path / "bin/python"), "-m", "pip", "install", "--disable-pip-version-check"]
    process.run([*pip, *wanted], "installing Python tools", log)


def _entry(arguments: list[str]) -> int:
    match arguments:
        case []:
            print(environment())
            return 0
        case ["run", command, *rest]:
            return process.become([command, *rest], activated())
        case _:
            raise ToolError("usage: python3 -m tools.pyvenv [run CMD ARGS...]")


if __name__ == "__main__":
    main(_entry)
