"""The machine's own Debian mirror, read from its apt configuration."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.report import ToolError

_APT = Path("/etc/apt")
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_OVERRIDE = "PYJS_DEBIAN_MIRROR"
_SUITE = re.compile(
    r"^(stable|oldstable|oldoldstable|testing|unstable|sid|bookworm|trixie|forky|duke)"
    r"(-updates|-backports)?$"
)


@dataclass(frozen=True)
class Mirror:
    """A Debian archive: where it is, the suites the machine uses, the keyring that signs it."""

    uri: str
    suites: tuple[str, ...]
    keyring: Path | None


@dataclass(frozen=True)
class _Entry:
    uris: list[str]
    suites: list[str]
    components: list[str]
    signed_by: str


def machine_mirror() -> Mirror:
    """The first Debian archive (no security, no third party) the machine's apt is set up for."""
    given = os.environ.get(_OVERRIDE)
    if given:
        return Mirror(given, (), _keyring(""))
    entries = [entry for entry in _entries() if _is_debian(entry)]
    if not entries:
        raise ToolError(
            f"finding a Debian mirror: no entry for Debian's main archive in {_APT}/sources.list "
            f"or {_APT}/sources.list.d; set {_OVERRIDE}=URI of one"
        )
    uri = entries[0].uris[0]
    same = [entry for entry in entries if uri in entry.uris]
    suites = dict.fromkeys(suite for entry in same for suite in entry.suites)
    return Mirror(uri, tuple(filter(_SUITE.match, suites)), _keyring(entries[0].signed_by))


def _is_debian(entry: _Entry) -> bool:
    """Third parties also name Debian's suites; their keyring or their path gives them away."""
    if not entry.uris or "main" not in entry.components:
        return False
    if not any(_SUITE.match(suite) for suite in entry.suites):
        return False
    if entry.signed_by.startswith("/"):
        return "debian-archive" in entry.signed_by
    return bool(re.search(r"/debian/?$", entry.uris[0]))


def _keyring(signed_by: str) -> Path | None:
    """The keyring file to verify with; None leaves the choice to apt's own trusted keys."""
    if signed_by.startswith("/") and Path(signed_by).is_file():
        return Path(signed_by)
    return _KEYRING if _KEYRING.is_file() else None


def _entries() -> Iterator[_Entry]:
    files = [_APT / "sources.list", *sorted((_APT / "sources.list.d").glob("*"))]
    for file in files:
        if not file.is_file() or not os.access(file, os.R_OK):
            continue
        text = file.read_text(errors="replace")
        if file.suffix == ".list":
            yield from _one_line_entries(text)
        elif file.suffix == ".sources":
            yield from _deb822_entries(text)


def _one_line_entries(text: str) -> Iterator[_Entry]:
    for line in text.splitlines():
        match = re.match(r"\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]+)", line)
        if match is None:
            continue
        options, uri, suite, components = match.groups()
        signed = re.search(r"signed-by=(\S+)", options or "")
        key = signed.group(1) if signed else ""
        yield _Entry(_usable([uri]), [suite], components.split(), key)


def _deb822_entries(text: str) -> Iterator[_Entry]:
    for stanza in re.split(r"\n[ \t]*\n", text):
        fields = _fields(stanza)
        if "deb" not in fields.get("types", "").split():
            continue
        if fields.get("enabled", "yes").lower() in ("no", "false", "0"):
            continue
        yield _Entry(
            _usable(fields.get("uris", "").split()),
            fields.get("suites", "").split(),
            fields.get("components", "").split(),
            fields.get("signed-by", ""),
        )


def _fields(stanza: str) -> dict[str, str]:
    """The fields of a deb822 stanza, continuation lines joined, comments dropped."""
    fields: dict[str, str] = {}
    name = ""
    for line in stanza.splitlines():
        if line.startswith("#"):
            continue
        if line[:1] in (" ", "\t"):
            fields[name] = f"{fields.get(name, '')}\n{line.strip()}"
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            fields[name] = value.strip()
    return fields


def _usable(uris: list[str]) -> list[str]:
    """Archives that can be fetched unattended: a cdrom cannot."""
    return [uri for uri in uris if not uri.startswith("cdrom:") and "security" not in uri]
