"""asyncio on the host's event loop."""

from tests.inside import inside, not_in_pyodide
from tests.waits import turns, until


@inside
async def test_call_soon_is_first_in_first_out() -> None:
    import asyncio

    loop = asyncio.get_running_loop()
    seen = []
    for i in range(200):
        loop.call_soon(seen.append, i)
    loop.call_soon(seen.append, "cancelled").cancel()
    await until(lambda: len(seen) >= 200)
    await turns()
    assert seen == list(range(200))


@not_in_pyodide("timers are those of Pyodide's loop")
@inside
async def test_timers_fire_in_the_order_of_their_time() -> None:
    import asyncio

    loop = asyncio.get_running_loop()
    seen = []
    start = loop.time()
    for delay in (0.06, 0.02, 0.04, 0):
        loop.call_at(start + delay, lambda d=delay: seen.append((d, loop.time() - start >= d)))
    await until(lambda: len(seen) == 4)
    assert seen == [(0, True), (0.02, True), (0.04, True), (0.06, True)]


@inside
async def test_a_cancelled_timer_never_fires() -> None:
    import asyncio

    seen = []
    handle = asyncio.get_running_loop().call_later(0.01, seen.append, 1)
    handle.cancel()
    handle.cancel()
    await asyncio.sleep(0.03)
    assert seen == []


@inside
async def test_far_and_endless_timers_wait_quietly() -> None:
    import asyncio
    import math

    from pyjs import run_js

    counter = run_js(
        "(() => { const real = setTimeout, c = {n: 0};"
        " globalThis.setTimeout = (...a) => { c.n++; return real(...a) };"
        " c.restore = () => { globalThis.setTimeout = real }; return c })()"
    )
    loop = asyncio.get_running_loop()
    seen = []
    handles = [loop.call_later(d, seen.append, d) for d in (2**31 / 1000 + 5, 1e9, math.inf)]
    await asyncio.sleep(0.05)
    counter.restore()
    for handle in handles:
        handle.cancel()
    assert seen == []
    assert counter.n <= 6  # one each, and the sleep's, which the host may round down


@inside
async def test_gather_wait_for_timeout_and_task_group() -> None:
    import asyncio

    async def after(delay, value):
        await asyncio.sleep(delay)
        return value

    assert await asyncio.gather(after(0.02, 1), after(0, 2)) == [1, 2]
    try:
        await asyncio.wait_for(after(5, 1), 0.01)
    except TimeoutError:
        pass
    else:
        raise AssertionError("no TimeoutError")
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(after(0, i)) for i in range(3)]
    assert [task.result() for task in tasks] == [0, 1, 2]

    async def fails():
        raise KeyError("k")

    try:
        async with asyncio.TaskGroup() as group:
            slow = group.create_task(after(5, 1))
            group.create_task(fails())
    except* KeyError:
        pass
    assert slow.cancelled()


@inside
async def test_an_exception_in_a_callback_or_task_reaches_the_handler() -> None:
    import asyncio
    import gc

    loop = asyncio.get_running_loop()
    seen = []
    loop.set_exception_handler(lambda _loop, context: seen.append(repr(context["exception"])))
    try:
        loop.call_soon(lambda: 1 / 0)

        async def fails():
            raise KeyError("k")

        task = asyncio.create_task(fails())
        await until(task.done)
        del task
        gc.collect()
        loop.call_later(0, lambda: [][1])
        await until(lambda: len(seen) == 3)
    finally:
        loop.set_exception_handler(None)
    assert seen == [
        "ZeroDivisionError('division by zero')",
        "KeyError('k')",
        "IndexError('list index out of range')",
    ]


@inside
async def test_promises_and_thenables_are_awaited() -> None:

    from pyjs import JsException, run_js

    assert await run_js("Promise.resolve(5)") == 5
    assert await run_js("new Promise(r => setTimeout(r, 5, 'late'))") == "late"
    settled = run_js("Promise.resolve(6)")
    await turns()
    assert [await settled, await settled] == [6, 6]
    assert await run_js("({then(f) { f(7) }})") == 7
    for source in (
        "Promise.reject(new TypeError('no'))",
        "({then() { throw new TypeError('no') }})",
    ):
        try:
            await run_js(source)
        except JsException as error:
            assert error.message == "no"
        else:
            raise AssertionError("nothing was raised")


@inside
async def test_a_task_is_cancelled_while_it_awaits_a_promise() -> None:
    import asyncio

    from pyjs import run_js

    holder = run_js(
        "(() => { const h = {}; h.p = new Promise((a, b) => { h.a = a }); return h })()"
    )
    seen = []

    async def waits():
        try:
            await holder.p
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    task = asyncio.create_task(waits())
    await turns()
    task.cancel()
    await asyncio.wait([task])
    assert seen == ["cancelled"]
    assert task.cancelled()
    holder.a(1)
    await turns()


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
async def test_run_gives_the_result_or_schedules_and_context_variables_are_kept() -> None:
    import asyncio
    import contextvars

    from pyjs import run_js
    from pyjs.ffi import can_run_sync

    variable = contextvars.ContextVar("variable", default="none")

    async def task(value):
        variable.set(value)
        await asyncio.sleep(0)
        await run_js("Promise.resolve()")
        return variable.get()

    scheduled = asyncio.run(task("a"))
    assert await asyncio.gather(task("b"), task("c")) == ["b", "c"]
    assert (scheduled if can_run_sync() else await scheduled) == "a"
    assert variable.get() == "none"


@inside
async def test_a_promise_of_a_dead_proxy_is_an_error_and_not_forever() -> None:
    import asyncio

    from pyjs import JsException, create_proxy, run_js

    proxy = create_proxy(print)
    promise = run_js("p => new Promise(r => setTimeout(() => r({p}), 1)).then(o => o.p)")(proxy)
    proxy.destroy()
    try:
        await asyncio.wait_for(promise, 30)
    except JsException as error:
        assert "destroyed" in error.message
    else:
        raise AssertionError("nothing was raised")


@not_in_pyodide("idle() is a method of pyjs's own loop")
@inside
async def test_idle_waits_for_callbacks_equal_timers_and_tasks() -> None:
    import asyncio

    loop = asyncio.get_event_loop()
    seen = []
    fired = asyncio.Event()

    def soon() -> None:
        seen.append("soon")
        when = loop.time() + 0.01
        for _ in range(2):
            loop.call_at(when, seen.append, "timer")
        loop.call_at(when, fired.set)

    early = []
    loop.call_later(0.01, early.append, "timer")
    loop.call_later(10, seen.append, "never").cancel()
    loop.call_soon(lambda: loop.call_soon(soon))

    async def task() -> None:
        await fired.wait()
        seen.append("task")
        loop.call_later(0.01, seen.append, "last")

    running = asyncio.ensure_future(task())
    await loop.idle()
    assert running.done()
    assert early == ["timer"]
    assert seen == ["soon", "timer", "timer", "task", "last"]
    assert loop._scheduled == []
