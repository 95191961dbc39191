"""setStdin and loadPyjs with callbacks that give promises."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hosts.base import Host
from tests.js import run_node

_START = """
const later = (value, milliseconds = 5) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds, value));
const settled = () => later(0, 30);
// What a program gives, as text, or the type and the last line of its error.
const last = (error) => error.message.trim().split("\\n").at(-1).replace(/Errno \\d+/, "Errno N");
const run = (code) => py.runPythonAsync(`import asyncio, os, sys\\nrepr(${code})`).catch(last);
const runNow = (code) => {
  try { return py.runPython(`import os, sys\\nrepr(${code})`); } catch (e) { return last(e); }
};
const reports = [];
const report = (event) => {
  event.preventDefault?.();
  reports.push((event.error ?? event.reason ?? event).message);
};
const node = typeof process === "object";
const kinds = node ? ["uncaughtException", "unhandledRejection"] : ["error", "unhandledrejection"];
for (const kind of kinds) node ? process.on(kind, report) : addEventListener(kind, report);
const feed = (given, options) => {
  const asked = [];
  py.setStdin({ stdin: () => (asked.push(given.length), later(given.shift())), ...options });
  return asked;
};
try {
"""
_END = """
} finally {
  for (const kind of kinds) node ? process.off(kind, report) : removeEventListener(kind, report);
  py.setStdin();
  py.setStdout({ batched: (line) => output.push(line) });
  py.setStderr({ batched: (line) => output.push(line) });
}
"""


def _run(host: Host, body: str, *args: Any) -> Any:
    return host.js(_START + body + _END, *args)


@pytest.fixture
def jspi(host: Host) -> None:
    if not host.js("return typeof WebAssembly.promising === 'function'"):
        pytest.skip(f"{host.name} has no JavaScript Promise Integration (JSPI)")


@pytest.mark.usefixtures("jspi")
@pytest.mark.parametrize(
    ("given", "options", "code", "wanted"),
    [
        ("'ab', 'c\\n', null, 'd'", "", "[read(), read()]", ["ab\nc\n", "d\n"]),
        ("'a\\nb', 'c'", "", "[input(), input(), input()]", ["a", "b", "c"]),
        ("'a', 'b', null", "", "[*sys.stdin]", ["a\n", "b\n"]),
        ("'a', 'b', null", "", "sys.stdin.readlines()", ["a\n", "b\n"]),
        ("'abc', 'd'", "", "[read(1), sys.stdin.readline(1), input(), input()]",
         ["a", "b", "c", "d"]),
        ("bytes('€uro').subarray(0, 2), bytes('€uro\\n').subarray(2)", "autoEOF: false",
         "[input()]", ["€uro"]),
        ("bytes('ab'), bytes('c\\n')", "", "[input(), input()]", ["ab", "c"]),
        ("bytes('ab'), bytes('c\\n')", "autoEOF: false", "[input()]", ["abc"]),
        ("97, 98, 10, 99, null", "", "[input(), read()]", ["ab", "c"]),
        ("'abcd', 'e'", "", "[os.read(0, 2).decode(), sys.stdin.buffer.read1().decode(), input()]",
         ["ab", "cd\n", "e"]),
        ("'ab', 'cd'", "", "[x.decode() for x in (sys.stdin.buffer.readline(), "
         "sys.stdin.buffer.peek()[:1], sys.stdin.buffer.read(3))]", ["ab\n", "c", "cd\n"]),
    ],
)  # fmt: skip
def test_what_the_promise_gives(
    host: Host, given: str, options: str, code: str, wanted: list[str]
) -> None:
    body = f"""
    const bytes = (text) => new TextEncoder().encode(text);
    feed([{given}], {{ {options} }});
    return await run(args[0]);
    """
    assert _run(host, body, f"(read := sys.stdin.read) and {code}") == repr(wanted)


@pytest.mark.usefixtures("jspi")
def test_everything_else_goes_on_meanwhile(host: Host) -> None:
    assert _run(
        host,
        """
        let answer;
        py.setStdin({ stdin: () => new Promise((resolve) => { answer = resolve; }) });
        await py.runPythonAsync(`
import asyncio
ticks = 0
async def tick():
    global ticks
    while True:
        ticks += 1
        await asyncio.sleep(0.001)
ticking = asyncio.ensure_future(tick())`);
        const line = run("input()");
        while (py.runPython("ticks") < 5) await later(0, 2);
        const sum = await run("1 + 1");
        answer("typed");
        const got = await line;
        await py.runPythonAsync("ticking.cancel(); del ticking, tick, ticks");
        return [sum, got];
        """,
    ) == ["2", "'typed'"]


@pytest.mark.usefixtures("jspi")
@pytest.mark.parametrize("isatty", ["false", "true"])
def test_a_prompt_comes_before_the_wait(host: Host, isatty: str) -> None:
    assert _run(
        host,
        f"""
        let shown = "";
        const seen = [];
        const decoder = new TextDecoder();
        const write = (bytes) => {{ shown += decoder.decode(bytes); return bytes.length; }};
        py.setStdout({{ write, isatty: {isatty} }});
        py.setStderr({{ write, isatty: {isatty} }});
        py.setStdin({{ stdin: () => (seen.push(shown), later("typed")), isatty: {isatty} }});
        return [await run("(input('one '), input('two '), sys.stdin.isatty())"), seen];
        """,
    ) == [f"('typed', 'typed', {isatty.title()})", ["one ", "one two "]]


@pytest.mark.usefixtures("jspi")
@pytest.mark.parametrize("isatty", ["false", "true"])
def test_stacks_that_read_at_once_get_lines_in_order(host: Host, isatty: str) -> None:
    """Also when the terminal is read by C's own functions, and by lines that come in pieces."""
    lines = _run(
        host,
        f"""
        const pieces = Array.from({{ length: 12 }}, (_, i) => [`${{i}}`, "-", "\\n"]).flat();
        const bytes = (text) => new TextEncoder().encode(text);
        py.setStdout({{ raw() {{}}, isatty: {isatty} }});
        py.setStderr({{ raw() {{}} }});
        py.setStdin({{
          stdin: () => later(bytes(pieces.shift()), 1), isatty: {isatty}, autoEOF: false,
        }});
        const f = py.runPython(`
import sys
lambda: " ".join([input(), input(), sys.stdin.readline()])`);
        const out = await Promise.all([f, f, f, f].map((each) => each.callPromising()));
        f.destroy();
        return out;
        """,
    )
    assert lines == [f"{i}- {i + 4}- {i + 8}-\n" for i in range(4)]


