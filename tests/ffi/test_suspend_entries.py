"""What can be suspended and what cannot, by how it was called; where the engine has JSPI."""

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
async def test_a_javascript_frame_in_between_is_an_error() -> None:
    import asyncio

    from pyjs import run_js
    from pyjs.ffi import can_run_sync, run_sync

    def callback(*_):
        assert not can_run_sync()
        try:
            run_sync(asyncio.sleep(0))
        except RuntimeError as error:
            return str(error)

    assert can_run_sync()
    text = run_js("(f) => f()")(callback)
    assert text == (
        "run_sync: this stack cannot be suspended, since a JavaScript function, or a call of "
        "ctypes, lies between it and what could be suspended: call Python from there with "
        "callPromising(), and await the promise"
    )
    assert run_js("(f) => [1].map(f)[0]")(callback) == text
    assert can_run_sync()
    assert (
        run_sync(
            run_js("async (f) => await f.callPromising()")(lambda: run_sync(asyncio.sleep(0, 3)))
        )
        == 3
    )
    import gc

    gc.collect()


@not_in_pyodide("run_sync and its stacks are Pyodide's")
@inside
async def test_ctypes_lies_between() -> None:
    import asyncio
    import ctypes
    import time

    from pyjs.ffi import can_run_sync, run_sync

    answers = []

    def tries(*_):
        coroutine = asyncio.sleep(0)
        try:
            run_sync(coroutine)
        except RuntimeError as error:
            answers.append((can_run_sync(), "a call of ctypes, lies between" in str(error)))
            time.sleep(0.001)  # blocks
        coroutine.close()
        return 0

    compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(tries)
    array = (ctypes.c_int * 2)(1, 2)
    ctypes.CDLL(None).qsort(array, 2, 4, compare)
    assert answers == [(False, True)]
    assert can_run_sync()

    # C that calls Python without a callback.
    api = ctypes.pythonapi.PyObject_CallNoArgs
    api.restype, api.argtypes = ctypes.py_object, (ctypes.py_object,)
    assert api(tries) == 0
    assert answers == [(False, True)] * 2

    # A callback that no call of ctypes calls.
    pending = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(tries)
    assert ctypes.pythonapi.Py_AddPendingCall(pending, None) == 0
    for _ in range(1000):
        pass
    assert answers == [(False, True)] * 3
    assert can_run_sync()
    assert run_sync(asyncio.sleep(0, "fine")) == "fine"

    def fails(*_):
        raise KeyError("inside")

    api(tries)
    try:
        api(fails)
    except KeyError as error:
        error.__traceback__ = None
    assert can_run_sync()


@inside
async def test_a_promising_call_from_python_that_runs() -> None:
    import asyncio
    import contextvars

    from pyjs import create_proxy, run_js
    from pyjs.ffi import can_run_sync, run_sync

    variable = contextvars.ContextVar("variable", default="")
    me = asyncio.current_task()
    log = []
    gates = [asyncio.Event() for _ in range(3)]  # each opens the one before

    def nested(n):
        assert asyncio.current_task() is None
        assert can_run_sync()
        variable.set(str(n))
        run_sync(gates[n].wait())
        log.append(n)
        gates[n - 1].set()
        assert variable.get() == str(n)
        return n

    proxy = create_proxy(nested)
    start = run_js("(f) => [0, 1, 2].map((n) => f.callPromising(n))")
    promises = start(proxy)
    assert asyncio.current_task() is me
    assert variable.get() == ""
    await turns()
    assert log == []
    gates[2].set()
    assert [await promise for promise in promises] == [0, 1, 2]
    assert log == [2, 1, 0]
    proxy.destroy()


