"""`./pyjs run`, as its users see it: the output, the errors and the exit code, on every host."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import textwrap
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HOSTS = ("node", "chromium", "firefox")
FIREFOX = ("firefox-esr", "firefox")
TIMEOUT = 120

FAILING = """\
def inner(x):
    return 1 / x


def outer():
    try:
        inner(0)
    except ZeroDivisionError as error:
        raise ValueError("no luck") from error


outer()
"""

# What CPython 3.13 prints for it, with the folder in place of %s.
TRACEBACK = """\
Traceback (most recent call last):
  File "%s/failing.py", line 7, in outer
    inner(0)
    ~~~~~^^^
  File "%s/failing.py", line 2, in inner
    return 1 / x
           ~~^~~
ZeroDivisionError: division by zero

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "%s/failing.py", line 12, in <module>
    outer()
    ~~~~~^^
  File "%s/failing.py", line 9, in outer
    raise ValueError("no luck") from error
ValueError: no luck
"""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Firefox starts slowly: its tests run when `--hosts` names it."""
    if "cli" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--hosts").split(",")
        hosts = [each for each in HOSTS if each in chosen]
        metafunc.parametrize("cli", hosts, indirect=True)


@dataclass(frozen=True)
class Result:
    out: str
    err: str
    code: int


class Cli:
    """`./pyjs run --host HOST` in a folder of its own."""

    def __init__(self, host: str, folder: Path) -> None:
        self.host = host
        self.folder = folder

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(text))
        return path

    def start(
        self, *words: str | Path, env: dict[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        command = [str(ROOT / "pyjs"), "run", "--host", self.host, *map(str, words)]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env={**os.environ, **(env or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(
        self, *words: str | Path, stdin: str | bytes = b"", env: dict[str, str] | None = None
    ) -> Result:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        with self.start(*words, env=env) as process:
            try:
                out, err = process.communicate(given, timeout=TIMEOUT)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGTERM)
                raise
        return Result(out.decode(), err.decode(), process.returncode)

    def program(self, text: str, *args: str, stdin: str | bytes = b"") -> Result:
        """Run the text as a file in the folder."""
        return self.run(self.write("program.py", text).name, *args, stdin=stdin)


@pytest.fixture
def cli(request: pytest.FixtureRequest, tmp_path: Path) -> Cli:
    if request.param == "firefox" and not any(map(shutil.which, FIREFOX)):
        pytest.skip("firefox-esr is not installed")
    return Cli(request.param, tmp_path)


@pytest.fixture
def node(tmp_path: Path) -> Cli:
    """For what does not depend on the host."""
    return Cli("node", tmp_path)


def pyjs(*words: str, cwd: Path, command: Path = ROOT / "pyjs") -> Result:
    done = subprocess.run(
        [str(command), *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    return Result(done.stdout, done.stderr, done.returncode)


# How a program is named, and what it sees of that.


def test_file_and_arguments(cli: Cli) -> None:
    cli.write("lib/helper.py", "NAME = __name__\n")
    cli.write(
        "lib/program.py",
        """
        import os, sys, helper
        print(__name__, __file__, helper.NAME)
        print(sys.argv, sys.path[0], os.getcwd())
        print("to stderr", file=sys.stderr)
        sys.exit(3)
        """,
    )
    here = cli.folder
    result = cli.run("lib/program.py", "one", "--two", "", "drei \u00fc")
    assert result.err == "to stderr\n"
    assert result.out == (
        f"__main__ {here}/lib/program.py helper\n"
        f"['lib/program.py', 'one', '--two', '', 'drei \u00fc'] {here}/lib {here}\n"
    )
    assert result.code == 3


def test_command(cli: Cli) -> None:
    code = "import sys\nprint(__name__, sys.argv, repr(sys.path[0]))\n1/0"
    result = cli.run("-c", code, "-c", "x")
    assert result.out == "__main__ ['-c', '-c', 'x'] ''\n"
    assert result.err == (
        "Traceback (most recent call last):\n"
        '  File "<string>", line 3, in <module>\n'
        "    1/0\n"
        "    ~^~\n"
        "ZeroDivisionError: division by zero\n"
    )
    assert result.code == 1


def test_module(cli: Cli) -> None:
    cli.write("package/__init__.py", "")
    cli.write("package/other.py", "value = 7\n")
    cli.write(
        "package/__main__.py",
        """
        import sys
        from .other import value
        print(__name__, __package__, __spec__.name, value, sys.argv, sys.path[0])
        await __import__("asyncio").sleep(0)
        """,
    )
    here = cli.folder
    result = cli.run("-m", "package", "a")
    assert result == Result(
        f"__main__ package package.__main__ 7 ['{here}/package/__main__.py', 'a'] {here}\n",
        "",
        0,
    )


def test_stdin_as_program(cli: Cli) -> None:
    result = cli.run("-", "a", stdin="import sys\nprint(__name__, sys.argv, repr(sys.path[0]))\n")
    assert result == Result("__main__ ['-', 'a'] ''\n", "", 0)


def test_file_outside_the_folder(cli: Cli, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "sibling.py").write_text("print('sibling')\n")
    (elsewhere / "program.py").write_text("import os, sibling\nprint(os.getcwd())\n")
    (cli.folder / "link.py").symlink_to(elsewhere / "program.py")
    expected = Result(f"sibling\n{cli.folder}\n", "", 0)
    assert cli.run(elsewhere / "program.py") == expected
    assert cli.run("link.py") == expected


def test_folder_and_environment(node: Cli) -> None:
    node.write("app/__main__.py", "import os, extra\nprint(extra.__file__, os.environ['COLOUR'])\n")
    node.write("more/extra.py", "")
    result = node.run("app", env={"PYTHONPATH": "more", "COLOUR": "red"})
    assert result == Result(f"{node.folder}/more/extra.py red\n", "", 0)


# stdin and output.


def test_input(cli: Cli) -> None:
    result = cli.program(
        """
        import sys
        first = input("name? ")
        print(repr(first), sys.stdin.isatty())
        print(repr(sys.stdin.readline()))
        print([line for line in sys.stdin])
        try:
            input()
        except EOFError as error:
            print("end:", error)
        """,
        stdin="Ren\u00e9\nsecond\n\nlast",
    )
    assert result == Result(
        "name? 'Ren\u00e9' False\n'second\\n'\n['\\n', 'last']\nend: EOF when reading a line\n",
        "",
        0,
    )


def test_stdin_is_bytes(cli: Cli) -> None:
    data = b"\xef\xbb\xbf" + bytes(range(256)) * 1000
    result = cli.run(
        "-c",
        "import sys, zlib; data = sys.stdin.buffer.read(); print(len(data), zlib.crc32(data))",
        stdin=data,
    )
    assert result == Result(f"{len(data)} {_crc(data)}\n", "", 0)


def _crc(data: bytes) -> int:
    import zlib

    return zlib.crc32(data)


def test_output_comes_while_the_program_computes(cli: Cli) -> None:
    cli.write(
        "program.py",
        """
        import sys, time
        print("part", end="")
        end = time.monotonic() + 3
        while time.monotonic() < end:
            pass
        print("ial", input())
        """,
    )
    with cli.start("program.py") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert os.read(process.stdout.fileno(), 100) == b"part"
        seen = time.monotonic()
        process.stdin.write(b"answered\n")
        process.stdin.flush()  # but not closed: input() gets its line while stdin is open
        assert process.stdout.readline() == b"ial answered\n"
        assert time.monotonic() - seen > 2
        assert process.stdout.read() == b""
        assert process.wait(TIMEOUT) == 0


def test_output_keeps_its_order(cli: Cli) -> None:
    program = """
        import os, sys
        for i in range(200):
            print(i, end=" ")
            print(i, file=sys.stderr, end=" ")
        os.write(1, b"\\xff\\x00" * 300_000)
    """
    cli.write("program.py", program)
    command = [str(ROOT / "pyjs"), "run", "--host", cli.host, "program.py"]
    done = subprocess.run(
        command, cwd=cli.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    numbers = "".join(f"{i} {i} " for i in range(200)).encode()
    assert done.stdout == numbers + b"\xff\x00" * 300_000
    assert done.returncode == 0


def test_reader_that_leaves(cli: Cli) -> None:
    cli.write("program.py", "while True:\n    print('line')\n")
    with cli.start("program.py") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"line\n"
        process.stdout.close()
        # CPython's BrokenPipeError, or the code of SIGPIPE from a page.
        assert process.wait(TIMEOUT) == (1 if cli.host == "node" else 141)


# Exit codes and errors.


def test_exit_with_text(cli: Cli) -> None:
    assert cli.run("-c", "import sys; sys.exit('no more')") == Result("", "no more\n", 1)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("pass", 0),
        ("raise SystemExit", 0),
        ("import sys; sys.exit(-1)", 255),
        ("import sys; sys.exit(256 + 7)", 7),
        ("import os; os._exit(9)", 9),
        ("import sys; sys.exit(True)", 1),
    ],
)
def test_exit_codes(node: Cli, code: str, expected: int) -> None:
    assert node.run("-c", code) == Result("", "", expected)


def test_exit_functions_run(node: Cli) -> None:
    code = "import atexit, sys; atexit.register(print, 'bye'); print('hi'); sys.exit(4)"
    assert node.run("-c", code) == Result("hi\nbye\n", "", 4)


def test_traceback_is_that_of_cpython(cli: Cli) -> None:
    cli.write("failing.py", FAILING)
    expected = Result("", TRACEBACK.replace("%s", str(cli.folder)), 1)
    assert cli.run("failing.py") == expected


def test_traceback_of_a_module_and_of_await(node: Cli) -> None:
    node.write("failing.py", FAILING + "await later\n")
    expected = Result("", TRACEBACK.replace("%s", str(node.folder)), 1)
    assert node.run("-m", "failing") == expected
    assert node.run("failing.py").err == expected.err


def test_syntax_error(cli: Cli) -> None:
    assert cli.program("print('not run')\nx = (1 +\n") == Result(
        "",
        f'  File "{cli.folder}/program.py", line 2\n'
        "    x = (1 +\n"
        "        ^\n"
        "SyntaxError: '(' was never closed\n",
        1,
    )


def test_keyboard_interrupt(node: Cli) -> None:
    assert node.run("-c", "raise KeyboardInterrupt") == Result(
        "",
        "Traceback (most recent call last):\n"
        '  File "<string>", line 1, in <module>\n'
        "    raise KeyboardInterrupt\n"
        "KeyboardInterrupt\n",
        130,
    )


def test_excepthook(node: Cli) -> None:
    code = "import sys; sys.excepthook = lambda kind, error, tb: print('hook:', error); 1/0"
    assert node.run("-c", code) == Result("hook: division by zero\n", "", 1)


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for the temporary files of browsers, whose paths must be short."""
    path = Path(tempfile.mkdtemp(prefix="pyjs-test-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


def test_interrupt(cli: Cli, temporary: Path) -> None:
    """SIGINT ends a program that computes, and its browser, whose profile is removed."""
    cli.write("program.py", "print('on', flush=True)\nwhile True:\n    pass\n")
    with cli.start("program.py", env={"TMPDIR": str(temporary)}) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"on\n"
        process.send_signal(signal.SIGINT)
        # A process that the signal itself ended is 130 to a shell.
        code = process.wait(TIMEOUT)
        assert code == (-signal.SIGINT if cli.host == "node" else 130)
    assert sorted(path.name for path in temporary.glob("pyjs-*")) == []


def test_uncaught_in_a_callback(cli: Cli) -> None:
    result = cli.program(
        """
        import asyncio, pyjs
        def callback():
            raise ValueError("late")
        pyjs.js.setTimeout(pyjs.create_proxy(callback), 10)
        await asyncio.sleep(30)
        """
    )
    assert (result.out, result.code) == ("", 1)
    assert result.err.endswith(
        f'  File "{cli.folder}/program.py", line 4, in callback\n'
        '    raise ValueError("late")\n'
        "ValueError: late\n"
    )


# Files.


def test_files(cli: Cli) -> None:
    """Everything a program does with files; each line fails where it goes wrong."""
    (cli.folder / "given.txt").write_text("from outside\n")
    result = cli.program(
        """
        import os, shutil
        assert open("given.txt").read() == "from outside\\n"
        data = bytes(range(256))
        open("data", "wb").write(data * 5000)
        assert open("data", "rb").read() == data * 5000
        for mark in b"\\xef\\xbb\\xbfa", b"\\xfe\\xff12", b"\\xff\\xfe12", b"":
            open("mark", "wb").write(mark)
            assert open("mark", "rb").read() == mark
        with open("data", "r+b") as file:
            file.seek(10)
            file.write(b"XY")
            file.seek(-2, os.SEEK_END)
            assert file.read() == b"\\xfe\\xff"
            file.seek(9)
            assert file.read(4) == b"\\x09XY\\x0c"
            file.truncate(100)
        with open("data", "ab") as file:
            file.write(b"end")
            assert file.tell() == 103
        assert os.path.getsize("data") == 103
        os.makedirs("a/b")
        open("a/b/\u00e9 \u00fc.txt", "w").write("text")
        assert os.listdir("a/b") == ["\u00e9 \u00fc.txt"]
        assert [(e.name, e.is_dir()) for e in os.scandir("a")] == [("b", True)]
        os.rename("data", "a/renamed")
        assert not os.path.exists("data")
        os.replace("mark", "a/renamed")
        assert os.path.getsize("a/renamed") == 0 and not os.path.exists("mark")
        os.symlink("a/renamed", "link")
        assert os.readlink("link") == "a/renamed" and os.path.islink("link")
        open("link", "w").write("through")
        assert open("a/renamed").read() == "through"
        os.chmod("a/renamed", 0o600)
        assert os.stat("a/renamed").st_mode & 0o777 == 0o600
        os.utime("a/renamed", (1000, 2000.5))
        assert os.stat("a/renamed").st_mtime == 2000.5
        file = open("gone", "w+")
        file.write("still there")
        os.unlink("gone")
        file.seek(0)
        assert file.read() == "still there"
        copy = os.dup(file.fileno())
        file.close()
        assert os.pread(copy, 5, 0) == b"still"
        os.close(copy)
        for what, error in (
            (lambda: open("none"), FileNotFoundError),
            (lambda: os.mkdir("a"), FileExistsError),
            (lambda: open("a"), IsADirectoryError),
            (lambda: open("given.txt", "x"), FileExistsError),
            (lambda: os.rmdir("a"), OSError),
            (lambda: os.listdir("given.txt"), NotADirectoryError),
        ):
            try:
                what()
            except error:
                pass
            else:
                raise AssertionError(error)
        os.unlink("link")
        shutil.copytree("a", "kept")
        shutil.rmtree("a")
        open("made", "wb").write(data)
        print(sorted(os.listdir()))
        """
    )
    assert result == Result("['given.txt', 'kept', 'made', 'program.py']\n", "", 0)
    assert (cli.folder / "made").read_bytes() == bytes(range(256))
    assert (cli.folder / "kept/renamed").read_text() == "through"
    assert (cli.folder / "kept/b/\u00e9 \u00fc.txt").read_text() == "text"


def test_only_the_folder_is_seen(cli: Cli, tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("secret") / "file"
    secret.write_text("secret")
    (cli.folder / "way").symlink_to(secret.parent)
    result = cli.program(
        """
        import os, sys
        for path in (sys.argv[1], "way/file", "../" * 20 + sys.argv[1][1:]):
            try:
                print(open(path).read())
            except FileNotFoundError:
                print("not found")
        """,
        str(secret),
    )
    assert result == Result("not found\n" * 3, "", 0)


# asyncio.


def test_top_level_await(cli: Cli) -> None:
    result = cli.program(
        """
        import asyncio, pyjs
        async def numbers():
            for i in range(3):
                await asyncio.sleep(0)
                yield i
        print([i async for i in numbers()])
        print(await pyjs.js.Promise.resolve("promised"))
        asyncio.get_event_loop().call_later(0.1, print, "timer")
        await asyncio.sleep(0)
        print("body ends")
        """
    )
    assert result == Result("[0, 1, 2]\npromised\nbody ends\ntimer\n", "", 0)


def test_asyncio_run(cli: Cli) -> None:
    """What main returns comes out; what it leaves behind is cancelled."""
    result = cli.program(
        """
        import asyncio, sys
        async def ticker():
            try:
                await asyncio.sleep(1000)
            finally:
                print("cancelled")
        async def main():
            asyncio.get_running_loop().call_later(1000, print, "never")
            task = asyncio.create_task(ticker())
            await asyncio.sleep(0.05)
            print("main ends")
            return 7
        sys.exit(asyncio.run(main()))
        """
    )
    assert result == Result("main ends\ncancelled\n", "", 7)


def test_asyncio_run_that_fails(cli: Cli) -> None:
    result = cli.program(
        """
        import asyncio
        async def main():
            await asyncio.sleep(0.01)
            print("before")
            raise ValueError("main failed")
        asyncio.run(main())
        """
    )
    assert (result.out, result.code) == ("before\n", 1)
    assert result.err.startswith("Traceback (most recent call last):\n")
    assert result.err.endswith(
        f'  File "{cli.folder}/program.py", line 6, in main\n'
        '    raise ValueError("main failed")\n'
        "ValueError: main failed\n"
    )


def test_asyncio_run_that_exits(node: Cli) -> None:
    code = "import asyncio, sys\nasync def main(): sys.exit(5)\nasyncio.run(main())"
    assert node.run("-c", code) == Result("", "", 5)


def test_task_that_fails_unasked(node: Cli) -> None:
    code = "import asyncio\nasync def f(): 1/0\ntask = asyncio.create_task(f())\nprint('on')"
    result = node.run("-c", code)
    assert (result.out, result.code) == ("on\n", 0)
    assert result.err.startswith("Task exception was never retrieved\n")
    assert result.err.endswith("ZeroDivisionError: division by zero\n")


def test_no_task_runs_inside_a_statement(cli: Cli) -> None:
    """Engines may handle events while a page waits for its server."""
    result = cli.program(
        """
        import asyncio, os, time
        async def other():
            print("other")
        task = asyncio.create_task(other())
        asyncio.get_event_loop().call_later(0, print, "timer")
        for i in range(50):
            open("file", "w").write("x")
            time.sleep(0.002)
        print("first")
        await task
        """
    )
    assert (result.err, result.code) == ("", 0)
    assert result.out in ("first\nother\ntimer\n", "first\ntimer\nother\n")


def test_program_that_waits_for_nothing(node: Cli) -> None:
    code = "import asyncio; await asyncio.get_event_loop().create_future()"
    message = "pyjs run: the program waits for what cannot happen any more\n"
    assert node.run("-c", code) == Result("", message, 1)


# The page.


def test_page(cli: Cli) -> None:
    if cli.host == "node":
        pytest.skip("Node has no page")
    result = cli.program(
        """
        from pyjs import js
        js.document.title = "mine"
        js.document.body.append("text")
        print(js.document.title, js.document.body.textContent.strip())
        js.console.log("logged")
        js.console.warn("warned")
        """
    )
    assert result == Result("mine text\nlogged\n", "warned\n", 0)


def test_the_server_tells_nobody_else(cli: Cli) -> None:
    """Without the secret of the path, and with `..` in it, there is nothing to have."""
    if cli.host != "chromium":
        pytest.skip("one browser is enough")
    program = """
        from pyjs import js
        def status(path):
            request = js.XMLHttpRequest.new()
            request.open("GET", path, False)
            request.send()
            return request.status
        print(status("page.html"), status("/"), status("/run/page.html"), status("server.mjs"))
        print(status("../dist/..%2f..%2fpackage.json"), status("../plan"))
    """
    result = cli.program(program)
    assert result == Result("200 404 404 404\n404 404\n", "", 0)


# Mistakes of the caller.


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nope"], "pyjs: unknown verb nope; known: run. ./pyjs --help says more"),
        (["run"], "pyjs run: no program is given; ./pyjs run --help says more"),
        (["run", "-z"], "pyjs run: unknown option -z; ./pyjs run --help says more"),
        (["run", "-c"], "pyjs run: -c needs a value; ./pyjs run --help says more"),
        (["run", "--host"], "pyjs run: --host needs a value; ./pyjs run --help says more"),
        (
            ["run", "--host=toString", "x.py"],
            "pyjs run: unknown host toString; known: node, chromium, firefox; "
            "./pyjs run --help says more",
        ),
        (["run", "x.py"], "pyjs run: can't open file '{}/x.py': No such file or directory"),
    ],
)
def test_mistakes(tmp_path: Path, words: list[str], message: str) -> None:
    result = pyjs(*words, cwd=tmp_path)
    assert result == Result("", message.replace("{}", str(tmp_path)) + "\n", 2)


def test_no_such_module(node: Cli) -> None:
    assert node.run("-m", "nope") == Result("", "pyjs run: No module named nope\n", 1)


def test_folder_of_the_runtime() -> None:
    result = pyjs("run", "-c", "pass", cwd=Path("/"))
    assert result.code == 2
    assert result.err.startswith("pyjs run: / is a folder of the runtime's own;")


def test_browser_that_is_missing(tmp_path: Path) -> None:
    node = shutil.which("node")
    assert node is not None
    (tmp_path / "node").symlink_to(node)
    for tool in ("dirname", "readlink"):
        found = shutil.which(tool)
        assert found is not None
        (tmp_path / tool).symlink_to(found)
    done = subprocess.run(
        ["/bin/sh", str(ROOT / "pyjs"), "run", "--host", "firefox", "-c", "pass"],
        env={"PATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("", 2)
    assert done.stderr == (
        "pyjs run: --host firefox needs one of firefox-esr, firefox on PATH; "
        "Debian's package is firefox-esr\n"
    )


def test_dist_that_is_missing(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tools/run", tmp_path / "tools/run")
    shutil.copy(ROOT / "pyjs", tmp_path / "pyjs")
    result = pyjs("run", "-c", "pass", cwd=tmp_path, command=tmp_path / "pyjs")
    message = f"pyjs run: {tmp_path}/dist/pyjs.mjs is missing; `make build` builds it\n"
    assert result == Result("", message, 2)


def test_help(tmp_path: Path) -> None:
    assert pyjs(cwd=tmp_path).out.startswith("usage: ./pyjs VERB [ARGUMENTS]\n")
    result = pyjs("run", "--help", cwd=tmp_path)
    assert result.out.startswith("usage: ./pyjs run [--host HOST] FILE [ARGS]\n")
    assert (result.err, result.code) == ("", 0)
