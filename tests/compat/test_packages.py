"""loadPackage: what it loads, in which order, what it tells, and what it leaves when it fails."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.compat.fresh import run
from tests.compat.shelf import PURE, Shelf, tar_bytes, wheel_bytes, zip_bytes
from tests.hosts.base import Host

_LOAD = "const runtime = await load({ lockFileURL: args[0] + 'pyodide-lock.json' });"


def _tell(host: Host, shelf: Shelf, *names: Any, options: str = "{}") -> list[dict[str, Any]]:
    """What loading each of `names` told, one after the other."""
    body = f"""{_LOAD}
    const told = [];
    for (const names of args[1]) told.push(await loading(runtime, names, {options}));
    return told;
    """
    result: list[dict[str, Any]] = run(host, body, shelf.url, names)
    return result


def test_what_a_package_needs_is_loaded_before_it(host: Host, shelf: Shelf) -> None:
    shelf.put("top", depends=("middle", "bottom"))
    shelf.put("middle", depends=("bottom",))
    shelf.put("bottom", version="2.5")
    body = f"""{_LOAD}
    const messages = [];
    const loaded = await runtime.loadPackage("top", {{ messageCallback: (text) => messages.push(text) }});
    const modules = ["top", "middle", "bottom"].map((name) => importing(runtime, name));
    return [loaded, messages, modules, runtime.loadedPackages];
    """
    loaded, messages, modules, known = run(host, body, shelf.url)
    assert loaded == [
        {"name": name, "version": version, "fileName": f"{name}-{version}-{PURE}.whl",
         "packageType": "package"}
        for name, version in (("bottom", "2.5"), ("middle", "1.0"), ("top", "1.0"))
    ]  # fmt: skip
    assert messages == ["Loading bottom, middle, top", "Loaded bottom, middle, top"]
    assert modules == ["top", "middle", "bottom"]
    assert known == dict.fromkeys(("top", "middle", "bottom"), "default channel")


def test_what_is_loaded_is_not_loaded_again(host: Host, shelf: Shelf) -> None:
    shelf.put("one", depends=("two",))
    shelf.put("two")
    first, again, both, none = _tell(host, shelf, "two", "two", ["one", "TWO"], [])
    assert first["loaded"] == ["two"]
    assert again["loaded"] == []
    assert again["messages"] == ["two already loaded from default channel", "No new packages to load"]
    assert both["loaded"] == ["one"]
    assert both["messages"] == [
        "two already loaded from default channel", "Loading one", "Loaded one",
    ]  # fmt: skip
    assert none["messages"] == ["No new packages to load"]
    assert sorted(shelf.wheels()) == [f"one-1.0-{PURE}.whl", f"two-1.0-{PURE}.whl"]


@pytest.mark.parametrize("spelling", ["my_own.package", "My-Own-Package", "MY.OWN_package"])
def test_names_in_any_spelling(host: Host, shelf: Shelf, spelling: str) -> None:
    shelf.put("my-own-package", {"mine.py": ""}, name="My_Own.Package")
    (told,) = _tell(host, shelf, spelling)
    assert told["loaded"] == ["My_Own.Package"]


def test_a_circle_is_loaded(host: Host, shelf: Shelf) -> None:
    shelf.put("hen", depends=("egg",))
    shelf.put("egg", depends=("hen",))
    (told,) = _tell(host, shelf, "hen")
    assert sorted(told["loaded"]) == ["egg", "hen"]


def test_downloads_go_on_at_once(host: Host, shelf: Shelf) -> None:
    """No answer comes before all four are asked for."""
    shelf.put("all", depends=("a", "b", "c"))
    for name in ("a", "b", "c"):
        shelf.put(name)
    shelf.together = 4
    (told,) = _tell(host, shelf, "all")
    assert told["loaded"] == ["a", "b", "c", "all"]
    assert len(shelf.wheels()) == 4


def test_calls_wait_for_each_other(host: Host, shelf: Shelf) -> None:
    shelf.put("one", depends=("base",))
    shelf.put("two", depends=("base",))
    shelf.put("base")
    body = f"""{_LOAD}
    const told = await Promise.all([
      loading(runtime, "one"), loading(runtime, "nothing"), loading(runtime, ["two", "one"]),
    ]);
    return [told, importing(runtime, "one"), importing(runtime, "two")];
    """
    (one, nothing, two), *modules = run(host, body, shelf.url)
    assert one["loaded"] == ["base", "one"]
    assert nothing["thrown"].startswith("Error: No known package with name 'nothing'")
    assert two["loaded"] == ["two"]
    assert "base already loaded from default channel" in two["messages"]
    assert modules == ["one", "two"]
    assert len(shelf.wheels()) == 3


def test_dist_info_tells_where_a_package_is_from(host: Host, shelf: Shelf) -> None:
    shelf.put("listed")
    shelf.files["given-1.0-py3-none-any.whl"] = wheel_bytes("given", {"given.py": ""})
    body = f"""{_LOAD}
    await runtime.loadPackage(["listed", args[0] + "given-1.0-py3-none-any.whl"]);
    const read = runtime.runPython(`
from importlib.metadata import distribution
lambda name, file: distribution(name).read_text(file)`);
    return ["listed", "given"].map((name) => ["INSTALLER", "PYODIDE_SOURCE"].map((file) => read(name, file)));
    """
    listed, given = run(host, body, shelf.url)
    assert listed == ["pyodide.loadPackage", "pyodide"]
    assert given == ["pyodide.loadPackage", f"{shelf.url}given-1.0-py3-none-any.whl"]


def test_modules_are_found_though_python_has_looked_before(host: Host, shelf: Shelf) -> None:
    shelf.put("late")
    body = f"""{_LOAD}
    const before = importing(runtime, "late");
    await runtime.loadPackage("late");
    return [before, importing(runtime, "late")];
    """
    assert run(host, body, shelf.url) == ["ModuleNotFoundError", "late"]


def test_urls_of_wheels_and_archives(host: Host, shelf: Shelf) -> None:
    shelf.files["my_wheel-1.5-py3-none-any.whl"] = wheel_bytes("my_wheel", {"my_wheel.py": "where = 1"})
    shelf.files["zipped-2.0.zip"] = zip_bytes({"zipped/__init__.py": "where = 2"})
    shelf.files["taped-3.0.tar.gz"] = tar_bytes({"taped.py": "where = 3"})
    body = """
    const runtime = await load();
    const urls = ["my_wheel-1.5-py3-none-any.whl?a=b#c", "zipped-2.0.zip", "taped-3.0.tar.gz"];
    const loaded = await runtime.loadPackage(urls.map((each) => args[0] + each));
    const modules = ["my_wheel", "zipped", "taped"].map((name) => importing(runtime, name));
    return [loaded.map(({ name, version, fileName }) => [name, version, fileName]), modules, runtime.loadedPackages];
    """
    loaded, modules, known = run(host, body, shelf.url)
    assert loaded == [
        ["my_wheel", "1.5", "my_wheel-1.5-py3-none-any.whl"],
        ["zipped", "2.0", "zipped-2.0.zip"],
        ["taped", "3.0", "taped-3.0.tar.gz"],
    ]
    assert modules == [1, 2, 3]
    assert known["zipped"] == f"{shelf.url}zipped-2.0.zip"
    assert "pyodide-lock.json" not in shelf.asked


def test_paths_of_node(host: Host, tmp_path: Path) -> None:
    if not host.is_node:
        pytest.skip("pages have no paths")
    path = tmp_path / "on disk-1.0-py3-none-any.whl"
    path.write_bytes(wheel_bytes("on_disk", {"on_disk.py": "where = 'disk'"}))
    body = """
    const runtime = await load();
    const told = await loading(runtime, args[0]);
    return [told, importing(runtime, "on_disk"), await loading(runtime, args[0].replace("on disk", "nowhere"))];
    """
    told, module, missing = run(host, body, str(path))
    assert (told["loaded"], module) == (["on disk"], "disk")
    assert missing["loaded"] == []
    assert "no such file or directory" in missing["errors"][1]


def test_one_package_from_two_places(host: Host, shelf: Shelf) -> None:
    shelf.put("twice")
    url = f"{shelf.url}twice-1.0-{PURE}.whl"
    by_name, by_url = _tell(host, shelf, "twice", url)
    assert by_name["loaded"] == ["twice"]
    assert by_url["loaded"] == []
    assert by_url["errors"] == [f"Loading same package twice from {url} and default channel"]
    assert "twice already loaded from default channel" in by_url["messages"]


def test_python_loads_packages(host: Host, shelf: Shelf) -> None:
    shelf.put("first")
    shelf.put("second")
    body = f"""{_LOAD}
    runtime.registerJsModule("api", runtime);
    return await runtime.runPythonAsync(`
import api
told = []
first = await api.loadPackage(["first"], messageCallback=told.append)
names = ["second"]
from pyjs import create_proxy
proxy = create_proxy(names)
second = await api.loadPackage(proxy, messageCallback=told.append)
import first as one, second as two
str([told, first[0].name, second[0].fileName, one.where, two.where, names])`);
    """
    assert run(host, body, shelf.url) == str(
        [["Loading first", "Loaded first", "Loading second", "Loaded second"], "first",
         f"second-1.0-{PURE}.whl", "first", "second", ["second"]]
    )  # fmt: skip


def test_by_default_progress_is_printed(host: Host, shelf: Shelf) -> None:
    shelf.put("told")
    shelf.put("lost")
    del shelf.files[f"lost-1.0-{PURE}.whl"]
    body = """
    const out = [], err = [];
    const options = { stdout: (line) => out.push(line), stderr: (line) => err.push(line) };
    const runtime = await load({ lockFileURL: args[0] + "pyodide-lock.json", ...options });
    await runtime.loadPackage(["told", "lost"]);
    return [out, err];
    """
    out, err = run(host, body, shelf.url)
    assert out == ["Loading lost, told", "Loaded told", "Failed to load lost"]
    assert err == [
        "The following error occurred while loading lost:",
        f"loading lost: cannot load {shelf.url}lost-1.0-{PURE}.whl: the server answered 404 Not Found",
    ]


def test_imports_tell_what_to_load(host: Host, shelf: Shelf) -> None:
    shelf.put("dist-a", {"module_a.py": "where = 'a'"}, imports=["module_a", "also_a"])
    shelf.put("dist-b", {"module_b.py": "where = 'b'"}, imports=["module_b"])
    shelf.put("dist-c", {"module_c.py": ""}, imports=["module_c"])
    body = f"""{_LOAD}
    const code = "import os, module_a.inside as x, also_a\\nif x:\\n  from module_b import y\\nimport nowhere";
    const messages = [];
    const options = {{ messageCallback: (text) => messages.push(text) }};
    const loaded = await runtime.loadPackagesFromImports(code, options);
    const nothing = await runtime.loadPackagesFromImports("1 + 1", options);
    return [loaded.map(({{ name }}) => name), nothing, messages, importing(runtime, "module_b")];
    """
    assert run(host, body, shelf.url) == [
        ["dist-a", "dist-b"],
        [],
        ["Loading dist-a, dist-b", "Loaded dist-a, dist-b", "No new packages to load"],
        "b",
    ]


def _failed(told: dict[str, Any], name: str) -> str:
    """The error of a package that was not loaded."""
    assert f"Failed to load {name}" in told["messages"]
    at = told["errors"].index(f"The following error occurred while loading {name}:")
    return str(told["errors"][at + 1])


_NOTHING_LEFT = """
const left = runtime.runPython(`
import os
[os.path.join(at, name) for top in ("/lib/python3.13/site-packages", "/usr/lib")
 for at, _, names in os.walk(top) for name in names]`);
