"""setStdin, setStdout and setStderr: what stands behind descriptors 0, 1 and 2."""

import json
from typing import Any

import pytest

from tests.hosts.base import Host
from tests.js import run_fresh, run_node

# `said(act)` is what act throws. What is changed is put back: the harness reads the streams too.
_START = """
const lines = (line) => output.push(line);
const said = (act) => {
  try { act(); return "nothing"; } catch (e) { return `${e.name}: ${e.message}`; }
};
const raised = (code) => {
  try { py.runPython(code); return "nothing"; }
  catch (e) { return e.message.trim().split("\\n").at(-1).replace(/\\d+/, "N"); }
};
const reports = [];
const report = (event) => {
  event.preventDefault?.();
  reports.push((event.error ?? event).message);
};
const node = typeof process === "object";
if (node) process.on("uncaughtException", report);
else addEventListener("error", report);
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
py.runPython("import os, sys");
try {
"""
_END = """
} finally {
  if (node) process.off("uncaughtException", report);
  else removeEventListener("error", report);
  py.setStdin(); py.setStdout({ batched: lines }); py.setStderr({ batched: lines });
}
"""


def _run(host: Host, body: str, *args: Any) -> Any:
    return host.js(_START + body + _END, *args)


def test_batched_gets_whole_lines_and_the_rest_at_fsync(host: Host) -> None:
    assert _run(
        host,
        r"""
        const got = [];
        py.setStdout({ batched: (line) => got.push(line) });
        py.runPython(String.raw`print("a\nb"); print("c", end="", flush=True)`);
        const before = [...got];
        py.runPython("os.fsync(1)");
        py.runPython(String.raw`os.write(1, b"\xc3"); os.fsync(1); os.write(1, b"\xbc\n\n")`);
        return [before, got, py.runPython("sys.stdout.isatty()")];
        """,
    ) == [["a", "b"], ["a", "b", "c", "ü", ""], False]


def test_a_replaced_batched_gets_what_it_has_of_a_line(host: Host) -> None:
    assert _run(
        host,
        """
        const one = [], two = [];
        py.setStdout({ batched: (line) => one.push(line) });
        py.runPython("os.write(1, b'ab')");
        py.setStdout({ batched: (line) => two.push(line) });
        py.runPython("os.write(1, b'c\\\\n')");
        return [one, two];
        """,
    ) == [["ab"], ["c"]]


def test_raw_gets_one_byte_at_a_time(host: Host) -> None:
    assert _run(
        host,
        """
        const bytes = [];
        py.setStderr({ raw: (...args) => bytes.push(args) });
        py.runPython("print('aü', file=sys.stderr)");
        return [bytes, py.runPython("sys.stderr.isatty()")];
        """,
    ) == [[[97], [195], [188], [10]], False]


def test_write_says_how_many_bytes_it_took(host: Host) -> None:
    assert _run(
        host,
        """
        const got = [];
        py.setStdout({ write(bytes) { got.push([...bytes]); return Math.min(2, bytes.length); } });
        return [py.runPython("os.write(1, b'abc')"), py.runPython("print('xyz')") ?? null, got];
        """,
    ) == [2, None, [[97, 98, 99], [120, 121, 122, 10], [122, 10]]]


def test_bytes_are_the_receivers_to_keep(host: Host) -> None:
    assert _run(
        host,
        """
        const kept = [];
        py.setStdout({ write(bytes) { kept.push(bytes); return bytes.length; } });
        py.runPython("for i in range(50): os.write(1, b'%02d' % i)");
        return kept.every((bytes, i) => Number(String.fromCharCode(...bytes)) === i);
        """,
    )