@inside
async def test_a_promising_listener_may_wait() -> None:
    import asyncio

    from pyjs import create_proxy, js, run_js
    from pyjs.ffi import run_sync

    seen = []

    def listener(event):
        run_sync(asyncio.sleep(0.001))
        seen.append(event.type)
        return len(seen)

    proxy = create_proxy(listener, promising=True)
    target = js.EventTarget.new()
    target.addEventListener("done", proxy)
    target.dispatchEvent(js.Event.new("done"))
    assert seen == []
    await until(lambda: seen)
    assert seen == ["done"]
    promise = run_js("(f) => f({type: 'other'})")(proxy)
    assert await promise == 2
    proxy.destroy()
    with_this = create_proxy(
        lambda this, x: run_sync(asyncio.sleep(0, this.y + x)), promising=True, capture_this=True
    )
    assert await run_js("(f) => ({y: 1, f}).f(2)")(with_this) == 3
    with_this.destroy()
    failing = create_proxy(lambda: 1 / 0, promising=True)
    caught = await run_js("async (f) => { try { await f() } catch (e) { return e.type } }")(failing)
    assert caught == "ZeroDivisionError"
    failing.destroy()
    try:
        create_proxy([], promising=True)
    except TypeError as error:
        assert str(error) == "create_proxy(promising=True): expected a callable, got list"


def test_call_promising_suspends(host: Host) -> None:
    body = """
    const f = py.runPython(args[0]);
    const out = [];
    const first = f.callPromising(3, "x").then((value) => out.push(value));
    const second = f.callPromisingKwargs(1, { text: "y" }).then((value) => out.push(value));
    const third = f.callWithOptions({ promising: true, relaxed: true }, 2, "z", 0, 0)
      .then((value) => out.push(value));
    out.push("started");
    await Promise.all([first, second, third]);
    const error = await f.callPromising(0, "fails").catch((error) => error.type);
    f.destroy();
    return [...out, error];
    """
    source = """
import asyncio
from pyjs.ffi import run_sync
begun, gates = [], [asyncio.Event() for _ in range(5)]  # each opens the next
gates[0].set()
def f(n, text):
    begun.append(n)
    if len(begun) == 3:
        gates[1].set()
    run_sync(gates[n].wait())
    gates[n + 1].set()
    return text * 1000 if text != "fails" else 1 / 0
f
"""
    started, *texts, error = host.js(body, source)
    assert started == "started"
    assert texts == ["y" * 1000, "z" * 1000, "x" * 1000]
    assert error == "ZeroDivisionError"


@not_in_pyodide("run_sync and its stacks are Pyodide's")
def test_a_plain_call_says_how_to_be_called(host: Host) -> None:
    body = """
    const f = py.runPython(args[0]);
    const text = f();
    f.destroy();
    return text;
    """
    source = """
def f():
    from pyjs import js
    from pyjs.ffi import can_run_sync, run_sync
    try:
        run_sync(js.Promise.resolve(1))
    except RuntimeError as error:
        return f"{can_run_sync()} {error}"
f
"""
    assert host.js(body, source) == (
        "False run_sync: this stack cannot be suspended, since it was called by runPython() or as "
        "a plain function: use runPythonAsync(), callPromising(), a task, or "
        "create_proxy(..., promising=True)"
    )


@inside
async def test_a_thousand_stacks() -> None:
    import asyncio
    import gc

    from pyjs.ffi import run_sync

    gate = asyncio.get_running_loop().create_future()

    def deep(n):
        return deep(n - 1) + 1 if n else run_sync(gate)

    async def program(n):
        begun.append(n)
        return deep(n % 50)

    for _ in range(2):
        begun = []
        gate = asyncio.get_running_loop().create_future()
        tasks = [asyncio.create_task(program(n)) for n in range(1000)]
        await until(lambda begun=begun: len(begun) == 1000)
        gate.set_result(0)
        assert await asyncio.gather(*tasks) == [n % 50 for n in range(1000)]
        del tasks
    gc.collect()


@inside
async def test_lists_that_javascript_walks_meanwhile() -> None:
    import asyncio

    from pyjs import create_proxy, run_js
    from pyjs.ffi import run_sync

    items = [str(i) for i in range(10)]

    def change():
        run_sync(asyncio.sleep(0.001))
        items[:] = [f"new {i}" for i in range(10)]

    walk = run_js(
        "async (list, change) => { const seen = []; let changed;"
        " for (const item of list) { seen.push(item); changed ??= change.callPromising();"
        " await changed } return seen.join() }"
    )
    proxies = create_proxy(items), create_proxy(change)
    assert await walk(*proxies) == ",".join(["0", *(f"new {i}" for i in range(1, 10))])
    for proxy in proxies:
        proxy.destroy()