const files = left.toJs();
left.destroy();
"""


def test_a_wrong_checksum(host: Host, shelf: Shelf) -> None:
    shelf.put("forged", sha256="0" * 64)
    shelf.put("needs-it", depends=("forged", "good"))
    shelf.put("good")
    body = f"""{_LOAD}
    const told = await loading(runtime, "needs-it");
    const modules = ["forged", "good"].map((name) => importing(runtime, name));
    const trusting = await loading(runtime, "needs-it", {{ checkIntegrity: false }});
    return [told, modules, trusting, importing(runtime, "forged")];
    """
    told, modules, trusting, forged = run(host, body, shelf.url)
    digest = hashlib.sha256(shelf.files[f"forged-1.0-{PURE}.whl"]).hexdigest()
    assert told["loaded"] == ["good"]
    assert told["messages"][-1] == "Failed to load forged, needs-it"
    assert told["errors"] == [
        "The following error occurred while loading forged:",
        f"loading forged: {shelf.url}forged-1.0-{PURE}.whl: its sha256 is {digest}, not {'0' * 64}; "
        "the file is corrupt or another",
        "The following error occurred while loading needs-it:",
        "needs-it needs forged, which failed to load",
    ]
    assert modules == ["ModuleNotFoundError", "good"]
    assert trusting["loaded"] == ["forged", "needs-it"]
    assert forged == "forged"


def test_no_checksum_in_the_lock_file(host: Host, shelf: Shelf) -> None:
    shelf.put("bare", sha256="")
    told, trusting = (
        _tell(host, shelf, "bare", options=options)[0] for options in ("{}", "{ checkIntegrity: false }")
    )
    assert "the lock file has no sha256" in _failed(told, "bare")
    assert trusting["loaded"] == ["bare"]


def test_a_link_with_a_checksum(host: Host, shelf: Shelf) -> None:
    data = shelf.files["linked-1.0-py3-none-any.whl"] = wheel_bytes("linked", {"linked.py": ""})
    url = f"{shelf.url}linked-1.0-py3-none-any.whl#sha256="
    wrong, right = _tell(host, shelf, url + "1" * 64, url + hashlib.sha256(data).hexdigest())
    assert "its sha256 is" in _failed(wrong, "linked")
    assert right["loaded"] == ["linked"]


def _broken_member() -> bytes:
    """A wheel whose last member does not have the checksum that it says."""
    data = wheel_bytes("broken", {"broken/__init__.py": "where = 'here'", "broken/z.py": "a" * 999})
    with zipfile.ZipFile(__import__("io").BytesIO(data)) as archive:
        at = archive.getinfo("broken/z.py").header_offset + 30 + len("broken/z.py")
    return data[:at] + b"\xff\xff" + data[at + 2 :]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"no archive at all", "broken-1.0-py3-none-any.whl is corrupt: File is not a zip file"),
        (b"", "broken-1.0-py3-none-any.whl is corrupt: File is not a zip file"),
        (_broken_member(), "broken-1.0-py3-none-any.whl is corrupt: "),
        (zip_bytes({"broken/__init__.py": ""}),
         "broken-1.0-py3-none-any.whl is no wheel: expected one dist-info folder, found none"),
        (zip_bytes({"broken/__init__.py": "", "a-1.dist-info/RECORD": "", "b-1.dist-info/RECORD": ""}),
         "broken-1.0-py3-none-any.whl is no wheel: expected one dist-info folder, found "
         "a-1.dist-info, b-1.dist-info"),
        (wheel_bytes("broken", {"broken.py": "", "../../evil.py": ""}),
         "'../../evil.py' would be unpacked outside /lib/python3.13/site-packages"),
        (wheel_bytes("broken", {"broken.py": "", "broken-1.0.data/data/../../../evil": ""}),
         "'broken-1.0.data/data/../../../evil' would be unpacked outside "
         "/lib/python3.13/site-packages"),
        (wheel_bytes("broken", {"broken.py": "", "broken.so": b"\x7fELF"}),
         "/lib/python3.13/site-packages/broken.so is not a WebAssembly library: "),
        (wheel_bytes("broken", {"broken.py": "", "broken.so": b"\0asm\1\0\0\0"}),
         "/lib/python3.13/site-packages/broken.so is a WebAssembly program, not a shared library"),
    ],
    ids=["text", "empty", "member", "no-info", "two-infos", "outside", "data-outside", "elf", "program"],
)  # fmt: skip
def test_a_corrupt_package_leaves_nothing(
    host: Host, shelf: Shelf, data: bytes, message: str
) -> None:
    shelf.put("broken", data=data)
    body = f"""{_LOAD}
    const told = await loading(runtime, "broken");
    const module = importing(runtime, "broken");
    {_NOTHING_LEFT}
    return [told, module, files, runtime.loadedPackages];
    """
    told, module, files, known = run(host, body, shelf.url)
    assert told["loaded"] == []
    assert message in _failed(told, "broken")
    assert (module, files, known) == ("ModuleNotFoundError", [], {})


@pytest.mark.parametrize(
    "tags",
    [
        "cp314-cp314-pyemscripten_2026_0_wasm32",
        "cp313-cp313-pyemscripten_2026_0_wasm32",
        "cp312-cp312-pyodide_2024_0_wasm32",
        "cp313-cp313-emscripten_3_1_58_wasm32",
        "cp313-cp313-manylinux_2_17_x86_64",
    ],
)
def test_wheels_for_another_abi(host: Host, shelf: Shelf, tags: str) -> None:
    shelf.put("alien", tags=tags)
    for name in ("alien", f"{shelf.url}alien-1.0-{tags}.whl"):
        (told,) = _tell(host, shelf, name)
        assert _failed(told, "alien") == (
            f"alien-1.0-{tags}.whl is built for {tags}; this runtime takes wheels for "
            "cp313-cp313-pyemscripten_2025_0_wasm32, and such as are not compiled"
        )
    assert shelf.wheels() == []


@pytest.mark.parametrize(
    "tags",
    [
        "cp313-cp313-pyemscripten_2025_0_wasm32",
        "cp313-cp313-pyodide_2025_0_wasm32",
        "cp39-abi3-pyemscripten_2025_0_wasm32",
        "py3-none-pyemscripten_2025_0_wasm32",
        "cp313-cp313-pyodide_2024_0_wasm32.pyemscripten_2025_0_wasm32",
        "py2.py3-none-any",
        "cp313-none-any",
    ],
)
def test_wheels_for_this_abi(host: Host, shelf: Shelf, tags: str) -> None:
    shelf.put("native", tags=tags)
    (told,) = _tell(host, shelf, "native")
    assert told["loaded"] == ["native"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("nothing", "Error: No known package with name 'nothing': the lock file "),
        (["good", "nothing"], "Error: No known package with name 'nothing': the lock file "),
        ("incomplete", "Error: No known package with name 'lost', which incomplete needs: "),
        ("good>=1.0", "Error: loadPackage: 'good>=1.0' is neither the name of a package nor the URL"),
        ("good[extra]", "Error: loadPackage: 'good[extra]' is neither"),
        ("", "Error: loadPackage: '' is neither"),
        (5, "TypeError: loadPackage: expected a package's name or a URL as a string, got number"),
        (["good", None], "TypeError: loadPackage: expected a package's name or a URL as a string, "
                         "got null"),
        (None, "TypeError: loadPackage: expected a package's name or a URL as a string, got null"),
        ({"name": "good"}, "TypeError: loadPackage: expected a package's name or a URL as a string, "
                           "got object"),
    ],
)  # fmt: skip
def test_names_that_are_none(host: Host, shelf: Shelf, names: Any, message: str) -> None:
    shelf.put("good")
    shelf.put("incomplete", depends=("lost",))
    (told,) = _tell(host, shelf, names)
    assert told["thrown"].startswith(message)
    assert told["loaded"] is None
    assert shelf.wheels() == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("5", "loadPackage: expected an object of options"),
        ("{ nope: 1 }", "loadPackage: unknown option nope; known are messageCallback, "),
        ("{ checkIntegrity: 'no' }", "loadPackage: expected checkIntegrity to be a boolean, got string"),
        ("{ messageCallback: 1 }", "loadPackage: expected messageCallback to be a function, got number"),
    ],
)
def test_options_of_the_wrong_kind(host: Host, shelf: Shelf, options: str, message: str) -> None:
    body = f"""{_LOAD}
    return await runtime.loadPackage("x", {options}).catch((error) => `${{error.name}}: ${{error.message}}`);
    """
    assert run(host, body, shelf.url).startswith(f"TypeError: {message}")


def test_nobody_answers(host: Host, shelf: Shelf) -> None:
    shelf.put("away", file_name="http://127.0.0.1:9/away-1.0-py3-none-any.whl")
    (told,) = _tell(host, shelf, "away")
    error = _failed(told, "away")
    assert error.startswith("loading away: cannot load http://127.0.0.1:9/away-1.0-py3-none-any.whl: ")
    assert "there is no connection, or the server does not allow this origin" in error


def test_a_package_that_failed_can_be_loaded_later(host: Host, shelf: Shelf) -> None:
    shelf.put("later")
    file = f"later-1.0-{PURE}.whl"
    body = f"""{_LOAD}
    const first = await loading(runtime, "later");
    await fetch(args[0] + "put/" + args[1]);
    return [first, await loading(runtime, "later"), importing(runtime, "later")];
    """
    data = shelf.files.pop(file)
    kept = shelf.answer

    def answer(name: str) -> bytes | None:
        if name == f"put/{file}":
            shelf.files[file] = data
            return b""
        return kept(name)

    shelf.answer = answer  # type: ignore[method-assign]
    first, second, module = run(host, body, shelf.url, file)
    assert "404" in _failed(first, "later")
    assert (second["loaded"], module) == (["later"], "later")


def test_static_libraries_cannot_be_loaded(host: Host, shelf: Shelf) -> None:
    shelf.put("archive", package_type="static_library", file_name="")
    (told,) = _tell(host, shelf, "archive")
    assert _failed(told, "archive") == "archive is a static library, which cannot be loaded"


def test_a_package_that_fails_at_import(host: Host, shelf: Shelf) -> None:
    """It is loaded all the same: what it raises is the program's to see."""
    shelf.put("failing", {"failing.py": "1 / 0"})
    body = f"""{_LOAD}
    const told = await loading(runtime, "failing");
    return [told.loaded, importing(runtime, "failing")];
    """
    assert run(host, body, shelf.url) == [["failing"], "ZeroDivisionError"]


