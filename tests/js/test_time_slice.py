"""setTimeSlice(), interrupt() and critical_section(): Python that lets the host have its turn."""

from typing import Any

import pytest

from tests.hosts.base import Host
from tests.js import run_node

_JSPI = "typeof WebAssembly.promising === 'function'"

# Counts turns of the host while `act` runs.
_TURNS = """
globalThis.turns = 0;
const turning = async (act) => {
  const timer = setInterval(() => { globalThis.turns++; }, 1);
  try { return await act(); } finally { clearInterval(timer); }
};
const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
"""

_BUSY = """
import time
from pyjs import js

def busy(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass

def until(condition):
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end

def turns_while(act, *args):
    before = js.turns
    act(*args)
    return js.turns - before
"""


@pytest.fixture
def jspi(host: Host) -> None:
    if not host.js(f"return {_JSPI}"):
        pytest.skip(f"{host.name} has no JavaScript Promise Integration (JSPI)")


def _run(host: Host, body: str) -> Any:
    """Run JavaScript with slices of 5 ms, on a page that begins and ends without."""
    return host.js(
        f"""{_TURNS}
        await py.runPythonAsync({_BUSY!r});
        py.setTimeSlice(5);
        try {{ {body} }} finally {{ py.setTimeSlice(); }}
        """
    )


def test_without_jspi_nothing_changes(host: Host) -> None:
    has, answer, off, value = host.js(
        f"""
        const answer = py.setTimeSlice(5), off = py.setTimeSlice();
        return [{_JSPI}, answer, off, await py.runPythonAsync("sum(range(1000))")];
        """
    )
    assert answer is has
    assert off is has
    assert value == 499500


@pytest.mark.usefixtures("jspi")
def test_the_host_has_turns_while_python_runs(host: Host) -> None:
    assert _run(
        host,
        """
        return await turning(() => py.runPythonAsync(`
before = js.turns
until(lambda: js.turns - before > 5)
any(turns_while(busy, 0.2) > 0 for _ in range(10))  # another process may take one
`));
        """,
    )


@pytest.mark.usefixtures("jspi")
def test_without_a_slice_it_has_none(host: Host) -> None:
    assert (
        host.js(
            f"""{_TURNS}
            await py.runPythonAsync({_BUSY!r});
            return await turning(() => py.runPythonAsync("turns_while(busy, 0.1)"));
            """
        )
        == 0
    )


@pytest.mark.usefixtures("jspi")
@pytest.mark.parametrize("array", ["undefined", "new Uint8Array(1)"])
def test_texts_of_numbers_look_at_no_clock(host: Host, array: str) -> None:
    looks = host.js(
        f"""
        const real = performance.now;
        let looks = 0;
        py.setTimeSlice(1000);
        py.setInterruptBuffer({array});
        performance.now = () => {{ looks++; return real.call(performance); }};
        try {{
          py.runPython("for i in range(20_000): str(i)");
          return looks;
        }} finally {{
          delete performance.now;
          py.setInterruptBuffer();
          py.setTimeSlice();
        }}
        """
    )
    assert looks < 4000


@pytest.mark.usefixtures("jspi")
def test_calls_that_cannot_be_suspended_run_to_their_end(host: Host) -> None:
    assert _run(
        host,
        """
        globalThis.back = () => py.runPython("busy(0.1)");
        return await turning(async () => [
            py.runPython("turns_while(busy, 0.1)"),
            await py.runPythonAsync("turns_while(js.back)"),
        ]);
        """,
    ) == [0, 0]


@pytest.mark.usefixtures("jspi")
def test_all_of_a_program_is_as_before(host: Host) -> None:
    assert _run(
        host,
        """
        const program = `
import contextvars, functools, time
var = contextvars.ContextVar("var", default=0)
seen = []

def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)

def numbers():
    for i in range(40_000):
        yield i

def key(x):
    busy(0.01)
    return -x

def run():
    token = var.set(1)
    try:
        1 / 0
    except ZeroDivisionError as error:
        busy(0.03)
        try:
            raise
        except ZeroDivisionError as again:
            seen.append(again is error)
    seen.append(var.get())
    var.reset(token)
    return [fib(17), sum(numbers()), sorted([3, 1, 2], key=key),
            functools.reduce(lambda a, b: a + fib(10) * b, range(300)), seen, var.get()]
run()
`;
        const found = await py.runPythonAsync(program);
        const out = found.toJs();
        found.destroy();
        return out;
        """,
    ) == [1597, 799980000, [3, 2, 1], 55 * 44850, [True, 1], 0]


