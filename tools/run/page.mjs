// page.mjs: in the page: runs the program, with the server's terminal and disk as its own.
import { remoteFiles } from "./files.mjs";
import { Output } from "./output.mjs";
import { describe, start } from "./start.mjs";
import { ask, readStdin } from "./wire.mjs";

const STDOUT = 1;
const STDERR = 2;

/** @type {import("./run.mjs").Plan} */
const plan = JSON.parse(ask("plan"));
const output = await Output.start();

/** @param {number} fd */
function descriptor(fd) {
  return {
    isatty: plan.terminals[fd] === true,
    /** @param {Uint8Array} bytes */
    write: (bytes) => output.write(fd, bytes),
  };
}

/** @param {string} text */
function complain(text) {
  output.write(STDERR, text);
}

/** The console writes where Node's does. */
function divertConsole() {
  const lines = (/** @type {number} */ fd) => (/** @type {unknown[]} */ ...values) =>
    output.write(fd, `${values.map(String).join(" ")}\n`);
  Object.assign(console, { log: lines(STDOUT), info: lines(STDOUT), debug: lines(STDOUT) });
  Object.assign(console, { warn: lines(STDERR), error: lines(STDERR) });
}

/** @param {number} code */
function end(code) {
  output.flush();
  ask("exit", String(code));
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
const py = await loadPyjs({
  args: plan.argv,
  env: plan.env,
  stdin() {
    output.flush(); // what asks must be seen before the answer is waited for
    return readStdin();
  },
  stdout: descriptor(STDOUT),
  stderr: descriptor(STDERR),
});
const type = remoteFiles(py);
end(await start(py, plan, (root) => void py.FS.mount(type, { root }, root), complain));
