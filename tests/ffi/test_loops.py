"""Loops other than the host's; running, closing and nesting them; what a loop cannot do."""

from tests.inside import inside, not_in_pyodide
from tests.js import run_fresh
from tests.waits import turns, until


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
async def test_a_loop_of_its_own_runs_to_the_end_inside_a_task() -> None:
    import asyncio

    outer = asyncio.get_running_loop()
    task = asyncio.current_task()
    loop = asyncio.new_event_loop()
    seen = []
    loop.call_later(0.01, seen.append, "timer")
    loop.call_soon(seen.append, "soon")

    async def main():
        assert asyncio.get_running_loop() is loop
        await asyncio.sleep(0.02)
        return seen

    assert loop is not outer
    assert loop.run_until_complete(main()) == ["soon", "timer"]
    assert asyncio.get_running_loop() is outer
    assert asyncio.current_task() is task
    assert not loop.is_running()
    loop.close()
    assert loop.is_closed()
    assert not outer.is_closed()


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
async def test_two_loops_keep_their_callbacks_apart() -> None:
    import asyncio

    one, two = asyncio.new_event_loop(), asyncio.new_event_loop()
    seen = []
    one.call_soon(seen.append, 1)
    two.call_soon(seen.append, 2)
    two.run_until_complete(asyncio.sleep(0))
    assert seen == [2]
    two.close()
    one.run_until_complete(asyncio.sleep(0))
    assert seen == [2, 1]
    one.close()


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
async def test_runner_and_nested_runs() -> None:
    import asyncio
    import contextvars

    variable = contextvars.ContextVar("variable", default=0)

    async def inner():
        await asyncio.sleep(0)
        return "inner"

    async def main():
        variable.set(variable.get() + 1)
        with asyncio.Runner() as nested:
            return nested.run(inner()), variable.get()

    with asyncio.Runner() as runner:
        assert runner.run(main()) == ("inner", 1)
        assert runner.run(main()) == ("inner", 2)
    assert asyncio.run(main(), loop_factory=asyncio.new_event_loop) == ("inner", 1)


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
async def test_a_runner_cancels_and_closes_what_main_leaves() -> None:
    import asyncio

    seen = []

    async def endless():
        try:
            await asyncio.sleep(1000)
        finally:
            seen.append("cancelled")

    async def numbers():
        try:
            yield 1
            yield 2
        finally:
            await asyncio.sleep(0)
            seen.append("generator closed")

    async def main():
        main.task = asyncio.create_task(endless())
        main.generator = numbers()
        await anext(main.generator)
        await asyncio.sleep(0)

    with asyncio.Runner() as runner:
        runner.run(main())
        loop = runner.get_loop()
    assert seen == ["cancelled", "generator closed"]
    assert loop.is_closed()