def test_fsync_and_the_size_of_a_terminal(host: Host) -> None:
    assert _run(
        host,
        """
        let synced = 0, size = { rows: 3, columns: 50 };
        const write = (bytes) => bytes.length;
        const code = `import fcntl, struct
str(struct.unpack("2h", fcntl.ioctl(1, 0x5413, b"....")))`;
        const ask = () => py.runPython(code);
        py.setStdout({ write, fsync: () => synced++, isatty: true, getTerminalSize: () => size });
        py.runPython("os.fsync(1); os.fsync(1)");
        const got = [synced, ask()];
        size = undefined;
        got.push(ask());
        size = { rows: -1, columns: "many" };
        got.push(raised(code));
        py.setStdout({ raw() {}, isatty: true });
        got.push(ask());
        py.setStdout({ write });
        got.push(raised(code));
        await settled();
        return [...got, reports];
        """,
    ) == [
        2,
        "(3, 50)",
        "(24, 80)",
        "OSError: [Errno N] I/O error",
        "(24, 80)",
        "OSError: [Errno N] Not a tty",
        [
            "getTerminalSize: expected { rows, columns } as whole numbers, got -1 and many",
        ],
    ]


def test_open_files_and_copies_of_descriptors_follow(host: Host) -> None:
    assert _run(
        host,
        """
        py.setStdout({ raw() {} });
        py.runPython("copy, file = os.dup(1), open('/dev/stdout', 'wb', buffering=0)");
        const code = "[os.isatty(1), os.isatty(copy), file.isatty()] == [True] * 3";
        const ask = () => py.runPython(code);
        const got = [ask()];
        const bytes = [];
        py.setStdout({ raw: (byte) => bytes.push(byte), isatty: true });
        got.push(ask());
        py.runPython("os.write(copy, b'a'); file.write(b'b')");
        py.runPython("os.close(copy); file.close(); del copy, file");
        return [...got, bytes, py.runPython("os.isatty(1)")];
        """,
    ) == [False, True, [97, 98], True]


def test_options_are_methods_of_an_object_of_any_class(host: Host) -> None:
    assert _run(
        host,
        """
        class Lines {
          constructor(given) { this.given = given; this.seen = []; }
          stdin() { return this.given.shift(); }
          batched(line) { this.seen.push(line); }
        }
        class More extends Lines {}
        const both = new More(["a", "bcd", "efg"]);
        py.setStdin(both);
        py.setStdout(both);
        py.runPython("for _ in range(3): print(input())");
        Object.prototype.raw = () => {};
        const write = (bytes) => bytes.length;
        try { py.setStdout({ write }); } finally { delete Object.prototype.raw; }
        return [both.seen, raised("input()")];
        """,
    ) == [["a", "bcd", "efg"], "EOFError: EOF when reading a line"]


@pytest.mark.parametrize(
    ("given", "options", "code", "wanted"),
    [
        ('["a", "bcd\\n", "efg", undefined, "h"]', "", "[read(), read(), read()]",
         ["a\nbcd\nefg\n", "h\n", ""]),
        ('["a", null, "b"]', "", "[read(), read()]", ["a\n", "b\n"]),
        ('["", "x"]', "", "[input(), input()]", ["", "x"]),
        ('["a\\nb\\n", "c"]', "", "[input(), input(), input()]", ["a", "b", "c"]),
        ('["€uro"]', "", "[read()]", ["€uro\n"]),
        ("[0x61, 10, 0x62, 0x63, undefined, 0x65]", "", "[read(), read()]", ["a\nbc", "e"]),
        ("[97, 10, 98]", "", "[os.read(0, 9), os.read(0, 9), os.read(0, 9)]", ["a\n", "b", ""]),
        ("[97, 98, 'c', 100]", "", "[read()]", ["abc\nd"]),
        ("[bytes('a\\nbc'), bytes('ef')]", "", "[read(), read(), read()]", ["a\nbc", "ef", ""]),
        ("[bytes('a\\n'), bytes('b')]", "", "[read(), read()]", ["a\nb", ""]),
        ("[bytes('ab'), bytes('c\\n')]", "", "[input(), input()]", ["ab", "c"]),
        ("[bytes(''), bytes('c')]", "", "[read(), read(), read()]", ["", "c", ""]),
        ("[bytes('ab'), bytes('cd')]", "autoEOF: false", "[read(), read()]", ["abcd", ""]),
        ("[bytes('ab').buffer, new Uint16Array([99])]", "autoEOF: false", "[read()]", ["abc\0"]),
        ("['abcdefg']", "", "[os.read(0, 3), os.read(0, 3), os.read(0, 9)]", ["abc", "def", "g\n"]),
    ],
)  # fmt: skip
def test_what_a_stdin_callback_gives(
    host: Host, given: str, options: str, code: str, wanted: list[str]
) -> None:
    body = f"""
    const bytes = (text) => new TextEncoder().encode(text);
    const given = {given};
    py.setStdin({{ stdin: () => given.shift(), {options} }});
    const names = py.runPython("{{'read': sys.stdin.read, 'os': os}}");
    const code = "import json\\nas_text = lambda x: x if isinstance(x, str) else x.decode()\\n"
      + "json.dumps([as_text(x) for x in {code}])";
    try {{ return py.runPython(code, {{ globals: names }}); }} finally {{ names.destroy(); }}
    """
    assert json.loads(_run(host, body)) == wanted


