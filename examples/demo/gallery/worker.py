"""A second Python, in a worker, counts primes; the page stays quick."""

import asyncio

from pyjs import js

LIMIT = 20_000_000

stage = js.document.getElementById("stage")
bar = js.document.createElement("progress")
bar.ariaLabel, bar.max, bar.value = "Progress", LIMIT, 0
pause = js.document.createElement("output")
stage.append(bar, pause)

# Its program is in the other tab of this editor.
worker = js.Worker.new("worker.mjs", type="module")
messages = asyncio.Queue()
worker.addEventListener("message", lambda event: messages.put_nowait(event.data))


async def watch():
    """Show the longest time for which this page could not answer."""
    longest, before = 0, js.performance.now()
    while True:
        await asyncio.sleep(0.01)
        now = js.performance.now()
        longest, before = max(longest, now - before - 10), now
        pause.textContent = f"longest pause of the page: {longest:.0f} ms"


watcher = asyncio.create_task(watch())
try:
    print(await messages.get())
    worker.postMessage(LIMIT)
    while True:
        update = await messages.get()
        bar.value = update.done
        if update.done >= LIMIT:
            break
    print(f"{update.primes:,} primes below {LIMIT:,}")
    print(f"{update.seconds:.1f} s in the worker")
finally:
    watcher.cancel()
    worker.terminate()
