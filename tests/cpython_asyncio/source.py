"""The folder `test` of CPython's library, as far as its tests of asyncio need it."""

from __future__ import annotations

import base64
import io
import shutil
import zipfile
from pathlib import Path

from tools import cache, libraries, versions

_RECIPE = cache.recipe(__file__)
_PARTS = ("__init__.py", "support", "certdata", "test_asyncio")


def folder() -> Path:
    """The folder that holds `test`; made from CPython's pinned source when missing."""
    path = cache.root() / f"asyncio-tests-{cache.key(versions.source('cpython').sha256, _RECIPE)}"
    with cache.building(path) as needed:
        if needed:
            source = libraries.unpacked("cpython", path / "src") / "Lib" / "test"
            (path / "test").mkdir()
            for part in _PARTS:
                copy = shutil.copytree if (source / part).is_dir() else shutil.copy
                copy(source / part, path / "test" / part)
            shutil.rmtree(path / "src")
    return path


def packed() -> str:
    """The same as a zip, in base64."""
    root = folder()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((root / "test").rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                archive.write(path, path.relative_to(root).as_posix())
    return base64.b64encode(buffer.getvalue()).decode()
