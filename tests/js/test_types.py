"""pyjs.d.ts against what the runtime has, and against TypeScript."""

import json
import re
import subprocess
from pathlib import Path

from tests.hosts.base import Host
from tests.js import DIST

_PROGRAM = """
import { loadPyjs, version } from "pyjs";
import type {
  PyBuffer, PyCallable, PyGenerator, PyMutableSequence, PyProxy, PythonError,
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
export { two, later, type, doubled, bound, origin, one, file, soon };
"""


def test_every_documented_member_is_there_and_no_other(host: Host) -> None:
    text = (DIST / "pyjs.d.ts").read_text()
    body = re.search(r"export interface PyjsAPI \{(.*?)\n\}", text, re.S)
    assert body is not None
    documented = re.findall(r"^  (?:readonly )?(\w+)[<(:]", body[1], re.M)
    assert sorted(documented) == sorted(host.js("return Object.keys(py)"))


def test_a_program_in_typescript_compiles(tmp_path: Path) -> None:
    (tmp_path / "program.ts").write_text(_PROGRAM)
    options = {
        "strict": True,
        "noEmit": True,
        "target": "es2022",
        "module": "esnext",
        "moduleResolution": "bundler",
        "types": [],
        "paths": {"pyjs": [str(DIST / "pyjs.d.ts")]},
    }
    config = {"compilerOptions": options, "files": ["program.ts"]}
    (tmp_path / "tsconfig.json").write_text(json.dumps(config))
    tsc = DIST.parent / "node_modules/.bin/tsc"
    done = subprocess.run([tsc, "--project", tmp_path], capture_output=True, text=True, check=False)
    assert done.stdout == ""
