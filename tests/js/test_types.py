"""pyjs.d.ts against what the runtime has, and against TypeScript."""

import json
import re
import subprocess
from pathlib import Path

from tests.hosts.base import Host
from tests.js import DIST

_PROGRAM = """
import { loadPyjs, version } from "pyjs";
import type { PyCallable, PyDict, PyGenerator, PyMutableSequence, PyProxy,
  PythonError } from "pyjs";
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
// @ts-expect-error: no such option
f.callWithOptions({ keywords: true });
const error = new Error() as PythonError;
const type: string = error.type;
// @ts-expect-error: no such option
await loadPyjs({ nope: 1 });
// @ts-expect-error: proxies are not constructed
new py.ffi.PyProxy();
export { two, later, type, doubled, bound, promised };
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
