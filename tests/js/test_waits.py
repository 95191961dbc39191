"""time.sleep where no stack can be suspended, and interrupts of all that waits."""

from __future__ import annotations

import pytest

from tests.hosts.base import Host
from tests.js import DIST, Site, run_fresh


@pytest.fixture
def jspi(host: Host) -> None:
    if not host.js("return typeof WebAssembly.promising === 'function'"):
        pytest.skip(f"{host.name} has no JavaScript Promise Integration (JSPI)")


def test_a_sleep_in_node_uses_no_processor() -> None:
    wall, used = run_fresh(
        """
        const py = await loadPyjs();
        py.runPython("import time; time.sleep(0.01)");
        await new Promise((resolve) => setTimeout(resolve, 200));
        let wall = Infinity, used = Infinity;
        // Compilers of the engine's own may still be at work.
        for (let tries = 0; tries < 5 && used >= 200; tries++) {
          const begin = performance.now(), before = process.cpuUsage();
          py.runPython("time.sleep(1)");
          const { user, system } = process.cpuUsage(before);
          wall = Math.min(wall, performance.now() - begin);
          used = Math.min(used, (user + system) / 1000);
        }
        return [wall, used];
        """
    )
    assert wall >= 999.5
    assert used < 200


def test_a_sleep_ends_soon_after_another_thread_interrupts_it() -> None:
    kind, milliseconds, left, again = run_fresh(
        """
        const { Worker } = await import("node:worker_threads");
        const py = await loadPyjs();
        py.runPython("import time; time.sleep(0.01)");
        const signals = new Int32Array(new SharedArrayBuffer(4));
        const when = new Float64Array(new SharedArrayBuffer(8));
        py.setInterruptBuffer(signals);
        const worker = new Worker(`
          import("node:worker_threads").then(({ parentPort, workerData: { signals, when } }) => {
            parentPort.postMessage("ready");
            setTimeout(() => { when[0] = Date.now(); signals[0] = 2; }, 300);
          });
        `, { eval: true, workerData: { signals, when } });
        await new Promise((resolve) => worker.once("message", resolve));
        let kind = "none";
        try { py.runPython("time.sleep(120)"); } catch (error) { kind = error.type; }
        const end = Date.now();
        return [kind, end - when[0], signals[0], py.runPython("time.sleep(0.001); 'again'")];
        """
    )
    assert (kind, left, again) == ("KeyboardInterrupt", 0, "again")
    assert milliseconds < 20_000  # of 120,000: 20, and what a busy machine adds


def test_a_worker_of_a_page_can_stop_its_thread(site: Site) -> None:
    page = """
    const worker = new Worker("sleep.extra.mjs", { type: "module" });
    worker.onmessage = ({ data }) => { document.title = data; };
    worker.onerror = (event) => { document.title = `failed: ${event.message}`; };
    """
    worker = """
    const { loadPyjs } = await import("/pyjs.mjs");
    const { wait } = Atomics;
    let stopped = 0;
    Atomics.wait = (...given) => { const how = wait(...given); stopped++; return how; };
    const py = await loadPyjs();
    const slept = py.runPython(`
import time
begin = time.monotonic()
time.sleep(0.05)
time.monotonic() - begin >= 0.05`);
    postMessage(`${slept} ${stopped > 0}`);
    """
    assert site.open("sleep.html", page, extra=worker) == "true true"


def test_an_interrupt_ends_a_sleep_that_stops_the_thread(host: Host) -> None:
    """On a page's own thread too. An array whose signal comes late stands for a thread."""
    assert host.js(
        """
        const begin = performance.now(), memory = new Int32Array(1);
        let sent = false;
        const signals = new Proxy(memory, {
          get(target, key) {
            if (key === "0" && !sent && performance.now() > begin + 100) {
              sent = true;
              memory[0] = 2;
            }
            return Reflect.get(target, key, target);
          },
          set: (target, key, value) => Reflect.set(target, key, value, target),
        });
        py.setInterruptBuffer(signals);
        let kind = "none";
        try { py.runPython("import time; time.sleep(50)"); } catch (error) { kind = error.type; }
        py.setInterruptBuffer();
        return [kind, performance.now() - begin < 40_000, memory[0]];
        """
    ) == ["KeyboardInterrupt", True, 0]


_ERRORS = """
import time
errors = []
for given in (-1, float("nan"), 1e300, 2**70, "1", None, 1j):
    try:
        time.sleep(given)
    except Exception as error:
        errors.append(f"{type(error).__name__}: {error}")
    else:
        errors.append("slept")
class Index:
    def __index__(self):
        return 0
time.sleep(Index())
time.sleep(True * 0.001)
time.sleep(0)
"; ".join(errors)
"""