def test_read_fills_a_buffer(host: Host) -> None:
    assert _run(
        host,
        """
        const sizes = [];
        let left = [[97, 98, 10], [99]];
        py.setStdin({ isatty: true, read(buffer) {
          sizes.push(buffer.length);
          const bytes = left.shift() ?? [];
          buffer.set(bytes);
          return bytes.length;
        } });
        const got = py.runPython("repr([os.read(0, 20), os.read(0, 7), os.read(0, 7)])");
        return [got, sizes, py.runPython("sys.stdin.isatty()")];
        """,
    ) == ["[b'ab\\n', b'c', b'']", [20, 7, 7], True]


def test_a_callback_may_run_python_that_needs_memory(host: Host) -> None:
    assert (
        _run(
            host,
            """
        py.setStdin({ stdin() {
          py.runPython("held = bytearray(60_000_000)");
          return "read";
        } });
        const got = py.runPython("input()");
        py.runPython("del held");
        return got;
        """,
        )
        == "read"
    )


def test_a_callback_may_be_pythons(host: Host) -> None:
    assert _run(
        host,
        """
        py.runPython(`
import json
seen, given = [], ["one", "two"]
def take(line): seen.append(line)
def give(): return given.pop(0) if given else None
def fail(bytes): raise KeyError("mine")
`);
        const [take, give, fail] = ["take", "give", "fail"].map((name) => py.globals.get(name));
        py.setStdout({ batched: take });
        py.setStdin({ stdin: give });
        py.runPython("print(input(), input())");
        py.setStdout({ write: fail });
        const got = [py.runPython("json.dumps(seen)"), raised("input()")];
        got.push(raised("os.write(1, b'x')"));
        await settled();
        [take, give, fail].forEach((proxy) => proxy.destroy());
        py.runPython("del seen, given, take, give, fail");
        return [...got, reports.length];
        """,
    ) == ['["one two"]', "EOFError: EOF when reading a line", "OSError: [Errno N] I/O error", 1]


def test_error_makes_every_read_fail_quietly(host: Host) -> None:
    assert _run(
        host,
        """
        py.setStdin({ error: true });
        const got = [raised("os.read(0, 1)"), raised("input()")];
        py.setStdin({ error: false, stdin: () => "fine" });
        await settled();
        return [...got, py.runPython("input()"), reports];
        """,
    ) == ["OSError: [Errno N] I/O error"] * 2 + ["fine", []]


def test_what_a_callback_throws_is_an_oserror_and_loud(host: Host) -> None:
    assert _run(
        host,
        """
        const throwing = (error) => ({ write() { throw error; } });
        const wrote = (error) => (py.setStdout(throwing(error)), raised("os.write(1, b'x')"));
        const got = [
          wrote(Object.assign(new Error("a"), { code: "EPIPE" })),
          wrote(Object.assign(new Error("b"), { errno: py.ERRNO_CODES.ENOSPC })),
          wrote(new py.FS.ErrnoError(py.ERRNO_CODES.EACCES)),
        ];
        await settled();
        got.push(reports.length);
        const odd = Object.assign(new Error("odd"), { errno: -1, code: "no" });
        got.push(wrote(new Error("mine")), wrote(odd));
        py.setStdin({ stdin() { throw new Error("read") } });
        got.push(raised("input()"));
        await settled();
        return [...got, reports.map((text) => text.replace("Uncaught Error: ", ""))];
        """,
    ) == [
        "BrokenPipeError: [Errno N] Broken pipe",
        "OSError: [Errno N] No space left on device",
        "PermissionError: [Errno N] Permission denied",
        0,
        "OSError: [Errno N] I/O error",
        "OSError: [Errno N] I/O error",
        "OSError: [Errno N] I/O error",
        ["mine", "odd", "read"],
    ]


