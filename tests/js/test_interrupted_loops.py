"""Interrupts of loops that a stack runs, when none of their code runs; where there is JSPI."""

from typing import Any

import pytest

from tests.hosts.base import Host

# What another thread would send arrives in between, where no Python code follows that takes it.
_ARRIVES = """
const trip = py.runPython("import _thread; _thread.interrupt_main");
const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
"""

_OWN_LOOP = """
import asyncio
from pyjs import js

def run():
    log = []

    async def main():
        try:
            js.began = True
            await asyncio.sleep(0.1)
            log.append("slept")
        finally:
            log.append("main ends")

    try:
        WAIT
        log.append("returned")
    except KeyboardInterrupt:
        log.append("interrupted")
    log.append(type(asyncio.get_event_loop()).__name__)
    return " ".join(log)

def with_loop(coroutine):
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(coroutine)
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
            try:
                loop.run_until_complete(task)
            except asyncio.CancelledError:
                pass
        loop.close()
run
"""


@pytest.fixture(autouse=True)
def _jspi(host: Host) -> None:
    if not host.js("return typeof WebAssembly.promising === 'function'"):
        pytest.skip(f"{host.name} has no JavaScript Promise Integration (JSPI)")


@pytest.mark.parametrize("how", ["trip()", "py.interrupt()", "signals[0] = 2"])
@pytest.mark.parametrize("wait", ["asyncio.run(main())", "with_loop(main())"])
def test_an_interrupt_before_a_tick_ends_the_run(host: Host, wait: str, how: str) -> None:
    """The main task is cancelled, so that it cleans up, and the run raises KeyboardInterrupt."""
    said, after = host.js(
        f"""{_ARRIVES}
        const run = py.runPython(args[0]), signals = new Uint8Array(1);
        py.setInterruptBuffer(signals);
        try {{
          let said;
          for (let tries = 0, ended = true; tries < 20 && ended; tries++) {{
            ended = false;
            said = run.callPromising().finally(() => {{ ended = true; }});
            while (!globalThis.began) await later(1);
            delete globalThis.began;
          }}
          {how};
          return [await said, await py.runPythonAsync("await asyncio.sleep(0.001, 'goes on')")];
        }} finally {{
          py.setInterruptBuffer();
          run.destroy();
          trip.destroy();
          py.runPython("del run, with_loop");
        }}
        """,
        _OWN_LOOP.replace("WAIT", wait),
    )
    assert said == "main ends interrupted HostLoop"
    assert after == "goes on"


def test_an_interrupt_before_a_tick_of_the_hosts_loop_stops_no_callback(host: Host) -> None:
    def run() -> Any:
        return host.js(
            f"""{_ARRIVES}
            const lines = [];
            py.setStderr({{ batched: (line) => lines.push(line) }});
            try {{
              for (let tries = 0; tries < 20; tries++) {{
                let ended = false;
                const done = py.runPythonAsync(`
import asyncio
from pyjs import js
js.began = True
await asyncio.sleep(0.1, 'slept')`).finally(() => {{ ended = true; }});
                while (!globalThis.began) await later(1);
                delete globalThis.began;
                if (ended) continue;  // the machine is busy
                trip();
                return [await done, lines.some((line) => line.includes("interrupted by Keyboard"))];
              }}
            }} finally {{
              py.setStderr({{ batched: (line) => output.push(line) }});
              trip.destroy();
            }}
            """
        )

    assert run() == ["slept", True]


def test_loops_that_overlap_leave_the_hosts_at_the_top_level(host: Host) -> None:
    """Whichever ends first."""
    assert (
        host.js(
            """
        const run = py.runPython(`
import asyncio
def run(seconds):
    return asyncio.run(asyncio.sleep(seconds, asyncio.get_event_loop_policy())) is not None
run`);
        const running = () => py.runPython(
          "type(asyncio.events._get_running_loop()).__name__");
        const seen = [];
        for (const [one, two] of [[0.01, 0.03], [0.03, 0.01]]) {
          await Promise.all([one, two].map((seconds) =>
            run.callPromising(seconds).then(() => { seen.push(running()); })));
        }
        run.destroy();
        py.runPython("del run");
        return seen;
        """
        )
        == ["HostLoop"] * 4
    )


def test_an_interrupt_sent_where_no_python_follows_is_for_what_waits(host: Host) -> None:
    """A function of JavaScript's that the loop calls sends it."""
    assert (
        host.js(
            """
        globalThis.stop = () => py.interrupt();
        const waits = py.runPython(`
import asyncio, time
from pyjs import js
def waits():
    asyncio.get_event_loop().call_soon(js.stop)
    try:
        time.sleep(30)
    except KeyboardInterrupt:
        return "interrupted"
waits`);
        try { return await waits.callPromising(); } finally {
          delete globalThis.stop;
          waits.destroy();
          py.runPython("del waits");
        }
        """
        )
        == "interrupted"
    )
