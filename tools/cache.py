"""The cache folder: locks between processes, and folders that are whole or not there."""

from __future__ import annotations

import ast
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.report import ToolError, say

# Child processes inherit these, so a lock stays held while an orphan of a killed run still writes.
held_locks: dict[str, int] = {}

_COMPLETE = ".complete"


def root() -> Path:
    """The cache root: $XDG_CACHE_HOME/pyjs, by default ~/.cache/pyjs."""
    given = os.environ.get("XDG_CACHE_HOME")
    path = (Path(given) if given else Path.home() / ".cache") / "pyjs"
    if not path.is_absolute():
        raise ToolError(f"finding the cache: XDG_CACHE_HOME must be absolute, given {given!r}")
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ToolError(
            f"making the cache folder {path}: {error}; set XDG_CACHE_HOME to a writable folder"
        ) from error
    return path


def key(*inputs: str) -> str:
    """A short hash of everything that decides what a folder holds."""
    digest = hashlib.sha256()
    for text in inputs:
        digest.update(len(text).to_bytes(8, "big"))
        digest.update(text.encode())
    return digest.hexdigest()[:12]


def recipe(module: str) -> str:
    """A module's code, as an input of a key: comments and layout may change without a rebuild."""
    return ast.unparse(ast.parse(Path(module).read_text()))


def log_file(name: str) -> Path:
    """A fresh log file for the output of one tool's subprocesses."""
    path = root() / "logs" / f"{name}.log"
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    return path


@contextmanager
def lock(name: str) -> Iterator[None]:
    """Hold an inter-process lock; says so when it has to wait. May be nested."""
    if name in held_locks:
        yield
        return
    path = root() / "locks" / f"{name}.lock"
    path.parent.mkdir(exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("cache", f"waiting for another run that holds {path}")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        held_locks[name] = descriptor
        yield
    finally:
        held_locks.pop(name, None)
        os.close(descriptor)


def is_complete(path: Path) -> bool:
    """Whether a folder was built to its end."""
    return (path / _COMPLETE).is_file()


def remove(path: Path) -> None:
    """Delete a folder; its mark goes first, so that no half-deleted folder looks complete."""
    (path / _COMPLETE).unlink(missing_ok=True)
    shutil.rmtree(path, ignore_errors=True)
    if path.exists():
        raise ToolError(f"clearing {path}: could not delete it; delete it by hand and run again")


@contextmanager
def building(path: Path) -> Iterator[bool]:
    """Build a folder under a lock; yields False when it is complete already.

    The folder stands at its final path from the start, because venv scripts, ELF interpreters
    and configured trees hold absolute paths and would not survive a rename. What makes it count
    is the mark, written last and atomically; a folder without it is cleared and built anew.
    """
    if is_complete(path):
        yield False
        return
    with lock(path.name):
        if is_complete(path):
            yield False
            return
        remove(path)
        path.mkdir(parents=True)
        yield True
        mark = path / (_COMPLETE + ".new")
        mark.write_text("built to its end\n")
        mark.rename(path / _COMPLETE)
