// run.mjs: the verb `run`: makes the plan of a run and hands it to a host.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isatty } from "node:tty";
import { currentFolder, foldersOf } from "./folders.mjs";
import { UsageError, parse } from "./options.mjs";

export const HELP = `usage: ./pyjs run [--host HOST] FILE [ARGS]
       ./pyjs run [--host HOST] -c CODE [ARGS]
       ./pyjs run [--host HOST] -m MODULE [ARGS]
       ./pyjs run [--host HOST] - [ARGS]          the program comes from stdin

Runs a Python program in WebAssembly and exits with its code.

  --host HOST   node (the default), chromium or firefox; the browsers run headless
  --help        this text

The program has the terminal's or pipe's stdin, stdout and stderr, the environment,
and the current folder, read and write. In a browser it runs on the main thread of
a page, and pyjs.js.document is that page's. await may stand at its top level.
A browser is looked for on PATH; PYJS_CHROMIUM and PYJS_FIREFOX name another one.
`;

const DIST = new URL("../../dist/", import.meta.url);
const FILES = ["pyjs.mjs", "pyjs.wasm", "python_stdlib.zip"];

/**
 * All that a host needs to know of a run; plain data, for it goes to the page as JSON.
 * @typedef {object} Plan
 * @property {import("./options.mjs").Kind} kind
 * @property {string} target
 * @property {string[]} argv Python's sys.argv
 * @property {string} cwd the current folder
 * @property {string[]} folders what Python sees of the disk, at the same paths
 * @property {Record<string, string>} env
 * @property {boolean[]} terminals whether stdin, stdout and stderr are terminals
 */

/**
 * Each loads its code when it is chosen: a browser's takes long.
 * @type {Map<string, () => Promise<(plan: Plan, dist: URL) => Promise<number>>>}
 */
const HOSTS = new Map([
  ["node", async () => (await import("./node.mjs")).run],
  ["chromium", async () => (await import("./browser.mjs")).chromium],
  ["firefox", async () => (await import("./browser.mjs")).firefox],
]);

function checkDist() {
  for (const file of FILES) {
    const path = fileURLToPath(new URL(file, DIST));
    if (!existsSync(path)) throw new UsageError(`pyjs run: ${path} is missing; \`make build\` builds it`);
  }
}

/** @returns {Record<string, string>} */
function environment() {
  // PYTHONUNBUFFERED: output appears as it is written, stdout and stderr in their order.
  return /** @type {Record<string, string>} */ ({ ...process.env, PYTHONUNBUFFERED: "1" });
}

/**
 * @param {string[]} words
 * @returns {Promise<number>} the exit code
 */
export async function run(words) {
  const options = parse(words, [...HOSTS.keys()]);
  if (options === null) {
    process.stdout.write(HELP);
    return 0;
  }
  const { host, kind, target, argv } = options;
  const cwd = currentFolder();
  const folders = foldersOf(cwd, kind === "file" ? target : undefined);
  checkDist();
  const plan = { kind, target, argv, cwd, folders, env: environment(), terminals: [0, 1, 2].map(isatty) };
  const load = /** @type {NonNullable<ReturnType<typeof HOSTS.get>>} */ (HOSTS.get(host));
  return (await load())(plan, DIST);
}
