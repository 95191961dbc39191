"""Builds the wheels, by an unmodified `pyodide build`.

python3 -m tools.wheel             build the wheel of every Pyodide into dist-wheel/
python3 -m tools.wheel 314 ...     only those
python3 -m tools.wheel sdist       make the source distribution, into dist-wheel/ too
python3 -m tools.wheel run 314 CMD ...   run a command with the tools and variables of that build
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from tools import cache, node, process, versions, wheel_env, wheel_python
from tools.report import ToolError, main, say
from tools.toolchain import sdk

ROOT = versions.ROOT
DIST = ROOT / "dist-wheel"
# Dates of the files in a wheel, from the first one that a zip can hold.
_EPOCH = "315532800"
# LLVM 21, Debian's, links position-independent code only with leave; the official SDK's needs none.
_DEBIAN_LINK = "-Wl,--experimental-pic"


def build(targets: list[versions.WheelTarget] | None = None, folder: Path = DIST) -> list[Path]:
    """Build the wheels of some targets, by default of all, and return their paths."""
    node.modules()
    # pyodide-build keeps its compiler wrappers in the source tree, for one build at a time.
    with cache.lock(f"wheel-{cache.key(str(ROOT))}"):
        return [_build(target, folder) for target in targets or versions.wheel_targets()]


def target(name: str) -> versions.WheelTarget:
    """What `name` is, such as 314, in runtime/versions.json."""
    known = {each.name: each for each in versions.wheel_targets()}
    if name not in known:
        raise ToolError(
            f"finding the Pyodide {name!r}: runtime/versions.json has {', '.join(known)}"
        )
    return known[name]


def abi(target: versions.WheelTarget) -> str:
    """The version in the platform tag of a target's wheels, such as 2026_0."""
    return str(wheel_env.lock_file(wheel_env.package(target))["info"]["abi_version"])


def built(target: versions.WheelTarget) -> Path:
    """The wheel of a target that lies in dist-wheel/."""
    found = list(DIST.glob(f"pyjs-*-pyemscripten_{abi(target)}_wasm32.whl"))
    if len(found) != 1:
        raise ToolError(
            f"finding the wheel for Pyodide {target.name}: expected one in {DIST}, found {found}; "
            "run make wheel"
        )
    return found[0]


def variables(target: versions.WheelTarget) -> dict[str, str]:
    """The environment in which `pyodide build` makes the wheel of a target."""
    env = dict(sdk().env)
    made = wheel_env.environment(target)
    tools = wheel_python.build_tools(made.python)
    env["PATH"] = f"{tools / 'bin'}{os.pathsep}{env['PATH']}"
    env["VIRTUAL_ENV"] = str(tools)
    env["PYODIDE_XBUILDENV_PATH"] = str(made.path)
    env.setdefault("SOURCE_DATE_EPOCH", _EPOCH)
    if "EM_CONFIG" in env:
        env["LDFLAGS"] = _DEBIAN_LINK
    if not target.checks_emscripten:
        env["SKIP_EMSCRIPTEN_VERSION_CHECK"] = "1"
    for name in ("PYTHONHOME", "PYTHONPATH", "PYODIDE_ROOT"):
        env.pop(name, None)
    return env


def sdist(folder: Path = DIST) -> Path:
    """Make the source distribution and return its path."""
    python = wheel_python.host_python(versions.wheel_targets()[0].python)
    program = wheel_python.build_tools(python) / "bin/python"
    with tempfile.TemporaryDirectory(prefix="pyjs-sdist-") as made:
        command: list[str | Path] = [
            program, "-m", "build", "--sdist", "--no-isolation", "--outdir", made, ROOT,
        ]  # fmt: skip
        process.run(command, "making the source distribution", cache.log_file("wheel-sdist"))
        return _put(Path(made), "*.tar.gz", folder)


def _build(target: versions.WheelTarget, folder: Path) -> Path:
    env = variables(target)
    log = cache.log_file(f"wheel-{target.name}")
    say("wheel", f"building for Pyodide {target.name}")
    with tempfile.TemporaryDirectory(prefix="pyjs-wheel-") as made:
        # Without isolation the compiler sees the same paths again, and a build goes on where the
        # last one ended; the pinned tools are those that pyproject.toml asks for.
        command: list[str | Path] = [
            "pyodide", "build", ROOT, "--outdir", made, "--no-isolation",
            "-C", f"build-dir={ROOT / 'build' / f'wheel-{target.name}'}",
        ]  # fmt: skip
        process.run(command, f"building the wheel for Pyodide {target.name}", log, env=env)
        return _put(Path(made), "*.whl", folder)


def _put(made: Path, pattern: str, folder: Path) -> Path:
    """Move the one file that was made into `folder`, in one step."""
    found = list(made.glob(pattern))
    if len(found) != 1:
        raise ToolError(f"building the wheel: expected one {pattern} in {made}, found {found}")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / found[0].name
    shutil.copy(found[0], f"{path}.new")
    os.replace(f"{path}.new", path)
    return path


def _entry(arguments: list[str]) -> int:
    match arguments:
        case ["run", name, command, *rest]:
            return process.become([command, *rest], variables(target(name)))
        case ["sdist"]:
            print(sdist())
            return 0
        case _:
            for path in build([target(name) for name in arguments]):
                print(path)
            return 0


if __name__ == "__main__":
    main(_entry)