@pytest.mark.usefixtures("jspi")
def test_programs_are_tasks_and_only_functions_take_turns(host: Host) -> None:
    programs, calls = _run(
        host,
        """
        const body = (name) => `
end = time.monotonic() + 0.1
while time.monotonic() < end:
    if not order or order[-1] != '${name}': order.append('${name}')
`;
        const lengths = [];
        py.runPython("order = []");
        await Promise.all([py.runPythonAsync(body("a")), py.runPythonAsync(body("b"))]);
        lengths.push(py.runPython("len(order)"));
        py.runPython(`
order = []
def run(name):
    end = time.monotonic() + 30
    while len(order) < 6 and time.monotonic() < end:
        if not order or order[-1] != name: order.append(name)
`);
        const run = py.globals.get("run");
        await Promise.all([run.callPromising("a"), run.callPromising("b")]);
        run.destroy();
        lengths.push(py.runPython("len(order)"));
        return lengths;
        """,
    )
    assert programs == 2
    assert calls >= 6


@pytest.mark.usefixtures("jspi")
def test_what_a_coroutine_does_between_awaits_is_not_interleaved(host: Host) -> None:
    assert _run(
        host,
        """
        const found = await turning(() => py.runPythonAsync(`
import asyncio
counter, seen = 0, []
async def count():
    global counter
    while True:
        counter += 1
        await asyncio.sleep(0)
task = asyncio.ensure_future(count())
await asyncio.sleep(0)
asyncio.get_running_loop().call_later(0.001, seen.append, "timer")
start, before = counter, js.turns
until(lambda: js.turns - before > 5)
during = counter - start, len(seen)
await asyncio.sleep(0.02)
task.cancel()
[*during, counter > start, *seen]
`));
        const out = found.toJs();
        found.destroy();
        return out;
        """,
    ) == [0, 0, True, "timer"]


@pytest.mark.usefixtures("jspi")
@pytest.mark.parametrize(
    "wait", ["time.sleep(0.03)", "run_sync(js.later(30))", "run_sync(asyncio.sleep(0.03))"]
)
def test_a_task_that_waited_goes_on_after_what_another_does_between_awaits(
    host: Host, wait: str
) -> None:
    assert _run(
        host,
        f"""
        globalThis.later = later;
        const found = await turning(() => py.runPythonAsync(`
import asyncio
from pyjs.ffi import run_sync
log = []
async def waits():
    {wait}
    log.append("waited")
async def computes():
    log.append("begins")
    before, end = js.turns, time.perf_counter() + 0.1
    until(lambda: js.turns - before > 8 and time.perf_counter() > end)
    log.append("ends")
for _ in range(20):
    log.clear()
    await asyncio.gather(waits(), computes())
    if log[0] == "begins":
        break  # and not what a busy machine causes: the wait was over before
log
`));
        delete globalThis.later;
        const out = found.toJs();
        found.destroy();
        return out;
        """,
    ) == ["begins", "ends", "waited"]


@pytest.mark.usefixtures("jspi")
def test_what_a_task_waited_for_is_kept_while_another_computes(host: Host) -> None:
    assert _run(
        host,
        """
        globalThis.fails = () => later(2).then(() => { throw new Error("why"); });
        const found = await turning(() => py.runPythonAsync(`
import asyncio
from pyjs.ffi import run_sync
from pyjs import JsException
async def waits(act):
    try:
        return act()
    except JsException as error:
        return str(error)
    except asyncio.CancelledError:
        return "cancelled"
async def computes():
    asyncio.get_running_loop().call_soon(cancelled.cancel)
    before = js.turns
    until(lambda: js.turns - before > 8)
    return "computed"
cancelled = asyncio.ensure_future(waits(lambda: run_sync(asyncio.sleep(1000))))
await asyncio.sleep(0)
await asyncio.gather(waits(lambda: run_sync(js.fails())), computes(), cancelled)
`));
        delete globalThis.fails;
        const out = found.toJs();
        found.destroy();
        return out;
        """,
    ) == ["Error: why", "computed", "cancelled"]


@pytest.mark.usefixtures("jspi")
def test_callbacks_run_between_but_not_in_a_critical_section(host: Host) -> None:
    assert (
        _run(
            host,
            """
            py.runPython("calls = 0\\ndef called():\\n    global calls\\n    calls += 1");
            const called = py.globals.get("called");
            const timer = setInterval(called, 1);
            const inside = await py.runPythonAsync(`
from pyjs import critical_section
until(lambda: calls > 3)
with critical_section():
    with critical_section():
        pass
    start = calls
    busy(0.1)
    inside = calls - start
until(lambda: calls > start)
inside
`);
            clearInterval(timer);
            called.destroy();
            return inside;
            """,
        )
        == 0
    )


