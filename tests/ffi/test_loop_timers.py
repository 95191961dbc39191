"""Timers of a loop: their order, their host timer, and what goes before them."""

from tests.inside import inside, not_in_pyodide
from tests.waits import until


@not_in_pyodide("timers are those of Pyodide's loop")
@inside
async def test_timers_of_equal_time_keep_their_order_and_one_host_timer_is_set() -> None:
    import asyncio

    from pyjs import run_js

    counter = run_js(
        "(() => { const set = setTimeout, clear = clearTimeout, c = {set: 0, cleared: 0};"
        " globalThis.setTimeout = (...a) => { c.set++; return set(...a) };"
        " globalThis.clearTimeout = (...a) => { c.cleared++; return clear(...a) };"
        " c.restore = () => { globalThis.setTimeout = set; globalThis.clearTimeout = clear };"
        " return c })()"
    )
    loop = asyncio.get_running_loop()
    seen = []
    try:
        when = loop.time() + 0.02
        for i in range(10_000):
            loop.call_at(when, seen.append, i)
        far = [loop.call_later(1000 + i, seen.append, "far") for i in range(10_000)]
        await until(lambda: len(seen) >= 10_000)
        assert seen == list(range(10_000))
        for handle in far:
            handle.cancel()
        await asyncio.sleep(0)
    finally:
        counter.restore()
    assert counter.set < 10
    assert loop._scheduled == []


@not_in_pyodide("timers are those of Pyodide's loop")
@inside
async def test_timers_that_are_far_away_wake_nobody() -> None:
    import asyncio

    loop = asyncio.get_running_loop()
    ticks = []
    tick = loop._tick
    handles = [loop.call_later(1000 + i, print) for i in range(10_000)]
    loop._tick = lambda fired: ticks.append(loop.time() - start) or tick(fired)
    start = loop.time()
    try:
        await asyncio.sleep(0.2)
    finally:
        del loop._tick
    for handle in handles:
        handle.cancel()
    # The task's own step, and then nothing until its timer, which a host may round down by 1 ms.
    assert len([at for at in ticks if at < 0.19]) <= 3, ticks
    assert ticks[-1] >= 0.19


@not_in_pyodide("Pyodide's loop runs callbacks in an order of its own")
@inside
async def test_call_soon_goes_before_timers_that_are_due() -> None:
    import asyncio
    import time

    loop = asyncio.get_running_loop()
    seen = []

    def block():
        loop.call_later(0.001, seen.append, "timer")
        loop.call_soon(seen.append, "soon")
        time.sleep(0.005)

    loop.call_soon(block)
    await until(lambda: len(seen) == 2)
    assert seen == ["soon", "timer"]
