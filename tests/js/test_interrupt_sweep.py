"""An interrupt at every place where CPython looks for one: what loops and stacks know stays exact.

In the place of `setInterruptBuffer`'s array stands one that has the signal at the n-th look, for
each n until none is left. The clock of the time slices goes faster for it, so that CPython looks
at every second jump or call.
"""

import pytest

from tests.hosts.base import Host

_PROGRAMS = {
    "run": "asyncio.run(nested(i))",
    "run_sync": "run_sync(leaf(i))",
    "promise": "run_sync(js.Promise.resolve(i))",
    "sleep": "(time.sleep(0), i)[1]",
    "loop": "own_loop(i)",
}

_SETUP = """
import asyncio, gc, time
from asyncio import events, tasks
from pyjs import _suspend, js
from pyjs.ffi import run_sync

def work():
    return sum(i % 7 for i in range(10))

async def leaf(i):
    await asyncio.sleep(0)
    work()
    return i

async def nested(i):
    return await asyncio.create_task(leaf(i))

def own_loop(i):
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(nested(i))
    finally:
        loop.close()

async def one(i):
    work()
    assert program(i) == i
    await asyncio.sleep(0)

async def both():
    pair = [asyncio.ensure_future(one(i)) for i in range(2)]
    for task in pair:
        task.add_done_callback(asyncio.Task.exception)  # retrieved, whatever interrupts this
    while not all(task.done() for task in pair):
        try:
            await asyncio.wait(pair)
        except KeyboardInterrupt:
            pass
    return pair

def outcomes(pair):
    errors = [task.exception() for task in pair]
    return str(sorted({type(error).__name__ if error else "done" for error in errors}))

async def alive():
    me = asyncio.current_task()
    if others := asyncio.all_tasks() - {me}:  # the program was interrupted before they ended
        _, left = await asyncio.wait(others, timeout=30)
        assert not left
    assert await asyncio.create_task(leaf(1)) == run_sync(leaf(1)) == 1
    time.sleep(0)
    assert asyncio.current_task() is me
    return True

def state():
    host = asyncio.get_event_loop()
    return repr((
        _suspend._waiting, _suspend._preempted, _suspend._held, dict(tasks._current_tasks),
        events._get_running_loop() is host, len(asyncio.all_tasks(host)),
    ))
"""


@pytest.mark.parametrize("slice_ms", ["1e15", "500"])
@pytest.mark.parametrize("program", _PROGRAMS)
def test_an_interrupt_at_any_place(host: Host, program: str, slice_ms: str) -> None:
    """Where it comes, a task ends with KeyboardInterrupt; all else goes on as before."""
    if not host.js("return typeof WebAssembly.promising === 'function'"):
        pytest.skip(f"{host.name} has no JavaScript Promise Integration (JSPI)")
    outcomes, states, reports = host.js(
        f"""
        await py.runPythonAsync({_SETUP!r} + "\\ndef program(i): return " + args[0]);
        const memory = new Int32Array(1);
        let looks = 0, at = Infinity, isClock = false, clock = 0;
        const signals = new Proxy(memory, {{
          get(target, key) {{
            if (key !== "0") return Reflect.get(target, key, target);
            isClock = true;
            if (++looks === at) memory[0] = 2;
            return memory[0];
          }},
          set: (target, key, value) => Reflect.set(target, key, value, target),
        }});
        const real = performance.now;
        performance.now = () => {{
          if (!isClock) return real.call(performance);
          isClock = false;
          return (clock += 50);
        }};
        const reports = [], outcomes = new Set(), states = new Set();
        py.setStderr({{ batched: (line) => reports.push(line) }});
        const state = py.globals.get("state"), alive = py.globals.get("alive");
        try {{
          for (let n = 1; n < 2000; n += n < 150 ? 1 : 11) {{
            py.setInterruptBuffer(signals);
            py.setTimeSlice({slice_ms});
            looks = 0;
            at = n;
            const out = await py.runPythonAsync("outcomes(await both())")
              .catch((error) => error.type);
            const seen = looks;
            at = Infinity;
            memory[0] = 0;
            py.setTimeSlice();
            py.setInterruptBuffer();
            outcomes.add(out);
            states.add(`${{await alive()}} ${{state()}}`);
            if (seen < n) break;
          }}
        }} finally {{
          delete performance.now;
          py.setTimeSlice();
          py.setInterruptBuffer();
          py.setStderr({{ batched: (line) => output.push(line) }});
          state.destroy();
          alive.destroy();
        }}
        return [[...outcomes].sort(), [...states], reports];
        """,
        _PROGRAMS[program],
    )
    assert states == ["true ({}, set(), {}, {}, True, 0)"]
    # One of them, or both where all of Python waited; the program around them.
    assert set(outcomes) <= {
        "['KeyboardInterrupt']",
        "['KeyboardInterrupt', 'done']",
        "['done']",
        "KeyboardInterrupt",
    }
    assert "['KeyboardInterrupt', 'done']" in outcomes
    # What nobody awaited any more is reported, and nothing else.
    faults = ("does not match", "Exception ignored", "RuntimeError", "StateError", "AssertionError")
    assert [line for line in reports if any(fault in line for fault in faults)] == []
