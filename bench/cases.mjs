// cases.mjs: makes what is measured out of a row's record, for one runtime.
//
// A row is one of these:
//   { body, setup?, given?, expect? }  Python statement in a Python loop; `given` are JavaScript
//                                      values put into its namespace; the JavaScript function
//                                      `seen` must have got `expect` at the end
//   { loop, setup?, expect? }          (names) => (n) => ... : a JavaScript loop over Python names
//   { program, isAsync?, isPromising? }  Python source of a function run(n); the last of a plain
//                                      function that may be suspended
//   { compare, setup }                 (names, api) => () => { value, plain }: each round gives two
//                                      numbers of ours, the second of what the first is compared with
// and has an id, a name and perhaps
//   times    { sampleMs, rounds }: factors for how long and how often it is measured
//   per      operations in one turn of the loop; 1 by default
//   target   { of: runtime, "best" or "plain", at: ratio }: what pyjs must reach
import { namespace } from "./runtimes.mjs";

const EMPTY = "pass";

function pythonLoop(name, statement) {
  const lines = statement.trim().split("\n").map((line) => `        ${line}\n`);
  return `def ${name}(n):\n    for _ in range(n):\n${lines.join("")}`;
}

function inPython(row, runtime, names) {
  for (const [name, value] of Object.entries(row.given ?? {})) names.set(name, value);
  const source = pythonLoop("run", row.body) + pythonLoop("empty", EMPTY);
  runtime.api.runPython(source, { globals: names });
  return { run: names.get("run"), empty: row.keepLoop ? undefined : names.get("empty") };
}

function inJavaScript(row, runtime, names) {
  const get = (name) => names.get(name);
  return { run: row.loop(get, runtime.api), empty: row.keepLoop ? undefined : row.emptyLoop };
}

function program(row, runtime, names) {
  runtime.api.runPython(row.program, { globals: names });
  const run = names.get("run");
  return row.isPromising ? { run: (n) => run.callPromising(n), isAsync: true } : { run };
}

/** What takes a sample of a `compare` row. */
export function makeComparison(row, runtime) {
  const names = namespace(runtime);
  runtime.api.runPython(row.setup, { globals: names });
  return row.compare((name) => names.get(name), runtime.api);
}

/** The case of `row` in `runtime`; `row` must be this runtime's own copy of the record. */
export function makeCase(row, runtime) {
  const names = namespace(runtime);
  if (row.setup) runtime.api.runPython(row.setup, { globals: names });
  const make = row.body ? inPython : row.loop ? inJavaScript : program;
  return { per: 1, ...row, ...make(row, runtime, names) };
}

/** Runs the case once; fails unless its code did what its name says. */
export async function checkCase(one) {
  await one.run(1);
  if (one.expect === undefined) return;
  const got = one.got();
  if (got !== one.expect) throw new Error(`${one.id}: expected ${show(one.expect)}, got ${show(got)}`);
}

function show(value) {
  const text = String(value);
  return text.length > 40 ? `${text.slice(0, 40)}... (${text.length} characters)` : text;
}
