"""The build backend: scikit-build-core, and bytecode in the wheel of an extension.

Nothing that installs into a browser compiles Python, and to compile what `import pyjs` runs would
take more than half of the import. scikit-build-core leaves bytecode out of every wheel.
"""

from __future__ import annotations

import base64
import hashlib
import os
import py_compile
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import scikit_build_core.build as _scikit_build
from scikit_build_core.build import *  # noqa: F403 - the other hooks of a backend

# The modules that `import pyjs` runs. With all of them the download would nearly double.
COMPILED = (
    "__init__",
    "_first_import",
    "_guest",
    "_host",
    "_loop_state",
    "_made_at",
    "_promise",
    "_start",
    "_traceback",
    "code",
    "ffi",
    "importer",
)


def build_wheel(
    wheel_directory: str,
    config_settings: dict[str, Any] | None = None,
    metadata_directory: str | None = None,
) -> str:
    """What a front end calls; the name of the wheel in `wheel_directory`."""
    name: str = _scikit_build.build_wheel(wheel_directory, config_settings, metadata_directory)
    if not name.endswith("-none-any.whl"):
        _add_bytecode(Path(wheel_directory) / name)
    return name


def _add_bytecode(wheel: Path) -> None:
    made = wheel.with_suffix(".new")
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(made, "w") as new:
        *files, record = old.infolist()
        if not record.filename.endswith(".dist-info/RECORD"):
            raise ValueError(f"adding bytecode: expected RECORD last in {wheel}, found {record}")
        for entry in files:
            new.writestr(entry, old.read(entry))
        lines = old.read(record).decode()
        for module in COMPILED:
            source = old.getinfo(f"pyjs/{module}.py")
            code = _compile(old.read(source), source.filename)
            entry = _like(source, f"pyjs/__pycache__/{module}.{sys.implementation.cache_tag}.pyc")
            new.writestr(entry, code)
            lines += _recorded(entry.filename, code)
        new.writestr(_like(record, record.filename), lines)
    os.replace(made, wheel)


def _compile(source: bytes, name: str) -> bytes:
    """The bytecode of a module, which says by a hash what it was made of: a wheel has no dates."""
    with tempfile.TemporaryDirectory() as folder:
        path, compiled = Path(folder, "module.py"), Path(folder, "module.pyc")
        path.write_bytes(source)
        mode = py_compile.PycInvalidationMode.CHECKED_HASH
        # Importing puts the path right, which `name` stands for.
        py_compile.compile(str(path), str(compiled), name, doraise=True, invalidation_mode=mode)
        return compiled.read_bytes()


def _like(entry: zipfile.ZipInfo, name: str) -> zipfile.ZipInfo:
    """An entry of that name with the date and the rights of another."""
    made = zipfile.ZipInfo(name, entry.date_time)
    made.compress_type = zipfile.ZIP_DEFLATED
    made.external_attr = entry.external_attr
    return made


def _recorded(name: str, content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
    return f"{name},sha256={digest},{len(content)}\n"
