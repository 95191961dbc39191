"""run_sync and event loops: cancellation, queues, sleep, interrupts; where the engine has JSPI."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside, not_in_pyodide
from tests.waits import turns, until


@pytest.fixture(autouse=True)
def _jspi(host: Host) -> None:
    if not host.js("return typeof WebAssembly.promising === 'function'"):
        pytest.skip(f"{host.name} has no JavaScript Promise Integration (JSPI)")


@not_in_pyodide("run_sync and its stacks are Pyodide's")
@inside
async def test_cancellation_arrives_where_the_stack_waits() -> None:
    import asyncio

    from pyjs import js
    from pyjs.ffi import run_sync

    log = []

    async def inner():
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError:
            log.append("inner")
            raise

    async def outer(make):
        try:
            run_sync(make())
        except asyncio.CancelledError as error:
            log.append((error.args, asyncio.current_task().cancelling()))
        # Taken: the next await is not cancelled again.
        return await asyncio.sleep(0, "went on")

    for make in (inner, lambda: js.Promise.new(lambda *_: None)):
        task = asyncio.create_task(outer(make))
        await turns()
        assert task.cancel("why")
        assert await task == "went on"
    assert log == ["inner", (("why",), 1), (("why",), 1)]
    task = asyncio.create_task(outer(inner))
    task.cancel()
    await asyncio.sleep(0)
    assert task.cancelled()


@not_in_pyodide("run_sync and its stacks are Pyodide's")
@inside
async def test_timeouts_and_groups_reach_stacks_that_wait() -> None:
    import asyncio
    import time

    from pyjs.ffi import run_sync

    async def slow():
        time.sleep(1000)

    async def fails():
        run_sync(asyncio.sleep(0.002))
        raise KeyError

    begin = time.monotonic()
    try:
        async with asyncio.timeout(0.005):
            run_sync(asyncio.sleep(1000))
    except TimeoutError:
        pass
    else:
        raise AssertionError
    try:
        await asyncio.wait_for(slow(), 0.005)
    except TimeoutError:
        pass
    else:
        raise AssertionError
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(slow())
            group.create_task(fails())
    except* KeyError:
        pass
    assert time.monotonic() - begin < 500


@not_in_pyodide("run_sync and its stacks are Pyodide's")
@inside
async def test_an_awaitable_that_refuses_to_be_cancelled() -> None:
    import asyncio

    from pyjs.ffi import run_sync

    async def stubborn():
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError:
            return "stayed"

    async def outer():
        return run_sync(stubborn())

    task = asyncio.create_task(outer())
    await turns()
    task.cancel()
    assert await task == "stayed"


@not_in_pyodide("run_sync and its stacks are Pyodide's")
@inside
async def test_cancelled_before_it_waits() -> None:
    import asyncio

    from pyjs.ffi import run_sync

    async def program():
        asyncio.current_task().cancel("before")
        try:
            run_sync(asyncio.sleep(1000))
        except asyncio.CancelledError as error:
            return error.args

    assert await asyncio.create_task(program()) == ("before",)


@inside
async def test_the_queue_of_the_loop_goes_on() -> None:
    import asyncio

    from pyjs.ffi import run_sync

    loop = asyncio.get_running_loop()
    seen = []
    gate = loop.create_future()

    def waits():
        run_sync(gate)
        seen.append("waited")

    loop.call_soon(seen.append, 1)
    loop.call_soon(waits)
    loop.call_soon(seen.append, 2)
    loop.call_soon(waits)
    loop.call_soon(seen.append, 3)
    loop.call_later(0.001, waits)
    loop.call_later(0.001, seen.append, 4)
    await until(lambda: 4 in seen)
    assert seen == [1, 2, 3, 4]
    gate.set_result(None)
    await until(lambda: len(seen) == 7)
    assert seen == [1, 2, 3, 4, *["waited"] * 3]


@not_in_pyodide("run_sync and its stacks are Pyodide's")
@inside
async def test_sleep_lets_others_run() -> None:
    import asyncio
    import time

    seen = []

    async def program(name):
        for i in range(3):
            time.sleep(0.002)
            seen.append((i, name))

    fastest = 1000
    for _ in range(10):  # a busy machine may stop the process, but not each time
        seen.clear()
        begin = time.monotonic()
        await asyncio.gather(program("a"), program("b"))
        fastest = min(fastest, time.monotonic() - begin)
        assert sorted(seen[:2]) == [(0, "a"), (0, "b")]
        if fastest < 1:
            break
    assert fastest < 1
    time.sleep(0)
    for wrong, kind in ((-1, ValueError), ("1", TypeError), (float("nan"), ValueError)):
        try:
            time.sleep(wrong)
        except kind:
            pass
        else:
            raise AssertionError(wrong)


@not_in_pyodide("run_sync and its stacks are Pyodide's")
@inside
async def test_an_interrupt_reaches_every_stack_that_waits() -> None:
    import asyncio
    import time

    from pyjs import _suspend, js
    from pyjs.ffi import run_sync

    log = []

    async def program(wait):
        try:
            wait()
        except KeyboardInterrupt:
            log.append("interrupted")

    waits = [
        lambda: time.sleep(100),
        lambda: run_sync(asyncio.sleep(100)),
        lambda: run_sync(js.Promise.new(lambda *_: None)),
    ]
    tasks = [asyncio.create_task(program(wait)) for wait in waits]
    await turns()
    assert _suspend.interrupt() == 3
    await asyncio.gather(*tasks)
    assert log == ["interrupted"] * 3
    await until(lambda: len(asyncio.all_tasks()) == 1)
    assert _suspend.interrupt() == 0


@inside
async def test_tasks_that_run_loops_of_their_own_beside_each_other() -> None:
    import asyncio

    from pyjs.ffi import run_sync

    async def inner(n):
        await asyncio.sleep(0.001 * (n % 3))
        return n

    async def worker(n):
        me = asyncio.current_task()
        for k in range(3):
            assert asyncio.run(inner(n + k)) == n + k
            assert asyncio.current_task() is me
            assert run_sync(inner(n)) == n
            await asyncio.sleep(0)
            assert asyncio.current_task() is me
        return n

    assert await asyncio.gather(*(worker(n) for n in range(6))) == list(range(6))
