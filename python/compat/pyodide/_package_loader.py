"""How Pyodide's loader unpacks archives; programs ask for it by `pyodide._api.package_loader`."""

import posixpath
import site
import sysconfig
import tarfile
import zipfile
from pathlib import Path
from typing import IO, Any, Literal

from pyjs import _packages
from pyjs.ffi import to_js

_DYNLIB_DIR = "/usr/lib"


def get_install_dir(target: Literal["site", "dynlib"] | None = None) -> str:
    """The folder of packages, or of shared libraries.

    >>> from pyodide._package_loader import get_install_dir
    >>> get_install_dir("site")
    '/lib/python3.13/site-packages'
    """
    return _DYNLIB_DIR if target == "dynlib" else site.getsitepackages()[0]


def unpack_buffer(
    buffer: Any,
    *,
    filename: str = "",
    format: str | None = None,
    extract_dir: str | None = None,
    calculate_dynlibs: bool = False,
    metadata: dict[str, str] | None = None,
) -> Any:
    """Unpack an archive that JavaScript holds.

    Args:
        buffer: a JavaScript typed array.
        filename: how it ends says what the archive is, unless there is `format`.
        format: "wheel", "whl", "zip", "tar", "gztar", …
        extract_dir: where to; the folder of packages by default.
        calculate_dynlibs: whether to return the shared libraries.
        metadata: texts by the name of the file in a wheel's dist-info folder.

    Returns:
        a JavaScript array of the paths of the shared libraries, or None.

    Raises:
        ValueError: it is no archive of that kind.
    """
    name = filename if format is None else f"{filename}.{_ENDS.get(format, format)}"
    folder = get_install_dir() if extract_dir is None else extract_dir
    written = _packages.install(buffer, name, folder, metadata)
    if not calculate_dynlibs:
        return None
    return to_js([path for path in written if should_load_dynlib(path)])


_ENDS = {
    "wheel": "whl",
    "gztar": "tar.gz",
    "bztar": "tar.bz2",
    "xztar": "tar.xz",
}


def should_load_dynlib(path: str | Path) -> bool:
    """Whether it is a shared library that this interpreter can load.

    >>> from pyodide._package_loader import should_load_dynlib
    >>> should_load_dynlib("a/b.so"), should_load_dynlib("a/b.cpython-39-x86_64-linux-gnu.so")
    (True, False)
    """
    name = Path(path).name
    stem, _, rest = name.partition(".")
    if not stem or not name.endswith(".so"):
        return False
    tag = rest.removesuffix("so").removesuffix(".")
    return tag in ("", "abi3", sysconfig.get_config_var("SOABI"))


def get_dynlibs(archive: IO[bytes], suffix: str, target_dir: Path) -> list[str]:
    """The shared libraries in an archive, at the places to which it was unpacked.

    Args:
        archive: the open file.
        suffix: how its name ends: ".whl", ".zip", or what tarfile reads.
        target_dir: where it was unpacked.
    """
    if suffix in (".whl", ".zip"):
        with zipfile.ZipFile(archive) as opened:
            names = opened.namelist()
    else:
        with tarfile.open(fileobj=archive) as tar:
            names = tar.getnames()
    return [posixpath.join(target_dir, name) for name in names if should_load_dynlib(name)]
