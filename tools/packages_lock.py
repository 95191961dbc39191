"""Reads wheels, and writes pyodide-lock.json as the package pyodide-lock defines it.

Run by tools/packages.py in the environment `dist`: packages_lock.py REQUEST, a JSON file.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path, PurePosixPath
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pyodide_lock import PackageSpec, PyodideLockSpec


def entry(wheel: Path, info: dict[str, str]) -> dict[str, Any]:
    """What the lock file says of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata,) = (name for name in names if name.endswith(".dist-info/METADATA"))
        headers = HeaderParser().parsestr(archive.read(metadata).decode())
    spec = PackageSpec(
        name=canonicalize_name(headers["Name"]),
        version=headers["Version"],
        file_name=wheel.name,
        install_dir="site",
        sha256=hashlib.sha256(wheel.read_bytes()).hexdigest(),
        imports=sorted(set(_modules(names))),
        depends=sorted(_needs(headers.get_all("Requires-Dist", []), info)),
    )
    return dict(spec.to_dict())


def _modules(names: list[str]) -> Iterator[str]:
    """The modules and packages at the top of a wheel."""
    for name in map(PurePosixPath, names):
        top = name.parts[0]
        if name.suffix not in (".py", ".so") or top.endswith((".dist-info", ".data")):
            continue
        yield top.partition(".")[0]


def _needs(requirements: list[str], info: dict[str, str]) -> set[str]:
    python = info["python"]
    environment = {
        "implementation_name": "cpython",
        "implementation_version": python,
        "os_name": "posix",
        "platform_machine": info["arch"],
        "platform_python_implementation": "CPython",
        "platform_release": info["platform"].partition("_")[2].replace("_", "."),
        "platform_system": "Emscripten",
        "platform_version": "#1",
        "python_full_version": python,
        "python_version": python.rpartition(".")[0],
        "sys_platform": "emscripten",
        "extra": "",
    }
    parsed = map(Requirement, requirements)
    return {
        str(canonicalize_name(each.name))
        for each in parsed
        if each.marker is None or each.marker.evaluate(environment)
    }


def write(packages: dict[str, Any], info: dict[str, str], path: Path) -> None:
    """Write a lock file that the model accepts, and whose names fit its wheels."""
    spec = PyodideLockSpec.from_dict({"info": info, "packages": packages})
    spec.check_wheel_filenames()
    spec.to_json(path, indent=2)


def main() -> None:
    request = json.loads(Path(sys.argv[1]).read_text())
    info = request["info"]
    if request["verb"] == "read":
        print(json.dumps([entry(Path(wheel), info) for wheel in request["wheels"]]))
    else:
        write(request["packages"], info, Path(request["path"]))
        print("null")


if __name__ == "__main__":
    main()