_COUNT = "expected a number of bytes from 0 to 3 from the callback"


@pytest.mark.parametrize(
    ("options", "code", "report"),
    [
        ("setStdout({ write: () => undefined })", "os.write(1, b'abc')",
         f"setStdout, write: {_COUNT}, got undefined"),
        ("setStdout({ write: () => 4 })", "os.write(1, b'abc')",
         f"setStdout, write: {_COUNT}, got 4"),
        ("setStderr({ write: () => -1 })", "os.write(2, b'abc')",
         f"setStderr, write: {_COUNT}, got -1"),
        ("setStdin({ read: () => 1.5 })", "os.read(0, 3)",
         f"setStdin, read: {_COUNT}, got 1.5"),
        ("setStdin({ read: () => null })", "os.read(0, 3)",
         f"setStdin, read: {_COUNT}, got null"),
        ("setStdin({ stdin: () => 300 })", "os.read(0, 3)",
         "stdin: expected a byte, a whole number from 0 to 255, from the callback, got 300"),
        ("setStdin({ stdin: () => ({}) })", "os.read(0, 3)",
         "stdin: expected a string, bytes, a number or null from the callback, got object"),
    ],
)  # fmt: skip
def test_a_result_that_no_callback_may_have(
    host: Host, options: str, code: str, report: str
) -> None:
    assert _run(
        host,
        f"""
        py.{options};
        const got = raised(`{code}`);
        await settled();
        return [got, reports.map((text) => text.replace("Uncaught TypeError: ", ""))];
        """,
    ) == ["OSError: [Errno N] I/O error", [report]]


def test_to_take_no_bytes_is_to_block(host: Host) -> None:
    assert _run(
        host,
        """
        py.setStdout({ write: () => 0 });
        return [raised("os.write(1, b'a')").slice(0, 15), py.runPython("os.write(1, b'')")];
        """,
    ) == ["BlockingIOError", 0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("setStdout({ batched() {}, raw() {} })",
         "setStdout: expected at most one of batched, raw, write, got batched and raw"),
        ("setStderr({ raw() {}, write() {} })",
         "setStderr: expected at most one of batched, raw, write, got raw and write"),
        ("setStdout({ batched: 5 })", "setStdout: expected batched to be a function, got number"),
        ("setStdout({ raw: null })", "setStdout: expected raw to be a function, got null"),
        ("setStderr({ write: 'x' })", "setStderr: expected write to be a function, got string"),
        ("setStdout({ raw() {}, isatty: 1 })",
         "setStdout: expected isatty to be a boolean, got number"),
        ("setStdout({ batched() {}, isatty: true })",
         "setStdout: isatty goes with raw or write; give that too, or leave isatty out"),
        ("setStdout({ isatty: true })",
         "setStdout: isatty goes with raw or write; give that too, or leave isatty out"),
        ("setStdout({ raw() {}, fsync() {} })",
         "setStdout: fsync goes with write; give that too, or leave fsync out"),
        ("setStdout({ batched() {}, getTerminalSize() {} })",
         "setStdout: getTerminalSize goes with raw or write; give that too, or leave "
         "getTerminalSize out"),
        ("setStdout({ nope: 1 })", "setStdout: unknown option nope; known are batched, raw, write, "
         "isatty, fsync, getTerminalSize"),
        ("setStdout(5)", "setStdout: expected an object of options (batched, raw, write, isatty, "
         "fsync, getTerminalSize), got number"),
        ("setStdout(() => {})", "setStdout: expected an object of options (batched, raw, write, "
         "isatty, fsync, getTerminalSize), got function"),
        ("setStdin({ stdin() {}, read() {} })",
         "setStdin: expected at most one of stdin, read, error, got stdin and read"),
        ("setStdin({ stdin() {}, error: true })",
         "setStdin: expected at most one of stdin, read, error, got stdin and error"),
        ("setStdin({ read() {}, autoEOF: true })",
         "setStdin: autoEOF goes with stdin; give that too, or leave autoEOF out"),
        ("setStdin({ error: 'yes' })", "setStdin: expected error to be a boolean, got string"),
        ("setStdin({ stdin: 'abc' })", "setStdin: expected stdin to be a function, got string"),
        ("setStdin({ isatty: true })",
         "setStdin: isatty goes with stdin or read or error; give that too, or leave isatty out"),
        ("setStdin({ stdout() {} })",
         "setStdin: unknown option stdout; known are stdin, read, error, isatty, autoEOF"),
    ],
)  # fmt: skip
def test_options_that_make_no_sense_change_nothing(host: Host, call: str, message: str) -> None:
    assert _run(
        host,
        f"""
        const seen = [], given = ["still"];
        py.setStdin({{ stdin: () => given.shift() }});
        py.setStdout({{ batched: (line) => seen.push(line) }});
        py.setStderr({{ batched: (line) => seen.push(line) }});
        const got = said(() => py.{call});
        py.runPython("print(input()); print(1, file=sys.stderr)");
        return [got, seen];
        """,
    ) == [f"TypeError: {message}", ["still", "1"]]


