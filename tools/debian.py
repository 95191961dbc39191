"""A private apt: fetches Debian packages and sources without root, touching nothing else."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache as once
from pathlib import Path

from tools import cache, process, versions
from tools.mirror import Mirror, machine_mirror
from tools.report import ToolError, say

_KEYRING_PACKAGE = "debian-archive-keyring"
# Programs that packages depend on and that the machine brings itself.
_FROM_THE_MACHINE = ("nodejs",)


@dataclass(frozen=True)
class Apt:
    """An apt with its own folder, sources and package status."""

    home: Path
    env: dict[str, str]
    log: Path

    def update(self) -> None:
        """Fetch the signed package lists."""
        process.run(
            ["apt-get", "update", "--error-on=any"], self._what("lists"), self.log, env=self.env
        )

    def candidate(self, package: str) -> str:
        """The version of a package that would be fetched."""
        text = process.output(["apt-cache", "policy", package], self._what(package), env=self.env)
        match = re.search(r"Candidate: (\S+)", text)
        if match is None or match.group(1) == "(none)":
            raise ToolError(f"{self._what(package)}: the Debian mirror has no such package")
        return match.group(1)

    def download(self, packages: Sequence[str], folder: Path, label: str) -> list[Path]:
        """Fetch packages and all they depend on into `folder`, which is cleared first."""
        # A package left there by an earlier run may be of another version.
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "partial").mkdir(parents=True, exist_ok=True)
        command = ["apt-get", "install", "--yes", "-o", f"Dir::Cache::Archives={folder}"]
        plan = process.output([*command, "--print-uris", *packages], label, env=self.env)
        sizes = [int(size) for size in re.findall(r"^'\S+' \S+ (\d+) ", plan, re.MULTILINE)]
        say(label, f"downloading {len(sizes)} packages ({sum(sizes) // 1_000_000} MB)")
        process.run(
            [*command, "--download-only", *packages],
            f"{label}: downloading packages",
            self.log,
            env=self.env,
        )
        return sorted(folder.glob("*.deb"))

    def source(self, wanted: versions.Source, folder: Path) -> Path:
        """Fetch a pinned source tarball, from whichever Debian revision still carries it."""
        version = self._source_version(wanted)
        folder.mkdir(parents=True, exist_ok=True)
        process.run(
            [
                "apt-get",
                "source",
                "--download-only",
                "--only-source",
                f"{wanted.package}={version}",
            ],
            f"{wanted.name}: downloading the source",
            self.log,
            cwd=folder,
            env=self.env,
        )
        tarball = folder / wanted.file
        _check_sum(tarball, wanted)
        return tarball

    def _source_version(self, wanted: versions.Source) -> str:
        text = process.output(
            ["apt-cache", "showsrc", "--only-source", wanted.package],
            self._what(wanted.package),
            env=self.env,
        )
        found = []
        for stanza in text.split("\n\n"):
            version = re.search(r"^Version: (\S+)", stanza, re.MULTILINE)
            if version and wanted.sha256 in stanza:
                return version.group(1)
            found += [version.group(1)] if version else []
        raise ToolError(
            f"{wanted.name}: {wanted.file} with sha256 {wanted.sha256} (runtime/versions.json) is "
            f"not on the Debian mirror, which has {', '.join(dict.fromkeys(found)) or 'none'} of "
            f"{wanted.package}; change the pin to one of those"
        )

    def _what(self, subject: str) -> str:
        return f"reading the Debian mirror ({subject})"


@once
def apt() -> Apt:
    """The project's apt, its lists fresh; use it only when something has to be fetched."""
    mirror = machine_mirror()
    sources = [f"deb {versions.suite()}", *(f"deb-src {name}" for name in versions.source_suites())]
    with cache.lock("apt"):
        say("debian", "reading the package lists")
        try:
            return _updated("apt", mirror, sources, mirror.keyring)
        except ToolError as error:
            if "NO_PUBKEY" not in str(error):
                raise
        say("debian", "the machine's keyring is older than the suite; fetching the newer keyring")
        return _updated("apt", mirror, sources, _newer_keyring(mirror))


def _updated(name: str, mirror: Mirror, sources: Iterable[str], keyring: Path | None) -> Apt:
    made = _configured(cache.root() / name, mirror.uri, sources, keyring)
    made.update()
    return made


