"""pyodide.d.ts and ffi.d.ts against what there is, and against TypeScript."""

import re
from pathlib import Path

from tests.hosts.base import Host
from tests.hosts.start import DIST
from tests.js.test_types import compile_program

_PROGRAM = """
import { loadPyodide, version } from "pyodide";
import type { Lockfile, LockfilePackage, PackageData, PyodideAPI, PyodideConfig,
  PyodideInterface } from "pyodide";
import type {
  PyAsyncGenerator, PyAsyncIterable, PyAsyncIterator, PyAwaitable, PyBuffer, PyBufferView,
    PyCallable, PyDict,
  PyGenerator, PyIterable, PyIterator, PyMutableSequence, PyProxy, PyProxyWithGet, PyProxyWithHas,
    PyProxyWithLength,
  PyProxyWithSet, PySequence, PythonError, TypedArray,
} from "pyodide/ffi";
const config: PyodideConfig = {
  indexURL: "/", packageCacheDir: "/tmp", lockFileURL: "x", packageBaseUrl: "y", fullStdLib: false,
    stdLibURL: "z",
  stdin: () => null, stdout: (line) => void line.trim(), stderr: console.error, jsglobals: {
    a: 1 }, args: ["a"],
  env: { A: "b" }, packages: ["numpy"], enableRunUntilComplete: true, checkAPIVersion: true,
  fsInit: async (FS, { sitePackages }) => FS.mkdirTree(sitePackages), convertNullToNone: false,
    toJsLiteralMap: false,
};
const pyodide: PyodideAPI = await loadPyodide(config);
const again: PyodideInterface = pyodide;
const text: string = version + pyodide.version;
const sum: number = pyodide.runPython("1 + 1");
const later: Promise<string> = pyodide.runPythonAsync("'a'", { globals: pyodide.globals,
  filename: "a.py", dedent: false });
const dict: PyDict = pyodide.runPython("{}");
dict.set("a", 1); dict.has("a"); dict.delete("a");
const found: any = dict.get("a");
const list: PyMutableSequence = pyodide.toPy([1, 2], { depth: 2 });
list.push(3);
for (const item of list) item.anything();
const f: PyCallable = pyodide.globals.get("f");
f(1, { a: 2 }); f.callKwargs({ x: 1 }); f.apply(null, [1]); f.call(null, 1); f.bind(null)(2);
  f.captureThis();
const view: PyBufferView = (found as PyBuffer).getBuffer("f64");
const data: TypedArray = view.data;
view.release();
if (found instanceof pyodide.ffi.PyDict) found.get("b");
if (found instanceof pyodide.ffi.PythonError) found.type.trim();
const proxy: PyProxy = pyodide.pyimport("sys");
proxy.version_info.major.toFixed();
const object: any = proxy.toJs({ dict_converter: Object.fromEntries, create_pyproxies: false,
  pyproxies: [] });
proxy.destroy({ message: "done" });
const loaded: PackageData[] = await pyodide.loadPackage(["a"], {
  messageCallback: (m) => void m.trim(), checkIntegrity: false });
await pyodide.loadPackage("b"); await pyodide.loadPackage(list);
  await pyodide.loadPackagesFromImports("import c");
const lock: Lockfile = pyodide.lockfile;
const one: LockfilePackage | undefined = lock.packages["a"];
const base: string | undefined = pyodide.lockfileBaseUrl;
pyodide.FS.writeFile("/a", "text"); pyodide.FS.mount(pyodide.FS.filesystems.IDBFS!, {}, "/mnt");
pyodide.FS.syncfs(true, (error) => void error);
const read: string = pyodide.FS.readFile("/a", { encoding: "utf8" });
const node = pyodide.FS.createNode(null, "/", 0o40755, 0);
node.node_ops = { lookup: (parent, name) => {
  throw new pyodide.FS.ErrnoError(pyodide.ERRNO_CODES.ENOENT!); } };
pyodide.PATH.join2("a", "b").trim();
pyodide.setStdin({ stdin: () => "a", isatty: true }); pyodide.setStdin({ error: true });
  pyodide.setStdin();
pyodide.setStdout({ batched: (line) => void line }); pyodide.setStdout({
  raw: (byte) => void byte }); pyodide.setStdout({});
pyodide.setStderr({ write: (bytes) => bytes.length, isatty: false });
pyodide.registerJsModule("m", { a: 1 }); pyodide.unregisterJsModule("m");
pyodide.setInterruptBuffer(new Uint8Array(new SharedArrayBuffer(1)));
  pyodide.setInterruptBuffer(undefined);
pyodide.checkInterrupt();
const debug: boolean = pyodide.setDebug(true);
pyodide.unpackArchive(new Uint8Array(1), "zip", { extractDir: "/tmp" });
pyodide.mountNodeFS("/mnt", ".");
const native = await pyodide.mountNativeFS("/n", await navigator.storage.getDirectory());
await native.syncfs();
pyodide.registerComlink({}); pyodide.canvas.setCanvas2D(document.createElement("canvas"));
const canvas: HTMLCanvasElement | undefined = pyodide.canvas.getCanvas3D();
pyodide.pyodide_py.code.eval_code("1");
pyodide._api.on_fatal = async (error: Error) => void error;
// @ts-expect-error: a name, not a number
pyodide.pyimport(5);
// @ts-expect-error: a list of names
await loadPyodide({ packages: [1] });
type Named = [PyAsyncGenerator, PyAsyncIterable, PyAsyncIterator, PyAwaitable, PyGenerator,
  PyIterable, PyIterator,
  PyProxyWithGet, PyProxyWithHas, PyProxyWithLength, PyProxyWithSet, PySequence, PythonError];
export { again, base, canvas, data, debug, later, loaded, object, one, read, sum, text };
export type { Named };
"""


def test_a_program_for_pyodide_compiles(tmp_path: Path) -> None:
    paths = {"pyodide": "pyodide.d.ts", "pyodide/ffi": "ffi.d.ts"}
    assert compile_program(_PROGRAM, tmp_path, "es2022", paths) == ""


def test_every_documented_member_is_there(pyodide: Host) -> None:
    text = (DIST / "pyodide.d.ts").read_text()
    body = re.search(r"export interface PyodideAPI[^{]*\{(.*?)\n\}", text, re.S)
    assert body is not None
    documented = set(re.findall(r"^  (?:readonly )?(\w+)[<(:]", body[1], re.M))
    assert documented > {"runPython", "loadPackage", "globals", "_api"}
    assert pyodide.js("return args[0].filter((name) => !(name in py))", sorted(documented)) == []
