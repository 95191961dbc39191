"""run_sync where the engine cannot suspend a stack."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside, not_in_pyodide


@pytest.fixture(autouse=True)
def _no_jspi(host: Host) -> None:
    if host.js("return typeof WebAssembly.promising === 'function'"):
        pytest.skip(f"{host.name} has JavaScript Promise Integration (JSPI)")


@not_in_pyodide("run_sync is Pyodide's")
@inside
async def test_the_error_says_what_to_do() -> None:
    import asyncio

    from pyjs import js
    from pyjs.ffi import can_run_sync, run_sync

    assert not can_run_sync()
    future = asyncio.get_running_loop().create_future()
    for awaitable in (js.Promise.resolve(1), future):
        try:
            run_sync(awaitable)
        except RuntimeError as error:
            assert str(error) == (
                "run_sync: this stack cannot be suspended, since this JavaScript engine has no "
                "JavaScript Promise Integration (JSPI): use await in an async function, or another "
                "engine"
            )
        else:
            raise AssertionError
    future.set_result(3)
    assert run_sync(future) == 3  # nothing to wait for


@inside
async def test_promising_calls_give_promises_all_the_same() -> None:
    from pyjs import create_proxy, run_js

    proxy = create_proxy(lambda x: x + 1, promising=True)
    assert await run_js("(f) => f(1)")(proxy) == 2
    assert await run_js("(f) => f.callPromising(2)")(proxy) == 3
    proxy.destroy()


@inside
async def test_sleep_blocks() -> None:
    import time

    begin = time.monotonic()
    time.sleep(0.02)
    assert time.monotonic() - begin >= 0.0199