def test_the_parts_of_a_data_folder_go_where_they_belong(host: Host, shelf: Shelf) -> None:
    data = "parted-1.0.data"
    files = {
        "parted.py": "where = 'site'",
        f"{data}/purelib/pure_part.py": "where = 'pure'",
        f"{data}/platlib/plat_part.py": "where = 'plat'",
        f"{data}/data/share/parted.txt": "text",
        f"{data}/scripts/parted": "#!python",
        f"{data}/headers/parted.h": "int a;",
    }
    shelf.put("parted", files)
    body = f"""{_LOAD}
    await runtime.loadPackage("parted");
    const modules = ["parted", "pure_part", "plat_part"].map((name) => importing(runtime, name));
    const texts = ["/share/parted.txt", "/bin/parted", "/include/parted.h"]
      .map((path) => runtime.FS.readFile(path, {{ encoding: "utf8" }}));
    const left = runtime.runPython(`
from importlib.metadata import files
found = files("parted")
[each.locate().exists() for each in found].count(False)`);
    return [modules, texts, left];
    """
    modules, texts, left = run(host, body, shelf.url)
    assert modules == ["site", "pure", "plat"]
    assert texts == ["text", "#!python", "int a;"]
    assert left == 0


def test_a_cache_folder_in_node(host: Host, shelf: Shelf, tmp_path: Path) -> None:
    if not host.is_node:
        pytest.skip("the browser has its own cache")
    file = shelf.put("cached")
    cache = tmp_path / "made" / "here"
    body = """
    const [url, packageCacheDir] = args;
    const runtime = await load({ lockFileURL: url + "pyodide-lock.json", packageCacheDir });
    return [await loading(runtime, "cached"), importing(runtime, "cached")];
    """
    told, module = run(host, body, shelf.url, str(cache))
    assert told["messages"][1] == (
        f"Didn't find package {file} locally, attempting to load from {shelf.url}"
    )
    assert module == "cached"
    assert [path.name for path in cache.iterdir()] == [file]
    assert (cache / file).read_bytes() == shelf.files[file]
    told, module = run(host, body, shelf.url, str(cache))
    assert told["messages"] == ["Loading cached", "Loaded cached"]
    assert (module, shelf.wheels()) == ("cached", [file])
    (cache / file).write_bytes(b"spoilt")
    told, module = run(host, body, shelf.url, str(cache))
    assert (module, shelf.wheels()) == ("cached", [file, file])
    assert (cache / file).read_bytes() == shelf.files[file]


def test_folder_of_lock_is_the_distribution_by_default(host: Host) -> None:
    body = """
    const runtime = await load();
    const told = await loading(runtime, "packaging");
    return [told.errors, told.loaded, importing(runtime, "packaging", "packaging.__name__")];
    """
    assert run(host, body) == [[], ["packaging"], "packaging"]


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
    (told,) = _tell(host, shelf, "x")
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
    body = f"""{_LOAD}
    return runtime.runPython("1 + 1");
    """
    assert run(host, body, shelf.url) == 2
    assert shelf.asked == []
