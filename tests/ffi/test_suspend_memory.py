"""What stacks that waited leave behind in linear memory; where the engine has JSPI."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside, not_in_pyodide
from tests.waits import until


@pytest.fixture(autouse=True)
def _jspi(host: Host) -> None:
    if not host.js("return typeof WebAssembly.promising === 'function'"):
        pytest.skip(f"{host.name} has no JavaScript Promise Integration (JSPI)")


@not_in_pyodide("run_sync and its stacks are Pyodide's")
@inside
async def test_two_hundred_stacks_give_their_memory_back() -> None:
    import asyncio
    import ctypes
    import gc

    from pyjs import run_js
    from pyjs.ffi import run_sync

    # malloc's own counts: bytes in use, and the end of what it has of linear memory.
    names = ("arena ordblks smblks hblks hblkhd usmblks fsmblks", "uordblks fordblks keepcost")

    class Info(ctypes.Structure):
        _fields_ = [(name, ctypes.c_size_t) for line in names for name in line.split()]

    libc = ctypes.CDLL(None)
    mallinfo, sbrk = libc.mallinfo, libc.sbrk
    mallinfo.restype, sbrk.restype = Info, ctypes.c_size_t

    async def wave():
        gate = asyncio.get_running_loop().create_future()

        begun = []

        async def waits():
            begun.append(1)
            run_sync(gate)

        tasks = [asyncio.create_task(waits()) for _ in range(200)]
        await until(lambda: len(begun) == 200)
        gc.collect()
        peak = mallinfo().uordblks
        gate.set_result(None)
        await asyncio.gather(*tasks)
        del tasks
        gc.collect()
        run_js("0")
        return peak, mallinfo().uordblks, sbrk(0)

    gc.collect()
    before = mallinfo().uordblks
    stack = 512 * 1024
    peak, after, end = await wave()
    assert peak - before > 180 * stack
    # Eight stacks are kept for the next calls; of the rest nothing.
    assert after - before < 8 * stack + stack // 2
    _, after_second, end_of_second = await wave()
    assert after_second - after < stack // 4
    assert end_of_second - end < stack
    _, after_third, end_of_third = await wave()
    assert after_third - after_second < stack // 4
    assert end_of_third == end_of_second
