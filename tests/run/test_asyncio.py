"""await and asyncio in programs, and how these end."""

from __future__ import annotations

from tests.run import Cli, Result

# The host has no part in it; --hosts=node,chromium,firefox tests it on all three.
SAME_EVERYWHERE = True


def test_the_loop_can_be_imported_first(node: Cli) -> None:
    code = "import pyjs.webloop, asyncio; print(type(asyncio.get_event_loop()).__name__)"
    assert node.run("-c", code) == Result("HostLoop\n", "", 0)


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
        await asyncio.sleep(0)
        asyncio.get_event_loop().call_later(0.1, print, "timer")
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
