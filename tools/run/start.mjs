// start.mjs: the part of a run that is the same in Node and in a page.

/**
 * @typedef {import("../../js/runtime/pyjs.d.ts").PyjsAPI} PyjsAPI
 * @typedef {import("./run.mjs").Plan} Plan
 */

const ABORTED = 134; // what a shell reports of a program that SIGABRT ended

/**
 * The text to show for something thrown that nobody caught.
 * @param {unknown} error
 */
export function describe(error) {
  if (!(error instanceof Error)) return `Uncaught ${String(error)}\n`;
  // The message of a PythonError is the traceback.
  const text = error.name === "PythonError" ? error.message : (error.stack ?? String(error));
  return text.includes(error.message) ? `${text.trimEnd()}\n` : `${String(error)}\n${text.trimEnd()}\n`;
}

/**
 * What a file operation throws so that Python sees an OSError.
 * @param {PyjsAPI} py
 * @param {string | undefined} code the name of a POSIX error, such as ENOENT
 */
export function fileError({ FS, ERRNO_CODES }, code = "EIO") {
  const { ErrnoError } = /** @type {{ ErrnoError: new (errno: number | undefined) => object }} */ (
    /** @type {unknown} */ (FS)
  );
  return new ErrnoError(Object.hasOwn(ERRNO_CODES, code) ? ERRNO_CODES[code] : ERRNO_CODES["EIO"]);
}

/**
 * @param {unknown} error
 * @returns {number | undefined} the code, when the error is how Emscripten's exit leaves the stack
 */
function exitStatus(error) {
  if (typeof error !== "object" || error === null || !("name" in error)) return undefined;
  return error.name === "ExitStatus" && "status" in error ? Number(error.status) & 0xff : undefined;
}

/**
 * Mounts the folders, enters the current one and runs the program.
 * @param {PyjsAPI} py
 * @param {Plan} plan
 * @param {(folder: string) => void} mount
 * @param {(text: string) => void} complain writes to stderr
 * @returns {Promise<number>} the exit code
 */
export async function start(py, plan, mount, complain) {
  for (const folder of plan.folders) {
    py.FS.mkdirTree(folder);
    mount(folder);
  }
  py.FS.chdir(plan.cwd);
  const program = py.pyimport("pyjs._program");
  try {
    return await program["run"](plan.kind, plan.target);
  } catch (error) {
    const status = exitStatus(error);
    if (status !== undefined) return status;
    complain(`pyjs run: the runtime stopped\n${describe(error)}`);
    return ABORTED;
  }
}
