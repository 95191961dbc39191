"""Tasks of promises: create_task, TaskGroup, asyncio.run; and what takes futures alone."""

import pytest

from tests.inside import inside, not_in_pyodide
from tests.waits import turns, until


@not_in_pyodide("create_task is Pyodide's loop's, which takes no promises")
@inside
async def test_a_promise_becomes_a_task() -> None:
    import asyncio

    from pyjs import JsException, run_js

    late = run_js("(value, ms) => new Promise((resolve) => setTimeout(resolve, ms, value))")
    loop = asyncio.get_running_loop()
    thenable = run_js("({then(resolve) { resolve('then') }})")
    assert await asyncio.create_task(late("a", 1), name="mine") == "a"
    assert await loop.create_task(thenable) == "then"
    task = asyncio.create_task(late(1, 1), name="mine")
    assert isinstance(task, asyncio.Task)
    assert task.get_name() == "mine"
    here = "test_a_promise_becomes_a_task"
    assert task.get_coro().__name__ == "promise"
    shown = task.get_coro().__qualname__
    assert shown.startswith("promise made at ")
    assert int(shown.rpartition(":")[2]) > 0
    assert "asyncio/" not in shown, here
    assert await task == 1
    task = asyncio.create_task(run_js("Promise.reject(new RangeError('no'))"))
    await turns()
    try:
        await task
    except JsException as error:
        assert str(error) == "RangeError: no"
    else:
        raise AssertionError("nothing was raised")


@not_in_pyodide("create_task is Pyodide's loop's, which takes no promises")
@inside
async def test_a_rejected_promise_of_a_task_is_no_unhandled_rejection() -> None:
    import asyncio

    from pyjs import run_js

    unhandled = []
    stop = run_js(
        """(f) => {
          const node = typeof process === "object" && typeof process.on === "function";
          const listener = (e) => { e.preventDefault?.(); f(String(e.reason ?? e)) };
          if (node) process.on("unhandledRejection", listener);
          else addEventListener("unhandledrejection", listener);
          return () => {
            if (node) process.off("unhandledRejection", listener);
            else removeEventListener("unhandledrejection", listener);
          };
        }"""
    )(unhandled.append)
    try:
        task = asyncio.create_task(run_js("Promise.reject(new RangeError('no'))"))
        await asyncio.wait([task])
        await asyncio.sleep(0.02)
        assert str(task.exception()) == "RangeError: no"
        task = asyncio.create_task(run_js("Promise.reject(new RangeError('before'))"))
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        del task
        await asyncio.sleep(0.02)
    finally:
        stop()
    assert unhandled == []


@not_in_pyodide("create_task is Pyodide's loop's, which takes no promises")
@inside
async def test_a_task_group_takes_promises() -> None:
    import asyncio

    from pyjs import run_js

    late = run_js("(value, ms) => new Promise((resolve) => setTimeout(resolve, ms, value))")
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(late(i, 3 - i)) for i in range(3)]
    assert [task.result() for task in tasks] == [0, 1, 2]
    never = run_js("new Promise(() => {})")
    try:
        async with asyncio.TaskGroup() as group:
            waits = group.create_task(never)
            group.create_task(run_js("Promise.reject(new RangeError('first'))"))
    except ExceptionGroup as caught:
        assert [str(error) for error in caught.exceptions] == ["RangeError: first"]
    else:
        raise AssertionError("nothing was raised")
    assert waits.cancelled()


@not_in_pyodide("create_task is Pyodide's loop's, which takes no promises")
@inside
async def test_a_cancelled_task_of_a_fetch_aborts_it() -> None:
    import asyncio

    from pyjs import abortable, run_js

    make = abortable(run_js("(box, { signal }) => new Promise(() => { box[0] = signal })"))
    for begins in (True, False):
        box = run_js("[]")
        task = asyncio.create_task(make(box))
        if begins:
            await turns()
        task.cancel()
        await asyncio.wait([task])
        del task
        await until(lambda box=box: box[0].aborted)


