"""unpackArchive: every format and spelling, into any folder, never outside it."""

import base64
import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest

from tests.hosts.base import Host

# `archive(text)` is what a test made in Python; the folder /tmp/unpacked is new in each.
_START = """
const archive = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const [data, format] = args;
py.exec("import os, shutil, sys; shutil.rmtree('/tmp/unpacked', ignore_errors=True)");
const files = () => py.eval(`"|".join(sorted(
  os.path.join(at, name)[14:] + "=" + open(os.path.join(at, name)).read()
  for at, _, names in os.walk("/tmp/unpacked") for name in names))`);
const said = (act) => {
  try { act(); return "nothing"; } catch (e) { return e.message.trim().split("\\n").at(-1); }
};
"""


def _tar(*names: str, link: str = "") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = 2
            archive.addfile(member, io.BytesIO(b"hi"))
        if link:
            member = tarfile.TarInfo("link")
            member.type, member.linkname = tarfile.SYMTYPE, link
            archive.addfile(member)
    return file.getvalue()


def _zip(names: Sequence[str], content: str = "hi") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return file.getvalue()


def _run(host: Host, body: str, data: bytes, kind: str = "tar") -> Any:
    return host.js(_START + body, base64.b64encode(data).decode(), kind)


def _name(value: str | bytes) -> str:
    """What a test is called by: not by an archive, which has the time in it."""
    return value if isinstance(value, str) else "data"


_PLAIN = _tar("a.txt", "in/b.txt")
_FORMATS = [
    *((_PLAIN, name) for name in ("tar", ".tar")),
    *((gzip.compress(_PLAIN), name)
      for name in ("gztar", "tar.gz", ".tar.gz", "tgz", ".tgz", ".gztar")),
    *((bz2.compress(_PLAIN), name) for name in ("bztar", "tar.bz2", ".tar.bz2", "tbz2", ".tbz2")),
    *((lzma.compress(_PLAIN), name) for name in ("xztar", "tar.xz", ".tar.xz", "txz", ".txz")),
    *((_zip(("a.txt", "in/b.txt")), name)
      for name in ("zip", ".zip", "wheel", "whl", ".whl", ".wheel")),
]  # fmt: skip


@pytest.mark.parametrize(("data", "kind"), _FORMATS, ids=[name for _, name in _FORMATS])
def test_every_format(host: Host, data: bytes, kind: str) -> None:
    body = """
    py.unpackArchive(archive(data), format, { extractDir: "/tmp/unpacked" });
    return files();
    """
    assert _run(host, body, data, kind) == "a.txt=hi|in/b.txt=hi"


def test_buffers_of_every_kind_and_the_current_folder(host: Host) -> None:
    body = """
    const bytes = archive(data), got = [];
    const padded = new Uint8Array(bytes.length + 3);
    padded.set(bytes, 3);
    const kinds = [bytes, bytes.buffer, padded.subarray(3), new DataView(padded.buffer, 3),
                   new Uint16Array(bytes.buffer), new Float64Array(bytes.buffer)];
    const before = py.FS.cwd();
    for (const kind of kinds) {
      py.exec("shutil.rmtree('/tmp/unpacked', ignore_errors=True); os.mkdir('/tmp/unpacked')");
      py.exec("os.chdir('/tmp/unpacked')");
      py.unpackArchive(kind, "tar");
      got.push(files());
      py.FS.chdir(before);
    }
    return got;
    """
    assert _run(host, body, _PLAIN) == ["a.txt=hi|in/b.txt=hi"] * 6


def test_a_wheel_in_site_packages_is_importable_at_once(host: Host) -> None:
    body = """
    py.exec("import sys\\nfolder = next(p for p in sys.path if p.endswith('site-packages'))");
    const folder = py.globals.get("folder");
    const got = [said(() => py.exec("import unpacked_module"))];
    py.unpackArchive(archive(data), "wheel", { extractDir: folder });
    got.push(py.exec_eval("import unpacked_module; unpacked_module.answer"));
    got.push(py.exec_eval("from importlib.metadata import version; version('unpacked')"));
    py.exec(`
del sys.modules["unpacked_module"], unpacked_module, version
shutil.rmtree(folder + "/unpacked-1.2.dist-info")
os.remove(folder + "/unpacked_module.py")
del folder`);
    return got;
    """
    file = io.BytesIO(_zip(("unpacked_module.py",), "answer = 42"))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("unpacked-1.2.dist-info/METADATA", "Name: unpacked\nVersion: 1.2\n")
    assert _run(host, body, file.getvalue()) == [
        "ModuleNotFoundError: No module named 'unpacked_module'",
        42,
        "1.2",
    ]