@pytest.mark.parametrize("how", ["runPython", "runPythonAsync"])
def test_lengths_that_no_sleep_can_have(host: Host, how: str) -> None:
    names = 'py.runPython("{}")'
    text = host.js(
        f"""
        const globals = {names};
        try {{ return await py.{how}(args[0], {{ globals }}); }} finally {{ globals.destroy(); }}
        """,
        _ERRORS,
    )
    assert text.split("; ") == [
        "ValueError: sleep length must be non-negative",
        "ValueError: Invalid value NaN (not a number)",
        "OverflowError: timestamp out of range for C PyTime_t",
        "OverflowError: timestamp out of range for C PyTime_t",
        "TypeError: 'str' object cannot be interpreted as an integer",
        "TypeError: 'NoneType' object cannot be interpreted as an integer",
        "TypeError: 'complex' object cannot be interpreted as an integer",
    ]


@pytest.mark.usefixtures("jspi")
def test_a_sleep_of_nothing_lets_the_host_have_its_turn(host: Host) -> None:
    assert (
        host.js(
            """
        globalThis.turns = 0;
        const channel = new MessageChannel();
        channel.port1.onmessage = () => { globalThis.turns++; };
        for (let i = 0; i < 10; i++) channel.port2.postMessage(0);
        const turns = await py.runPythonAsync(`
import time
from pyjs import js
for _ in range(500):
    time.sleep(0)
js.turns`);
        channel.port1.close();
        delete globalThis.turns;
        return turns;
        """
        )
        == 10
    )


_WAYS = {
    "interrupt": "const stop = () => py.interrupt();",
    "plain": "const signals = new Int32Array(1); const stop = () => { signals[0] = 2; };",
    "shared": """
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const signals = new Int32Array(memory.buffer), stop = () => { signals[0] = 2; };
    """,
}


@pytest.mark.usefixtures("jspi")
@pytest.mark.parametrize("way", _WAYS)
@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "time.sleep(60)",
        "input()",
        "os.read(0, 1)",
        "sys.stdin.readlines()",
        "run_sync(asyncio.sleep(60))",
        "run_sync(js.Promise.new(lambda *_: None))",
        "sorted([2, 1], key=lambda _: time.sleep(60))",
    ],
)
def test_an_interrupt_ends_what_runs_or_waits(host: Host, way: str, code: str) -> None:
    caught, again = host.js(
        f"""{_WAYS[way]}
        if (typeof signals === "object") py.setInterruptBuffer(signals);
        py.setTimeSlice(5);
        py.setStdin({{ stdin: () => new Promise(() => {{}}) }});
        const globals = py.runPython("{{}}");
        try {{
          const running = py.runPythonAsync(`
import asyncio, os, sys, time
from pyjs import js
from pyjs.ffi import run_sync
try:
    js.began = True
    ${{args[0]}}
except KeyboardInterrupt:
    caught = "interrupted"
caught`, {{ globals }});
          const later = () => new Promise((resolve) => setTimeout(resolve, 10));
          while (!globalThis.began) await later();
          await later();
          stop();
          const caught = await running;
          return [caught, await py.runPythonAsync("1 + 1")];
        }} finally {{
          delete globalThis.began;
          py.setTimeSlice();
          py.setInterruptBuffer();
          py.setStdin();
          globals.destroy();
        }}
        """,
        code,
    )
    assert (caught, again) == ("interrupted", 2)


_EINTR = "throw new py.FS.ErrnoError(py.ERRNO_CODES.EINTR);"