@inside
async def test_an_async_generator_that_is_dropped_is_closed_by_its_loop() -> None:
    import asyncio

    seen = []

    async def numbers():
        try:
            yield 1
        finally:
            await asyncio.sleep(0)
            seen.append("closed")

    generator = numbers()
    await anext(generator)
    del generator
    await until(lambda: seen)
    assert seen == ["closed"]


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
async def test_mistakes_with_loops() -> None:
    import asyncio

    def message(kind, function, *args):
        try:
            function(*args)
        except kind as error:
            return str(error)
        raise AssertionError("nothing was raised")

    loop = asyncio.new_event_loop()

    async def again():
        coroutine = asyncio.sleep(0)
        try:
            return (
                message(RuntimeError, loop.run_forever),
                message(RuntimeError, loop.run_until_complete, coroutine),
                message(RuntimeError, loop.close),
            )
        finally:
            coroutine.close()

    assert loop.run_until_complete(again()) == (
        "This event loop is already running",
        "This event loop is already running",
        "Cannot close a running event loop",
    )
    loop.call_soon(loop.stop)
    future = loop.create_future()
    stopped = message(RuntimeError, loop.run_until_complete, future)
    assert stopped == "Event loop stopped before Future completed."
    future.cancel()
    assert "NaN" in message(ValueError, loop.call_later, float("nan"), print)
    assert message(TypeError, loop.call_later, None, print) == "delay must not be None"
    loop.close()
    loop.close()
    for call in (loop.call_soon, loop.call_soon_threadsafe):
        assert message(RuntimeError, call, print) == "Event loop is closed"
    assert message(RuntimeError, loop.call_later, 1, print) == "Event loop is closed"
    assert message(RuntimeError, loop.run_forever) == "Event loop is closed"
    assert message(TypeError, asyncio.set_event_loop, 5) == (
        "set_event_loop: expected an AbstractEventLoop or None, got int"
    )
    assert message(ValueError, asyncio.run, 5).startswith("a coroutine was expected")


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
async def test_a_loop_that_waits_for_the_host_completes_or_says_why_not() -> None:
    import asyncio

    from pyjs import _suspend, run_js

    loop = asyncio.new_event_loop()

    promise = run_js("new Promise(r => setTimeout(r, 5, 'late'))")

    async def main():
        return await promise

    if _suspend.can_run_sync():
        assert loop.run_until_complete(main()) == "late"
    else:
        task = loop.create_task(main())
        try:
            loop.run_until_complete(task)
        except RuntimeError as error:
            assert "cannot suspend Python (JSPI)" in str(error)
        else:
            raise AssertionError("nothing was raised")
        assert not task.done()
        await promise
        await turns()  # the loop has heard of it, and can be run again
        assert loop.run_until_complete(task) == "late"
    loop.close()


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
async def test_a_loop_is_closed_with_work_pending() -> None:
    import asyncio

    seen = []
    loop = asyncio.new_event_loop()
    loop.call_soon(seen.append, 1)
    loop.call_later(0.1, seen.append, 2)
    loop.run_until_complete(asyncio.sleep(0))
    loop.call_soon(seen.append, 3)
    loop.close()
    await asyncio.sleep(0.15)
    assert seen == [1]
    host = asyncio.get_running_loop()
    host.call_soon(seen.append, "host")
    host.close()  # the page's: programs for CPython may close it
    await asyncio.sleep(0)
    assert seen == [1, "host"]


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
async def test_what_javascript_awaits_of_a_loop_that_is_closed_is_rejected() -> None:
    import asyncio

    from pyjs import create_proxy, run_js

    awaits = run_js("((future) => future.then(() => 'result', (error) => error.type))")
    loop = asyncio.new_event_loop()
    pending, done = loop.create_future(), loop.create_future()
    done.set_result("of no loop that would tell")
    proxies = [create_proxy(pending), create_proxy(done)]
    promises = [awaits(proxy) for proxy in proxies]
    loop.close()
    assert await asyncio.wait_for(asyncio.gather(*promises), 30) == ["CancelledError", "result"]
    for proxy in proxies:
        proxy.destroy()


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
async def test_system_exit_leaves_the_run_and_not_the_host() -> None:
    import asyncio

    def exits():
        raise SystemExit(3)

    async def main():
        asyncio.get_running_loop().call_soon(exits)
        await asyncio.sleep(1000)

    try:
        with asyncio.Runner() as runner:
            runner.run(main())
    except SystemExit as error:
        assert error.code == 3
    else:
        raise AssertionError("nothing was raised")
    seen = []
    host = asyncio.get_running_loop()
    host.set_exception_handler(lambda _loop, context: seen.append(context["message"]))
    try:
        host.call_soon(exits)
        host.call_soon(seen.append, "next")
        await until(lambda: "next" in seen)
    finally:
        host.set_exception_handler(None)
    assert seen == ["a callback raised SystemExit(3)", "next"]


@not_in_pyodide("executors are those of Pyodide's loop")
@inside
async def test_executors_run_in_the_same_thread() -> None:
    import asyncio
    import threading
    from concurrent.futures import Executor, Future

    loop = asyncio.get_running_loop()
    here = threading.get_ident()
    assert await asyncio.to_thread(threading.get_ident) == here
    assert await loop.run_in_executor(None, divmod, 7, 2) == (3, 1)
    try:
        await loop.run_in_executor(None, int, "x")
    except ValueError:
        pass
    else:
        raise AssertionError("nothing was raised")

    class Now(Executor):
        def submit(self, function, /, *args, **kwargs):
            future = Future()
            future.set_result(("now", function(*args, **kwargs)))
            return future

    loop.set_default_executor(Now())
    try:
        assert await loop.run_in_executor(None, abs, -1) == ("now", 1)
    finally:
        loop._default_executor = None
    assert await loop.run_in_executor(Now(), abs, -2) == ("now", 2)
    try:
        loop.set_default_executor(5)
    except TypeError as error:
        assert "expected a concurrent.futures.Executor, got int" in str(error)


