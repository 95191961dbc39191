"""Suspended stacks and the life of the interpreter: the end, fatal errors, interrupts."""

import pytest

from tests.hosts.base import Host

# Loads a second interpreter in the page or process of the host.
_LOAD = """
const { loadPyjs } = await import(new URL("dist/pyjs.mjs", args[0]).href);
const told = [];
const other = await loadPyjs({ onFatal: (error) => told.push(error.message) });
const wait = other.runPython(`
from pyjs.ffi import run_sync
def wait(promise):
    try:
        return run_sync(promise)
    except BaseException as error:
        return type(error).__name__
wait`);
let go;
const gate = new Promise((resolve) => { go = resolve });
const waiting = () => other.runPython("import pyjs._suspend; len(pyjs._suspend._waiting)");
const untilWaiting = async (count) => {
  while (waiting() < count) await new Promise((resolve) => setTimeout(resolve, 5));
};
const message = (promise) => promise.catch((error) => error.message);
"""


@pytest.fixture
def root(host: Host) -> str:
    if not host.js("return typeof WebAssembly.promising === 'function'"):
        pytest.skip(f"{host.name} has no JavaScript Promise Integration (JSPI)")
    if host.is_node:
        from tests.js import DIST

        return f"{DIST.parent.as_uri()}/"
    return str(host.js("return new URL('/', location.href).href"))


def test_the_end_rejects_what_waits(host: Host, root: str) -> None:
    body = (
        _LOAD
        + """
    const promises = [wait.callPromising(gate), wait.callPromising(new Promise(() => {})),
      other.runPythonAsync("from __main__ import wait; import asyncio; wait(asyncio.sleep(100))")];
    await untilWaiting(3);
    other.dispose();
    go(1);
    return [await Promise.all(promises.map(message)), told];
    """
    )
    gone = "this Python interpreter is gone: dispose() was called; load another with loadPyjs()"
    assert host.js(body, root) == [[gone] * 3, []]


def test_python_that_runs_on_such_a_stack_cannot_be_ended(host: Host, root: str) -> None:
    body = (
        _LOAD
        + """
    globalThis.end = () => { try { other.dispose() } catch (error) { return error.message } };
    const f = other.runPython("import pyjs; lambda p: [wait(p), pyjs.js.end()][1]");
    const promise = f.callPromising(gate);
    go(1);
    const text = await promise;
    delete globalThis.end;
    other.dispose();
    return text;
    """
    )
    assert host.js(body, root).startswith("dispose: Python is running")


def test_a_fatal_error_ends_all_stacks(host: Host, root: str) -> None:
    body = (
        _LOAD
        + """
    const dies = other.runPython(`
import ctypes
def dies(promise):
    run_sync(promise)
    ctypes.string_at(2**32 - 8, 4)
dies`);
    const promises = [wait.callPromising(new Promise(() => {})), dies.callPromising(gate)];
    go(1);
    const texts = await Promise.all(promises.map(message));
    return [texts.every((text) => text === texts[0]), texts[0], told.length];
    """
    )
    same, text, count = host.js(body, root)
    assert text.startswith("this Python interpreter is gone: it stopped after a fatal error")
    assert (same, count) == (True, 1)


def test_a_signal_interrupts_what_waits(host: Host, root: str) -> None:
    body = (
        _LOAD
        + """
    const signals = new Uint8Array(1);
    other.setInterruptBuffer(signals);
    const promises = [wait.callPromising(new Promise(() => {})), other.runPythonAsync(`
import time
said = "slept"
try:
    time.sleep(100)
except KeyboardInterrupt:
    said = "woken"
said
`)];
    await untilWaiting(2);
    signals[0] = 2;
    const said = await Promise.all(promises);
    const after = await wait.callPromising(Promise.resolve("fine"));
    other.setInterruptBuffer();
    other.dispose();
    return [...said, after, signals[0]];
    """
    )
    assert host.js(body, root) == ["KeyboardInterrupt", "woken", "fine", 0]
