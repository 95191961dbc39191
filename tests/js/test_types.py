"""pyjs.d.ts against what the runtime has, and against TypeScript."""

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.hosts.base import Host
from tests.js import DIST

_PROGRAM = """
import { loadPyjs, version } from "pyjs";
import type {
  PyBuffer, PyCallable, PyDict, PyGenerator, PyMutableSequence, PyProxy, PythonError,
} from "pyjs";
import type { NativeFS, StdinOptions, StdoutOptions } from "pyjs";
const text: string = version;
const py = await loadPyjs({ stdout: (line) => text + line, args: ["a"], env: { A: "b" } });
const two: number = py.runPython<number>("1 + 1");
const later: Promise<unknown> = py.runPythonAsync("1", { filename: "x.py" });
const list: PyProxy = py.runPython<PyProxy>("[1]");
list.copy().destroy({ message: "done" });
const numbers = py.runPython<PyMutableSequence<number>>("[1]");
const doubled: number[] = numbers.map((x) => 2 * x);
numbers.push(1).toFixed();
for (const x of numbers) x.toFixed();
const f = py.runPython<PyCallable>("len");
f(numbers).toFixed();
const promised: Promise<unknown> = f.callPromising(numbers);
f.callWithOptions({ promising: true, kwargs: true }, numbers, {});
const data = py.runPython<PyDict>("{'a': [1]}").asJsJson<{ a: number[] }>();
data.a.push(2).toFixed();
data.destroy();
const bound: PyCallable = f.captureThis();
const step = py.runPython<PyGenerator<string>>("(x for x in 'ab')").next();
if (!step.done) step.value.trim();
const some: unknown = numbers;
if (some instanceof py.ffi.PyDict) some.get("key");
const view = py.runPython<PyBuffer>("b'ab'").getBuffer("dataview");
view.data.getInt16(view.offset, true).toFixed();
view.release();
// @ts-expect-error: no such type
py.runPython<PyBuffer>("b'ab'").getBuffer("i7");
// @ts-expect-error: no such option
f.callWithOptions({ keywords: true });
py.registerJsModule("m", { a: 1 });
py.unregisterJsModule("m");
if (py.isPyProxy(some)) some.destroy();
const origin: string | undefined = py.loadedPackages["m"];
py.setStdin({ stdin: () => text, isatty: true, autoEOF: false });
py.setStdin({ read: (buffer) => buffer.length });
class Lines implements StdinOptions, StdoutOptions {
  constructor(readonly given: (string | ArrayBuffer | Uint8Array | number | null)[]) {}
  stdin() { return this.given.shift(); }
  batched(line: string) { this.given.push(line); }
}
py.setStdin(new Lines(["a"]));
py.setStdout(new Lines([]));
py.setStdout({ write: (bytes) => bytes.length, getTerminalSize: () => ({ rows: 1, columns: 2 }) });
py.setStderr({ raw: (byte) => byte.toFixed() });
py.setStdin(); py.setStdout({}); py.setStderr(undefined);
// @ts-expect-error: the callback says how many bytes it took
py.setStdout({ write: () => {} });
// @ts-expect-error: no such option
py.setStdin({ nope: 1 });
py.unpackArchive(new Uint16Array(1), ".tar.gz", { extractDir: "/tmp" });
py.unpackArchive(new ArrayBuffer(1), "zip");
// @ts-expect-error: an array of numbers is no buffer
py.unpackArchive([1], "zip");
py.mountNodeFS("/mnt", ".");
const native: NativeFS = await py.mountNativeFS("/n", await navigator.storage.getDirectory());
await native.syncfs();
// @ts-expect-error: a file is no folder
await py.mountNativeFS("/n", {} as FileSystemFileHandle);
py.exec("x = 1", list, null);
const one: number = py.eval<number>("1") + py.exec_eval<number>("1", list, list);
const file: unknown = py.eval_file("/tmp/a.py");
const soon: Promise<number> = py.async_exec_eval<number>("1");
f.py_call(1).toFixed();
f.py_apply([1, 2], { key: 1 }).toFixed();
f.py_apply(new Uint8Array(1), null);
const error = new Error() as PythonError;
const type: string = error.type;
// @ts-expect-error: no such option
await loadPyjs({ nope: 1 });
// @ts-expect-error: proxies are not constructed
new py.ffi.PyProxy();
export { two, later, type, doubled, bound, promised, origin, one, file, soon };
"""


