"""Failures that nobody retrieves: each is reported once, none is swallowed, each says where."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside, not_in_pyodide
from tests.js import run_fresh
from tests.waits import turns, until

# Runs code, and gives what the host reported as unhandled meanwhile.
_WATCH = """
  const node = typeof process === "object" && typeof process.on === "function";
  const seen = [];
  const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
  const listener = (e) => { e.preventDefault?.(); seen.push(String(e.reason ?? e)) };
  if (node) process.on("unhandledRejection", listener);
  else addEventListener("unhandledrejection", listener);
  const stop = () => {
    if (node) process.off("unhandledRejection", listener);
    else removeEventListener("unhandledrejection", listener);
  };
"""


@inside
@pytest.mark.parametrize("kind", ["await", "future", "step", "then"])
async def test_what_fails_after_its_task_was_cancelled_is_reported_once(kind: str) -> None:
    import asyncio

    from pyjs import run_js

    shared = run_js(
        """(() => {
          const shared = {};
          shared.promise = new Promise((_, reject) => {
            shared.fail = () => reject(new RangeError("late"));
          });
          shared.steps = {[Symbol.asyncIterator]: () => ({next: () => shared.promise})};
          return shared;
        })()"""
    )

    async def waits():
        await shared.promise

    async def loops():
        async for _ in shared.steps:
            pass

    seen = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: seen.append(context))
    try:
        make = {
            "await": lambda: asyncio.create_task(waits()),
            "future": lambda: asyncio.ensure_future(shared.promise),
            "step": lambda: asyncio.create_task(loops()),
            "then": lambda: shared.promise.then(print),
        }[kind]
        task = make()
        await turns()
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert seen == []
        shared.fail()
        await until(lambda: seen)
        await turns()
    finally:
        loop.set_exception_handler(None)
    assert [str(context["exception"]) for context in seen] == ["RangeError: late"]
    assert seen[0]["message"] == (
        "what a cancelled task waited for failed: exception was never retrieved"
    )
    assert seen[0]["future"].cancelled()
    for context in seen:
        context.clear()
    if kind == "future":
        assert "made at " in repr(task)


@inside
async def test_what_another_gets_or_aborting_causes_is_not_reported() -> None:
    import asyncio

    from pyjs import abortable, run_js

    seen = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: seen.append(str(context["exception"])))
    make = run_js(
        """() => {
          const shared = {};
          shared.promise = new Promise((_, reject) => {
            shared.fail = () => reject(new RangeError("late"));
          });
          shared.operation = ({ signal }) => new Promise((_, reject) => {
            signal.onabort = () => reject(new TypeError("it ended"));
          });
          shared.controlled = new Promise((_, reject) => {
            shared.abort = () => reject(new DOMException("stopped", "AbortError"));
          });
          return shared;
        }"""
    )

    async def waits(promise):
        await promise

    try:
        for first in (True, False):
            shared = make()
            tasks = [asyncio.create_task(waits(shared.promise)) for _ in range(2)]
            await turns()
            tasks[first].cancel()
            shared.fail()
            await asyncio.wait(tasks)
            await turns()
            assert tasks[first].cancelled()
            assert str(tasks[not first].exception()) == "RangeError: late"
        operation = abortable(shared.operation)
        for make in (operation, lambda: shared.controlled):
            future = asyncio.ensure_future(make())
            future.cancel()
            if make is not operation:
                shared.abort()
            await turns()
    finally:
        loop.set_exception_handler(None)
    assert seen == []


def test_an_error_of_a_coroutine_that_javascript_ignores_is_the_hosts_once(host: Host) -> None:
    if host.name == "firefox":
        pytest.skip("Firefox keeps what a promise was rejected with that nobody looked at")
    seen = host.js(
        f"""{_WATCH}
        const run = py.runPython(`
async def fails():
    raise KeyError("mine")

def run(give=None):
    return fails() if give is None else give(fails()) and None
run
`);
        try {{
          run();
          run((coroutine) => {{ coroutine.then((x) => x) }});
          run((coroutine) => {{ coroutine.catch(() => 0) }});
          while (seen.length < 2) await pause();
          await pause();
          return seen;
        }} finally {{ stop(); run.destroy(); }}
        """
    )
    assert len(seen) == 2
    for text in seen:
        assert "KeyError: 'mine'" in text
        assert "in fails" in text


@pytest.mark.parametrize("argument", ["", "[1]", "{'a': 1}"])
def test_a_rejected_call_that_nobody_awaits_is_the_hosts_once(host: Host, argument: str) -> None:
    seen = host.js(
        f"""{_WATCH}
        const [argument] = args;
        const call = py.runPython(`lambda f: f(${{argument}}) and None`);
        const later = py.runPython(`
async def later(f):
    try:
        await f(${{argument}})
    except Exception as error:
        return str(error)
later
`);
        const f = async () => {{ await 0; throw new RangeError("ignored") }};
        try {{
          call(f);
          const got = await later(f);
          while (seen.length < 1) await pause();
          await pause();
          return [seen, got];
        }} finally {{ stop(); call.destroy(); later.destroy(); }}
        """,
        argument,
    )
    assert seen == [["RangeError: ignored"], "RangeError: ignored"]


@not_in_pyodide("Pyodide's loop leaves ended tasks to the garbage collector")
@inside
async def test_tasks_that_nobody_awaits_name_their_coroutine() -> None:
    import asyncio

    async def fails():
        await asyncio.sleep(0)
        raise KeyError("mine")

    async def numbers():
        yield 1
        raise KeyError("mine")

    async def loops():
        async for _ in numbers():
            pass

    seen = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: seen.append(repr(context["future"])))
    try:
        for make in (fails, loops):
            task = asyncio.create_task(make())
            await asyncio.wait([task])
            del task
            await asyncio.sleep(0)
        loop.set_debug(True)
        task = asyncio.create_task(fails())
        await asyncio.wait([task])
        del task
        await asyncio.sleep(0)
    finally:
        loop.set_debug(False)
        loop.set_exception_handler(None)
    assert len(seen) == 3
    names = ("fails", "loops", "fails")
    assert all(f"{name}() done, defined at" in text for name, text in zip(names, seen, strict=True))
    assert "created at" in seen[2]


@not_in_pyodide("tasks and futures are those of Pyodide's loop")
@inside
async def test_what_nobody_awaits_names_the_line_that_made_it() -> None:
    import asyncio
    import gc

    from pyjs import run_js

    loop = asyncio.get_running_loop()
    reject = run_js("() => Promise.reject(new RangeError('r'))")

    async def fails():
        raise KeyError("mine")

    def failed():
        future = loop.create_future()
        future.set_exception(KeyError("mine"))
        return future

    async def grouped():
        async with asyncio.TaskGroup() as group:
            group.create_task(fails())

    def by_create_task():
        return asyncio.create_task(fails())

    def by_ensure_future():
        return asyncio.ensure_future(fails())

    def by_promise():
        return asyncio.ensure_future(reject())

    def by_task_of_promise():
        return asyncio.create_task(reject())

    def by_then():
        return reject().then(print)

    def by_shield():
        return asyncio.shield(fails())

    def by_executor():
        return loop.run_in_executor(None, lambda: 1 / 0)

    def by_factory():
        loop.set_task_factory(asyncio.eager_task_factory)
        try:
            return asyncio.create_task(fails())
        finally:
            loop.set_task_factory(None)

    def by_group():
        return asyncio.create_task(grouped())

    makers = (by_create_task, by_ensure_future, by_promise, by_task_of_promise, by_then, by_shield)
    seen = []
    loop.set_exception_handler(lambda _, context: seen.append(context["source_traceback"]))
    try:
        for make in (failed, *makers, by_executor, by_factory, by_group):
            seen.clear()
            made = make()
            await asyncio.wait([made])
            del made
            for _ in range(3):
                gc.collect()
                await asyncio.sleep(0)
            names = [[frame.name for frame in trace] for trace in seen]
            assert names == [[make.__name__]], (make, names)
            line = seen[0][0].lineno - make.__code__.co_firstlineno
            assert 1 <= line <= 3, (make, line)
    finally:
        loop.set_exception_handler(None)
    task = asyncio.create_task(fails())
    await asyncio.wait([task])
    context = {"message": "mine", "task": task, "source_traceback": ["debug mode's"]}
    loop.set_exception_handler(lambda _, context: seen.append(context["source_traceback"]))
    loop.call_exception_handler(context)
    loop.set_exception_handler(None)
    assert seen[-1] == ["debug mode's"]
    task.exception()


@inside
async def test_gathers_other_children_are_retrieved_by_it_as_in_cpython() -> None:
    import asyncio

    from pyjs import JsException, run_js

    fail = run_js("(text, ms) => new Promise((_, no) => setTimeout(no, ms, new RangeError(text)))")
    seen = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: seen.append(str(context["exception"])))
    try:
        try:
            await asyncio.gather(fail("first", 1), fail("second", 5))
        except JsException as error:
            assert str(error) == "RangeError: first"
        await turns()
    finally:
        loop.set_exception_handler(None)
    assert seen == []


def test_a_run_that_nobody_awaits_names_its_main_in_node() -> None:
    seen = run_fresh(
        """
        const said = [];
        const py = await loadPyjs({ stderr: (text) => said.push(text) });
        py.runPython(`
import asyncio

async def main():
    raise KeyError("mine")

asyncio.run(main()) and None
`);
        const later = () => new Promise((resolve) => setTimeout(resolve, 20));
        while (!said.join().includes("never retrieved")) await later();
        await later();
        return said.join("\\n");
        """
    )
    assert seen.count("exception was never retrieved") == 1
    assert "coro=<main() done, defined at" in seen


@not_in_pyodide("run_sync and its stacks are Pyodide's")
@inside
async def test_what_a_cancelled_stack_waited_for_is_reported_once() -> None:
    import asyncio

    from pyjs import run_js
    from pyjs.ffi import can_run_sync, run_sync

    if not can_run_sync():
        return
    shared = run_js(
        """(() => {
          const shared = {};
          shared.promise = new Promise((_, reject) => {
            shared.fail = () => reject(new RangeError("late"));
          });
          return shared;
        })()"""
    )

    async def waits():
        run_sync(shared.promise)

    seen = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: seen.append(str(context["exception"])))
    try:
        task = asyncio.create_task(waits())
        await turns()
        task.cancel()
        await asyncio.wait([task])
        shared.fail()
        await until(lambda: seen)
        await turns()
    finally:
        loop.set_exception_handler(None)
    assert seen == ["RangeError: late"]