@not_in_pyodide("Pyodide's loop has other errors")
@inside
async def test_what_needs_sockets_says_so() -> None:
    import asyncio

    loop = asyncio.get_running_loop()
    for call, reason in (
        (lambda: loop.create_connection(None, "localhost", 1), "has no sockets"),
        (lambda: loop.getaddrinfo("localhost", 1), "has no sockets"),
        (lambda: asyncio.open_connection("localhost", 1), "has no sockets"),
        (lambda: asyncio.create_subprocess_exec("ls"), "cannot start processes"),
        (lambda: loop.connect_read_pipe(None, None), "no pipes"),
    ):
        try:
            await call()
        except NotImplementedError as error:
            assert reason in str(error)
        else:
            raise AssertionError("nothing was raised")
    for function in (loop.add_reader, loop.add_signal_handler):
        try:
            function(0, print)
        except NotImplementedError as error:
            assert function.__name__ in str(error)
        else:
            raise AssertionError("nothing was raised")


@inside
async def test_microtasks_run_between_ticks() -> None:
    import asyncio

    from pyjs import js, run_js

    log = []
    promise = run_js("log => Promise.resolve().then(() => log.append('microtask'))")
    for _ in range(3):
        await asyncio.sleep(0)
        settled = promise(log)
        await asyncio.sleep(0)
        log.append("tick")
        await settled
    assert log == ["microtask", "tick"] * 3
    assert js is not None


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
async def test_debug_mode_reports_slow_callbacks() -> None:
    import asyncio
    import logging
    import time

    records = []
    handler = logging.Handler()
    handler.emit = lambda record: records.append(record.getMessage())
    logger = logging.getLogger("asyncio")
    logger.addHandler(handler)
    loop = asyncio.new_event_loop()
    try:
        loop.set_debug(True)
        loop.slow_callback_duration = 0.001

        async def slow():
            end = time.monotonic() + 0.01
            while time.monotonic() < end:
                pass

        loop.run_until_complete(slow())
        try:
            loop.call_soon(5)
        except TypeError as error:
            records.append(str(error))
    finally:
        logger.removeHandler(handler)
        loop.close()
    slow_ones = [text for text in records if text.startswith("Executing <Task finished")]
    assert len(slow_ones) == 1
    seconds = float(slow_ones[0].rpartition(" took ")[2].split()[0])
    assert seconds >= 0.01
    assert records[-1].startswith("a callable object was expected")


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
async def test_debug_mode_counts_no_time_in_which_others_run() -> None:
    """What waits by run_sync or time.sleep is not slow, where the stack is suspended."""
    import asyncio
    import logging
    import time

    from pyjs.ffi import can_run_sync, run_sync

    suspends = can_run_sync()
    records = []
    handler = logging.Handler()
    handler.emit = lambda record: records.append(record.getMessage())
    logger = logging.getLogger("asyncio")
    logger.addHandler(handler)
    loop = asyncio.new_event_loop()
    try:
        loop.set_debug(True)
        loop.slow_callback_duration = 0.05

        async def waits():
            time.sleep(0.1)
            if suspends:
                run_sync(asyncio.sleep(0.1))

        async def waits_and_computes():
            await waits()
            end = time.monotonic() + 0.06
            while time.monotonic() < end:
                pass

        for _ in range(10 if suspends else 1):
            records.clear()
            loop.run_until_complete(waits())
            if not records:
                break  # a busy machine may stop the process in between, but not each time
        assert len(records) == (0 if suspends else 1)
        records.clear()
        loop.run_until_complete(waits_and_computes())
    finally:
        logger.removeHandler(handler)
        loop.close()
    slow_ones = [text for text in records if text.startswith("Executing <Task finished")]
    assert len(slow_ones) == 1
    seconds = float(slow_ones[0].rpartition(" took ")[2].split()[0])
    # A busy machine adds to the time for which it computes.
    assert seconds >= 0.06 if suspends else seconds >= 0.16


@not_in_pyodide("task factories are those of Pyodide's loop")
@inside
async def test_eager_tasks() -> None:
    import asyncio

    loop = asyncio.get_running_loop()
    loop.set_task_factory(asyncio.eager_task_factory)
    seen = []

    async def step(value):
        seen.append(value)
        await asyncio.sleep(0)
        return value

    try:
        task = asyncio.create_task(step(1), name="eager")
        seen.append("after")
        assert task.get_name() == "eager"
        assert await task == 1
    finally:
        loop.set_task_factory(None)
    assert seen == [1, "after"]