def test_without_options_the_hosts_own_come_back() -> None:
    # run_fresh closes stdin's pipe after the script, which it writes there: input is at its end.
    lines, code, tty = run_fresh(
        """
        const lines = [];
        const py = await loadPyjs({ stdout: (line) => lines.push(line), stdin: () => "loader\\n" });
        py.runPython("print(input())");
        py.setStdout({ raw() {} });
        py.setStdout();
        py.setStdin({});
        py.runPython("print('to the process')");
        let code = "";
        try { py.runPython("input()"); } catch (error) { code = error.type; }
        return [lines, code, py.runPython("import os; os.isatty(1)")];
        """
    )
    assert (lines, code, tty) == (["loader"], "EOFError", False)


def test_the_process_gets_what_is_printed_after_a_reset() -> None:
    written = run_fresh(
        """
        const { writeSync, readFileSync, openSync, closeSync } = await import("node:fs");
        const { execFileSync } = await import("node:child_process");
        const script = `
          import { loadPyjs } from ${JSON.stringify(new URL("pyjs.mjs", indexURL).href)};
          const py = await loadPyjs({ stdout: () => {}, stderr: () => {} });
          py.runPython("print('lost')");
          py.setStdout();
          py.setStderr();
          py.runPython("import sys; print('kept', input(), end='')");
          process.exit(0);`;
        const args = ["--input-type=module", "-e", script];
        return execFileSync("node", args, { input: "typed\\n", encoding: "utf8" });
        """
    )
    assert written == "kept typed"


def test_the_last_part_of_a_line_is_told_when_the_process_ends() -> None:
    assert (
        run_fresh(
            """
        const { execFileSync } = await import("node:child_process");
        const script = `
          import { writeSync } from "node:fs";
          import { loadPyjs } from ${JSON.stringify(new URL("pyjs.mjs", indexURL).href)};
          const py = await loadPyjs({ stdout: (line) => writeSync(1, "[" + line + "]") });
          py.runPython("print('whole'); print('part', end='')");
          process.exit(0);`;
        return execFileSync("node", ["--input-type=module", "-e", script], { encoding: "utf8" });
        """
        )
        == "[whole][part]"
    )


_NO_OUTPUT = "loadPyjs: stdout and stderr take a function, or an object with write(bytes)"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("{ stdin: 5 }", "loadPyjs: stdin takes a function, got number"),
        ("{ stdout: 5 }", _NO_OUTPUT),
        ("{ stderr: {} }", _NO_OUTPUT),
        ("{ stderr: null }", _NO_OUTPUT),
    ],
)
def test_streams_that_the_loader_cannot_use(options: str, message: str) -> None:
    assert (
        run_node(f"return loadPyjs({options}).then(() => 'loaded', (e) => e.message);") == message
    )
