// mounts.ts: folders of the host in Python's file system.
import type { Glue } from "pyjs-glue";
import type { NodeModules } from "./environment";
import { NativeFiles, expectDirectoryHandle } from "./native_fs";
import { expectString } from "./options";
import type { NativeFS } from "./pyjs";

/** The name that POSIX has for what a file operation threw. */
function reasonOf({ ERRNO_CODES: codes }: Glue, error: unknown): string {
  const { errno } = (error ?? {}) as { errno?: number };
  const name = Object.keys(codes).find((code) => codes[code] === errno);
  return name ?? String((error as Error | null)?.message ?? error);
}

/** Makes the folder that something is mounted on, or finds it empty. */
function prepareMountPoint(glue: Glue, operation: string, given: unknown): string {
  const path = expectString(operation, "the path to mount on", given);
  const { FS: fs } = glue;
  if (!path.startsWith("/")) {
    throw new TypeError(`${operation}: expected an absolute path to mount on, got ${JSON.stringify(path)}`);
  }
  let node, real;
  try {
    fs.mkdirTree(path);
    ({ node, path: real } = fs.lookupPath(path, { follow: true, follow_mount: false }));
  } catch (error) {
    throw new Error(`${operation}: cannot make the folder ${path}: ${reasonOf(glue, error)}`);
  }
  if (!fs.isDir(node.mode)) throw new Error(`${operation}: ${path} is a file; give a folder, or a path that is not there`);
  if (fs.isMountpoint(node)) throw new Error(`${operation}: something is mounted on ${path} already; FS.unmount it first`);
  // Not every file system lists these two.
  if (fs.readdir(path).some((name) => name !== "." && name !== "..")) throw new Error(`${operation}: the folder ${path} is not empty; give an empty one`);
  return real;
}

function hostFolder(node: NodeModules, operation: string, given: unknown): string {
  const path = expectString(operation, "the path of the host", given);
  let real: string;
  try {
    real = node.realpathSync(path);
  } catch (error) {
    throw new Error(`${operation}: cannot use the host's ${path}: ${(error as Error).message}`);
  }
  if (!node.statSync(real).isDirectory()) throw new Error(`${operation}: the host's ${path} is not a folder`);
  return real;
}

export function mountNodeFS(glue: Glue, node: NodeModules | null, path: unknown, hostPath: unknown): void {
  const operation = "mountNodeFS";
  if (node === null) throw new Error(`${operation}: there is no Node here; in a page or worker use mountNativeFS`);
  const root = hostFolder(node, operation, hostPath);
  const { FS: fs } = glue;
  fs.mount(fs.filesystems["NODEFS"], { root }, prepareMountPoint(glue, operation, path));
}

export async function mountNativeFS(glue: Glue, path: unknown, handle: unknown): Promise<NativeFS> {
  const operation = "mountNativeFS";
  const root = expectDirectoryHandle(operation, handle);
  const files = new NativeFiles(glue, root, prepareMountPoint(glue, operation, path));
  await files.mount();
  return { syncfs: () => files.save() };
}
