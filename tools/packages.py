"""Packages from PyPI for the distribution, pinned in runtime/packages.json, and its lock file."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass
from functools import cache as memoized
from pathlib import Path
from typing import Any

from tools import cache, process, pyvenv, versions
from tools.report import ToolError, say
from tools.toolchain import sdk

FILE = versions.ROOT / "runtime" / "packages.json"
LOCK = "pyodide-lock.json"


@dataclass(frozen=True)
class Pin:
    """A wheel: what it is called, and its checksum."""

    version: str
    file: str
    sha256: str


@memoized
def _data() -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(FILE.read_text())
    except (OSError, ValueError) as error:
        raise ToolError(f"reading {FILE}: expected the JSON file of packages: {error}") from error
    return data


def base() -> list[str]:
    """The packages that every distribution has."""
    return list(_data()["base"])


def pins() -> dict[str, Pin]:
    """All pinned packages by name."""
    return {name: Pin(**entry) for name, entry in _data()["packages"].items()}


def save(found: dict[str, Pin]) -> None:
    """Pin other packages, beside those that are pinned."""
    packages = pins() | found
    entries = {name: asdict(pin) for name, pin in sorted(packages.items())}
    FILE.write_text(json.dumps({**_data(), "packages": entries}, indent=2) + "\n")
    _data.cache_clear()


def complete(dist: Path, names: list[str], given: list[Path] | None = None) -> list[str]:
    """Put packages, with those that they need, and the wheels `given` into `dist`; write its lock.

    Gives the names of what is in the lock file.
    """
    entries, wheels = _closure(names, given or [])
    for wheel in wheels.values():
        if not (dist / wheel.name).exists() or _sha256(dist / wheel.name) != _sha256(wheel):
            shutil.copy(wheel, dist / wheel.name)
    _write_lock(dist / LOCK, entries)
    return sorted(entries)


def is_complete(dist: Path) -> bool:
    """Whether the lock file is this runtime's, and has what every distribution has."""
    path = dist / LOCK
    if not path.exists():
        return False
    lock = json.loads(path.read_text())
    known = pins()
    return bool(lock["info"] == _info()) and all(
        lock["packages"].get(name, {}).get("sha256") == known[name].sha256 for name in base()
    )


def _closure(
    names: list[str], given: list[Path]
) -> tuple[dict[str, dict[str, Any]], dict[str, Path]]:
    """The lock file's entries, and the wheels, of packages and of what they need, by name."""
    entries = {entry["name"]: entry for entry in _read(given)}
    wheels = {entry["name"]: path for entry, path in zip(_read(given), given, strict=True)}
    wanted = [name for name in names if name not in entries]
    wanted += [name for entry in entries.values() for name in entry["depends"]]
    while missing := sorted({name for name in wanted if name not in entries}):
        paths = _wheels(missing)
        for entry, path in zip(_read(paths), paths, strict=True):
            entries[entry["name"]], wheels[entry["name"]] = entry, path
            wanted += entry["depends"]
    return entries, wheels


def _wheels(names: list[str]) -> list[Path]:
    """The pinned wheels, downloaded when they are not in the cache."""
    known = pins()
    for name in names:
        if name not in known:
            raise ToolError(
                f"completing the distribution: {name} is not pinned in runtime/{FILE.name}; "
                f"python3 -m tools.dist --pin {name} pins it"
            )
    folder = cache.root() / "packages"
    with cache.lock("packages"):
        missing = {name: known[name] for name in names if not (folder / known[name].file).exists()}
        if missing:
            say("packages", f"downloading {', '.join(missing)}")
            _download(missing, folder)
    return [folder / known[name].file for name in names]


def _download(wanted: dict[str, Pin], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        lines = [
            f"{name}=={pin.version} --hash=sha256:{pin.sha256}" for name, pin in wanted.items()
        ]
        listed = Path(scratch, "requirements.txt")
        listed.write_text("\n".join(lines))
        command = [
            *pip("download"),
            "--no-deps",
            "--require-hashes",
            "--dest",
            scratch,
            "-r",
            listed,
        ]
        process.run(command, "downloading packages", cache.log_file("packages"))
        for pin in wanted.values():
            if not Path(scratch, pin.file).exists():
                raise ToolError(f"downloading packages: the index has no {pin.file}")
            os.replace(Path(scratch, pin.file), folder / pin.file)


def pip(verb: str) -> list[str | Path]:
    """A command of pip's for wheels that run in the runtime."""
    python = versions.source("cpython").version.rpartition(".")[0]
    return [
        *_pip(_lock_environment()), verb,
        "--disable-pip-version-check",
        "--only-binary=:all:",
        f"--platform=pyemscripten_{versions.abi()}_wasm32",
        f"--python-version={python}",
        "--implementation=cp",
        f"--abi=cp{python.replace('.', '')}",
        "--abi=abi3",
        "--abi=none",
    ]  # fmt: skip


def _read(wheels: list[Path]) -> list[dict[str, Any]]:
    """What the lock file says of wheels."""
    if not wheels:
        return []
    return list(_run_lock({"verb": "read", "wheels": [str(path) for path in wheels]}))


def _write_lock(path: Path, entries: dict[str, dict[str, Any]]) -> None:
    staged = path.with_suffix(".new")
    _run_lock({"verb": "write", "packages": entries, "path": str(staged)})
    os.replace(staged, path)


def _run_lock(request: dict[str, Any]) -> Any:
    """Let tools/packages_lock.py work, in the environment that has pyodide-lock."""
    script = Path(__file__).with_name("packages_lock.py")
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({**request, "info": _info()}, file)
        file.flush()
        python = _lock_environment() / "bin/python"
        return json.loads(process.output([python, script, file.name], "writing the lock file"))


def _lock_environment() -> Path:
    """An environment with pyodide-lock, of the runtime's Python: the tools' may be older."""
    wanted = versions.python_tools("dist")
    python = sdk().build_python
    path = cache.root() / f"venv-dist-{cache.key(*wanted, str(python))}"
    with cache.building(path) as needed:
        if needed:
            log = cache.log_file(path.name)
            say("packages", "installing pyodide-lock")
            process.run([python, "-m", "venv", "--without-pip", path], "making an environment", log)
            install = ["install", "--disable-pip-version-check", *wanted]
            process.run([*_pip(path), *install], "installing pyodide-lock", log)
    return path


def _pip(environment: Path) -> list[str | Path]:
    """The tools' pip at work for another environment, which has none."""
    return [pyvenv.program("python"), "-m", "pip", "--python", environment / "bin/python"]


def _info() -> dict[str, str]:
    return {
        "arch": "wasm32",
        "platform": f"emscripten_{sdk().version.replace('.', '_')}",
        "python": versions.source("cpython").version,
        "abi_version": versions.abi(),
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