def _newer_keyring(mirror: Mirror) -> Path:
    """Debian's newest keyring out of the machine's own suites, whose signatures it can verify."""
    own = _updated("apt-own", mirror, [f"deb {suite}" for suite in mirror.suites], mirror.keyring)
    folder = own.home / "keyring"
    shutil.rmtree(folder, ignore_errors=True)
    debs = own.download([_KEYRING_PACKAGE], folder / "archives", "debian")
    extract(debs, folder, own.log)
    return next((folder / "usr/share/keyrings").glob(f"{_KEYRING_PACKAGE}.*"))


def _configured(home: Path, uri: str, sources: Iterable[str], keyring: Path | None) -> Apt:
    for part in ("lists/partial", "cache/archives/partial"):
        (home / part).mkdir(parents=True, exist_ok=True)
    (home / "status").write_text("".join(map(_as_installed, _FROM_THE_MACHINE)))
    signed = f"[signed-by={keyring}] " if keyring else ""
    lines = [line.replace(" ", f" {signed}{uri} ", 1) + " main\n" for line in sources]
    (home / "sources.list").write_text("".join(lines))
    config = home / "apt.conf"
    config.write_text(_machine_settings() + _own_settings(home))
    env = {**process.base_env(), "APT_CONFIG": str(config)}
    return Apt(home, env, cache.log_file(home.name))


def _as_installed(package: str) -> str:
    """An entry of dpkg's status that keeps apt from fetching a package."""
    return (
        f"Package: {package}\nStatus: install ok installed\nMulti-Arch: allowed\n"
        f"Architecture: {architecture_name()}\nVersion: 99:0\nMaintainer: none\n"
        "Description: provided by the machine\n\n"
    )


def _machine_settings() -> str:
    """How this machine reaches its mirror (proxy, certificates), without its apt hooks."""
    dump = process.output(["apt-config", "dump", "Acquire"], "reading apt's configuration")
    return dump + "\n"


def _own_settings(home: Path) -> str:
    architecture = architecture_name()
    settings = {
        # apt-get reads this file before the machine's own, whose hooks are not for us.
        "Dir::Etc::parts": "-",
        "Dir::Etc::main": "-",
        "Dir::Etc::sourcelist": str(home / "sources.list"),
        "Dir::Etc::sourceparts": "-",
        "Dir::Etc::preferences": "-",
        "Dir::Etc::preferencesparts": "-",
        "Dir::State": str(home),
        "Dir::State::lists": str(home / "lists"),
        "Dir::State::status": str(home / "status"),
        "Dir::Cache": str(home / "cache"),
        "APT::Architecture": architecture,
        "APT::Architectures": architecture,
        "APT::Install-Recommends": "false",
        # Downloads run as the caller: apt's own user cannot enter a private cache folder.
        "APT::Sandbox::User": "",
        "Acquire::Check-Valid-Until": "false",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
        "Acquire::AllowInsecureRepositories": "false",
    }
    return "".join(f'{name} "{value}";\n' for name, value in settings.items())


@once
def architecture_name() -> str:
    """Debian's name of this machine's architecture."""
    return process.output(["dpkg", "--print-architecture"], "finding the architecture").strip()


def extract(debs: Iterable[Path], prefix: Path, log: Path) -> None:
    """Unpack packages into a prefix of their own, whose /lib and /bin point into /usr."""
    prefix.mkdir(parents=True, exist_ok=True)
    for name in ("bin", "lib", "lib64", "sbin"):
        (prefix / "usr" / name).mkdir(parents=True, exist_ok=True)
        if not (prefix / name).is_symlink():
            (prefix / name).symlink_to(f"usr/{name}")

    def unpack(deb: Path) -> None:
        process.run(["dpkg-deb", "-x", deb, prefix], f"unpacking {deb.name}", log)

    with ThreadPoolExecutor(process.cores()) as pool:
        list(pool.map(unpack, debs))


def _check_sum(tarball: Path, wanted: versions.Source) -> None:
    found = hashlib.sha256(tarball.read_bytes()).hexdigest()
    if found != wanted.sha256:
        raise ToolError(
            f"{wanted.name}: {tarball.name} should have sha256 {wanted.sha256} "
            f"(runtime/versions.json), has {found}; nothing was unpacked"
        )