@pytest.mark.usefixtures("jspi")
@pytest.mark.parametrize("isatty", ["false", "true"])
def test_an_interrupt_ends_the_wait_and_loses_no_line(host: Host, isatty: str) -> None:
    assert _run(
        host,
        f"""
        let asked = 0, answer;
        py.setStdout({{ raw() {{}}, isatty: {isatty} }});
        const promise = new Promise((resolve) => {{ answer = resolve; }});
        py.setStdin({{ stdin: () => (asked++, promise), isatty: {isatty} }});
        const kind = (promise) => promise.then(String, (error) => error.type);
        globalThis.began = 0;
        const ask = () => kind(py.runPythonAsync("import js; js.began += 1; input()"));
        const first = [ask(), ask()];
        while (began < 2) await later(0);
        delete globalThis.began;
        const told = py.interrupt();
        const ends = await Promise.all(first);
        const task = py.runPythonAsync(`
import asyncio
async def ask():
    try:
        return input()
    except asyncio.CancelledError:
        return "cancelled"
task = asyncio.ensure_future(ask())
await asyncio.sleep(0.005)
task.cancel()
got = await task
del task, ask
got`);
        const end = await task;
        const line = run("input()");
        await later(0);
        answer("the line");
        return [told, ends, end, await line, asked];
        """,
    ) == [True, ["KeyboardInterrupt"] * 2, "cancelled", "'the line'", 1]


