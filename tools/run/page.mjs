// page.mjs: in the page: runs the program, with the server's terminal and disk as its own.
import { remoteFiles } from "./files.mjs";
import { describe, fileError, start } from "./start.mjs";
import { Refused, ask, readStdin } from "./wire.mjs";

/** @type {import("./run.mjs").Plan} */
const plan = JSON.parse(ask("plan"));

/**
 * @param {"stdout" | "stderr"} name
 * @param {boolean | undefined} isTerminal
 */
function output(name, isTerminal) {
  return {
    isatty: isTerminal === true,
    /** @param {Uint8Array<ArrayBuffer>} bytes */
    write(bytes) {
      try {
        ask(name, bytes);
      } catch (error) {
        // Mostly, nobody reads any more: Python's BrokenPipeError.
        throw error instanceof Refused ? fileError(py, error.code) : error;
      }
    },
  };
}

/** @param {string} text */
function complain(text) {
  try {
    ask("stderr", text);
  } catch {
    // Nobody reads stderr; there is nowhere else to say it.
  }
}

/** The console writes where Node's does. */
function divertConsole() {
  const lines = (/** @type {"stdout" | "stderr"} */ name) => (/** @type {unknown[]} */ ...values) =>
    void ask(name, `${values.map(String).join(" ")}\n`);
  Object.assign(console, { log: lines("stdout"), info: lines("stdout"), debug: lines("stdout") });
  Object.assign(console, { warn: lines("stderr"), error: lines("stderr") });
}

let over = false;

/** @param {number} code */
function end(code) {
  if (!over) ask("exit", String(code));
  over = true;
}

/**
 * What nobody catches ends the program, as it does in Node.
 * @param {Event} event
 * @param {unknown} error
 */
function endOnUncaught(event, error) {
  // Ours is the only report: the runtime's own listener, and the console, come later.
  event.stopImmediatePropagation();
  event.preventDefault();
  complain(describe(error));
  end(1);
}
addEventListener("error", (event) => endOnUncaught(event, event.error ?? event.message));
addEventListener("unhandledrejection", (event) => endOnUncaught(event, event.reason));

divertConsole();
// A name in a variable: the file is there once it is built, and its types are elsewhere.
const loader = "../dist/pyjs.mjs";
/** @type {typeof import("../../js/runtime/pyjs.d.ts")} */
const { loadPyjs } = await import(loader);
/** @type {import("./start.mjs").PyjsAPI} */
const py = await loadPyjs({
  args: plan.argv,
  env: plan.env,
  stdin: readStdin,
  stdout: output("stdout", plan.terminals[1]),
  stderr: output("stderr", plan.terminals[2]),
});
const type = remoteFiles(py);
end(await start(py, plan, (root) => void py.FS.mount(type, { root }, root), complain));
