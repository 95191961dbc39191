"""The lock file that packages are loaded by: where it is, and what is no lock file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.compat.fresh import LOAD, run, tell
from tests.compat.shelf import PURE, Shelf
from tests.hosts.base import Host


def _contents(shelf: Shelf, **changes: Any) -> str:
    return json.dumps({**shelf.lock(), **changes})


def test_lock_file_contents(host: Host, shelf: Shelf) -> None:
    shelf.put("inline")
    body = """
    const [text, packageBaseUrl] = args;
    const loaded = [];
    for (const lockFileContents of [text, JSON.parse(text), Promise.resolve(text)]) {
      const runtime = await load({ lockFileContents, packageBaseUrl });
      loaded.push((await loading(runtime, "inline")).loaded);
    }
    const runtime = await load({ lockFileContents: text });
    loaded.push((await loading(runtime, "inline")).errors[1]);
    return loaded;
    """
    assert run(host, body, _contents(shelf), shelf.url.rstrip("/")) == [
        ["inline"],
        ["inline"],
        ["inline"],
        f'Lock file file_name for package "inline" is relative path "inline-1.0-{PURE}.whl" but no '
        "packageBaseUrl was given when the runtime was loaded",
    ]


def test_a_lock_file_as_micropip_freezes_it(host: Host, shelf: Shelf) -> None:
    """Without the keys that it leaves out."""
    shelf.put("frozen")
    entry = shelf.packages["frozen"]
    for key in ("package_type", "unvendored_tests"):
        del entry[key]
    entry["file_name"] = shelf.url + entry["file_name"]
    body = """
    const runtime = await load({ lockFileContents: args[0] });
    return [await loading(runtime, "frozen"), importing(runtime, "frozen")];
    """
    told, module = run(host, body, _contents(shelf))
    assert (told["loaded"], module) == (["frozen"], "frozen")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{bad", "is corrupt: "),
        ("", "is corrupt: "),
        ("[]", "does not contain the expected key 'info', an object"),
        ('{"packages": {}}', "does not contain the expected key 'info', an object"),
        ('{"info": {}}', "does not contain the expected key 'packages', an object"),
        ('{"info": {}, "packages": []}', "does not contain the expected key 'packages', an object"),
        ('{"info": {"abi_version": "2026_0", "python": "3.14.2"}, "packages": {}}',
         "is for ABI version 2026_0 (Python 3.14.2); this runtime has ABI version 2025_0"),
        ('{"info": {}, "packages": {"x": 5}}', "the package 'x' is number, not an object"),
        ('{"info": {}, "packages": {"x": {"name": "x", "version": 1}}}',
         "the package 'x' has no 'version' that is a string"),
        ('{"info": {}, "packages": {"x": {"name": "x", "version": "1", "file_name": "x.whl", '
         '"depends": "y"}}}', "the package 'x': 'depends' is no list of strings"),
        ('{"info": {}, "packages": {"x": {"name": "x", "version": "1", "file_name": "x.whl", '
         '"install_dir": "/"}}}', "the package 'x' has the unknown install_dir /"),
        ('{"info": {}, "packages": {"x": {"name": "x", "version": "1", "file_name": "x.whl", '
         '"package_type": "toy"}}}', "the package 'x' has the unknown package_type toy"),
    ],
)  # fmt: skip
def test_a_lock_file_that_is_none(host: Host, shelf: Shelf, text: str, message: str) -> None:
    shelf.files["pyodide-lock.json"] = text.encode()
    (told,) = tell(host, shelf, "x")
    assert told["thrown"].startswith(f"Error: the lock file {shelf.url}pyodide-lock.json")
    assert message in told["thrown"]


def test_no_lock_file(host: Host, shelf: Shelf) -> None:
    body = """
    const lockFileURL = args[0] + "absent/lock.json";
    const runtime = await load({ lockFileURL });
    return [await loading(runtime, "x"), await loading(runtime, "x"), runtime.runPython("1 + 1")];
    """
    first, second, two = run(host, body, shelf.url)
    url = f"{shelf.url}absent/lock.json"
    assert first["thrown"] == (
        f"Error: loading packages: cannot load {url}: the server answered 404 Not Found"
    )
    assert second["thrown"] == first["thrown"]
    assert two == 2
    assert shelf.asked == ["absent/lock.json"] * 2


def test_nothing_is_fetched_before_it_is_wanted(host: Host, shelf: Shelf) -> None:
    body = f"""{LOAD}
    return runtime.runPython("1 + 1");
    """
    assert run(host, body, shelf.url) == 2
    assert shelf.asked == []
