"""How a program is named, and what it sees of that."""

from __future__ import annotations

import pytest

from tests.run import Cli, Result

# The host has no part in it; --hosts=node,chromium,firefox tests it on all three.
SAME_EVERYWHERE = True


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
