"""loadPackage: what it loads, in which order, what it tells, and what it leaves when it fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compat.fresh import LOAD, run, tell
from tests.compat.shelf import PURE, Shelf, tar_bytes, wheel_bytes, zip_bytes
from tests.hosts.base import Host


def test_what_a_package_needs_is_loaded_before_it(host: Host, shelf: Shelf) -> None:
    shelf.put("top", depends=("middle", "bottom"))
    shelf.put("middle", depends=("bottom",))
    shelf.put("bottom", version="2.5")
    body = f"""{LOAD}
    const messages = [];
    const messageCallback = (text) => messages.push(text);
    const loaded = await runtime.loadPackage("top", {{ messageCallback }});
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
    first, again, both, none = tell(host, shelf, "two", "two", ["one", "TWO"], [])
    assert first["loaded"] == ["two"]
    assert again["loaded"] == []
    assert again["messages"] == [
        "two already loaded from default channel",
        "No new packages to load",
    ]
    assert both["loaded"] == ["one"]
    assert both["messages"] == [
        "two already loaded from default channel", "Loading one", "Loaded one",
    ]  # fmt: skip
    assert none["messages"] == ["No new packages to load"]
    assert sorted(shelf.wheels()) == [f"one-1.0-{PURE}.whl", f"two-1.0-{PURE}.whl"]


@pytest.mark.parametrize("spelling", ["my_own.package", "My-Own-Package", "MY.OWN_package"])
def test_names_in_any_spelling(host: Host, shelf: Shelf, spelling: str) -> None:
    shelf.put("my-own-package", {"mine.py": ""}, name="My_Own.Package")
    (told,) = tell(host, shelf, spelling)
    assert told["loaded"] == ["My_Own.Package"]


def test_a_circle_is_loaded(host: Host, shelf: Shelf) -> None:
    shelf.put("hen", depends=("egg",))
    shelf.put("egg", depends=("hen",))
    (told,) = tell(host, shelf, "hen")
    assert sorted(told["loaded"]) == ["egg", "hen"]


def test_downloads_go_on_at_once(host: Host, shelf: Shelf) -> None:
    """No answer comes before all four are asked for."""
    shelf.put("all", depends=("a", "b", "c"))
    for name in ("a", "b", "c"):
        shelf.put(name)
    shelf.together = 4
    (told,) = tell(host, shelf, "all")
    assert told["loaded"] == ["a", "b", "c", "all"]
    assert len(shelf.wheels()) == 4


def test_calls_wait_for_each_other(host: Host, shelf: Shelf) -> None:
    shelf.put("one", depends=("base",))
    shelf.put("two", depends=("base",))
    shelf.put("base")
    body = f"""{LOAD}
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
    body = f"""{LOAD}
    await runtime.loadPackage(["listed", args[0] + "given-1.0-py3-none-any.whl"]);
    const read = runtime.runPython(`
from importlib.metadata import distribution
lambda name, file: distribution(name).read_text(file)`);
    const files = ["INSTALLER", "PYODIDE_SOURCE"];
    return ["listed", "given"].map((name) => files.map((file) => read(name, file)));
    """
    listed, given = run(host, body, shelf.url)
    assert listed == ["pyodide.loadPackage", "pyodide"]
    assert given == ["pyodide.loadPackage", f"{shelf.url}given-1.0-py3-none-any.whl"]


def test_modules_are_found_though_python_has_looked_before(host: Host, shelf: Shelf) -> None:
    shelf.put("late")
    body = f"""{LOAD}
    const before = importing(runtime, "late");
    await runtime.loadPackage("late");
    return [before, importing(runtime, "late")];
    """
    assert run(host, body, shelf.url) == ["ModuleNotFoundError", "late"]


def test_urls_of_wheels_and_archives(host: Host, shelf: Shelf) -> None:
    shelf.files["My_Wheel-1.5-py3-none-any.whl"] = wheel_bytes(
        "my_wheel", {"my_wheel.py": "where = 1"}
    )
    shelf.files["zipped-2.0.zip"] = zip_bytes({"zipped/__init__.py": "where = 2"})
    shelf.files["taped-3.0.tar.gz"] = tar_bytes({"taped.py": "where = 3"})
    body = """
    const runtime = await load();
    const urls = ["My_Wheel-1.5-py3-none-any.whl?a=b#c", "zipped-2.0.zip", "taped-3.0.tar.gz"];
    const loaded = await runtime.loadPackage(urls.map((each) => args[0] + each));
    const modules = ["my_wheel", "zipped", "taped"].map((name) => importing(runtime, name));
    const parts = loaded.map(({ name, version, fileName }) => [name, version, fileName]);
    return [parts, modules, runtime.loadedPackages];
    """
    loaded, modules, known = run(host, body, shelf.url)
    assert loaded == [
        ["my_wheel", "1.5", "My_Wheel-1.5-py3-none-any.whl"],
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
    const missing = await loading(runtime, args[0].replace("on disk", "nowhere"));
    return [told, importing(runtime, "on_disk"), missing];
    """
    told, module, missing = run(host, body, str(path))
    assert (told["loaded"], module) == (["on disk"], "disk")
    assert missing["loaded"] == []
    assert "no such file or directory" in missing["errors"][1]


