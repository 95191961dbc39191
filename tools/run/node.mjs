// node.mjs: runs a program in this process.
import { writeAll } from "./stdio.mjs";
import { describe, start } from "./start.mjs";

/** @typedef {import("./run.mjs").Plan} Plan */

/** @param {string} text */
function complain(text) {
  writeAll(2, new TextEncoder().encode(text));
}

/** What JavaScript throws outside the program's own stack ends it, as in any Node program. */
function endOnUncaught() {
  process.on("uncaughtException", (error) => {
    complain(describe(error));
    process.exit(1);
  });
}

/** Node ends when nothing can happen any more, also while the program still waits. */
function endOnStandstill() {
  const end = () => {
    complain("pyjs run: the program waits for what cannot happen any more\n");
    process.exit(1);
  };
  process.once("beforeExit", end);
  return () => process.off("beforeExit", end);
}

/**
 * @param {Plan} plan
 * @param {URL} dist
 * @returns {Promise<number>} the exit code
 */
export async function run(plan, dist) {
  /** @type {typeof import("../../js/runtime/pyjs.d.ts")} */
  const { loadPyjs } = await import(new URL("pyjs.mjs", dist).href);
  const py = await loadPyjs({ args: plan.argv, env: plan.env }); // its streams are this process's
  endOnUncaught();
  const ended = endOnStandstill();
  const mount = (/** @type {string} */ root) => void py.FS.mount(py.FS.filesystems["NODEFS"], { root }, root);
  const code = await start(py, plan, mount, complain);
  ended();
  return code;
}
