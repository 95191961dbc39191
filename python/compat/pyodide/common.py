"""Copying trees of files."""

import shutil
from pathlib import Path


def install_files(src: str | Path, dst: str | Path) -> None:
    """Copy all that is in the folder `src` into the folder `dst`, over what has the same name.

    Args:
        src: the folder to copy from.
        dst: the folder to copy into; made when it is not there.

    Raises:
        OSError: `src` is no folder, or a file cannot be read or written.

    Source: Pyodide, pyodide.common.install_files.
    """
    shutil.copytree(src, dst, dirs_exist_ok=True)