@not_in_pyodide("create_task is Pyodide's loop's, which takes no promises")
@inside
async def test_tasks_of_promises_in_debug_mode_and_with_factories() -> None:
    import asyncio

    from pyjs import js

    loop = asyncio.get_running_loop()
    loop.set_debug(True)
    try:
        task = asyncio.create_task(js.Promise.resolve(1))
        assert task._source_traceback[-1].filename.endswith("asyncio/tasks.py")
        assert await task == 1
    finally:
        loop.set_debug(False)
    loop.set_task_factory(asyncio.eager_task_factory)
    try:
        assert await asyncio.create_task(js.Promise.resolve(2)) == 2

        async def done():
            return 3

        assert asyncio.create_task(done()).result() == 3
    finally:
        loop.set_task_factory(None)


@inside
async def test_what_is_no_coroutine_stays_a_type_error() -> None:
    import asyncio

    from pyjs import js

    for wrong in (5, None, js.Object.new(), asyncio.Future()):
        try:
            await asyncio.create_task(wrong)
        except TypeError as error:
            assert "a coroutine was expected" in str(error)
        else:
            raise AssertionError(repr(wrong))


@inside
async def test_wait_says_what_to_give_it() -> None:
    import asyncio

    from pyjs import js

    promise = js.Promise.resolve(1)
    try:
        await asyncio.wait([promise])
    except AttributeError as error:
        assert "a JavaScript promise is no future" in str(error)
        assert "asyncio.ensure_future(promise)" in str(error)
    else:
        raise AssertionError("nothing was raised")
    done, pending = await asyncio.wait([asyncio.ensure_future(promise)])
    assert ([future.result() for future in done], pending) == ([1], set())
    for name in ("done", "result", "exception", "cancelled"):
        assert not hasattr(promise, name)
    try:
        js.Object.new().done
    except AttributeError as error:
        assert str(error) == "JavaScript object has no property 'done'"


@inside
async def test_gather_and_others_take_thenables() -> None:
    import asyncio

    from pyjs import run_js

    make = run_js("(v) => ({then(resolve) { setTimeout(resolve, 1, v) }})")
    assert await asyncio.gather(make(1), make(2)) == [1, 2]
    assert await asyncio.wait_for(make(3), 30) == 3
    assert await asyncio.shield(make(4)) == 4
    assert [await x for x in asyncio.as_completed([make(5)])] == [5]
    async with asyncio.timeout(30):
        assert await make(6) == 6


@not_in_pyodide("create_task is Pyodide's loop's, which takes no promises")
@inside
async def test_asyncio_run_takes_a_promise() -> None:
    import asyncio

    from pyjs import JsException, js, run_js
    from pyjs.ffi import can_run_sync

    async def outcome(promise):
        try:
            result = asyncio.run(promise)
            return result if can_run_sync() else await result
        except JsException as error:
            return str(error)

    late = run_js("(value, ms) => new Promise((resolve) => setTimeout(resolve, ms, value))")
    assert await outcome(js.Promise.resolve(1)) == 1
    assert await outcome(late(2, 3)) == 2
    assert await outcome(run_js("Promise.reject(new RangeError('no'))")) == "RangeError: no"
    if can_run_sync():
        with asyncio.Runner() as runner:
            assert runner.run(late(3, 2)) == 3
        loop = asyncio.new_event_loop()
        assert loop.run_until_complete(late(4, 2)) == 4
        loop.close()


@not_in_pyodide("create_task is Pyodide's loop's, which takes no promises")
@inside
@pytest.mark.parametrize("create", ["asyncio.create_task", "asyncio.ensure_future"])
async def test_a_failure_that_nobody_retrieves_names_the_line(create: str) -> None:
    import asyncio

    from pyjs import run_js

    seen = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: seen.append(context))
    make = {"asyncio.create_task": asyncio.create_task}.get(create, asyncio.ensure_future)
    try:
        future = make(run_js("Promise.reject(new RangeError('lost'))"))
        await asyncio.wait([future])
        del future
        await asyncio.sleep(0)
    finally:
        loop.set_exception_handler(None)
    assert [str(context["exception"]) for context in seen] == ["RangeError: lost"]
    (context,) = seen
    shown = repr(context["future"])
    assert "exception was never retrieved" in context["message"]
    assert "made at " in shown, shown
    assert "pyjs/_promise.py" not in shown.partition("made at ")[2].partition(" ")[0]
    context.clear()
    del context
    seen.clear()
