"""What programs do wrong with loops, futures and promises: an error each, and the loop goes on."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside, not_in_pyodide
from tests.waits import turns, until


@inside
async def test_awaiting_twice() -> None:
    import asyncio

    from pyjs import JsException, run_js

    async def answers():
        await asyncio.sleep(0)
        return 5

    async def message(awaitable):
        try:
            return await awaitable
        except RuntimeError as error:
            return str(error)

    coroutine = answers()
    assert await coroutine == 5
    assert await message(coroutine) == "cannot reuse already awaited coroutine"
    coroutine = answers()
    task = asyncio.create_task(coroutine)
    await asyncio.sleep(0)
    assert await message(coroutine) == "coroutine is being awaited already"
    assert [await task, await task] == [5, 5]
    iterator = aiter(run_js("(async function* () { yield 1; yield 2 })()"))
    step = anext(iterator)
    assert [await step, await step] == [1, 1]
    await iterator.aclose()
    failing = asyncio.ensure_future(run_js("Promise.reject(new RangeError('r'))"))
    for _ in range(2):
        try:
            await failing
        except JsException as error:
            assert str(error) == "RangeError: r"
        else:
            raise AssertionError("nothing was raised")

    async def itself():
        await asyncio.current_task()

    task = asyncio.create_task(itself())
    await asyncio.wait([task])
    assert "Task cannot await on itself" in str(task.exception())


def test_javascript_awaits_a_coroutine_twice(host: Host) -> None:
    assert host.js(
        """
        const make = py.runPython(`
import asyncio
async def answers():
    await asyncio.sleep(0)
    return 5
answers
`);
        const coroutine = make();
        try {
          return [await coroutine, await coroutine, await coroutine.then((x) => x + 1)];
        } finally { make.destroy(); }
        """
    ) == [5, 5, 6]


@not_in_pyodide("Pyodide's loop runs callbacks in an order of its own")
@inside
async def test_resolving_after_cancelling() -> None:
    import asyncio

    from pyjs import run_js

    seen = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: seen.append(context["message"]))
    try:
        future = loop.create_future()
        chained = future.then(lambda value: seen.append(value))
        assert future.cancel()
        for act in (
            lambda: future.set_result(1),
            lambda: future.set_exception(KeyError("k")),
        ):
            try:
                act()
            except asyncio.InvalidStateError as error:
                assert str(error) == "invalid state"
            else:
                raise AssertionError("no InvalidStateError")
        assert not future.cancel()
        await asyncio.sleep(0)
        assert chained.cancelled()
        shared = run_js(
            """(() => {
              const shared = {};
              shared.promise = new Promise((resolve) => { shared.resolve = resolve });
              return shared;
            })()"""
        )
        for make in (
            lambda: asyncio.ensure_future(shared.promise),
            lambda: asyncio.create_task(shared.promise),
            lambda: shared.promise.then(seen.append),
        ):
            waits = make()
            await asyncio.sleep(0)
            assert waits.cancel()
            await asyncio.wait([waits])
            assert waits.cancelled()
        shared.resolve("late")
        await asyncio.sleep(0.005)
        assert await shared.promise == "late"
    finally:
        loop.set_exception_handler(None)
    assert seen == []


@not_in_pyodide("create_task is Pyodide's loop's, which takes no promises")
@inside
async def test_promises_that_never_settle() -> None:
    import asyncio

    from pyjs import run_js

    never = run_js("new Promise(() => {})")
    thenable = run_js("({then() {}})")
    for awaitable in (never, thenable):
        for wait in (
            lambda it=awaitable: asyncio.wait_for(it, 0.005),
            lambda it=awaitable: asyncio.wait_for(asyncio.create_task(it), 0.005),
            lambda it=awaitable: asyncio.wait_for(asyncio.gather(it, it), 0.005),
            lambda it=awaitable: asyncio.wait_for(it.then(print), 0.005),
        ):
            try:
                await wait()
            except TimeoutError:
                continue
            raise AssertionError("no TimeoutError")
    done, pending = await asyncio.wait([asyncio.ensure_future(never)], timeout=0.005)
    assert (len(done), [future.cancel() for future in pending]) == (0, [True])
    shield = asyncio.shield(never)
    shield.cancel()
    await asyncio.wait([shield])
    assert shield.cancelled()


@not_in_pyodide("create_task is Pyodide's loop's, which takes no promises")
@inside
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("resolve(1); reject(new Error('second'))", "1"),
        ("reject(new RangeError('first')); resolve(1)", "RangeError: first"),
        ("resolve(1); resolve(2)", "1"),
        ("resolve(1); throw new Error('after')", "1"),
        ("throw new RangeError('thrown')", "RangeError: thrown"),
        ("setTimeout(resolve, 1, 3); setTimeout(reject, 30, new Error('late'))", "3"),
        ("resolve({then(r) { r(4) }})", "4"),
    ],
)
async def test_thenables_that_lie(body: str, expected: str) -> None:
    import asyncio

    from pyjs import JsException, run_js
    from pyjs.ffi import can_run_sync, run_sync

    make = run_js(f"() => ({{then(resolve, reject) {{ {body} }}}})")

    async def plainly(thenable):
        return await thenable

    async def by_then(thenable):
        return await thenable.then(lambda value: value)

    async def by_stack(thenable):
        return run_sync(thenable) if can_run_sync() else await thenable

    seen = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: seen.append(context["message"]))
    try:
        for wait in (plainly, asyncio.create_task, asyncio.ensure_future, by_then, by_stack):
            try:
                outcome = str(await wait(make()))
            except JsException as error:
                outcome = str(error)
            assert (wait.__name__, outcome) == (wait.__name__, expected)
        await asyncio.sleep(0.04)
    finally:
        loop.set_exception_handler(None)
    assert seen == []


@inside
async def test_exceptions_in_callbacks_leave_the_loop_alive() -> None:
    import asyncio

    from pyjs import create_once_callable, js, run_js

    seen = []
    loop = asyncio.get_running_loop()

    def fails(*_):
        raise KeyError("callback")

    loop.set_exception_handler(lambda _, context: seen.append(repr(context["exception"])))
    try:
        loop.call_soon(fails)
        loop.call_later(0.001, fails)
        loop.call_soon_threadsafe(fails)
        future = loop.create_future()
        future.add_done_callback(fails)
        future.set_result(1)
        await until(lambda: len(seen) >= 4)
        assert seen == ["KeyError('callback')"] * 4
        seen.clear()
        chained = js.Promise.resolve(1).then(fails)
        try:
            await chained
        except KeyError as error:
            assert error.args == ("callback",)
            error.__traceback__ = None
        else:
            raise AssertionError("nothing was raised")
        del chained
        assert seen == []
        once = create_once_callable(fails)
        caught = run_js("(f) => { try { f() } catch (error) { return error.type } }")(once)
        assert caught == "KeyError"
    finally:
        loop.set_exception_handler(None)
    assert await asyncio.sleep(0, "alive") == "alive"


@not_in_pyodide("Pyodide's loop reports what fails in a way of its own")
@inside
async def test_an_exception_handler_that_fails() -> None:
    import asyncio
    import logging

    records = []

    class Records(logging.Handler):
        def emit(self, record):
            records.append(record.getMessage().splitlines()[0])

    handler = Records()
    logger = logging.getLogger("asyncio")
    logger.addHandler(handler)
    logger.propagate = False
    loop = asyncio.get_running_loop()

    def fails(*_):
        raise KeyError("in the handler")

    loop.set_exception_handler(fails)
    try:
        loop.call_soon(fails)
        await until(lambda: records)
        await turns()
    finally:
        loop.set_exception_handler(None)
        logger.removeHandler(handler)
        logger.propagate = True
    assert records == ["Unhandled error in exception handler"]
    assert await asyncio.sleep(0, "alive") == "alive"


@not_in_pyodide("Pyodide's loop leaves ended tasks to the garbage collector")
@inside
async def test_exceptions_in_destructors_leave_the_loop_alive() -> None:
    import asyncio
    import sys

    seen = []
    hook, sys.unraisablehook = sys.unraisablehook, lambda info: seen.append(str(info.exc_value))

    class Fails:
        def __del__(self):
            raise KeyError("del")

    async def holds():
        kept = Fails()
        await asyncio.sleep(0)
        del kept
        return "went on"

    try:
        assert await asyncio.create_task(holds()) == "went on"
        task = asyncio.create_task(holds())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        del task
    finally:
        sys.unraisablehook = hook
    assert seen == ["'del'"] * 2
    assert await asyncio.sleep(0, "alive") == "alive"


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
async def test_closing_a_loop_with_work_pending() -> None:
    import asyncio
    import gc

    from pyjs import run_js

    ran, reports = [], []
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda _, context: reports.append(context["message"]))
    loop.call_soon(ran.append, "soon")
    loop.call_later(0.001, ran.append, "later")

    async def waits():
        await asyncio.sleep(10)

    task = loop.create_task(waits())
    settled = asyncio.ensure_future(run_js("Promise.resolve(1)"), loop=loop)
    loop.close()
    loop.close()  # the second time does nothing
    await asyncio.sleep(0.01)
    assert ran == []
    for act in (
        lambda: loop.call_soon(print),
        lambda: loop.call_later(1, print),
        lambda: loop.call_soon_threadsafe(print),
        lambda: loop.run_forever(),
        lambda: loop.run_until_complete(loop.create_future()),
        lambda: loop.run_in_executor(None, print),
        lambda: loop.create_task(run_js("Promise.resolve(1)")),
    ):
        try:
            act()
        except RuntimeError as error:
            assert str(error) == "Event loop is closed"
        else:
            raise AssertionError("no RuntimeError")
    assert settled.result() == 1
    coroutine = task.get_coro()
    del task, settled
    gc.collect()
    assert reports == ["Task was destroyed but it is pending!"]
    coroutine.close()
    assert await asyncio.sleep(0, "alive") == "alive"


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
async def test_running_a_loop_inside_itself() -> None:
    import asyncio

    texts = []

    def tries(act):
        try:
            act()
        except RuntimeError as error:
            texts.append(str(error))

    with asyncio.Runner() as runner:
        loop = runner.get_loop()

        async def main():
            tries(loop.run_forever)
            future = loop.create_future()
            tries(lambda: loop.run_until_complete(future))
            tries(loop.close)
            return "ended"

        assert runner.run(main()) == "ended"
        assert texts == [
            "This event loop is already running",
            "This event loop is already running",
            "Cannot close a running event loop",
        ]
        assert runner.run(asyncio.sleep(0, "again")) == "again"
    coroutine = asyncio.sleep(0)
    tries(lambda: runner.run(coroutine))
    coroutine.close()
    assert texts[3:] == ["Runner is closed"]
    assert await asyncio.sleep(0, "alive") == "alive"


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
async def test_run_sync_where_it_cannot_wait() -> None:
    import asyncio

    from pyjs import run_js
    from pyjs.ffi import run_sync

    log = []

    async def answers():
        log.append("ran")
        return await asyncio.sleep(0)

    def callback():
        coroutine = answers()
        try:
            run_sync(coroutine)
        except RuntimeError as error:
            log.append(str(error).partition(", since")[0])
        finally:
            coroutine.close()
        for wrong in (5, None, "text", print):
            try:
                run_sync(wrong)
            except TypeError as error:
                log.append(str(error))

    run_js("(f) => f()")(callback)
    kinds = ("int", "NoneType", "str", "builtin_function_or_method")
    assert log == [
        "run_sync: this stack cannot be suspended",
        *(f"run_sync: expected a coroutine, future or promise, got {kind}" for kind in kinds),
    ]
    assert await asyncio.sleep(0, "alive") == "alive"
