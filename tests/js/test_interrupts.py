"""setInterruptBuffer() and checkInterrupt()."""

import pytest

from tests.hosts.base import Host
from tests.js import run_node

_CATCH = """
const caught = (act) => { try { act(); return "nothing"; } catch (error) { return error.type; } };
"""


def test_a_signal_interrupts_python_that_runs(host: Host) -> None:
    assert host.js(
        f"""{_CATCH}
        const signals = new Uint8Array(1);
        py.setInterruptBuffer(signals);
        signals[0] = 2;
        const out = [caught(() => py.runPython("while True: pass")), signals[0], py.runPython("6")];
        py.setInterruptBuffer();
        signals[0] = 2;
        out.push(py.runPython("sum(1 for _ in range(1000))"), signals[0]);
        return out;
        """
    ) == ["KeyboardInterrupt", 0, 6, 1000, 2]


def test_another_thread_interrupts() -> None:
    assert run_node(
        f"""{_CATCH}
        const {{ Worker }} = await import("node:worker_threads");
        const py = await loadPyjs();
        const signals = new Uint8Array(new SharedArrayBuffer(1));
        py.setInterruptBuffer(signals);
        const begun = new Int32Array(new SharedArrayBuffer(4));
        const code = "const {{ signals, begun }} = require('worker_threads').workerData;" +
                     "Atomics.wait(begun, 0, 0); signals[0] = 2;";
        const options = {{ eval: true, execArgv: [], workerData: {{ signals, begun }} }};
        const worker = new Worker(code, options);
        globalThis.begins = () => {{ begun[0] = 1; Atomics.notify(begun, 0); }};
        await new Promise((resolve) => worker.once("online", resolve));
        const out = caught(() => py.runPython(`
import pyjs
n = 0
while True:
    n += 1
    if n == 2000: pyjs.js.begins()
`));
        delete globalThis.begins;
        await worker.terminate();
        return [out, py.runPython("n") > 1000];
        """
    ) == ["KeyboardInterrupt", True]


def test_a_handler_of_the_program_is_called() -> None:
    assert run_node(
        """
        const py = await loadPyjs();
        py.runPython(`
import signal
seen = []
signal.signal(signal.SIGINT, lambda number, frame: seen.append(number))
signal.signal(signal.SIGTERM, lambda number, frame: seen.append(number))
`);
        const signals = new Int32Array(1);
        py.setInterruptBuffer(signals);
        for (const signal of [2, 15, 99, -1]) {
          signals[0] = signal;
          py.runPython("for _ in range(1000): pass");
        }
        return py.runPython("seen").toJs();
        """
    ) == [2, 15]


def test_javascript_checks_while_python_waits(host: Host) -> None:
    assert host.js(
        f"""{_CATCH}
        const signals = new Uint8Array(1);
        py.setInterruptBuffer(signals);
        py.checkInterrupt();
        signals[0] = 2;
        const out = [caught(() => py.checkInterrupt()), signals[0]];
        globalThis.slow = () => {{ signals[0] = 2; py.checkInterrupt(); }};
        out.push(py.runPython(`
import pyjs
try:
    pyjs.js.slow()
    caught = "nothing"
except KeyboardInterrupt as error:
    caught = type(error).__name__
caught`));
        py.setInterruptBuffer();
        py.runPython("del caught");
        delete globalThis.slow;
        py.checkInterrupt();
        return out;
        """
    ) == ["KeyboardInterrupt", 0, "KeyboardInterrupt"]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("5", "got number"),
        ("new Uint8Array(0)", "got Uint8Array of length 0"),
        ("new Float64Array(1)", "got Float64Array"),
        ("new ArrayBuffer(1)", "got object"),
        ("null", "got object"),
    ],
)
def test_what_is_no_array_of_integers_is_refused(host: Host, given: str, named: str) -> None:
    message = host.js(
        f"""
        try {{ py.setInterruptBuffer({given}); }} catch (error) {{ return String(error); }}
        """
    )
    assert message.startswith("TypeError: setInterruptBuffer: expected a typed array of integers")
    assert named in message
