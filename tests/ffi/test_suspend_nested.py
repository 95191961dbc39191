"""Loops that a task runs inside itself: cancellation and timeouts; where the engine has JSPI."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside, not_in_pyodide
from tests.waits import turns, until


@pytest.fixture(autouse=True)
def _jspi(host: Host) -> None:
    if not host.js("return typeof WebAssembly.promising === 'function'"):
        pytest.skip(f"{host.name} has no JavaScript Promise Integration (JSPI)")


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
@pytest.mark.parametrize("how", ["run", "runner", "loop", "nested"])
async def test_cancelling_reaches_the_main_task_of_a_nested_loop(how: str) -> None:
    import asyncio

    log = []
    began = asyncio.Event()

    async def main():
        host_loop.call_soon(began.set)
        try:
            await asyncio.sleep(1000)
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
    assert await asyncio.wait_for(task, 30) == "went on"
    assert log == [("inner", ("why",)), ("outer", 1)]


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
async def test_a_main_task_may_refuse_to_be_cancelled() -> None:
    import asyncio

    began = asyncio.Event()
    host_loop = asyncio.get_running_loop()

    async def stubborn():
        host_loop.call_soon(began.set)
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError:
            return "stayed"

    async def outer():
        result = asyncio.run(stubborn())
        return result, await asyncio.sleep(0, "on")

    task = asyncio.create_task(outer())
    await began.wait()
    await asyncio.sleep(0.001)
    task.cancel()
    assert await asyncio.wait_for(task, 30) == ("stayed", "on")


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
async def test_a_timeout_around_a_nested_run_is_a_timeout() -> None:
    import asyncio

    ended = []

    async def main(limit):
        host_loop.call_soon(limit.reschedule, host_loop.time())
        try:
            await asyncio.sleep(1000)
        finally:
            ended.append("main")

    async def limited():
        async with asyncio.timeout(None) as limit:
            asyncio.run(main(limit))

    async def limits_itself():
        async with asyncio.timeout(900):
            try:
                async with asyncio.timeout(None) as limit:
                    asyncio.run(main(limit))
            except TimeoutError:
                return asyncio.current_task().cancelling()

    host_loop = asyncio.get_running_loop()
    try:
        await limited()
    except TimeoutError:
        ended.append("timeout")
    assert asyncio.current_task().cancelling() == 0
    assert await limits_itself() == 0
    assert ended == ["main", "timeout", "main"]
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(limited())
    except ExceptionGroup as caught:
        assert [type(error) for error in caught.exceptions] == [TimeoutError]


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
async def test_cancelling_ends_a_run_forever() -> None:
    import asyncio

    loop = asyncio.new_event_loop()

    async def outer():
        loop.run_forever()

    task = asyncio.create_task(outer())
    await until(loop.is_running)
    await turns()
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert not loop.is_running()
    assert loop.run_until_complete(asyncio.sleep(0, "again")) == "again"
    loop.close()


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
async def test_a_request_from_before_cancels_the_nested_run_at_once() -> None:
    import asyncio

    began = []

    async def main():
        began.append("main")
        await asyncio.sleep(1000)

    async def outer():
        asyncio.current_task().cancel("self")
        try:
            asyncio.run(main())
        except asyncio.CancelledError:
            return await asyncio.sleep(0, "taken")

    assert await asyncio.wait_for(asyncio.create_task(outer()), 30) == "taken"
    assert began == []


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
async def test_many_nested_runs_are_cancelled_in_any_order() -> None:
    import asyncio

    begun = []

    async def main(n):
        begun.append(n)
        try:
            await asyncio.sleep(1000)
        finally:
            await asyncio.sleep(0.001 * n)

    async def outer(n):
        asyncio.run(main(n))

    tasks = [asyncio.create_task(outer(n)) for n in range(6)]
    await until(lambda: len(begun) == 6)
    for n in (3, 0, 5, 1, 4, 2):
        tasks[n].cancel()
    await asyncio.wait(tasks, timeout=30)
    assert [task.cancelled() for task in tasks] == [True] * 6


@inside
async def test_javascript_steps_a_generator_in_the_loop_in_which_it_began() -> None:
    import asyncio

    from pyjs import run_js

    loops = set()

    async def numbers():
        for n in range(40):
            loops.add(asyncio.get_running_loop())
            await asyncio.sleep(0)
            yield n

    async def short():
        await asyncio.sleep(0.0005)

    async def others():
        for _ in range(10):
            asyncio.run(short())
            await asyncio.sleep(0)

    consume = run_js(
        "(async (numbers) => { let sum = 0; for await (const n of numbers) sum += n; return sum; })"
    )
    sums = await asyncio.wait_for(
        asyncio.gather(consume(numbers()), others(), consume(numbers())), 20
    )
    assert sums == [780, None, 780]
    assert loops == {asyncio.get_running_loop()}


@inside
async def test_a_promising_call_of_a_tasks_is_in_its_loop() -> None:
    import asyncio

    from pyjs import run_js
    from pyjs.ffi import run_sync

    host_loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    began = asyncio.Event()

    async def nested():
        host_loop.call_soon(began.set)
        await asyncio.sleep(0.005)

    async def others():
        asyncio.run(nested())
        ended.set()

    def waits():
        assert asyncio.get_running_loop() is host_loop
        run_sync(ended.wait())
        return "waited"

    task = asyncio.ensure_future(others())
    await began.wait()
    call = run_js("((f) => f.callPromising())")
    promise = call(waits)
    assert asyncio.get_running_loop() is host_loop
    assert await promise == "waited"
    await task


def test_what_javascript_calls_is_of_the_hosts_loop_and_outlives_nested_ones(host: Host) -> None:
    assert host.js(
        """
            const nested = py.runPythonAsync(`
import asyncio
asyncio.run(asyncio.sleep(0.005))
`);
            const later = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));
            await later(1);
            const f = py.runPython(`
import asyncio, time
from pyjs.ffi import run_sync
host = asyncio.get_event_loop()
def f():
    before = asyncio.get_running_loop() is host
    time.sleep(0.02)
    return [before, asyncio.get_running_loop() is host, run_sync(asyncio.sleep(0.001, "waited"))]
f
`);
            const call = f.callPromising();
            const program = py.runPythonAsync("await asyncio.sleep(0.02, 'not cancelled')");
            await nested;
            const found = await call;
            const out = [...found, await program];
            found.destroy();
            f.destroy();
            py.runPython("del host, f");
            return out;
            """
    ) == [True, True, "waited", "not cancelled"]


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
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
