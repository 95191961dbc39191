"""pyodide.console: consoles without a screen."""

import pytest

from tests.inside import inside


@inside
async def test_lines_until_a_statement_is_complete() -> None:
    from pyodide.console import Console

    console = Console()
    said = []
    for line in ("def f(x):", "    return x + 1", "", "f(1)", "(", "2", ")"):
        future = console.push(line)
        said.append((future.syntax_check, await future))
    assert said == [
        ("incomplete", None),
        ("incomplete", None),
        ("complete", None),
        ("complete", 2),
        ("incomplete", None),
        ("incomplete", None),
        ("complete", 2),
    ]
    assert console.buffer == []


@inside
@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 + 1", 2),
        ("x = 5", None),
        ("5;", None),
        ("None", None),
        (" 1", 1),
        ("x = 1; x + 1", 2),
        ("'''a\nb'''", "a\nb"),
        ("#", None),
        ("__name__", "__console__"),
    ],
)
async def test_values(source, value) -> None:
    from pyodide.console import Console

    future = Console().push(source)
    assert future.syntax_check == "complete"
    assert await future == value
    assert future.formatted_error is None


@inside
async def test_await() -> None:
    from pyodide.console import Console

    console = Console()
    await console.push("import asyncio")
    assert await console.push("await asyncio.sleep(0, 9)") == 9


@inside
async def test_one_statement_runs_at_a_time() -> None:
    from pyodide.console import Console

    console = Console({"seen": []})
    first = console.push(
        "import asyncio; seen.append(1); await asyncio.sleep(0.02); seen.append(2)"
    )
    await console.push("seen.append(3)")
    assert first.done()
    assert console.globals["seen"] == [1, 2, 3]


@inside
async def test_statements_of_the_future_stay() -> None:
    from pyodide.console import Console

    console = Console()
    await console.push("from __future__ import annotations")
    await console.push("def f(x: undefined): pass\n")
    assert await console.push("f.__annotations__") == {"x": "undefined"}
    other = Console()
    future = other.push("def f(x: undefined): pass\n")
    try:
        await future
        raise AssertionError("no error")
    except NameError:
        assert "undefined" in future.formatted_error


@inside
@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("1 +", "SyntaxError"),
        ("1\n2", "multiple statements found while compiling a single statement"),
        ("'\\x'", "truncated"),
        ("\0", "null bytes"),
        ("await", "SyntaxError"),
    ],
)
async def test_mistakes_of_syntax(source, text) -> None:
    import sys

    from pyodide.console import Console

    console = Console()
    future = console.push(source)
    assert future.syntax_check == "syntax-error"
    assert text in future.formatted_error
    assert future.formatted_error.endswith("\n")
    assert "Traceback" not in future.formatted_error
    assert console.buffer == []
    try:
        await future
        raise AssertionError("no error")
    except Exception as error:
        assert sys.last_exc is error
        assert sys.last_value is error


@inside
async def test_errors_show_the_users_frames() -> None:
    from pyodide.console import Console

    console = Console()
    await console.push("def f(): raise ValueError('no') from KeyError(1)\n")
    future = console.push("f()")
    try:
        await future
        raise AssertionError("no error")
    except ValueError as error:
        assert future.formatted_error == (
            "KeyError: 1\n\n"
            "The above exception was the direct cause of the following exception:\n\n"
            "Traceback (most recent call last):\n"
            '  File "<console>", line 1, in <module>\n'
            '  File "<console>", line 1, in f\n'
            "ValueError: no\n"
        )
        assert console.num_frames_to_keep(None) == 0
        assert console.num_frames_to_keep(error.__traceback__) >= 2


@inside
async def test_a_console_of_another_name() -> None:
    from pyodide.console import Console

    console = Console(filename="shell.py")
    future = console.push("1 / 0")
    try:
        await future
        raise AssertionError("no error")
    except ZeroDivisionError:
        assert 'File "shell.py", line 1, in <module>\n    1 / 0\n' in future.formatted_error
        assert future.formatted_error.count("File") == 1


@inside
async def test_sources_of_other_names() -> None:
    from pyodide.console import Console

    console = Console()
    assert console.runsource("1 +\\", filename="other").syntax_check == "incomplete"
    assert 'File "other"' in console.runsource("1 1", filename="other").formatted_error
    future = console.runsource("raise SystemExit(3)")
    try:
        await future
        raise AssertionError("no error")
    except SystemExit as error:
        assert error.code == 3
        assert "SystemExit: 3" in future.formatted_error


@inside
async def test_cancelling() -> None:
    import asyncio

    from pyodide.console import Console

    console = Console({"asyncio": asyncio})
    future = console.push("await asyncio.sleep(100)")
    await asyncio.sleep(0)
    future.cancel()
    assert await console.push("1") == 1  # the lock is free
    assert future.cancelled()


@inside
async def test_streams_while_source_runs() -> None:
    import sys

    from pyodide.console import Console

    out, error, asked = [], [], []
    lines = iter(["one\ntwo\n", "three\n", ""])

    def read(size):
        asked.append(size)
        return next(lines)

    real = sys.stdin, sys.stdout, sys.stderr
    console = Console(stdin_callback=read, stdout_callback=out.append, stderr_callback=error.append)
    await console.push("import sys")
    await console.push("print('a', 'b'); print('c', file=sys.stderr)")
    assert (out, error) == (["a", " ", "b", "\n"], ["c", "\n"])
    assert await console.push("input()") == "one"
    assert await console.push("sys.stdin.readline()") == "two\n"
    assert await console.push("sys.stdin.read(2)") == "th"
    assert await console.push("sys.stdin.read()") == "ree\n"
    assert await console.push("sys.stdin.read()") == ""
    assert asked == [-1, 2, -1]
    assert (sys.stdin, sys.stdout, sys.stderr) == real
    console.stdout_callback = None
    assert await console.push("sys.stdout is sys.__stdout__") is (real[1] is sys.__stdout__)


