"""Promises are futures: awaiting, chaining, cancelling, and thenables that lie."""

import pytest

from tests.inside import inside, not_in_pyodide
from tests.waits import turns, until


@inside
async def test_a_promise_can_be_awaited_again_and_by_many() -> None:
    import asyncio

    from pyjs import run_js

    promise = run_js("new Promise((resolve) => setTimeout(resolve, 5, 'late'))")

    async def waits():
        return await promise

    assert await asyncio.gather(*(waits() for _ in range(50))) == ["late"] * 50
    assert [await promise, await promise] == ["late", "late"]


@inside
async def test_asyncio_takes_promises_as_they_are() -> None:
    import asyncio

    from pyjs import run_js

    late = run_js("(value, ms) => new Promise((resolve) => setTimeout(resolve, ms, value))")
    assert await asyncio.gather(late(1, 9), late(2, 1), late(3, 5)) == [1, 2, 3]
    assert await asyncio.wait_for(late("in time", 1), 30) == "in time"
    assert await asyncio.shield(late("shielded", 1)) == "shielded"
    first, second = asyncio.Event(), asyncio.Event()
    after = run_js("async (event, value) => { await event; return value }")
    ends = asyncio.as_completed([after(second.wait(), "b"), after(first.wait(), "a")])
    for event, value in ((first, "a"), (second, "b")):
        event.set()
        assert await next(ends) == value
    done, pending = await asyncio.wait(
        [asyncio.ensure_future(late(1, 1)), run_js("new Promise(() => {})").then()],
        return_when="FIRST_COMPLETED",
    )
    assert [f.result() for f in done] == [1]
    assert [f.cancel() for f in pending] == [True]
    async with asyncio.timeout(30):
        assert await late(4, 1) == 4

    async def limited(promise):
        async with asyncio.timeout(0.01):
            await promise

    never = run_js("new Promise(() => {})")
    for wait in (lambda: asyncio.wait_for(never, 0.01), lambda: limited(never)):
        try:
            await wait()
        except TimeoutError:
            continue
        raise AssertionError("no TimeoutError")


@inside
async def test_a_task_group_cancels_the_tasks_that_wait_for_promises() -> None:
    import asyncio

    from pyjs import JsException, run_js

    ended = []

    async def waits(source):
        try:
            return await run_js(source)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(waits(f"Promise.resolve({i})")) for i in range(3)]
    assert [task.result() for task in tasks] == [0, 1, 2]
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(waits("new Promise(() => {})"))
            group.create_task(waits("Promise.reject(new RangeError('first'))"))
    except* JsException as errors:
        assert [error.name for error in errors.exceptions] == ["RangeError"]
    assert ended == ["cancelled"]


@inside
@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ("(f, r) => { f(1); r(new Error('late')) }", 1),
        ("(f, r) => { f(1); f(2); f(3) }", 1),
        ("(f, r) => { r(new Error('first')); f(1) }", "Error: first"),
        ("(f, r) => { f(1); throw new Error('after') }", 1),
        ("(f, r) => { throw new Error('at once') }", "Error: at once"),
        ("(f, r) => { setTimeout(() => { f(1); r(new Error('late')) }, 1) }", 1),
        ("(f, r) => f({then(g, s) { g(5); s(new Error('x')) }})", 5),
        ("(f, r) => f({get then() { throw new Error('getter') }})", "Error: getter"),
        ("(f, r) => r({then(g) { g(5) }, toString: () => 'reason'})", "reason"),
        ("(f, r) => f(Promise.reject(new Error('inner')))", "Error: inner"),
    ],
)
async def test_thenables_that_lie(source: str, outcome: object) -> None:
    from pyjs import JsException, run_js

    for kind in ("({then: SOURCE})", "new Promise(SOURCE)"):
        thenable = run_js(kind.replace("SOURCE", source))
        for _ in range(2):
            try:
                got = await thenable
            except JsException as error:
                got = str(error)
            assert got == outcome


@inside
async def test_a_then_getter_that_throws_is_no_promise_and_harms_nothing() -> None:
    from pyjs import JsPromise, run_js

    liar = run_js("({get then() { throw new Error('getter') }})")
    assert not isinstance(liar, JsPromise)
    once = run_js("({n: 0, get then() { this.n++; return this.n > 1 ? undefined : (f) => f(7) }})")
    assert isinstance(once, JsPromise)
    assert (await once) == once


@inside
async def test_what_comes_after_cancelling_is_dropped() -> None:
    import asyncio

    from pyjs import run_js

    for how in ("resolve(1)", "reject(new Error('late'))", "resolve(Promise.reject(1))"):
        holder = run_js(
            "(() => { const h = {}; h.p = new Promise((resolve, reject) =>"
            f" {{ h.end = () => {how} }}); return h }})()"
        )
        task = asyncio.ensure_future(holder.p)
        await turns()
        assert task.cancel()
        holder.end()
        try:
            await task
        except asyncio.CancelledError:
            pass
        else:
            raise AssertionError("it was not cancelled")
        await turns()
        assert task.cancelled()