def test_a_format_that_the_program_registered(host: Host) -> None:
    body = """
    py.exec(`
import shutil
def unpack(path, folder):
    os.makedirs(folder)
    open(folder + "/all", "w").write(open(path).read())
shutil.register_unpack_format("mine", [".mine"], unpack)`);
    const got = [];
    for (const format of ["mine", ".mine"]) {
      py.exec("shutil.rmtree('/tmp/unpacked', ignore_errors=True)");
      py.unpackArchive(archive(data), format, { extractDir: "/tmp/unpacked" });
      got.push(files());
    }
    py.exec("shutil.unregister_unpack_format('mine'); del unpack");
    return got;
    """
    assert _run(host, body, b"text") == ["all=text"] * 2


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        (_tar("../evil"), "tar",
         "tarfile.OutsideDestinationError: '../evil' would be extracted to '/tmp/evil', which is "
         "outside the destination"),
        (gzip.compress(_tar("in/../../evil")), "tgz",
         "tarfile.OutsideDestinationError: 'in/../../evil' would be extracted to '/tmp/evil', "
         "which is outside the destination"),
        (_tar(link="/etc"), "tar",
         "tarfile.AbsoluteLinkError: 'link' is a link to an absolute path"),
        (_tar(link="../../etc"), "tar",
         "tarfile.LinkOutsideDestinationError: 'link' would link to '/etc', which is outside the "
         "destination"),
        (_zip(("fine", "../evil")), "zip",
         "ValueError: unpackArchive: '../evil' would be unpacked outside /tmp/unpacked"),
        (_zip(("fine", "in/../../evil")), "whl",
         "ValueError: unpackArchive: 'in/../../evil' would be unpacked outside /tmp/unpacked"),
        (_zip(("fine", "/tmp/evil")), "zip",
         "ValueError: unpackArchive: '/tmp/evil' would be unpacked outside /tmp/unpacked"),
    ],
    ids=_name,
)  # fmt: skip
def test_nothing_is_unpacked_outside(host: Host, data: bytes, kind: str, message: str) -> None:
    body = """
    const options = { extractDir: "/tmp/unpacked" };
    const message = said(() => py.unpackArchive(archive(data), format, options));
    return [message, files(), py.eval("os.path.exists('/tmp/evil')")];
    """
    assert _run(host, body, data, kind) == [message, "", False]


def test_an_absolute_name_in_a_tar_is_within(host: Host) -> None:
    """As CPython's data filter has it."""
    body = """
    py.unpackArchive(archive(data), "tar", { extractDir: "/tmp/unpacked" });
    return [files(), py.eval("os.path.exists('/tmp/evil')")];
    """
    assert _run(host, body, _tar("/tmp/evil")) == ["tmp/evil=hi", False]


_GZIPPED = gzip.compress(_tar(*(f"file {i}" for i in range(100))))
_ZIPPED = _zip(("a",), "text " * 1000)


@pytest.mark.parametrize(
    ("data", "kind", "start"),
    [
        (b"", "zip", "the data are not a zip archive: File is not a zip file"),
        (b"hello", "tar", "the data are not a tar archive: "),
        (b"", "tar.gz", "the data are not a tar.gz archive: "),
        (_PLAIN, "tgz", "the data are not a tgz archive: not a gzip file"),
        (_PLAIN, "tbz2", "the data are not a tbz2 archive: not a bzip2 file"),
        (_PLAIN, "txz", "the data are not a txz archive: not an lzma file"),
        (_GZIPPED[: len(_GZIPPED) // 2], "gztar", "the data are not a gztar archive: "),
        (_PLAIN[:700], "tar", "the data are not a tar archive: "),
        (_ZIPPED[:40] + b"\xff" * 10 + _ZIPPED[50:], "wheel", "the data are not a wheel archive: "),
        (_PLAIN, "rar", "unknown format 'rar'; known are tar, gztar, tar.gz, tgz, bztar, "),
        (_PLAIN, "", "unknown format ''; known are "),
        (_PLAIN, "..tar", "unknown format '..tar'; known are "),
    ],
    ids=_name,
)  # fmt: skip
def test_what_is_no_archive(host: Host, data: bytes, kind: str, start: str) -> None:
    body = """
    return said(() => py.unpackArchive(archive(data), format, { extractDir: "/tmp/unpacked" }));
    """
    assert _run(host, body, data, kind).startswith(f"ValueError: unpackArchive: {start}")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("'text', 'tar'", "expected the archive as an ArrayBuffer or a typed array, got string"),
        ("null, 'tar'", "expected the archive as an ArrayBuffer or a typed array, got null"),
        ("[1, 2], 'tar'", "expected the archive as an ArrayBuffer or a typed array, got object"),
        ("bytes", "expected the format as a string, got undefined"),
        ("bytes, 5", "expected the format as a string, got number"),
        ("bytes, 'tar', 'folder'", "expected an object of options (extractDir), got string"),
        ("bytes, 'tar', { extract_dir: '/' }", "unknown option extract_dir; known are extractDir"),
        ("bytes, 'tar', { extractDir: 5 }", "expected extractDir to be a string, got number"),
    ],
)
def test_arguments_of_the_wrong_kind(host: Host, call: str, message: str) -> None:
    body = f"""
    const bytes = archive(data);
    try {{ py.unpackArchive({call}); return "nothing"; }}
    catch (error) {{ return `${{error.name}}: ${{error.message}}`; }}
    """
    assert _run(host, body, _PLAIN) == f"TypeError: unpackArchive: {message}"


def test_a_folder_that_is_a_file(host: Host) -> None:
    body = """
    py.FS.writeFile("/tmp/a_file", "x");
    const options = { extractDir: "/tmp/a_file" };
    return [said(() => py.unpackArchive(archive(data), "tar", options)).slice(0, 16),
            py.FS.readFile("/tmp/a_file", { encoding: "utf8" })];
    """
    assert _run(host, body, _PLAIN) == ["NotADirectoryErr", "x"]
