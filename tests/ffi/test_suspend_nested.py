"""Loops that a task runs inside itself: cancellation and timeouts; where the engine has JSPI."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside


@pytest.fixture(autouse=True)
def _jspi(host: Host) -> None:
    if not host.js("return typeof WebAssembly.promising === 'function'"):
        pytest.skip(f"{host.name} has no JavaScript Promise Integration (JSPI)")


@inside
@pytest.mark.parametrize("how", ["run", "runner", "loop", "nested"])
async def test_cancelling_reaches_the_main_task_of_a_nested_loop(how: str) -> None:
    import asyncio

    log = []
    began = asyncio.Event()

    async def main():
        host_loop.call_soon(began.set)
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError as error:
            log.append(("inner", error.args))
            await asyncio.sleep(0.001)  # cleaning up may wait
            raise

    def runs_runner():
        with asyncio.Runner() as runner:
            runner.run(main())

    def runs_loop():
        loop = asyncio.new_event_loop()
        try:
            loop.run_until_complete(main())
        finally:
            loop.close()

    async def between():
        asyncio.run(main())

    run = {
        "run": lambda: asyncio.run(main()),
        "runner": runs_runner,
        "loop": runs_loop,
        "nested": lambda: asyncio.run(between()),
    }[how]

    async def outer():
        try:
            run()
        except asyncio.CancelledError:
            log.append(("outer", asyncio.current_task().cancelling()))
            assert asyncio.get_running_loop() is host_loop
            # Taken: the next await is not cancelled again.
            await asyncio.sleep(0)
            asyncio.current_task().uncancel()
            return "went on"

    host_loop = asyncio.get_running_loop()
    task = asyncio.create_task(outer())
    await began.wait()
    await asyncio.sleep(0.001)
    assert task.cancel("why")
    assert await asyncio.wait_for(task, 5) == "went on"
    assert log == [("inner", ("why",)), ("outer", 1)]


@inside
async def test_a_main_task_may_refuse_to_be_cancelled() -> None:
    import asyncio

    began = asyncio.Event()
    host_loop = asyncio.get_running_loop()

    async def stubborn():
        host_loop.call_soon(began.set)
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            return "stayed"

    async def outer():
        result = asyncio.run(stubborn())
        return result, await asyncio.sleep(0, "on")

    task = asyncio.create_task(outer())
    await began.wait()
    await asyncio.sleep(0.001)
    task.cancel()
    assert await asyncio.wait_for(task, 5) == ("stayed", "on")


@inside
async def test_a_timeout_around_a_nested_run_is_a_timeout() -> None:
    import asyncio
    import time

    ended = []

    async def main():
        try:
            await asyncio.sleep(10)
        finally:
            ended.append("main")

    async def limited():
        async with asyncio.timeout(0.1):
            asyncio.run(main())

    async def limits_itself():
        async with asyncio.timeout(5):
            try:
                async with asyncio.timeout(0.1):
                    asyncio.run(main())
            except TimeoutError:
                return asyncio.current_task().cancelling()

    start = time.monotonic()
    try:
        await limited()
    except TimeoutError:
        ended.append("timeout")
    assert asyncio.current_task().cancelling() == 0
    assert await limits_itself() == 0
    assert ended == ["main", "timeout", "main"]
    assert time.monotonic() - start < 5
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(limited())
    except ExceptionGroup as caught:
        assert [type(error) for error in caught.exceptions] == [TimeoutError]


@inside
async def test_cancelling_ends_a_run_forever() -> None:
    import asyncio

    loop = asyncio.new_event_loop()

    async def outer():
        loop.run_forever()

    task = asyncio.create_task(outer())
    await asyncio.sleep(0.01)
    assert loop.is_running()
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert not loop.is_running()
    assert loop.run_until_complete(asyncio.sleep(0, "again")) == "again"
    loop.close()


@inside
async def test_a_request_from_before_cancels_the_nested_run_at_once() -> None:
    import asyncio

    began = []

    async def main():
        began.append("main")
        await asyncio.sleep(10)

    async def outer():
        asyncio.current_task().cancel("self")
        try:
            asyncio.run(main())
        except asyncio.CancelledError:
            return await asyncio.sleep(0, "taken")

    assert await asyncio.wait_for(asyncio.create_task(outer()), 5) == "taken"
    assert began == []


@inside
async def test_many_nested_runs_are_cancelled_in_any_order() -> None:
    import asyncio

    async def main(n):
        try:
            await asyncio.sleep(10)
        finally:
            await asyncio.sleep(0.001 * n)

    async def outer(n):
        asyncio.run(main(n))

    tasks = [asyncio.create_task(outer(n)) for n in range(6)]
    await asyncio.sleep(0.02)
    for n in (3, 0, 5, 1, 4, 2):
        tasks[n].cancel()
    await asyncio.wait(tasks, timeout=5)
    assert [task.cancelled() for task in tasks] == [True] * 6


def test_run_sync_at_the_top_level_of_a_chosen_loop(host: Host) -> None:
    assert (
        host.js(
            """
            const f = py.runPython(`
import asyncio
from pyjs.ffi import run_sync

def top_level():
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    seen = []

    async def waits():
        seen.append(type(asyncio.get_running_loop()).__name__)
        await asyncio.sleep(0.001)
        async def numbers():
            yield 1
            await asyncio.sleep(0)
            yield 2
        seen.append([x async for x in numbers()])
        return "waited"

    try:
        seen.append(run_sync(waits()))
        seen.append(run_sync(asyncio.sleep(0, "short")))
        try:
            asyncio.get_running_loop()
        except RuntimeError as error:
            seen.append(str(error))
        seen.append(loop.run_until_complete(asyncio.sleep(0, "own")))
    finally:
        asyncio.set_event_loop(None)
        loop.close()
    return str(seen)
top_level
`);
            try { return await f.callPromising(); } finally { f.destroy(); }
            """
        )
        == "['HostLoop', [1, 2], 'waited', 'short', 'no running event loop', 'own']"
    )
