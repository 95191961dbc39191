"""What tests inside the runtime wait by: events, never an amount of time. It is sent there."""

import asyncio
import time
from collections.abc import Callable


async def until(condition: Callable[[], object]) -> None:
    """Let others run until the condition holds; for what tells nobody that it happened."""
    end = time.monotonic() + 40
    while not condition():
        assert time.monotonic() < end, "what the test waits for did not come"
        await asyncio.sleep(0.002)


async def turns(count: int = 3) -> None:
    """Let the loop and the host each run so many times; for what takes a few steps of theirs."""
    from pyjs import run_js

    for _ in range(count):
        await asyncio.sleep(0)
        await run_js("new Promise((resolve) => setTimeout(resolve))")