def test_one_package_from_two_places(host: Host, shelf: Shelf) -> None:
    shelf.put("twice")
    url = f"{shelf.url}twice-1.0-{PURE}.whl"
    by_name, by_url = tell(host, shelf, "twice", url)
    assert by_name["loaded"] == ["twice"]
    assert by_url["loaded"] == []
    assert by_url["errors"] == [f"Loading same package twice from {url} and default channel"]
    assert "twice already loaded from default channel" in by_url["messages"]


def test_python_loads_packages(host: Host, shelf: Shelf) -> None:
    shelf.put("first")
    shelf.put("second")
    body = f"""{LOAD}
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
        f"loading lost: cannot load {shelf.url}lost-1.0-{PURE}.whl: the server answered 404 "
        "Not Found",
    ]


def test_imports_tell_what_to_load(host: Host, shelf: Shelf) -> None:
    shelf.put("dist-a", {"module_a.py": "where = 'a'"}, imports=["module_a", "also_a"])
    shelf.put("dist-b", {"module_b.py": "where = 'b'"}, imports=["module_b"])
    shelf.put("dist-c", {"module_c.py": ""}, imports=["module_c"])
    body = f"""{LOAD}
    const code = `
import os, module_a.inside as x, also_a
if x:
    from module_b import y
import nowhere`;
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
    body = f"""{LOAD}
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


def test_a_cache_folder_that_cannot_be_written(host: Host, shelf: Shelf, tmp_path: Path) -> None:
    if not host.is_node:
        pytest.skip("the browser has its own cache")
    file = shelf.put("uncached")
    (tmp_path / "taken").write_text("no folder")
    body = """
    const [url, packageCacheDir] = args;
    const runtime = await load({ lockFileURL: url + "pyodide-lock.json", packageCacheDir });
    return await loading(runtime, "uncached");
    """
    told = run(host, body, shelf.url, str(tmp_path / "taken" / "cache"))
    assert (told["loaded"], told["errors"]) == (["uncached"], [])
    folder = (tmp_path / "taken" / "cache").as_uri()
    assert told["messages"][2].startswith(f"{file} could not be kept in {folder}/: ")


def test_folder_of_lock_is_the_distribution_by_default(host: Host) -> None:
    body = """
    const runtime = await load();
    const told = await loading(runtime, "packaging");
    return [told.errors, told.loaded, importing(runtime, "packaging", "packaging.__name__")];
    """
    assert run(host, body) == [[], ["packaging"], "packaging"]
