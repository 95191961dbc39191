// main.mjs: the verbs of ./pyjs.
import { UsageError } from "./options.mjs";
import { HELP as RUN_HELP, run } from "./run.mjs";

const HELP = `usage: ./pyjs VERB [ARGUMENTS]

  run     run a Python program in WebAssembly

./pyjs VERB --help says more.
`;

/**
 * A verb gets the words behind it, and gives the exit code.
 * @type {Map<string, (words: string[]) => Promise<number>>}
 */
const VERBS = new Map([["run", run]]);

/** @param {string[]} words */
async function main([verb, ...words]) {
  if (verb === undefined || verb === "--help" || verb === "-h" || verb === "help") {
    process.stdout.write(words[0] === "run" ? RUN_HELP : HELP);
    return 0;
  }
  const start = VERBS.get(verb);
  if (start === undefined) {
    const known = [...VERBS.keys()].join(", ");
    throw new UsageError(`pyjs: unknown verb ${verb}; known: ${known}. ./pyjs --help says more`);
  }
  return start(words);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
// What the program left open in Node must not keep it alive: its tasks have ended.
process.exit();
