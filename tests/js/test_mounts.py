"""mountNodeFS and mountNativeFS: folders of the host in Python's file system."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.hosts.base import Host
from tests.js import run_node

_SAID = """
const said = async (act) => {
  try { await act(); return "nothing"; } catch (e) { return `${e.name}: ${e.message}`; }
};
"""

# `tree(handle)` is what there is outside, `inside()` what Python sees, as texts by path.
_NATIVE = (
    _SAID
    + """
if (typeof navigator !== "object" || !navigator.storage?.getDirectory) return "no OPFS";
const opfs = await navigator.storage.getDirectory();
await opfs.removeEntry("mounted", { recursive: true }).catch(() => {});
const root = await opfs.getDirectoryHandle("mounted", { create: true });
const folder = (...names) => names.reduce(
  async (at, name) => (await at).getDirectoryHandle(name, { create: true }), root);
async function put(text, name, ...names) {
  const stream = await (await (await folder(...names)).getFileHandle(name, { create: true }))
    .createWritable();
  await stream.write(text);
  await stream.close();
}
async function tree(at = root, prefix = "") {
  let all = {};
  for await (const [name, handle] of at.entries()) {
    if (handle.kind === "file") all[prefix + name] = await (await handle.getFile()).text();
    else all = { ...all, [`${prefix}${name}/`]: "", ...(await tree(handle, `${prefix}${name}/`)) };
  }
  return all;
}
py.exec(`
import json, os, shutil, time
from pathlib import Path
def inside():
    found = sorted(Path("/mnt/native").rglob("*"))
    texts = {str(p)[12:] + "/" * p.is_dir(): "" if p.is_dir() else p.read_text() for p in found}
    return json.dumps(texts)
home = Path("/mnt/native")`);
const inside = () => JSON.parse(py.eval("inside()"));
const sorted = (all) => Object.fromEntries(Object.entries(all).sort());
try {
"""
)
_NATIVE_END = """
} finally {
  py.exec("del inside, home");
  try { py.FS.unmount("/mnt/native"); } catch {}
  await opfs.removeEntry("mounted", { recursive: true }).catch(() => {});
}
"""


def _native(host: Host, body: str) -> Any:
    result = host.js(_NATIVE + body + _NATIVE_END)
    if result == "no OPFS":
        pytest.skip(f"{host.name} has no folder of the File System Access API")
    return result


def test_a_native_folder_is_copied_both_ways(host: Host) -> None:
    assert _native(
        host,
        """
        await put("one", "a.txt");
        await put("two €", "b.txt", "in", "deep");
        await folder("empty");
        const fs = await py.mountNativeFS("/mnt/native", root);
        const first = inside();
        py.exec(`
(home / "a.txt").write_text("changed")
(home / "new" / "deeper").mkdir(parents=True)
(home / "new" / "deeper" / "c.bin").write_bytes(bytes(range(14, 50)))
(home / "in" / "deep" / "b.txt").rename(home / "moved.txt")
os.rmdir(home / "empty")
with open(home / "none", "w"): pass`);
        const before = await tree();
        await fs.syncfs();
        const after = await tree();
        const same = JSON.stringify(sorted(after)) === JSON.stringify(sorted(inside()));
        return [first, before, sorted(after), same];
        """,
    ) == [
        {"a.txt": "one", "empty/": "", "in/": "", "in/deep/": "", "in/deep/b.txt": "two €"},
        {"a.txt": "one", "empty/": "", "in/": "", "in/deep/": "", "in/deep/b.txt": "two €"},
        {
            "a.txt": "changed",
            "in/": "",
            "in/deep/": "",
            "moved.txt": "two €",
            "new/": "",
            "new/deeper/": "",
            "new/deeper/c.bin": bytes(range(14, 50)).decode(),
            "none": "",
        },
        True,
    ]


def test_every_kind_of_change_is_seen(host: Host) -> None:
    """Also one of the same length in the same millisecond, with the time put back."""
    assert _native(
        host,
        """
        for (const name of ["kept", "same", "cut", "grown", "mapped"]) await put("12345678", name);
        const fs = await py.mountNativeFS("/mnt/native", root);
        const got = [];
        for (let round = 0; round < 3; round++) {
          py.globals.set("mark", String(round));
          py.exec(`
import mmap
time_before = os.stat(home / "same").st_mtime_ns
with open(home / "same", "r+") as file: file.write(mark)
os.utime(home / "same", ns=(time_before, time_before))
os.truncate(home / "cut", 7 - int(mark))
with open(home / "grown", "a") as file: file.write(mark)
with open(home / "mapped", "r+b") as file, mmap.mmap(file.fileno(), 8) as view:
    view[7] = 48 + int(mark)
    view.flush()`);
          await fs.syncfs();
          got.push(sorted(await tree()));
        }
        py.exec("del mark, time_before, file, view");
        return got;
        """,
    ) == [
        {
            "cut": "12345678"[: 7 - i],
            "grown": "12345678" + "012"[: i + 1],
            "kept": "12345678",
            "mapped": f"1234567{i}",
            "same": f"{i}2345678",
        }
        for i in range(3)
    ]


def test_only_what_changed_is_written(host: Host) -> None:
    assert _native(
        host,
        """
        for (const name of ["a", "b", "c"]) await put(name, name);
        const file = async (name) => (await root.getFileHandle(name)).getFile();
        const time = async (name) => (await file(name)).lastModified;
        const fs = await py.mountNativeFS("/mnt/native", root);
        const before = await Promise.all(["a", "b", "c"].map(time));
        await new Promise((resolve) => setTimeout(resolve, 20));
        py.exec("(home / 'b').write_text('B'); (home / 'c').read_text()");
        py.exec("os.chmod(home / 'c', 0o600)");
        await fs.syncfs();
        const after = await Promise.all(["a", "b", "c"].map(time));
        return after.map((at, i) => at !== before[i]);
        """,
    ) == [False, True, False]


def test_a_file_becomes_a_folder_and_back(host: Host) -> None:
    assert _native(
        host,
        """
        await put("file", "one");
        await put("deep", "file", "two", "inner");
        const fs = await py.mountNativeFS("/mnt/native", root);
        py.exec(`
os.remove(home / "one")
(home / "one" / "sub").mkdir(parents=True)
(home / "one" / "sub" / "x").write_text("x")
shutil.rmtree(home / "two")
(home / "two").write_text("two")`);
        await fs.syncfs();
        const got = [await tree()];
        py.exec(`
shutil.rmtree(home / "one")
(home / "one").write_text("again")
os.remove(home / "two")
os.mkdir(home / "two")`);
        await fs.syncfs();
        return [...got, await tree()].map(sorted);
        """,
    ) == [
        {"one/": "", "one/sub/": "", "one/sub/x": "x", "two": "two"},
        {"one": "again", "two/": ""},
    ]


def test_what_others_do_outside_stays_until_it_is_read(host: Host) -> None:
    assert _native(
        host,
        """
        await put("a", "a");
        await put("b", "b");
        const fs = await py.mountNativeFS("/mnt/native", root);
        await put("other", "theirs", "in");
        await put("newer", "a");
        await root.removeEntry("b");
        await fs.syncfs();
        const got = [await tree(), inside()];
        const syncfs = (populate) => new Promise((resolve, reject) =>
          py.FS.syncfs(populate, (error) => error ? reject(error) : resolve()));
        py.exec("(home / 'mine').write_text('mine'); (home / 'in').write_text('a file')");
        await syncfs(true);
        got.push(inside());
        py.exec("(home / 'a').write_text('mine')");
        await syncfs(false);
        return [...got, await tree(), inside()].map(sorted);
        """,
    ) == [
        {"a": "newer", "in/": "", "in/theirs": "other"},
        {"a": "a", "b": "b"},
        {"a": "newer", "in/": "", "in/theirs": "other"},
        {"a": "mine", "in/": "", "in/theirs": "other"},
        {"a": "mine", "in/": "", "in/theirs": "other"},
    ]


def test_syncs_wait_for_each_other_and_changes_meanwhile_are_for_the_next(host: Host) -> None:
    assert _native(
        host,
        """
        const fs = await py.mountNativeFS("/mnt/native", root);
        py.exec("(home / 'a').write_text('first')");
        const one = fs.syncfs();
        const two = fs.syncfs();
        await one;
        py.exec("(home / 'a').write_text('second')");
        await two;
        const between = (await tree()).a;
        await fs.syncfs();
        return [["first", "second"].includes(between), (await tree()).a];
        """,
    ) == [True, "second"]


def test_a_mount_can_be_undone_and_made_again(host: Host) -> None:
    assert _native(
        host,
        """
        const fs = await py.mountNativeFS("/mnt/native", root);
        py.exec("(home / 'a').write_text('saved')");
        await fs.syncfs();
        py.exec("(home / 'a').write_text('lost')");
        py.FS.unmount("/mnt/native");
        const got = [inside(), await said(() => fs.syncfs())];
        const again = await py.mountNativeFS("/mnt/native", root);
        got.push(inside(), await said(() => fs.syncfs()), await said(() => again.syncfs()));
        return got;
        """,
    ) == [
        {},
        "Error: mountNativeFS: /mnt/native is not mounted any more",
        {"a": "saved"},
        "Error: mountNativeFS: /mnt/native is not mounted any more",
        "nothing",
    ]


def test_what_a_native_folder_cannot_hold(host: Host) -> None:
    assert _native(
        host,
        """
        const fs = await py.mountNativeFS("/mnt/native", root);
        const raised = (code) => {
          try { py.exec(code); return "nothing"; } catch (e) { return e.type; }
        };
        const got = [raised("os.symlink('a', home / 'link')")];
        try { py.FS.mkdev("/mnt/native/device", 0o666, py.FS.makedev(1, 3)); got.push("made"); }
        catch (error) { got.push(error.errno === py.ERRNO_CODES.EPERM); }
        py.exec("(home / 'good').write_text('good')");
        await opfs.removeEntry("mounted", { recursive: true });
        got.push((await said(() => fs.syncfs())).slice(0, 52));
        return got;
        """,
    ) == ["PermissionError", True, "Error: mountNativeFS: cannot write /mnt/native/good:"]


def test_what_cannot_be_mounted(host: Host) -> None:
    assert _native(
        host,
        """
        await put("x", "file");
        const file = await root.getFileHandle("file");
        const attempts = [
          [5, root], ["mnt", root], ["/mnt/native", null], ["/mnt/native", {}],
          ["/mnt/native", "name"], ["/mnt/native", file],
        ];
        const got = [];
        for (const args of attempts) got.push(await said(() => py.mountNativeFS(...args)));
        py.exec("os.makedirs('/mnt/native/full/deep'); Path('/mnt/file').write_text('x')");
        for (const path of ["/mnt/native/full", "/mnt/file", "/mnt/file/in", "/"])
          got.push(await said(() => py.mountNativeFS(path, root)));
        py.exec("shutil.rmtree('/mnt/native/full'); os.remove('/mnt/file')");
        await py.mountNativeFS("/mnt/native", root);
        got.push(await said(() => py.mountNativeFS("/mnt/native", root)));
        return got;
        """,
    ) == [
        "TypeError: mountNativeFS: expected the path to mount on as a string, got number",
        'TypeError: mountNativeFS: expected an absolute path to mount on, got "mnt"',
        "TypeError: mountNativeFS: expected a FileSystemDirectoryHandle, got null",
        "TypeError: mountNativeFS: expected a FileSystemDirectoryHandle, got object",
        "TypeError: mountNativeFS: expected a FileSystemDirectoryHandle, got string",
        "TypeError: mountNativeFS: expected a FileSystemDirectoryHandle, got the handle of the "
        "file file",
        "Error: mountNativeFS: the folder /mnt/native/full is not empty; give an empty one",
        "Error: mountNativeFS: /mnt/file is a file; give a folder, or a path that is not there",
        "Error: mountNativeFS: cannot make the folder /mnt/file/in: ENOTDIR",
        "Error: mountNativeFS: the folder / is not empty; give an empty one",
        "Error: mountNativeFS: something is mounted on /mnt/native already; FS.unmount it first",
    ]


def test_a_folder_of_node_is_the_folder_itself(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("from the host")
    (tmp_path / "linked").symlink_to(tmp_path)
    seen, through_link = run_node(
        """
        const py = await loadPyjs();
        py.mountNodeFS("/mnt/host", args[0]);
        py.mountNodeFS("/mnt/link", args[0] + "/linked");
        process.chdir("/");
        py.runPython(`
import os
os.makedirs("/mnt/host/in/deep")
open("/mnt/host/in/deep/b.txt", "w").write("from Python")`);
        return [py.runPython("open('/mnt/host/a.txt').read()"),
                py.runPython("open('/mnt/link/in/deep/b.txt').read()")];
        """,
        str(tmp_path),
    )
    assert (seen, through_link) == ("from the host", "from Python")
    assert (tmp_path / "in/deep/b.txt").read_text() == "from Python"


def test_a_relative_folder_of_node_is_that_of_the_process(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert run_node(
        """
        process.chdir(args[0]);
        const py = await loadPyjs();
        py.mountNodeFS("/mnt/host", "in");
        process.chdir("/");
        py.runPython("open('/mnt/host/x', 'w').write('y')");
        return true;
        """,
        str(tmp_path),
    )
    assert (tmp_path / "in/x").read_text() == "y"


def test_what_node_cannot_mount(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    got = run_node(
        f"""
        {_SAID}
        const py = await loadPyjs();
        py.FS.mkdirTree("/full/in");
        py.FS.writeFile("/file", "x");
        const calls = {
            json.dumps(
                [
                    [5, "/"],
                    ["relative", "."],
                    ["/mnt/a", 5],
                    ["/mnt/a", str(tmp_path / "nowhere")],
                    ["/mnt/a", str(tmp_path / "file")],
                    ["/full", str(tmp_path)],
                    ["/file", str(tmp_path)],
                    ["/file/in", str(tmp_path)],
                    ["/mnt/good", str(tmp_path)],
                    ["/mnt/good", str(tmp_path)],
                ]
            )
        };
        const got = [];
        for (const call of calls) got.push(await said(() => py.mountNodeFS(...call)));
        return [...got, py.FS.analyzePath("/mnt/a").exists, py.FS.readdir("/mnt/good").length];
        """
    )
    assert got == [
        "TypeError: mountNodeFS: expected the path to mount on as a string, got number",
        'TypeError: mountNodeFS: expected an absolute path to mount on, got "relative"',
        "TypeError: mountNodeFS: expected the path of the host as a string, got number",
        f"Error: mountNodeFS: cannot use the host's {tmp_path}/nowhere: ENOENT: no such file or "
        f"directory, lstat '{tmp_path}/nowhere'",
        f"Error: mountNodeFS: the host's {tmp_path}/file is not a folder",
        "Error: mountNodeFS: the folder /full is not empty; give an empty one",
        "Error: mountNodeFS: /file is a file; give a folder, or a path that is not there",
        "Error: mountNodeFS: cannot make the folder /file/in: ENOTDIR",
        "nothing",
        "Error: mountNodeFS: something is mounted on /mnt/good already; FS.unmount it first",
        False,
        1,
    ]


def test_elsewhere_there_is_no_node(host: Host) -> None:
    if host.is_node:
        pytest.skip("there is Node")
    assert host.js(f"{_SAID} return said(() => py.mountNodeFS('/mnt/a', '/'));") == (
        "Error: mountNodeFS: there is no Node here; in a page or worker use mountNativeFS"
    )