def test_every_documented_member_is_there_and_no_other(host: Host) -> None:
    text = (DIST / "pyjs.d.ts").read_text()
    body = re.search(r"export interface PyjsAPI[^{]*\{(.*?)\n\}", text, re.S)
    assert body is not None
    documented = re.findall(r"^  (?:readonly )?(\w+)[<(:]", body[1], re.M)
    assert sorted(documented) == sorted(host.js("return Object.keys(py)"))


_PATHS = {"pyjs": "pyjs.d.ts"}


def compile_program(program: str, folder: Path, lib: str, paths: Mapping[str, str] = _PATHS) -> str:
    """What TypeScript says of a program that imports what of dist/ is named in `paths`."""
    (folder / "program.ts").write_text(program)
    options = {
        "strict": True,
        "noEmit": True,
        "target": "es2022",
        "lib": [lib, "dom"],
        "module": "esnext",
        "moduleResolution": "bundler",
        "types": [],
        "paths": {name: [str(DIST / file)] for name, file in paths.items()},
    }
    config = {"compilerOptions": options, "files": ["program.ts"]}
    (folder / "tsconfig.json").write_text(json.dumps(config))
    command = [str(DIST.parent / "node_modules/.bin/tsc"), "--project", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return str(done.stdout)


# What proxies of these have is what these interfaces declare together.
_CLASSES = {
    "object()": "PyProxy",
    "{}": "PyDict",
    "{1}": "PyProxyWithLength & PyProxyWithHas & PyIterable<1>",
    "type('A', (), {'__getitem__': 1})()": "PyProxyWithGet",
    "type('A', (), {'__setitem__': 1, '__delitem__': 1})()": "PyProxyWithSet",
    "(1,)": "PySequence<1>",
    "[1]": "PyMutableSequence<1>",
    "len": "PyCallable",
    "iter([])": "PyIterator<1>",
    "(x for x in [])": "PyGenerator<1>",
    "type('A', (), {'__aiter__': iter})()": "PyAsyncIterable<1>",
    "type('A', (), {'__aiter__': iter, '__anext__': iter})()": "PyAsyncIterator<1>",
    "async def f():\n  yield\nf()": "PyAsyncGenerator<1>",
    "type('A', (), {'__await__': iter})()": "PyAwaitable<1>",
    "({}, 'asJsJson')": "JsonView",
}
_COMPARE = """
import type * as pyjs from "pyjs";
/** The names that are declared, without the index signature that stands for attributes. */
type Names<T> = keyof {
  [K in keyof T as string extends K ? never : number extends K ? never : K]: 1 };
type None<T extends never> = T;
"""


def _type_of(name: str) -> str:
    return f"typeof {name}" if name.startswith("Symbol.") else json.dumps(name)


def test_proxies_have_the_members_that_their_types_declare(host: Host, tmp_path: Path) -> None:
    body = """
    const ends = [Object.prototype, Function.prototype, py.ffi.PyProxy.prototype];
    const membersOf = (proxy) => {
      const names = new Set();
      for (let at = proxy; !ends.includes(at); at = Object.getPrototypeOf(at)) {
        if (at === proxy) continue;
        for (const key of Reflect.ownKeys(at)) {
          names.add(typeof key === "string" ? key : `Symbol.${key.description.split(".").at(-1)}`);
        }
      }
      return [...names];
    };
    const all = args[0].map((code) => {
      const proxy = py.runPython(code);
      const names = membersOf(code.includes("asJsJson") ? proxy.get(0).asJsJson() : proxy);
      proxy.destroy();
      return names;
    });
    py.runPython("del f");
    return [all, typeof Symbol.dispose, typeof [].with];
    """
    found, dispose, newer = host.js(body, list(_CLASSES))
    lib = "esnext" if "undefined" not in (dispose, newer) else "es2022"
    lines = [_COMPARE]
    for names, interface in zip(found, _CLASSES.values(), strict=True):
        here = " | ".join(_type_of(name) for name in names if name != "Symbol.toStringTag")
        imported = re.sub(r"(Py|Json)", r"pyjs.\1", interface)
        there = f"Names<{imported}>"
        lines.append(f"export type Undeclared{len(lines)} = None<Exclude<{here}, {there}>>;")
        lines.append(f"export type Absent{len(lines)} = None<Exclude<{there}, {here}>>;")
    assert compile_program("\n".join(lines), tmp_path, lib) == ""


def test_a_program_in_typescript_compiles(tmp_path: Path) -> None:
    assert compile_program(_PROGRAM, tmp_path, "es2022") == ""