@inside
async def test_exceptions_in_destructors_reach_the_unraisable_hook() -> None:
    import asyncio
    import sys

    class Bad:
        def __del__(self):
            raise ValueError("in __del__")

    seen = []
    hook, sys.unraisablehook = sys.unraisablehook, lambda info: seen.append(repr(info.exc_value))
    try:
        asyncio.get_running_loop().call_soon(lambda bad: None, Bad())
        await until(lambda: seen)
    finally:
        sys.unraisablehook = hook
    assert seen == ["ValueError('in __del__')"]


@not_in_pyodide("Pyodide's loop reports what fails in a way of its own")
@inside
async def test_an_exception_handler_that_raises_leaves_the_loop_alive() -> None:
    import asyncio
    import logging

    logger = logging.getLogger("asyncio")
    loop = asyncio.get_running_loop()
    seen = []

    def handler(_loop, context):
        raise SystemExit("from the handler") if len(seen) else KeyError("from the handler")

    logger.disabled = True
    loop.set_exception_handler(handler)
    try:
        loop.call_soon(lambda: 1 / 0)
        loop.call_soon(seen.append, 1)
        await until(lambda: len(seen) == 1)
        loop.call_soon(lambda: 1 / 0)
        loop.call_soon(seen.append, 2)
        await until(lambda: len(seen) == 2)
    finally:
        loop.set_exception_handler(None)
        logger.disabled = False
    assert seen == [1, 2]


def test_a_loop_that_was_set_is_that_of_the_top_level() -> None:
    body = """
    const py = await loadPyjs({ indexURL });
    return py.runPython(`
import asyncio
host = asyncio.get_running_loop()
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
future = asyncio.ensure_future(asyncio.sleep(0.01, "classic"))
try:
    asyncio.get_running_loop()
    running = "running"
except RuntimeError:
    running = "none"
result = loop.run_until_complete(future)
loop.close()
back = asyncio.get_running_loop() is host
from pyjs.ffi import to_js
to_js([running, result, back])
`);
    """
    assert run_fresh(body) == ["none", "classic", True]


def test_node_ends_when_the_work_ends() -> None:
    body = """
    const { spawnSync } = await import("node:child_process");
    const script = `
      const { loadPyjs } = await import("${indexURL}pyjs.mjs");
      const py = await loadPyjs({ indexURL: "${indexURL}" });
      py.runPython(\\`
import asyncio
loop = asyncio.get_event_loop()
loop.call_later(1000, print, "never").cancel()
loop.call_later(0.05, print, "timer")
loop.create_future()
asyncio.run(asyncio.sleep(0.01))
\\`);
      process.on("exit", () => console.log("exit"));
    `;
    const done = spawnSync("node", ["--input-type=module", "-e", script], { timeout: 120000 });
    return [String(done.stdout), String(done.stderr), done.status];
    """
    assert run_fresh(body) == ["timer\nexit\n", "", 0]


def test_listeners_of_the_host_hear_of_failures() -> None:
    body = """
    const errors = [];
    const stderr = [];
    const py = await loadPyjs({ indexURL, stderr: (line) => stderr.push(line) });
    py.runPython(`
import asyncio, gc
async def fails(): raise KeyError("task")
def quietly():
    asyncio.get_event_loop().call_soon(lambda: 1 / 0)
    asyncio.create_task(fails())
quietly()
`);
    const loud = () => stderr.filter((line) => /^(Key|ZeroDivision)Error/.test(line));
    const wait = async (count) => {
      const later = () => new Promise((resolve) => setTimeout(resolve, 20));
      while (count() < 2) await later();
      await later();
    };
    await wait(() => loud().length);
    const before = loud();
    const told = (kind) => (error) => errors.push([kind, error.constructor.name, error.type]);
    process.on("uncaughtException", told("exception"));
    process.on("unhandledRejection", told("rejection"));
    py.runPython("quietly()");
    await wait(() => errors.length);
    return [before, errors];
    """
    loud, errors = run_fresh(body)
    assert loud == ["ZeroDivisionError: division by zero", "KeyError: 'task'"]
    assert [[kind, what] for kind, _, what in errors] == [
        ["exception", "ZeroDivisionError"],
        ["rejection", "KeyError"],
    ]