@pytest.mark.usefixtures("jspi")
def test_one_that_waits_for_its_turn_can_be_cancelled(host: Host) -> None:
    assert (
        _run(
            host,
            """
        let answer, asked = 0;
        py.setStdin({ stdin: () => new Promise((resolve) => { asked++; answer = resolve; }) });
        const got = py.runPythonAsync(`
import asyncio, js
async def ask(name):
    return name + input()
async def main():
    tasks = [asyncio.ensure_future(ask(name)) for name in "abc"]
    await asyncio.sleep(0.01)
    tasks[1].cancel()
    js.cancelled = True
    return await asyncio.gather(*tasks, return_exceptions=True)
try:
    got = repr(await main())
finally:
    del ask, main
got`);
        while (asked < 1 || !globalThis.cancelled) await later(0, 1);
        delete globalThis.cancelled;
        answer("1");
        while (asked < 2) await later(0, 1);
        answer("2");
        return await got;
        """,
        )
        == "['a1', CancelledError(''), 'c2']"
    )


@pytest.mark.usefixtures("jspi")
def test_where_the_stack_cannot_be_suspended(host: Host) -> None:
    error, barred, *lines = _run(
        host,
        """
        feed(["one", "two", "three"]);
        const got = [runNow("input()")];
        globalThis.back = () => runNow("input()");
        got.push(await run("__import__('pyjs').js.back()"));
        await settled();
        delete globalThis.back;
        return [...got, runNow("input()"), await run("input()"), runNow("os.read(0, 9)"),
                await later(0, 20), runNow("os.read(0, 9)"), reports];
        """,
    )
    text = "OSError: [Errno N] reading stdin: its callback gave a promise, and this stack cannot be"
    advice = "; or give setStdin a callback that answers at once"
    assert error.startswith(f"{text} suspended, since it was called by runPython()")
    assert error.endswith(advice)
    assert "a JavaScript function, or a call of ctypes, lies between" in barred
    assert lines[:2] == ["'one'", "'two'"]
    assert lines[2] == error
    assert lines[4:] == ["b'three\\n'", []]


@pytest.mark.usefixtures("jspi")
def test_while_other_code_waits_for_the_line(host: Host) -> None:
    error, line = _run(
        host,
        """
        let answer;
        py.setStdin({ stdin: () => new Promise((resolve) => { answer = resolve; }) });
        const line = run("input()");
        while (!answer) await later(0, 1);
        const error = runNow("sys.stdin.readline()");
        answer("one");
        return [error, await line];
        """,
    )
    assert error.startswith("OSError: [Errno N] reading stdin: other code waits for its input")
    assert line == "'one'"


def test_without_jspi_the_error_says_so_and_nothing_is_lost(host: Host) -> None:
    if host.js("return typeof WebAssembly.promising === 'function'"):
        pytest.skip(f"{host.name} has JavaScript Promise Integration (JSPI)")
    errors, line, again, reports = _run(
        host,
        """
        feed(["one", "two"]);
        py.setStdout({ raw() {}, isatty: true });
        const errors = [runNow("input()"), runNow("sys.stdin.buffer.read1()")];
        await settled();
        const line = runNow("input()");
        py.setStdin({ stdin: () => Promise.reject(new Error("no")) });
        const again = [await run("input()")];
        await settled();
        again.push(runNow("input()"));
        await settled();
        return [errors, line, again, reports];
        """,
    )
    for error in [*errors, again[0]]:
        assert "no JavaScript Promise Integration (JSPI)" in error
        assert error.startswith("OSError: [Errno N] reading stdin: its callback gave a promise")
    assert line == "'one'"
    assert again[1] == "OSError: [Errno N] I/O error"
    assert [text.removeprefix("Uncaught Error: ") for text in reports] == ["no"]


