"""tools.test runs a few tests that failed once more, alone, and says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import test
from tools.report import ToolError

_ONLY_ALONE = """
import os, pytest

PARALLEL = "PYTEST_XDIST_WORKER" in os.environ

@pytest.fixture
def teardown():
    yield
    assert not PARALLEL, "it left something"

def test_good():
    pass

@pytest.mark.parametrize("text", ["a::b [c] é", "d"])
def test_only_alone(text):
    assert not PARALLEL or text == "d", "it is late"

def test_teardown(teardown):
    pass

def test_inside():
    if PARALLEL:
        raise AssertionError("[node] Error: Traceback (most recent call last):\\nKeyError: 1")

def test_crash():
    if PARALLEL:
        os._exit(1)
"""


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the process that runs this test, and no plugin that takes long to import."""
    for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def _run(folder: Path, source: str, *arguments: str) -> None:
    file = folder / "test_sample.py"
    file.write_text(source)
    test.run([str(file), f"--rootdir={folder}", "-p", "xdist", "-q", "-n", "1", *arguments])


def test_what_passes_alone_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    _run(tmp_path, _ONLY_ALONE)
    out = capfd.readouterr().out
    assert "\n3 failed, 3 passed, 1 error in " in out
    assert "4 passed, 2 deselected" in out
    heading, *lines = out[out.index("FAILED ON THE BUSY MACHINE") :].splitlines()
    assert heading == "FAILED ON THE BUSY MACHINE, PASSED ALONE: 4"
    named = dict(zip(lines[::2], lines[1::2], strict=True))
    assert {name.strip(): reason.strip() for name, reason in named.items()} == {
        r"test_sample.py::test_only_alone[a::b [c] \xe9]": "call: AssertionError: it is late",
        "test_sample.py::test_teardown": "teardown: AssertionError: it left something",
        "test_sample.py::test_inside": "call: KeyError: 1",
        "test_sample.py::test_crash": "???: worker 'gw0' crashed while running "
        "'test_sample.py::test_crash'",
    }


@pytest.mark.parametrize(
    ("source", "arguments", "message"),
    [
        ("def test_bad(): assert 0", (), "alone too: 1\n  test_sample.py::test_bad"),
        (
            "import os, pytest\n"
            "def test_bad():\n"
            "    if 'PYTEST_XDIST_WORKER' not in os.environ: pytest.skip('alone')\n"
            "    assert 0",
            (),
            "alone too: 1\n  test_sample.py::test_bad",
        ),
        (
            f"import pytest\n@pytest.mark.parametrize('n', range({test.FEW + 1}))\n"
            "def test_bad(n): assert 0",
            (),
            f"{test.FEW + 1}, too many to run again alone",
        ),
        (_ONLY_ALONE, ("--maxfail=1",), "pytest exited with 2"),
        (f"{_ONLY_ALONE}\nnothing", (), "pytest exited with 1"),
        (_ONLY_ALONE, ("-k", "none_of_these"), "pytest exited with 5"),
    ],
    ids=["fails", "skips", "many", "cut-short", "not-collected", "none"],
)
def test_what_fails(tmp_path: Path, source: str, arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(ToolError) as raised:
        _run(tmp_path, source, *arguments)
    assert message in str(raised.value)