@inside
async def test_promises_that_never_settle_are_let_go_of() -> None:
    import asyncio

    from pyjs import run_js

    tasks = [asyncio.ensure_future(run_js("new Promise(() => {})")) for _ in range(20)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert all(task.cancelled() for task in tasks)


@inside
async def test_then_catch_and_finally_give_futures() -> None:
    import asyncio

    from pyjs import JsException, run_js
    from pyjs.webloop import PromiseFuture

    five = run_js("Promise.resolve(5)")
    fails = run_js("() => Promise.reject(new RangeError('no'))")
    future = five.then(lambda value: value + 1)
    assert isinstance(future, PromiseFuture)
    assert await future == 6
    assert await five.then() == 5
    assert await five.then(None, lambda error: "unused") == 5
    assert await fails().then(lambda value: "unused", lambda error: error.name) == "RangeError"
    assert await fails().catch(lambda error: error.message) == "no"
    assert await five.catch(lambda error: "unused") == 5
    assert await five.then(lambda value: run_js("Promise.resolve('inner')")) == "inner"

    async def nested(value):
        await asyncio.sleep(0)
        return run_js("Promise.resolve(41)").then(lambda x: x + value)

    assert await run_js("Promise.resolve(1)").then(nested) == 42
    assert await run_js("Promise.resolve(16)").then(run_js("Math.sqrt")) == 4
    seen = []
    assert await five.finally_(lambda: seen.append("f")) == 5
    try:
        await fails().finally_(lambda: seen.append("g"))
    except JsException as error:
        assert error.message == "no"
    assert seen == ["f", "g"]
    for make in (five.then, lambda f: fails().catch(f), five.finally_):
        try:
            await make(lambda *_: 1 / 0)
        except ZeroDivisionError:
            continue
        raise AssertionError("nothing was raised")
    for wrong in (lambda: five.then(3), lambda: five.then(None, "x"), lambda: five.finally_(1)):
        try:
            wrong()
        except TypeError as error:
            assert "expected a callable" in str(error)
        else:
            raise AssertionError("no TypeError")


@not_in_pyodide("Pyodide's loop runs callbacks in an order of its own")
@inside
async def test_futures_of_the_loop_have_then_too() -> None:
    import asyncio

    loop = asyncio.get_running_loop()
    future = loop.create_future()
    chained = future.then(lambda value: value + 1).then(lambda value: value * 10)
    future.set_result(1)
    assert await chained == 20
    future = loop.create_future()
    caught = future.catch(lambda error: type(error).__name__)
    future.cancel()
    assert await caught == "CancelledError"
    future = loop.create_future()
    passed = future.then(lambda value: value)
    future.cancel()
    try:
        await passed
    except asyncio.CancelledError:
        assert passed.cancelled()
    else:
        raise AssertionError("not cancelled")


@not_in_pyodide("Pyodide's loop runs callbacks in an order of its own")
@inside
async def test_cancelling_a_chained_future_cancels_what_its_handler_awaits() -> None:
    import asyncio

    from pyjs import run_js

    seen = []
    begun = asyncio.Event()

    async def slow(value):
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            seen.append(value)
            raise

    future = run_js("Promise.resolve(3)").then(slow)
    await begun.wait()
    assert future.cancel()
    await until(lambda: seen)
    assert seen == [3]


@inside
async def test_an_error_that_nobody_awaits_is_reported_once_with_its_place() -> None:
    import asyncio
    import gc

    from pyjs import run_js

    loop = asyncio.get_running_loop()
    seen = []
    loop.set_exception_handler(
        lambda _, context: seen.append((str(context["exception"]), repr(context["future"])))
    )
    try:
        future = run_js("Promise.reject(new RangeError('lost'))").then(lambda value: value)
        await until(future.done)
        del future
        gc.collect()
        await until(lambda: seen)
        await turns()
    finally:
        loop.set_exception_handler(None)
    assert [text for text, _ in seen] == ["RangeError: lost"]
    assert "made at" in seen[0][1]
    assert "test_promise" in seen[0][1]


@inside
async def test_python_awaitables_are_promises_that_can_be_cancelled() -> None:
    import asyncio

    from pyjs import run_js

    ended = []
    begun = asyncio.Event()

    async def slow():
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    outcome = run_js(
        """async (awaitable, begun) => {
          if (begun !== undefined) {
            awaitable.catch(() => undefined);  // which begins it
            await begun;
          }
          const could = awaitable.cancel("why");
          try { await awaitable } catch (error) { return [could, error.type, awaitable.cancel()] }
        }"""
    )
    assert list(await outcome(slow(), begun.wait())) == [True, "CancelledError", False]
    assert ended == ["cancelled"]
    # One that never began does not begin.
    assert list(await outcome(slow())) == [True, "CancelledError", False]
    assert ended == ["cancelled"]
    task = asyncio.create_task(slow())
    assert list(await outcome(task)) == [True, "CancelledError", False]
    assert task.cancelled()
    future = asyncio.get_running_loop().create_future()
    assert list(await outcome(future, asyncio.sleep(0))) == [True, "CancelledError", False]
    assert future.cancelled()
    done = asyncio.get_running_loop().create_future()
    done.set_result(3)
    assert run_js("f => f.cancel()")(done) is False
    await asyncio.sleep(0)


@inside
async def test_an_error_keeps_its_identity_through_promises_and_futures() -> None:
    from pyjs import run_js

    mine = KeyError("mine")

    async def fails():
        raise mine

    try:
        await run_js("async (c) => { await c }")(fails())
    except KeyError as error:
        assert error is mine
    else:
        raise AssertionError("nothing was raised")
    mine.__traceback__ = None
    theirs = run_js("new RangeError('theirs')")
    reject = run_js("(e) => Promise.reject(e)")
    try:
        await reject(theirs).then(lambda value: value).finally_(lambda: None)
    except Exception as error:
        assert error.js_id == theirs.js_id
        error.__traceback__ = None


@inside
def test_a_promise_is_equal_to_itself_and_can_be_a_key() -> None:
    from pyjs import run_js

    make = run_js("(p => () => p)(Promise.resolve())")
    first, again, other = make(), make(), run_js("Promise.resolve()")
    assert first == again
    assert hash(first) == hash(again)
    assert first != other
    assert {first: 1}[again] == 1
    assert len({first, again, other}) == 2
    assert first != 1
