"""What JavaScript's `unpackArchive` calls."""

import importlib
import io
import lzma
import os
import shutil
import tarfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Any, Literal

type _TarMode = Literal["r:", "r:gz", "r:bz2", "r:xz"]

# Spellings of the formats, without the dot that each may begin with.
_ZIP = ("zip", "wheel", "whl")
_TAR: dict[str, _TarMode] = {
    "tar": "r:",
    "gztar": "r:gz",
    "tar.gz": "r:gz",
    "tgz": "r:gz",
    "bztar": "r:bz2",
    "tar.bz2": "r:bz2",
    "tbz2": "r:bz2",
    "xztar": "r:xz",
    "tar.xz": "r:xz",
    "txz": "r:xz",
}
ENDS = (*_ZIP, *_TAR)
BROKEN = (tarfile.ReadError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError)


def unpack(data: Any, format: str, folder: str | None = None) -> None:
    """Unpack an archive into `folder`, by default the current one.

    Args:
        data: a JavaScript Uint8Array.
        format: one of the spellings above, or what shutil.register_unpack_format() got.
        folder: made when it is not there.

    Raises:
        ValueError: the format is unknown, the data are not of it, or a zip has a member outside
            the folder; nothing is unpacked of that.
        tarfile.FilterError: a tar has a member outside the folder, or one that is no file.
        OSError: the folder is a file, or cannot be written.
    """
    file = io.BytesIO(data.to_py())
    target = folder or os.getcwd()
    name = format.removeprefix(".")
    try:
        if name in _ZIP:
            _unzip(file, target)
        elif name in _TAR:
            with tarfile.open(fileobj=file, mode=_TAR[name]) as archive:
                archive.extractall(target, filter="data")
        else:
            _unpack_registered(file, format, target)
    except BROKEN as error:
        raise ValueError(f"unpackArchive: the data are not a {format} archive: {error}") from error
    importlib.invalidate_caches()  # it may have brought modules


def _unzip(file: io.BytesIO, folder: str) -> None:
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            expect_inside(name, folder)
        archive.extractall(folder)


def expect_inside(name: str, folder: str) -> None:
    """Raise ValueError for a member of a zip that is not to be below `folder`."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"unpackArchive: {name!r} would be unpacked outside {folder}")


def _unpack_registered(file: io.BytesIO, format: str, folder: str) -> None:
    import tempfile

    formats = shutil.get_unpack_formats()
    found = (
        name for name, ends, _ in formats if format == name or {format, f".{format}"} & {*ends}
    )
    name = next(found, None)
    if name is None:
        known = ", ".join((*_TAR, *_ZIP))
        raise ValueError(f"unpackArchive: unknown format {format!r}; known are {known}")
    # What is registered takes a file.
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch, "archive")
        path.write_bytes(file.getbuffer())
        shutil.unpack_archive(path, folder, name)
