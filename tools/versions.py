"""Typed access to runtime/versions.json, the only place of versions and checksums."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tools.report import ToolError, say

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "runtime" / "versions.json"


@dataclass(frozen=True)
class Source:
    """A source tarball: the Debian source package that carries it, its name and checksum."""

    name: str
    version: str
    package: str
    file: str
    sha256: str


@dataclass(frozen=True)
class Tested:
    """The range of versions a program was tested in, and the Debian revision seen last."""

    name: str
    oldest: str
    newest: str
    debian: str

    def check(self, found: str, where: str, remedy: str) -> None:
        """Raise unless `found` lies in the tested range; warn about another Debian revision."""
        if not _numbers(self.oldest) <= _numbers(found) <= _numbers(self.newest):
            wanted = self.oldest if self.oldest == self.newest else f"{self.oldest}..{self.newest}"
            raise ToolError(
                f"{self.name}: version {wanted} is needed (runtime/versions.json), "
                f"{where} has {found}; {remedy}"
            )
        if "-" in found and found != self.debian:
            say(self.name, f"warning: {found} found, tested with {self.debian}; going on")


def _numbers(version: str) -> tuple[int, ...]:
    """The leading major.minor.patch of a version, without a Debian epoch or suffix."""
    match = re.match(r"(?:\d+:)?(\d+)\.(\d+)(?:\.(\d+))?", version)
    if match is None:
        raise ToolError(f"reading a version: expected major.minor.patch, given {version!r}")
    return tuple(int(part or 0) for part in match.groups())


@cache
def _data() -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(FILE.read_text())
    except (OSError, ValueError) as error:
        raise ToolError(f"reading {FILE}: expected the JSON file of pins, got: {error}") from error
    return data


def _entry(section: str, name: str) -> Any:
    entries = _data()[section]
    if name not in entries:
        known = ", ".join(sorted(entries))
        raise ToolError(f"{FILE.name}: no {name!r} in section {section!r}; there are: {known}")
    return entries[name]


def source(name: str) -> Source:
    """The pinned source tarball called `name`."""
    return Source(name=name, **_entry("sources", name))


def tested(name: str) -> Tested:
    """The tested range of an SDK program."""
    entry = _entry("sdk", name)
    oldest, newest = entry["tested"]
    return Tested(name, oldest, newest, entry["debian"])


def python_tools(group: str) -> list[str]:
    """The pinned requirements of a group of Python tools."""
    return [str(line) for line in _entry("python_tools", group)]


def abi() -> str:
    """The ABI of compiled packages (PEP 783): which wheels the runtime takes."""
    return str(_data()["abi"])


def suite() -> str:
    """The Debian suite that binary packages come from."""
    return str(_data()["debian"]["suite"])


def source_suites() -> list[str]:
    """The Debian suites that source tarballs come from."""
    return [str(name) for name in _data()["debian"]["source_suites"]]


@dataclass(frozen=True)
class WheelTarget:
    """A Pyodide that the wheel is built for: its name, Python, and whether its SDK is ours."""

    name: str
    python: str
    checks_emscripten: bool


def wheel_targets() -> list[WheelTarget]:
    """The Pyodides that the wheel is built for, the stable one first."""
    return [WheelTarget(name, **entry) for name, entry in _data()["wheel"].items()]
