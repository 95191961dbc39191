"""Modules whose body waits while another stack imports them, where the engine has JSPI."""

from typing import Any

import pytest

from tests.hosts.base import Host

# Modules of each test, and what imports one and gives an attribute of it.
_SETUP = """
for (const [name, source] of Object.entries(args[0])) {
  py.FS.writeFile(`/tmp/locks/${name}.py`, source);
}
const get = py.runPython(`
import sys
sys.path.insert(0, "/tmp/locks")
def get(name, attribute):
    return getattr(__import__(name), attribute, None)
get`);
const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const waiting = () => py.runPython("from pyjs import _suspend; len(_suspend._waiting)");
const untilWaiting = async (count) => { while (waiting() < count) await later(1); };
const kind = (promise) => promise.catch((error) => error.type);
"""
_END = """
  const left = py.runPython(
    "from pyjs import _import_lock as l; len(l._blocked) + len(l._held.get())");
  if (left !== 0) throw new Error(`${left} locks are left`);
} finally {
  get.destroy();
  py.runPython(`
sys.path.remove("/tmp/locks")
for name in [name for name, module in sys.modules.items()
             if getattr(module, "__file__", None) and module.__file__.startswith("/tmp/locks/")]:
    del sys.modules[name]
import shutil
shutil.rmtree("/tmp/locks")
for name in ("get", "shutil", "gate"):
    globals().pop(name, None)
`);
}
"""

_SLOW = """
from pyjs.ffi import run_sync
began = True
run_sync(__import__("__main__").gate)
ended = True
"""


@pytest.fixture(autouse=True)
def _jspi(host: Host) -> None:
    if not host.js("return typeof WebAssembly.promising === 'function'"):
        pytest.skip(f"{host.name} has no JavaScript Promise Integration (JSPI)")


def _run(host: Host, modules: dict[str, str], body: str) -> Any:
    return host.js(
        f"""
        py.FS.mkdirTree("/tmp/locks");
        py.runPython("import asyncio; gate = asyncio.get_event_loop().create_future()");
        const open = () => py.runPython("gate.set_result(None)");
        {_SETUP}
        let result;
        try {{ result = await (async () => {{ {body} }})();
        {_END}
        return result;
        """,
        modules,
    )


def test_another_stack_waits_until_the_body_has_run(host: Host) -> None:
    assert _run(
        host,
        {"slow": _SLOW},
        """
        const calls = [get.callPromising("slow", "ended"), get.callPromising("slow", "ended"),
          py.runPythonAsync("import slow; slow.ended")];
        await untilWaiting(3);
        open();
        return Promise.all(calls);
        """,
    ) == [True, True, True]


def test_what_cannot_wait_sees_the_module_as_it_is(host: Host) -> None:
    assert _run(
        host,
        {"slow": _SLOW},
        """
        const call = get.callPromising("slow", "ended");
        const seen = [get("slow", "began"), get("slow", "ended") ?? null];
        open();
        return [...seen, await call];
        """,
    ) == [True, None, True]


def test_what_the_body_runs_sees_the_module_as_it_is(host: Host) -> None:
    """As in CPython: it is the same thread there."""
    body = """
import asyncio
from pyjs.ffi import run_sync

async def main():
    import slow
    return [hasattr(slow, "seen"), await asyncio.create_task(other())]

async def other():
    await asyncio.sleep(0.001)
    import slow
    return hasattr(slow, "seen")

own = asyncio.run(main())
seen = own + run_sync(main())
"""
    assert (
        _run(
            host,
            {"slow": body},
            """
        const seen = await get.callPromising("slow", "seen");
        const out = [...seen];
        seen.destroy();
        return out;
        """,
        )
        == [False] * 4
    )


def test_two_stacks_that_import_what_the_other_imports(host: Host) -> None:
    """One goes on with what there is of the module, as CPython's threads do."""
    body = """
import time
from pyjs.ffi import run_sync
run_sync(__import__("__main__").gate)
import {other}
seen = hasattr({other}, "seen")
"""
    assert sorted(
        _run(
            host,
            {"one": body.format(other="two"), "two": body.format(other="one")},
            """
            const calls = [get.callPromising("one", "seen"), get.callPromising("two", "seen")];
            await untilWaiting(2);
            open();
            return Promise.all(calls);
            """,
        )
    ) == [False, True]


def test_who_waited_tries_again_where_the_body_failed(host: Host) -> None:
    body = """
import builtins
from pyjs.ffi import run_sync
builtins.tries = getattr(builtins, "tries", 0) + 1
run_sync(__import__("__main__").gate)
if tries == 1:
    raise ValueError("the first")
number = tries
"""
    assert _run(
        host,
        {"fails": body},
        """
        const calls = [get.callPromising("fails", "number"), get.callPromising("fails", "number")];
        await untilWaiting(2);
        open();
        const out = await Promise.all(calls.map(kind));
        py.runPython("import builtins; del builtins.tries");
        return out;
        """,
    ) == ["ValueError", 2]


def test_the_wait_ends_by_an_interrupt_and_by_cancelling(host: Host) -> None:
    assert _run(
        host,
        {"slow": _SLOW},
        """
        const first = kind(get.callPromising("slow", "ended"));
        const task = py.runPython(`
async def imports():
    import slow
task = asyncio.create_task(imports())
task`);
        await untilWaiting(2);
        task.cancel();
        const cancelled = await kind(task);
        task.destroy();
        py.runPython("del task, imports");
        const second = kind(get.callPromising("slow", "ended"));
        await untilWaiting(2);
        py.interrupt();
        const interrupted = [await first, await second];
        py.runPython("gate = asyncio.get_event_loop().create_future(); gate.set_result(None)");
        return [cancelled, ...interrupted, await get.callPromising("slow", "ended")];
        """,
    ) == ["CancelledError", "KeyboardInterrupt", "KeyboardInterrupt", True]
