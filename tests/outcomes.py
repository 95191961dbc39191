"""A pytest plugin for tools/test.py: which tests passed, which failed, and these once more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("outcomes")
    group.addoption("--outcomes", metavar="FILE", help="write the outcome of each test to FILE")
    group.addoption("--failed-in", metavar="FILE", help="run only what failed in FILE's outcomes")


def pytest_configure(config: pytest.Config) -> None:
    file = config.getoption("--outcomes")
    if file and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Outcomes(Path(file)))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    file = config.getoption("--failed-in")
    if not file:
        return
    failed = json.loads(Path(file).read_text())["failed"]
    others = [item for item in items if item.nodeid not in failed]
    items[:] = [item for item in items if item.nodeid in failed]
    config.hook.pytest_deselected(items=others)


class _Outcomes:
    """Collects the reports of all processes; a run that was cut short writes nothing."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._passed: set[str] = set()
        self._failed: dict[str, str] = {}
        self._is_whole = True

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._is_whole = self._is_whole and not report.failed

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed.setdefault(report.nodeid, _reason(report))
        elif report.when == "call" and report.passed:
            self._passed.add(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._is_whole and not (session.shouldstop or session.shouldfail):
            passed = sorted(self._passed - self._failed.keys())
            self._file.write_text(json.dumps({"passed": passed, "failed": self._failed}))


def _reason(report: pytest.TestReport) -> str:
    """One line: what was raised, which for an error inside the runtime is its traceback's last."""
    crash = getattr(report.longrepr, "reprcrash", None)
    first, *rest = str(crash.message if crash else report.longrepr).strip().splitlines() or [""]
    is_traceback = first.endswith("Traceback (most recent call last):")
    return f"{report.when}: {rest[-1] if rest and is_traceback else first}"
