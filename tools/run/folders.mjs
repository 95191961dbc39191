// folders.mjs: which folders of the disk a program sees.
import { realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UsageError } from "./options.mjs";

/** Folders of the runtime's own file system, which a folder of the disk would hide. */
const OWN = new Set(["/", "/lib", "/lib/python3.13", "/dev", "/proc", "/proc/self"]);

/** The current folder, without symbolic links. */
export function currentFolder() {
  try {
    return process.cwd();
  } catch {
    throw new UsageError("pyjs run: the current folder does not exist any more");
  }
}

/**
 * Whether `path` is `folder`, or lies in it; both absolute and normal.
 * @param {string} path
 * @param {string} folder
 */
export function isInside(path, folder) {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

/**
 * The folders the program's file needs: where it is, and where its link leads.
 * @param {string} cwd
 * @param {string} file
 */
function foldersOfFile(cwd, file) {
  const path = resolve(cwd, file);
  try {
    const real = realpathSync(path);
    if (statSync(real).isDirectory()) return [path, real];
    return [dirname(path), dirname(real)];
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    const reason = code === "ENOENT" ? "No such file or directory" : message;
    throw new UsageError(`pyjs run: can't open file '${path}': ${reason}`);
  }
}

/**
 * The current folder and the folders of the program's file, none inside another.
 * @param {string} cwd
 * @param {string | undefined} file
 */
export function foldersOf(cwd, file) {
  const wanted = new Set([cwd, ...(file === undefined ? [] : foldersOfFile(cwd, file))]);
  for (const folder of wanted) {
    if (OWN.has(folder)) {
      const advice = "run from, and keep the program in, another one";
      throw new UsageError(`pyjs run: ${folder} is a folder of the runtime's own; ${advice}`);
    }
  }
  return [...wanted].filter((path) => ![...wanted].some((other) => other !== path && isInside(path, other)));
}
