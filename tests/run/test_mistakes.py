"""Mistakes of the caller, and the help."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.run import ROOT, Cli, Result, pyjs


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nope"], "pyjs: unknown verb nope; known: run. ./pyjs --help says more"),
        (["run"], "pyjs run: no program is given; ./pyjs run --help says more"),
        (["run", "-z"], "pyjs run: unknown option -z; ./pyjs run --help says more"),
        (["run", "-c"], "pyjs run: -c needs a value; ./pyjs run --help says more"),
        (["run", "--host"], "pyjs run: --host needs a value; ./pyjs run --help says more"),
        (
            ["run", "--host=toString", "x.py"],
            "pyjs run: unknown host toString; known: node, chromium, firefox; "
            "./pyjs run --help says more",
        ),
        (["run", "x.py"], "pyjs run: can't open file '{}/x.py': No such file or directory"),
    ],
)
def test_mistakes(tmp_path: Path, words: list[str], message: str) -> None:
    result = pyjs(*words, cwd=tmp_path)
    assert result == Result("", message.replace("{}", str(tmp_path)) + "\n", 2)


def test_no_such_module(node: Cli) -> None:
    assert node.run("-m", "nope") == Result("", "pyjs run: No module named nope\n", 1)


def test_folder_of_the_runtime() -> None:
    result = pyjs("run", "-c", "pass", cwd=Path("/"))
    assert result.code == 2
    assert result.err.startswith("pyjs run: / is a folder of the runtime's own;")


def test_browser_that_is_missing(tmp_path: Path) -> None:
    node = shutil.which("node")
    assert node is not None
    (tmp_path / "node").symlink_to(node)
    for tool in ("dirname", "readlink"):
        found = shutil.which(tool)
        assert found is not None
        (tmp_path / tool).symlink_to(found)
    done = subprocess.run(
        ["/bin/sh", str(ROOT / "pyjs"), "run", "--host", "firefox", "-c", "pass"],
        env={"PATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("", 2)
    assert done.stderr == (
        "pyjs run: --host firefox needs one of firefox-esr, firefox on PATH; "
        "Debian's package is firefox-esr\n"
    )


def test_dist_that_is_missing(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tools/run", tmp_path / "tools/run")
    shutil.copy(ROOT / "pyjs", tmp_path / "pyjs")
    result = pyjs("run", "-c", "pass", cwd=tmp_path, command=tmp_path / "pyjs")
    message = f"pyjs run: {tmp_path}/dist/pyjs.mjs is missing; `make build` builds it\n"
    assert result == Result("", message, 2)


def test_help(tmp_path: Path) -> None:
    assert pyjs(cwd=tmp_path).out.startswith("usage: ./pyjs VERB [ARGUMENTS]\n")
    result = pyjs("run", "--help", cwd=tmp_path)
    assert result.out.startswith("usage: ./pyjs run [--host HOST] FILE [ARGS]\n")
    assert (result.err, result.code) == ("", 0)
