// node.mjs: runs a program in this process.
import { readStdin, writeAll } from "./stdio.mjs";
import { describe, fileError, start } from "./start.mjs";

/** @typedef {import("./run.mjs").Plan} Plan */

/** @param {string} text */
function complain(text) {
  writeAll(2, new TextEncoder().encode(text));
}

/**
 * @param {() => import("./start.mjs").PyjsAPI} api
 * @param {number} fd
 * @param {boolean | undefined} isTerminal
 */
function output(api, fd, isTerminal) {
  return {
    isatty: isTerminal === true,
    /** @param {Uint8Array} bytes */
    write(bytes) {
      const code = writeAll(fd, bytes);
      if (code !== null) throw fileError(api(), code);
    },
  };
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
  const [, stdout, stderr] = plan.terminals;
  /** @type {import("./start.mjs").PyjsAPI} */
  const py = await loadPyjs({
    args: plan.argv,
    env: plan.env,
    stdin: readStdin,
    stdout: output(() => py, 1, stdout),
    stderr: output(() => py, 2, stderr),
  });
  endOnUncaught();
  const ended = endOnStandstill();
  const mount = (/** @type {string} */ root) => void py.FS.mount(py.FS.filesystems["NODEFS"], { root }, root);
  const code = await start(py, plan, mount, complain);
  ended();
  return code;
}
