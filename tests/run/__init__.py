"""`./pyjs run`, as its users see it: the output, the errors and the exit code, on every host."""

from __future__ import annotations

import os
import signal
import subprocess
import textwrap
from dataclasses import dataclass
from pathlib import Path

from tools import browsers

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 300


@dataclass(frozen=True)
class Result:
    out: str
    err: str
    code: int


class Cli:
    """`./pyjs run --host HOST` in a folder of its own."""

    def __init__(self, host: str, folder: Path) -> None:
        self.host = host
        self.folder = folder

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(text))
        return path

    def start(
        self, *words: str | Path, env: dict[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        command = [str(ROOT / "pyjs"), "run", "--host", self.host, *map(str, words)]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env={**os.environ, **_browser(self.host), **(env or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(
        self, *words: str | Path, stdin: str | bytes = b"", env: dict[str, str] | None = None
    ) -> Result:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        with self.start(*words, env=env) as process:
            try:
                out, err = process.communicate(given, timeout=TIMEOUT)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGTERM)
                raise
        return Result(out.decode(), err.decode(), process.returncode)

    def program(self, text: str, *args: str, stdin: str | bytes = b"") -> Result:
        """Run the text as a file in the folder."""
        return self.run(self.write("program.py", text).name, *args, stdin=stdin)


def _browser(host: str) -> dict[str, str]:
    """The Chromium of the other tests, which need not be on PATH."""
    return {"PYJS_CHROMIUM": str(browsers.chromium().program)} if host == "chromium" else {}


def pyjs(*words: str, cwd: Path, command: Path = ROOT / "pyjs") -> Result:
    done = subprocess.run(
        [str(command), *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    return Result(done.stdout, done.stderr, done.returncode)
