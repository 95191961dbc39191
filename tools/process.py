"""Subprocesses whose output goes to a log, shown in part when they fail."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from tools import cache
from tools.report import ToolError

_TAIL = 40
_WIDTH = 300


def run(
    command: Sequence[str | Path],
    what: str,
    log: Path,
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run a command, appending its output to `log`; `what` names the operation on failure."""
    words = [str(word) for word in command]
    with log.open("ab") as out:
        out.write(f"\n$ {' '.join(words)}\n".encode())
        out.flush()
        try:
            done = subprocess.run(
                words,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                pass_fds=tuple(cache.held_locks.values()),
                check=False,
            )
        except FileNotFoundError as error:
            raise ToolError(f"{what}: cannot start {words[0]}: {error.strerror}") from error
    if done.returncode != 0:
        raise ToolError(f"{what}: {words[0]} failed ({done.returncode})\n{tail(log)}")


def output(
    command: Sequence[str | Path], what: str, *, env: Mapping[str, str] | None = None
) -> str:
    """The standard output of a short command that must succeed."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    except OSError as error:
        raise ToolError(f"{what}: cannot start {words[0]}: {error.strerror}") from error
    if done.returncode != 0:
        raise ToolError(f"{what}: {words[0]} failed ({done.returncode})\n{done.stderr.strip()}")
    return done.stdout


def tail(log: Path) -> str:
    """The last lines of a log and its path, for an error message."""
    text = log.read_text(errors="replace")
    lines = text[text.rfind("\n$ ") + 1 :].splitlines()[-_TAIL:]
    return "\n".join([*(f"  | {line[:_WIDTH]}" for line in lines), f"whole log: {log}"])


def base_env() -> dict[str, str]:
    """The caller's environment with messages in one language, so that they can be read."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}


def cores() -> int:
    """How many jobs to run at once."""
    return len(os.sched_getaffinity(0))


def become(command: list[str], env: Mapping[str, str]) -> NoReturn:
    """Run a command in the place of this program."""
    try:
        os.execvpe(command[0], command, env)
    except OSError as error:
        raise ToolError(
            f"running {command[0]}: {error.strerror}; PATH was {env['PATH']}"
        ) from error