@pytest.mark.parametrize("isatty", ["false", "true"])
@pytest.mark.parametrize("answer", ["py.checkInterrupt();", _EINTR])
def test_a_callback_that_answers_at_once_ends_by_an_interrupt(
    host: Host, answer: str, isatty: str
) -> None:
    """Whether it asks, or says that the read is to be tried again, as systems do."""
    kinds, line, reports = host.js(
        f"""
        const reports = [], report = (event) => {{ reports.push(String(event)); }};
        const node = typeof process === "object";
        if (node) process.on("uncaughtException", report);
        else addEventListener("error", report);
        const signals = new Int32Array(1);
        let interrupted = false;
        py.setInterruptBuffer(signals);
        py.setStdout({{ raw() {{}}, isatty: {isatty} }});
        py.setStdin({{ isatty: {isatty}, stdin() {{
          if (interrupted) return "line";
          interrupted = true;
          signals[0] = 2;
          {answer}
        }} }});
        const kind = (code) => {{
          interrupted = false;
          try {{ return py.runPython(code); }} catch (error) {{ return error.type; }}
        }};
        try {{
          const kinds = [kind("input()"), kind("import os; os.read(0, 9)")];
          const line = py.runPython("input()");
          await new Promise((resolve) => setTimeout(resolve, 20));
          return [kinds, line, reports];
        }} finally {{
          py.setInterruptBuffer();
          py.setStdin();
          py.setStdout({{ batched: (line) => output.push(line) }});
          if (node) process.off("uncaughtException", report);
          else removeEventListener("error", report);
        }}
        """
    )
    assert (kinds, line, reports) == (["KeyboardInterrupt"] * 2, "line", [])


def test_what_a_handler_raises_comes_before_the_wait(host: Host) -> None:
    """An interrupt that arrived before is not left until a line comes."""
    assert host.js(
        """
        const signals = new Int32Array(1);
        py.runPython(`
import signal
def handler(number, frame): raise LookupError(number)
former = signal.signal(signal.SIGINT, handler)`);
        py.setInterruptBuffer(signals);
        let asked = 0;
        py.setStdin({ stdin() {
          if (asked++ === 0) signals[0] = 2;
          return Promise.resolve("line");
        } });
        try {
          const kind = await py.runPythonAsync("input()").catch((error) => error.type);
          await new Promise((resolve) => setTimeout(resolve, 5));
          return [kind, py.runPython("input()"), asked];
        } finally {
          py.setInterruptBuffer();
          py.runPython("signal.signal(signal.SIGINT, former); del former, handler");
          py.setStdin();
        }
        """
    ) == ["LookupError", "line", 1]


@pytest.mark.usefixtures("jspi")
def test_what_ends_as_an_interrupt_comes_wakes_no_later_wait(host: Host) -> None:
    assert (
        host.js(
            """
            const begin = py.runPython(`
import asyncio, time
from pyjs.ffi import run_sync
future = asyncio.get_event_loop().create_future()
def begin():
    try:
        run_sync(future)
    except KeyboardInterrupt:
        start = time.monotonic()
        time.sleep(0.05)
        return time.monotonic() - start > 0.045
begin
`);
            const call = begin.callPromising();
            await new Promise((resolve) => setTimeout(resolve, 5));
            py.runPython("future.set_result(1)");
            py.interrupt();
            const slept = await call;
            begin.destroy();
            py.runPython("del begin, future");
            return slept;
            """
        )
        is True
    )


_ENDLESS = "run_sync(asyncio.get_running_loop().create_future())"


@pytest.mark.parametrize(
    ("prepare", "code", "printed"),
    [
        ("", _ENDLESS, ""),
        ("py.setInterruptBuffer(new Uint8Array(1))", _ENDLESS, ""),
        ("py.setTimeSlice(5)", _ENDLESS, ""),
        ("py.setStdin({ stdin: () => new Promise(() => {}) })", "input()", ""),
        (
            "py.setStdin({ stdin: () => new Promise((give) => setTimeout(give, 50, 'line')) })",
            "print(input())",
            "line\n",
        ),
        ("py.setInterruptBuffer(new Uint8Array(1))", "time.sleep(0.05); print('slept')", "slept\n"),
        ("", "asyncio.run(asyncio.sleep(0.05)); print('ran')", "ran\n"),
    ],
)
def test_node_ends_when_no_stack_can_go_on_and_not_before(
    host: Host, prepare: str, code: str, printed: str
) -> None:
    if not host.is_node or not host.js("return typeof WebAssembly.promising === 'function'"):
        pytest.skip(f"{host.name} is no Node with JavaScript Promise Integration (JSPI)")
    script = f"""
    import {{ loadPyjs }} from "{DIST.as_uri()}/pyjs.mjs";
    const py = await loadPyjs();
    {prepare};
    py.runPythonAsync(`
import asyncio, time
from pyjs.ffi import run_sync
{code}
`);
    process.on("exit", () => process.stdout.write("exit"));
    """
    body = """
    const { spawnSync } = await import("node:child_process");
    const options = ["--input-type=module", "-e", args[0]];
    const done = spawnSync(process.execPath, options, { timeout: 100_000 });
    return [String(done.stdout), String(done.stderr), done.status];
    """
    assert host.js(body, script) == [f"{printed}exit", "", 0]
