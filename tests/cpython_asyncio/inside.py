"""Runs modules of CPython's tests inside the runtime; this file is sent there."""

import asyncio
import base64
import contextlib
import gc
import io
import json
import logging
import sys
import unittest
import zipfile
from asyncio import events
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any, override

from pyjs import _loop_state
from pyjs.ffi import can_run_sync

FOLDER = "/tmp/cpython-tests"


def unpack(archive: str) -> None:
    zipfile.ZipFile(io.BytesIO(base64.b64decode(archive))).extractall(FOLDER)
    sys.path.insert(0, FOLDER)
    from test import support  # type: ignore[import-not-found]

    # The package asks for sockets as a whole; most of its tests need none.
    needs_socket = support.requires_working_socket
    support.requires_working_socket = lambda *, module=False: None if module else needs_socket()
    # Reports of what the tests provoke; they check the logger's calls where it matters.
    logging.getLogger("asyncio").addHandler(logging.NullHandler())
    logging.getLogger("asyncio").propagate = False


def suspends() -> bool:
    """Whether what JavaScript calls as `run` is called blocks by suspending the stack."""
    return can_run_sync()


class _Result(unittest.TestResult):
    """What became of each test, by name."""

    def __init__(self) -> None:
        super().__init__()
        self.outcomes: dict[str, str] = {}

    @override
    def addSuccess(self, test: Any) -> None:
        self.outcomes.setdefault(name_of(test), "ok")

    @override
    def addSkip(self, test: Any, reason: str) -> None:
        self.outcomes[name_of(test)] = f"skipped: {reason}"

    @override
    def addExpectedFailure(self, test: Any, err: Any) -> None:
        self.outcomes[name_of(test)] = "ok"

    @override
    def addFailure(self, test: Any, err: Any) -> None:
        self.outcomes[name_of(test)] = "FAILED\n" + self._exc_info_to_string(err, test)  # type: ignore[attr-defined]

    @override
    def addError(self, test: Any, err: Any) -> None:
        self.addFailure(test, err)

    @override
    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        if err is not None:
            self.addFailure(test, err)


def name_of(test: Any) -> str:
    """As in "test_locks.LockTests.test_acquire"."""
    return str(test.id()).removeprefix("test.test_asyncio.")


def _tests(suite: Any) -> Any:
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from _tests(each)
        else:
            yield each


def _load(module: str) -> Any:
    name = f"test.test_asyncio.{module}"
    suite = unittest.defaultTestLoader.loadTestsFromName(name)
    if module == "test_events":
        # Its tests of selector loops, once more with ours.
        mixin, base = sys.modules[name].EventLoopTestsMixin, sys.modules[name].test_utils.TestCase
        make = {"create_event_loop": lambda self: asyncio.new_event_loop(), "__module__": name}
        case = type("WebLoopTests", (mixin, base), make)
        suite.addTest(unittest.defaultTestLoader.loadTestsFromTestCase(case))
    return suite


@contextlib.contextmanager
def _no_loop_at_the_top() -> Iterator[None]:
    """Where CPython's tests begin no loop runs; here it would be the host's."""
    running = events._get_running_loop()
    choose, _loop_state.choose = _loop_state.choose, lambda loop: None
    events._set_running_loop(None)
    try:
        yield
    finally:
        _loop_state.choose = choose
        asyncio.set_event_loop_policy(None)
        events._set_running_loop(running)


def _match(name: str, excluded: list[str]) -> str:
    """The first of the patterns that is the test's, or its class's."""
    names = (name, name.rpartition(".")[0])
    return next((each for each in excluded if any(fnmatchcase(n, each) for n in names)), "")


def run(module: str, excluded: list[str], only: str = "") -> str:
    """Run the tests of a module but those that `excluded` names, or the classes of which it does.

    Gives what became of each test as JSON: "ok", "excluded: ...", "skipped: ..." or "FAILED ...".
    """
    result = _Result()
    with _no_loop_at_the_top():
        for test in _tests(_load(module)):
            name = name_of(test)
            if pattern := _match(name, excluded):
                result.outcomes[name] = f"excluded: {pattern}"
            elif only in name:
                unittest.TestSuite([test]).run(result)
    gc.collect()
    return json.dumps(result.outcomes)