@inside
async def test_what_the_streams_are() -> None:
    from pyodide.console import Console

    console = Console(
        stdin_callback=lambda size: "", stdout_callback=lambda text: 5, stderr_callback=print
    )
    await console.push("import sys")
    names = "[(s.name, s.encoding, s.errors, s.isatty()) for s in (sys.stdin, sys.stdout)]"
    assert await console.push(names) == [
        ("<stdin>", "utf-8", "strict", True),
        ("<stdout>", "utf-8", "strict", True),
    ]
    can = "[(s.readable(), s.writable()) for s in (sys.stdin, sys.stdout, sys.stderr)]"
    assert await console.push(can) == [(True, False), (False, True), (False, True)]
    assert await console.push("sys.stdout.write('abc')") == 5
    for source, kind in (
        ("sys.stdout.write(5)", "TypeError"),
        ("sys.stdout.write('\\ud800')", "UnicodeEncodeError"),
        ("sys.stdout.read()", "UnsupportedOperation"),
        ("sys.stdin.write('a')", "UnsupportedOperation"),
        ("sys.stdin.fileno()", "UnsupportedOperation"),
    ):
        try:
            await console.push(source)
            raise AssertionError(source)
        except Exception as error:
            assert type(error).__name__ == kind, source


@inside
def test_redirections_nest() -> None:
    import sys

    from pyodide.console import Console

    out = []
    real = sys.stdout
    console = Console(stdout_callback=out.append)
    with console.redirect_streams():
        with console.redirect_streams():
            sys.stdout.write("inner ")
        sys.stdout.write("outer")
    assert sys.stdout is real
    assert out == ["inner ", "outer"]


@inside
def test_redirections_may_stay() -> None:
    import sys

    from pyodide.console import Console

    out = []
    real = sys.stdout
    console = Console(stdout_callback=out.append, persistent_stream_redirection=True)
    try:
        first = sys.stdout
        console.persistent_redirect_streams()
        with console.redirect_streams():
            assert sys.stdout is first
            sys.stdout.write("a")
        assert sys.stdout is first
    finally:
        console.persistent_restore_streams()
    console.persistent_restore_streams()
    assert sys.stdout is real
    assert out == ["a"]


@inside
def test_completion() -> None:
    from pyodide.console import Console

    console = Console({"word": "text", "working": 1})
    assert console.complete("str.isa") == (["str.isalnum(", "str.isalpha(", "str.isascii("], 0)
    assert console.complete("a = 5 ; str.isal") == (["str.isalnum(", "str.isalpha("], 8)
    assert console.complete("print(wor") == (["word", "working"], 6)
    assert console.complete("nothing.at") == ([], 0)
    names, start = console.complete("")
    assert start == 0
    assert {"word", "print(", "for "} <= set(names)


@inside
async def test_subclasses_run_code_their_way() -> None:
    from pyodide.code import CodeRunner
    from pyodide.console import Console

    class Doubling(Console):
        async def runcode(self, source, code):
            assert isinstance(code, CodeRunner)
            assert source == "x + 1"
            return 2 * await super().runcode(source, code)

    assert await Doubling({"x": 1}).push("x + 1") == 4


@inside
def test_globals_are_a_dict() -> None:
    from pyodide.console import Console

    try:
        Console(5)
        raise AssertionError("no error")
    except TypeError as error:
        assert "Console: globals: expected a dict, got int" in str(error)


@inside
async def test_packages_are_loaded_first() -> None:
    from pyodide.console import PyodideConsole
    from pyodide.ffi import register_js_module, unregister_js_module

    from js import Object

    asked = []

    async def load(source):
        asked.append(source)

    api = Object.new()
    from pyodide.ffi import create_proxy

    api.loadPackagesFromImports = proxy = create_proxy(load)
    register_js_module("pyodide_js", api)
    try:
        assert await PyodideConsole({"x": 1}).push("x + 1") == 2
    finally:
        unregister_js_module("pyodide_js")
        proxy.destroy()
    assert asked == ["x + 1"]


@inside
def test_shortening() -> None:
    from pyodide.console import repr_shorten, shorten

    assert shorten("abcdefg", limit=5) == "ab...fg"
    assert shorten("abcdefg", limit=12) == "abcdefg"
    assert shorten("abcdefg", limit=6, split=1, separator="_") == "a_g"
    assert shorten("abcdefgh", limit=4, split=9) == "abcd...efgh"
    assert shorten("abcdefgh", limit=4, split=0) == "..."
    assert repr_shorten("abcdefg", limit=8, separator="_") == "'abc_efg'"
    assert repr_shorten("abcdefg", limit=12) == "'abcdefg'"
    assert [repr_shorten(123456789, limit=n, separator="_") for n in range(4, 10)] == [
        "12_89", "12_89", "123_789", "123_789", "1234_6789", "123456789",
    ]  # fmt: skip
    for call in (lambda: shorten("abc", 1), lambda: repr_shorten("abc", 3)):
        try:
            call()
            raise AssertionError("no error")
        except ValueError as error:
            assert "limit must be greater than or equal to" in str(error)


@inside
def test_the_banner() -> None:
    import platform

    from pyodide.console import BANNER

    assert BANNER.startswith(f"Python {platform.python_version()} (")
    assert BANNER.endswith('"license" for more information.')