@pytest.mark.usefixtures("jspi")
def test_interrupt_ends_a_loop_without_end(host: Host) -> None:
    kind, answer, again, value = _run(
        host,
        """
        const running = py.runPythonAsync("js.began = True\\nwhile True: pass")
          .catch((error) => error.type);
        while (!globalThis.began) await later(1);
        delete globalThis.began;
        await later(20);
        const answer = py.interrupt();
        return [await running, answer, py.interrupt(), py.runPython("1 + 1")];
        """,
    )
    assert kind == "KeyboardInterrupt"
    assert answer is True
    assert again is False
    assert value == 2


@pytest.mark.usefixtures("jspi")
def test_interrupt_calls_the_handler_of_the_program(host: Host) -> None:
    assert _run(
        host,
        """
        const running = py.runPythonAsync(`
import signal
got = []
former = signal.signal(signal.SIGINT, lambda number, frame: got.append(number))
try:
    js.began = True
    while not got: pass
finally:
    signal.signal(signal.SIGINT, former)
got[0]
`);
        while (!globalThis.began) await later(1);
        delete globalThis.began;
        return [py.interrupt(), await running];
        """,
    ) == [True, 2]


def test_interrupt_by_what_python_calls(host: Host) -> None:
    assert host.js(
        """
        globalThis.stop = () => py.interrupt();
        const text = py.runPython(`
import pyjs
try:
    pyjs.js.stop()
    for _ in range(100): pass
    text = "nothing"
except KeyboardInterrupt:
    text = "interrupted"
text
`);
        return [text, py.interrupt()];
        """
    ) == ["interrupted", False]


@pytest.mark.parametrize("given", ["0", "-1", "NaN", "Infinity", "'12'", "null", "{}", "true"])
def test_a_slice_is_a_number_of_milliseconds(host: Host, given: str) -> None:
    text = host.js(f"try {{ py.setTimeSlice({given}); }} catch (error) {{ return String(error); }}")
    expected = "expected milliseconds above 0, such as 12, or nothing; got "
    assert text.startswith(f"TypeError: setTimeSlice: {expected}")


_MIXED = """
import asyncio, contextvars, random, sys
from pyjs.ffi import run_sync
var = contextvars.ContextVar("var", default=0)
events = 0

def on_event():
    global events
    events += 1
    return sum(range(100))

def work(n):
    return sum(i % 7 for i in range(n))

async def leaf(i):
    var.set(i)
    await asyncio.sleep(0.001 * (i % 3))
    work(3000)
    assert var.get() == i
    if i % 5 == 0:
        raise ValueError(i)
    return i

def wait(i, depth):
    token = var.set(i)
    try:
        if depth:
            return wait(i, depth - 1)
        try:
            return run_sync(leaf(i))
        except ValueError as error:
            work(3000)
            assert sys.exc_info()[1] is error
            return error.args[0]
    finally:
        assert var.get() == i
        var.reset(token)

async def worker(i):
    me = asyncio.current_task()
    for k in range(4):
        n = 10 * i + k
        assert wait(n, k) == n
        time.sleep(0.001)
        assert run_sync(js.Promise.resolve(n)) == n
        assert asyncio.run(asyncio.sleep(0.001, n)) == n
        assert sorted([3, 1, 2], key=lambda x: work(500) and x) == [1, 2, 3]
        assert asyncio.current_task() is me
    return i

async def mixed():
    return await asyncio.gather(*(worker(i) for i in range(6))) == list(range(6))
"""


@pytest.mark.usefixtures("jspi")
def test_slices_stacks_that_wait_loops_and_events_together(host: Host) -> None:
    done, outer, events, waiting = host.js(
        f"""
        await py.runPythonAsync({_BUSY!r} + {_MIXED!r});
        py.setTimeSlice(1);
        const event = py.globals.get("on_event");
        const timer = setInterval(event, 1);
        try {{
          const out = await Promise.all([
            py.runPythonAsync("await mixed()"), py.runPythonAsync("run_sync(mixed())"),
          ]);
          const state = "import pyjs._suspend as s; len(s._waiting) + len(s._preempted)";
          return [...out, py.runPython("events"), py.runPython(state)];
        }} finally {{
          clearInterval(timer);
          event.destroy();
          py.setTimeSlice();
        }}
        """
    )
    assert done is True
    assert outer is True
    assert events > 0
    assert waiting == 0


def test_after_the_end() -> None:
    texts = run_node(
        """
        const py = await loadPyjs();
        py.dispose();
        const says = (act) => { try { return act(); } catch (error) { return error.message; } };
        return [says(() => py.interrupt())];
        """
    )
    assert "dispose() was called" in texts[0]