@pytest.mark.usefixtures("jspi")
def test_a_rejection_is_what_a_callback_throws(host: Host) -> None:
    got, reports = _run(
        host,
        """
        const errors = [Object.assign(new Error("gone"), { code: "ENOENT" }), new Error("mine")];
        py.setStdin({ stdin: () => later().then(() => {
          if (errors.length) throw errors.shift();
          return "fine";
        }) });
        const got = [await run("input()"), await run("input()"), await run("input()")];
        // One that nobody waits for any more is for the next.
        let reject;
        py.setStdin({ stdin: () => new Promise((_, no) => { reject = no; }) });
        const first = run("input()");
        while (!reject) await later(0, 1);
        py.interrupt();
        got.push(await first);
        reject(Object.assign(new Error("late"), { code: "EACCES" }));
        await settled();
        got.push(runNow("input()"));
        return [got, reports.map((text) => text.replace("Uncaught Error: ", ""))];
        """,
    )
    assert got == [
        "FileNotFoundError: [Errno N] No such file or directory",
        "OSError: [Errno N] I/O error",
        "'fine'",
        "KeyboardInterrupt",
        "PermissionError: [Errno N] Permission denied",
    ]
    assert reports == ["mine"]


@pytest.mark.usefixtures("jspi")
def test_results_that_no_callback_may_give(host: Host) -> None:
    got, reports = _run(
        host,
        """
        const given = [{}, 300, "fine"];
        py.setStdin({ stdin: () => later(given.shift()) });
        const got = [await run("input()"), await run("input()"), await run("input()")];
        py.setStdin({ read: () => later(-1) });
        got.push(await run("os.read(0, 3)"));
        await settled();
        return [got, reports.map((text) => text.replace("Uncaught TypeError: ", ""))];
        """,
    )
    assert got == ["OSError: [Errno N] I/O error"] * 2 + ["'fine'", "OSError: [Errno N] I/O error"]
    assert reports == [
        "stdin: expected a string, bytes, a number or null from the callback, got object",
        "stdin: expected a byte, a whole number from 0 to 255, from the callback, got 300",
        "setStdin, read: expected a number of bytes from 0 to 3 from the callback, got -1",
    ]


@pytest.mark.usefixtures("jspi")
def test_thenables_that_lie(host: Host) -> None:
    assert _run(
        host,
        """
        const given = [
          { then(resolve, reject) { resolve("once"); resolve("twice"); reject(new Error("no")); } },
          { then(resolve) { resolve(later("nested")); throw new Error("late"); } },
          { then() { throw Object.assign(new Error("at once"), { code: "EACCES" }); } },
          { get then() { throw Object.assign(new Error("getter"), { code: "EACCES" }); } },
          Object.assign(() => "function", { then: (resolve) => resolve("callable") }),
          { then: "no function" },
        ];
        py.setStdin({ stdin: () => given.shift() });
        const got = [];
        while (given.length) got.push(await run("input()"));
        await settled();
        return [got, reports.length];
        """,
    ) == [
        ["'once'", "'nested'", *["PermissionError: [Errno N] Permission denied"] * 2, "'callable'",
         "OSError: [Errno N] I/O error"],
        1,
    ]  # fmt: skip


@pytest.mark.usefixtures("jspi")
def test_read_fills_its_buffer_later(host: Host) -> None:
    assert _run(
        host,
        """
        let release;
        const sizes = [], gate = new Promise((resolve) => { release = resolve; });
        const left = ["abc", "d\\n", ""];
        py.setStdin({ async read(buffer) {
          sizes.push(buffer.length);
          await (sizes.length === 1 ? gate : later());
          return new TextEncoder().encodeInto(left.shift() ?? "", buffer).written;
        } });
        const first = run("os.read(0, 5)");
        while (!sizes.length) await later(0, 1);
        py.interrupt();
        const ends = [await first];
        release();
        await settled();
        ends.push(await run("(os.read(0, 2), os.read(0, 2), os.read(0, 2), os.read(0, 2))"));
        return [ends, sizes];
        """,
    ) == [["KeyboardInterrupt", "(b'ab', b'c', b'd\\n', b'')"], [5, 2, 2]]


