// options.mjs: reads the command line of `run`.

/** A mistake of the caller: shown as it is, exit code 2. */
export class UsageError extends Error {}

/**
 * @typedef {"file" | "command" | "module" | "stdin"} Kind
 * @typedef {object} Options
 * @property {string} host where to run
 * @property {Kind} kind what `target` is
 * @property {string} target the path, the code, or the module's name
 * @property {string[]} argv Python's sys.argv
 */

/** @type {Map<string, Kind>} */
const TARGETS = new Map([
  ["-c", "command"],
  ["-m", "module"],
]);

/** @param {string} message */
function mistake(message) {
  return new UsageError(`pyjs run: ${message}; ./pyjs run --help says more`);
}

/**
 * The options before the program, and what stands behind them.
 * @param {string[]} words
 * @returns {{ host: string | undefined, rest: string[] } | null} null: help is asked for
 */
function leading(words) {
  const rest = [...words];
  let host;
  for (;;) {
    const word = rest[0];
    if (word === "--help" || word === "-h") return null;
    if (word === "--host") {
      rest.shift();
      if (rest.length === 0) throw mistake("--host needs a value");
      host = rest.shift();
    } else if (word?.startsWith("--host=")) {
      host = word.slice("--host=".length);
      rest.shift();
    } else {
      return { host, rest };
    }
  }
}

/**
 * What the words ask for, or null when it is help.
 * @param {string[]} words
 * @param {readonly string[]} hosts the known ones, the default first
 * @returns {Options | null}
 */
export function parse(words, hosts) {
  const found = leading(words);
  if (found === null) return null;
  const { host = /** @type {string} */ (hosts[0]), rest } = found;
  if (!hosts.includes(host)) throw mistake(`unknown host ${host}; known: ${hosts.join(", ")}`);
  const [first, ...args] = rest;
  if (first === undefined) throw mistake("no program is given");
  if (first === "-") return { host, kind: "stdin", target: "", argv: ["-", ...args] };
  const kind = TARGETS.get(first);
  if (kind !== undefined) {
    const target = args.shift();
    if (target === undefined) throw mistake(`${first} needs a value`);
    return { host, kind, target, argv: [first, ...args] };
  }
  if (first.startsWith("-")) throw mistake(`unknown option ${first}`);
  return { host, kind: "file", target: first, argv: [first, ...args] };
}
