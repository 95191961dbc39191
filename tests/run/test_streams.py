"""stdin and output."""

from __future__ import annotations

import os
import subprocess
import time
import zlib

from tests.run import ROOT, TIMEOUT, Cli, Result


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
    assert result == Result(f"{len(data)} {zlib.crc32(data)}\n", "", 0)


def test_output_comes_while_the_program_computes(cli: Cli) -> None:
    cli.write(
        "program.py",
        """
        import sys, time
        print("part", end="")
        end = time.monotonic() + 3
        while time.monotonic() < end:
            pass
        print("ial", input(), end - time.monotonic() + time.time())
        """,
    )
    with cli.start("program.py") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert os.read(process.stdout.fileno(), 100) == b"part"
        seen = time.time()
        process.stdin.write(b"answered\n")
        process.stdin.flush()  # but not closed: input() gets its line while stdin is open
        ial, answered, computed = process.stdout.readline().split()
        assert (ial, answered) == (b"ial", b"answered")
        assert seen < float(computed)
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