@pytest.mark.usefixtures("jspi")
def test_a_coroutine_may_be_the_callback(host: Host) -> None:
    assert (
        _run(
            host,
            """
        py.runPython(`
import asyncio
given = ["one", "two"]
async def give():
    await asyncio.sleep(0.001)
    return given.pop(0) if given else None
`);
        const give = py.globals.get("give");
        py.setStdin({ stdin: give });
        const got = await run("[*sys.stdin]");
        give.destroy();
        py.runPython("del give, given");
        return got;
        """,
        )
        == "['one\\n', 'two\\n']"
    )


@pytest.mark.usefixtures("jspi")
def test_a_program_that_waits_reads_what_takes_the_place(host: Host) -> None:
    assert _run(
        host,
        """
        py.setStdin({ stdin: () => new Promise(() => {}) });
        const line = run("input()");
        await later();
        py.setStdin({ stdin: () => "new" });
        return [await line, runNow("input()")];
        """,
    ) == ["'new'", "'new'"]


@pytest.mark.usefixtures("jspi")
def test_the_stream_stays_the_same_object(host: Host) -> None:
    assert _run(
        host,
        """
        py.setStdin({ stdin: () => "now" });
        py.runPython("import io, sys; before, buffer = sys.stdin, sys.stdin.buffer; input()");
        feed(["one", "two", "three"]);
        await run("input()");
        const kept = await run(`(
          sys.stdin is before is sys.__stdin__, sys.stdin.buffer is buffer, sys.stdin.fileno(),
          isinstance(sys.stdin, io.TextIOWrapper), isinstance(buffer, io.BufferedReader),
          sys.stdin.encoding, sys.stdin.name, sys.stdin.mode, sys.stdin.readable(),
          sys.stdin.closed, input.__name__, before.readline())`.replaceAll("\\n", " "));
        py.runPython("sys.stdin = io.StringIO('replaced')");
        const replaced = runNow("input()");
        py.runPython("sys.stdin = sys.__stdin__; del before, buffer");
        return [kept, replaced, await run("input()")];
        """,
    ) == [
        "(True, True, 0, True, True, 'utf-8', '<stdin>', 'r', True, False, 'input', 'two\\n')",
        "'replaced'",
        "'three'",
    ]


@pytest.mark.usefixtures("jspi")
def test_time_slices_and_input(host: Host) -> None:
    assert (
        _run(
            host,
            """
        const lines = Array.from({ length: 30 }, (_, i) => String(i));
        py.setTimeSlice(1);
        try {
          py.setStdin({ stdin: () => later(lines.shift(), 1) });
          const f = py.runPython(`
def read():
    got = 0
    for _ in range(10):
        sum(i for i in range(20_000))
        got += int(input())
    return got
read`);
          const all = await Promise.all([f, f, f].map((each) => each.callPromising()));
          f.destroy();
          return all.reduce((a, b) => a + b);
        } finally { py.setTimeSlice(); py.runPython("del read"); }
        """,
        )
        == 435
    )


def test_the_loaders_callback_may_give_promises_too() -> None:
    error, line = run_node(
        """
        const later = () => new Promise((resolve) => setTimeout(resolve, 5, "text\\n"));
        const py = await loadPyjs({ stdin: later });
        let error;
        try { py.runPython("input()"); } catch (e) { error = e.type; }
        await later();
        return [error, py.runPython("input()")];
        """
    )
    assert (error, line) == ("OSError", "text")
