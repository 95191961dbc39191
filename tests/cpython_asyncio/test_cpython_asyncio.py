"""CPython's own tests of asyncio; what is left out stands in excluded.toml, with the reasons."""

from __future__ import annotations

import functools
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cpython_asyncio import source
from tests.hosts.base import Host
from tests.hosts.start import start
from tools import node

_HERE = Path(__file__).parent
_NO_TESTS = ("functional", "utils", "echo", "echo2", "echo3", "__init__", "__main__")


@functools.cache
def _excluded() -> tuple[str, ...]:
    groups = tomllib.loads((_HERE / "excluded.toml").read_text())["excluded"]
    assert all(group["reason"] for group in groups)
    return tuple(name for group in groups for name in group["tests"])


def _modules() -> list[str]:
    """The modules of CPython's tests that are not excluded as a whole."""
    present = sorted(path.stem for path in (source.folder() / "test/test_asyncio").glob("*.py"))
    return [name for name in present if name not in (*_NO_TESTS, *_excluded())]


@pytest.fixture(scope="module", params=["node", "node-jspi"])
def suite(request: pytest.FixtureRequest) -> Iterator[Host]:
    """A host of its own: the tests change what is global, and leave what they like."""
    if request.param not in request.config.getoption("--hosts").split(","):
        pytest.skip(f"needs --hosts with {request.param}")
    try:
        host = start(request.param)
    except node.NotForThisMachine as error:
        pytest.skip(str(error))
    host.js(
        """
        globalThis.suite = py.runPython("{'__name__': 'suite'}");
        py.runPython(args[0], { globals: suite });
        suite.get("unpack")(args[1]);
        """,
        (_HERE / "inside.py").read_text(),
        source.packed(),
    )
    yield host
    host.close()


def _run(host: Host, module: str, only: str = "") -> dict[str, str]:
    body = """
    const run = suite.get("run"), excluded = py.toPy(args[1]);
    try {
      return await run.callPromising(args[0], excluded, args[2]);
    } finally {
      run.destroy();
      excluded.destroy();
    }
    """
    return dict(json.loads(host.js(body, module, list(_excluded()), only)))


def _classes(module: str) -> list[str]:
    """What to run at a time: test_tasks takes longer than a host waits for an answer."""
    if module != "test_tasks":
        return [""]
    classes = "CTask_ CTaskSubclass_ PyTask_ Gather Generic Introspection CurrentLoop Thread Sleep"
    return classes.split()


def test_loops_suspend_the_stack_where_the_engine_can(suite: Host) -> None:
    has_jspi, suspends = suite.js(
        """
        const suspends = suite.get("suspends");
        try {
          return [typeof WebAssembly.promising === "function", await suspends.callPromising()];
        } finally {
          suspends.destroy();
        }
        """
    )
    assert suspends is has_jspi
    assert has_jspi or suite.name == "node"


@pytest.mark.parametrize("module", _modules())
def test_module(suite: Host, module: str) -> None:
    outcomes: dict[str, str] = {}
    for part in _classes(module):
        outcomes.update(_run(suite, module, part))
    # Some of CPython's tests have bounds of time that a busy machine exceeds.
    for name in [name for name, what in outcomes.items() if what.startswith("FAILED")]:
        outcomes[name] = _run(suite, module, name)[name]
    failed = {name: what for name, what in outcomes.items() if what.startswith("FAILED")}
    assert failed == {}, "\n".join(f"{name}: {what}" for name, what in failed.items())
    assert "ok" in outcomes.values() or module == "test_buffered_proto"
    used = {what.removeprefix("excluded: ") for what in outcomes.values() if "excluded: " in what}
    of_module = {name for name in _excluded() if name.startswith(f"{module}.")}
    assert of_module <= used, f"excluded, but not there: {sorted(of_module - used)}"
