"""What JavaScript's package loader calls: unpacks wheels and archives, and what they may be."""

import importlib
import io
import os
import posixpath
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pyjs import _archive
from pyjs._core import js
from pyjs.ffi import to_js

# Where the parts of a wheel's .data folder go, below sys.prefix (PEP 427).
_DATA = {"data": "", "scripts": "bin", "headers": "include"}


def say(descriptor: int, text: str) -> None:
    """Write a line of progress, as if Python had printed it."""
    stream = sys.stdout if descriptor == 1 else sys.stderr
    stream.flush()
    os.write(descriptor, f"{text}\n".encode())


def digest(data: Any) -> str:
    """The SHA-256 of a Uint8Array, in hexadecimal."""
    from hashlib import sha256

    return sha256(data.to_py()).hexdigest()


def check_tags(file_name: str) -> None:
    """Raise ValueError when a wheel is compiled for another Python or ABI.

    What is not named as a wheel is, and what is not compiled, passes.
    """
    parts = file_name.rpartition("/")[2].removesuffix(".whl").split("-")
    if not file_name.endswith(".whl") or len(parts) < 5:
        return
    python, abi, platform = (part.split(".") for part in parts[-3:])
    own = _own_platforms()
    version = f"{sys.version_info.major}{sys.version_info.minor}"
    fits = (
        any(each in ("any", *own) for each in platform)
        and any(each in ("none", "abi3", f"cp{version}") for each in abi)
        and (
            "abi3" in abi or any(each in (f"cp{version}", "py3", f"py{version}") for each in python)
        )
    )
    if not fits:
        tags = "-".join(parts[-3:])
        raise ValueError(
            f"{file_name} is built for {tags}; this runtime takes wheels for "
            f"cp{version}-cp{version}-{own[0]}, and such as are not compiled"
        )


def _own_platforms() -> tuple[str, ...]:
    import sysconfig

    abi = sysconfig.get_config_var("PYEMSCRIPTEN_PLATFORM_VERSION")
    platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    return f"pyemscripten_{abi}_wasm32", f"pyodide_{abi}_wasm32", platform


def install(data: Any, file_name: str, folder: str, metadata: Any = None) -> Any:
    """Unpack a wheel or an archive into `folder`.

    Args:
        data: a JavaScript typed array.
        file_name: says what it is by how it ends.
        folder: made when it is not there.
        metadata: texts by the name of the file in the wheel's dist-info folder that they go to.

    Returns:
        a JavaScript array of the files that were written.

    Raises:
        ValueError: it is no archive of its kind, or a wheel without dist-info; nothing is left of
            it, nor for any other error.
    """
    file = io.BytesIO(data.to_py())
    written: list[str] = []
    try:
        if file_name.endswith(".whl"):
            _install_wheel(file, file_name, folder, dict(_pairs(metadata)), written)
        else:
            _unpack(file, file_name, folder, written)
    except _archive.BROKEN as error:
        _remove(written, folder)
        raise ValueError(f"{file_name} is corrupt: {error}") from error
    except BaseException:
        _remove(written, folder)
        raise
    importlib.invalidate_caches()
    return to_js(written)


def remove(paths: Any, folder: str) -> None:
    """Delete the files that `install` has written, and the folders in `folder` that get empty."""
    _remove(list(paths), folder)
    importlib.invalidate_caches()


def _pairs(metadata: Any) -> Iterator[tuple[str, str]]:
    if metadata is None:
        return
    given = metadata if isinstance(metadata, Mapping) else js.Object.entries(metadata)
    for name, text in given.items() if isinstance(given, Mapping) else given:
        if "/" in name:
            raise ValueError(f"install: {name!r} is no name of a file in dist-info")
        yield name, text


def _remove(paths: list[str], folder: str) -> None:
    for path in paths:
        Path(path).unlink(missing_ok=True)
    inside = posixpath.join(folder, "")
    for at in sorted({posixpath.dirname(path) for path in paths}, key=len, reverse=True):
        while at.startswith(inside) and os.path.isdir(at) and not os.listdir(at):
            os.rmdir(at)
            at = posixpath.dirname(at)


def _install_wheel(
    file: io.BytesIO, name: str, folder: str, metadata: dict[str, str], written: list[str]
) -> None:
    with zipfile.ZipFile(file) as archive:
        members = [info for info in archive.infolist() if not info.is_dir()]
        infos = {top for info in members if (top := _top(info.filename)).endswith(".dist-info")}
        if len(infos) != 1:
            found = ", ".join(sorted(infos)) or "none"
            raise ValueError(f"{name} is no wheel: expected one dist-info folder, found {found}")
        info_folder = infos.pop()
        moved = _extract(
            archive, members, folder, f"{info_folder.removesuffix('.dist-info')}.data", written
        )
    at = posixpath.join(folder, info_folder)
    if moved:
        _mend_record(posixpath.join(at, "RECORD"), moved)
    for each, text in metadata.items():
        path = posixpath.join(at, each)
        written.append(path)
        Path(path).write_text(text)


def _top(name: str) -> str:
    return name.partition("/")[0]


def _extract(
    archive: zipfile.ZipFile,
    members: list[zipfile.ZipInfo],
    folder: str,
    data_folder: str,
    written: list[str],
) -> dict[str, str]:
    """Write the members; gives those of `data_folder` with their places relative to `folder`."""
    for info in members:
        _archive.expect_inside(info.filename, folder)
    moved = {}
    made: set[str] = set()
    for info in members:
        path = posixpath.join(folder, info.filename)
        if _top(info.filename) == data_folder:
            path = _data_path(info.filename, folder)
            moved[info.filename] = posixpath.relpath(path, folder)
        parent = posixpath.dirname(path)
        if parent not in made:
            os.makedirs(parent, exist_ok=True)
            made.add(parent)
        content = archive.read(info)
        written.append(path)
        with open(path, "wb") as target:
            target.write(content)
    return moved


def _data_path(name: str, folder: str) -> str:
    _, kind, rest = name.split("/", 2)
    if kind in _DATA:
        return posixpath.join(sys.prefix, _DATA[kind], rest)
    return posixpath.join(folder, rest)  # purelib and platlib


def _mend_record(path: str, moved: dict[str, str]) -> None:
    """Let RECORD say where files are, so that they are found when the package is uninstalled."""
    import csv

    record = Path(path)
    if not record.exists():
        return
    with record.open(newline="") as file:
        rows = [[moved.get(row[0], row[0]), *row[1:]] for row in csv.reader(file) if row]
    with record.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _unpack(file: io.BytesIO, name: str, folder: str, written: list[str]) -> None:
    if name.endswith(".zip"):
        with zipfile.ZipFile(file) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            _extract(archive, members, folder, "", written)
        return
    with tarfile.open(fileobj=file) as tar:
        for member in tar:
            if not member.isdir():
                written.append(posixpath.join(folder, member.name.lstrip("/")))
            tar.extract(member, folder, filter="data")
