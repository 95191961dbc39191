"""A page goes on drawing while Python keeps it busy; Chromium, and Firefox with --hosts."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.hosts.base import Host

# Frames of a page, and turns of a chain of callbacks, each for as long as `act` takes.
_SETUP = """
py.runPython(`
import asyncio

turns, going = 0, False

def begin():
    global turns, going
    turns, going = 0, True
    asyncio.get_event_loop().call_soon(step)

def step():
    global turns
    turns += 1
    if going:
        asyncio.get_event_loop().call_soon(step)

def end():
    global going
    going = False
    return turns
`);
const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const framesOf = async (act) => {
  let frames = 0, going = true;
  const frame = () => { frames++; if (going) requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  try { await act(); } finally { going = false; }
  return frames;
};
const chain = async (milliseconds) => {
  py.runPython("begin()");
  await later(milliseconds);
  return py.runPython("end()");
};
"""


@pytest.fixture
def page(host: Host) -> Host:
    if host.is_node:
        pytest.skip(f"{host.name} draws nothing")
    return host


def _run(page: Host, body: str, suffices: Callable[..., bool]) -> Any:
    """What the body gives once it suffices, or at last: other processes may take one second."""
    for _ in range(10):
        found = page.js(_SETUP + body)
        if suffices(*found):
            break
    return found


def test_a_page_draws_while_callbacks_follow_each_other(page: Host) -> None:
    idle, busy, turns = _run(
        page,
        """
        let turns;
        const idle = await framesOf(() => later(1000));
        const busy = await framesOf(async () => { turns = await chain(1000); });
        return [idle, busy, turns];
        """,
        lambda idle, busy, turns: idle > 10 and busy >= idle * 0.6 and turns > 2000,
    )
    assert idle > 10
    assert busy >= idle * 0.6, (idle, busy)
    assert turns > 2000


def test_a_page_draws_while_python_computes_in_slices(page: Host) -> None:
    idle, busy, kind = _run(
        page,
        """
        const idle = await framesOf(() => later(1000));
        let kind;
        py.setTimeSlice(12);
        const busy = await framesOf(async () => {
          const running = py.runPythonAsync("while True: pass").catch((error) => error.type);
          await later(1000);
          py.interrupt();
          kind = await running;
        });
        py.setTimeSlice();
        return [idle, busy, kind];
        """,
        lambda idle, busy, _: idle > 10 and busy >= idle * 0.5,
    )
    assert kind == "KeyboardInterrupt"
    assert idle > 10
    assert busy >= idle * 0.5, (idle, busy)


def test_a_page_that_nobody_sees_is_not_waited_for(page: Host) -> None:
    seen, unseen, again = _run(
        page,
        """
        const seen = await chain(400);
        const real = requestAnimationFrame, asked = [];
        await later(50); // the frame that was asked for has been drawn
        globalThis.requestAnimationFrame = (callback) => asked.push(callback);
        let unseen;
        try {
          unseen = await chain(400);
        } finally {
          globalThis.requestAnimationFrame = real;
          for (const callback of asked) callback(0);
        }
        return [seen, unseen, await chain(400)];
        """,
        lambda seen, unseen, again: unseen > seen * 0.3 and again > seen * 0.3,
    )
    assert unseen > seen * 0.3, (seen, unseen)
    assert again > seen * 0.3, (seen, again)


def test_timers_are_served_while_callbacks_follow_each_other(page: Host) -> None:
    own, bare = _run(
        page,
        """
        const fired = { own: 0, bare: 0 };
        const tick = (name) => { fired[name]++; };
        py.globals.set("tick", tick);
        py.runPython(`
def again(loop):
    tick("own")
    if going:
        loop.call_later(0.01, again, loop)
`);
        const repeat = () => { tick("bare"); timer = setTimeout(repeat, 10); };
        let timer = setTimeout(repeat, 10);
        py.runPython("begin(); again(asyncio.get_event_loop())");
        await later(600);
        py.runPython("end()");
        clearTimeout(timer);
        await later(30);
        py.globals.delete("tick");
        return [fired.own, fired.bare];
        """,
        lambda own, bare: bare > 5 and own >= bare * 0.6,
    )
    assert bare > 5
    assert own >= bare * 0.6, (own, bare)
