"""What a program sees of the disk."""

from __future__ import annotations

import pytest

from tests.run import Cli, Result


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
