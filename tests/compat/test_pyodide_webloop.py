"""pyodide.webloop: the loop of the host, futures and tasks with the methods of promises."""

from tests.inside import inside
from tests.js import run_node


@inside
async def test_the_loop() -> None:
    import asyncio

    from pyodide.webloop import WebLoop, WebLoopPolicy

    loop = asyncio.get_running_loop()
    assert isinstance(loop, WebLoop)
    assert (loop.is_running(), loop.is_closed()) == (True, False)
    loop.close()
    assert not loop.is_closed()
    assert isinstance(asyncio.get_event_loop_policy(), WebLoopPolicy)
    assert await loop.run_in_executor(None, sum, [1, 2]) == 3


@inside
async def test_a_loop_of_the_programs_own_runs_from_the_start() -> None:
    import asyncio

    from pyodide.webloop import WebLoop

    done = asyncio.get_running_loop().create_future()

    async def main():
        await asyncio.sleep(0.001)
        return asyncio.get_running_loop()

    loop = WebLoop()
    task = loop.create_task(main())
    task.add_done_callback(lambda task: done.set_result(task.result()))
    assert await done is loop
    loop._leave()


@inside
async def test_futures() -> None:
    import asyncio

    from pyodide.webloop import PyodideFuture

    future = asyncio.get_running_loop().create_future()
    assert isinstance(future, PyodideFuture)
    seen = []
    doubled = future.then(lambda value: 2 * value).finally_(lambda: seen.append("end"))
    future.set_result(21)
    assert await doubled == 42
    assert seen == ["end"]
    failed = PyodideFuture()
    caught = failed.catch(lambda error: type(error).__name__)
    failed.set_exception(KeyError(1))
    assert await caught == "KeyError"


@inside
async def test_tasks_of_the_programs_own() -> None:
    import asyncio

    from pyodide.webloop import PyodideFuture, PyodideTask

    async def main():
        await asyncio.sleep(0)
        return 21

    task = PyodideTask(main(), name="mine")
    assert isinstance(task, asyncio.Task)
    assert isinstance(task, PyodideFuture)
    assert await task.then(lambda value: 2 * value) == 42
    assert task.get_name() == "mine"
    cancelled = PyodideTask(asyncio.sleep(100))
    seen = cancelled.catch(lambda error: type(error).__name__)
    cancelled.cancel()
    assert await seen == "CancelledError"


def test_every_task_once_loadpyodide_has_loaded() -> None:
    body = """
    const py = await loadPyjs({ indexURL });
    py.pyimport("pyjs._pyodide_host").install();
    return await py.runPythonAsync(`
import asyncio
from pyodide.webloop import PyodideTask, WebLoop
loop = asyncio.get_event_loop()
async def seven():
    return 7
kinds = [
    isinstance(task, PyodideTask)
    for task in (
        asyncio.create_task(seven()),
        asyncio.ensure_future(seven()),
        loop.create_task(seven(), name="a"),
    )
]
loop.set_debug(True)
debugged = loop.create_task(seven())
kinds.append(isinstance(debugged, PyodideTask))
kinds.append("_webloop" not in debugged._source_traceback[-1].filename)
loop.set_debug(False)
[*kinds, await asyncio.create_task(seven()).then(lambda x: x + 1), await debugged]
`).then((list) => list.toJs());
    """
    assert run_node(body) == [True, True, True, True, True, 8, 7]


def test_tasks_that_began_before() -> None:
    body = """
    const py = await loadPyjs({ indexURL });
    py.runPython("import asyncio");
    py.pyimport("pyjs._pyodide_host").install();
    return py.runPython(`
from pyodide.webloop import PyodideTask
async def seven():
    return 7
isinstance(asyncio.create_task(seven()), PyodideTask)
`);
    """
    assert run_node(body) is True
