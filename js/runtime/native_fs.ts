// native_fs.ts: a folder of the File System Access API as one of Python's, copied back and forth.
import type { FSNode, FileSystem, Glue } from "pyjs-glue";
import { MemoryFiles } from "./memory_files";
import { describe } from "./options";

const OPERATION = "mountNativeFS";
const FILE_MODE = 0o100666;

type Folder = FileSystemDirectoryHandle;

export function expectDirectoryHandle(operation: string, handle: unknown): Folder {
  const { kind, entries, name } = (handle ?? {}) as Partial<Record<keyof Folder, unknown>>;
  if (kind === "directory" && typeof entries === "function") return handle as Folder;
  const got = kind === "file" ? `the handle of the file ${String(name)}` : describe(handle);
  throw new TypeError(`${operation}: expected a FileSystemDirectoryHandle, got ${got}`);
}

/** What a file or folder was when both sides last were the same. */
interface Known {
  readonly node: FSNode;
  readonly version: number;
  /** Of the file outside; 0 for a folder. */
  readonly lastModified: number;
}

/** What there is outside: the file, or null for a folder. */
type Outside = Map<string, File | null>;

function failure(verb: string, path: string, error: unknown): Error {
  return new Error(`${OPERATION}: cannot ${verb} ${path}: ${(error as Error).message}`, { cause: error });
}

function isMissing(error: unknown): boolean {
  return (error as { name?: unknown } | null)?.name === "NotFoundError";
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

async function listInto(found: Outside, folder: Folder, prefix: string): Promise<void> {
  for await (const [name, handle] of folder.entries()) {
    const path = prefix + name;
    if (handle.kind === "file") {
      found.set(path, await (handle as FileSystemFileHandle).getFile());
    } else {
      found.set(path, null);
      await listInto(found, handle as Folder, `${path}/`);
    }
  }
}

/** One mount. What is done to it is done one after the other. */
export class NativeFiles {
  private readonly fs: FileSystem;
  private readonly files: MemoryFiles;
  private readonly known = new Map<string, Known>();
  private last: Promise<unknown> = Promise.resolve();
  private top: FSNode | null = null;

  constructor(
    glue: Glue,
    private readonly root: Folder,
    private readonly path: string,
  ) {
    this.fs = glue.FS;
    this.files = new MemoryFiles(glue);
  }

  /** Mounts, and copies what is outside; the mount is gone again when that fails. */
  async mount(): Promise<void> {
    const type = {
      mount: (mount: object) => this.files.mount(mount),
      // What FS.syncfs calls.
      syncfs: (_mount: unknown, populate: boolean, done: (error: unknown) => void): void => {
        (populate ? this.load() : this.save()).then(() => done(null), done);
      },
    };
    this.top = this.fs.mount(type, {}, this.path) as FSNode;
    try {
      await this.load();
    } catch (error) {
      this.fs.unmount(this.path);
      throw error;
    }
  }

  /** Makes the folder outside what the one in memory is, by what has changed in memory. */
  save(): Promise<void> {
    return this.inTurn(async () => {
      const present = new Map(this.files.walk(this.mounted()));
      for (const path of [...this.known.keys()]) await this.removeOutside(path, present.get(path));
      const folders = new Map([["", this.root]]);
      for (const [path, node] of present) {
        if (this.files.isFolder(node)) await this.makeFolder(folders, path, node);
        else if (!this.isSaved(path, node)) await this.writeOutside(folders, path, node);
      }
    });
  }

  /** Makes the folder in memory what the one outside is. */
  load(): Promise<void> {
    return this.inTurn(async () => {
      const outside: Outside = new Map();
      await listInto(outside, this.root, "").catch((error: unknown) => {
        throw failure("read", this.path, error);
      });
      const read = await this.readChanged(outside);
      // From here on nothing is awaited: Python sees all of it, or nothing.
      this.removeInside(outside);
      for (const [path, file] of outside) this.copyInside(path, file, read.get(path));
    });
  }

  private inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.last.then(act, act);
    this.last = done;
    return done;
  }

  private mounted(): FSNode {
    const { node } = this.fs.lookupPath(this.path, { follow: true });
    if (this.top === null || node !== this.top) throw new Error(`${OPERATION}: ${this.path} is not mounted any more`);
    return node;
  }

  private full(path: string): string {
    return `${this.path}/${path}`;
  }

  private isSaved(path: string, node: FSNode): boolean {
    const known = this.known.get(path);
    return known !== undefined && known.node === node && known.version === this.files.version(node);
  }

  private forget(path: string): void {
    for (const other of [...this.known.keys()]) {
      if (other === path || other.startsWith(`${path}/`)) this.known.delete(other);
    }
  }

  /** Removes what is known, but not in memory any more, or there of another kind. */
  private async removeOutside(path: string, node: FSNode | undefined): Promise<void> {
    const known = this.known.get(path);
    if (known === undefined) return; // gone with its folder
    if (node !== undefined && this.files.isFolder(node) === this.files.isFolder(known.node)) return;
    try {
      let folder = this.root;
      for (const name of path.split("/").slice(0, -1)) folder = await folder.getDirectoryHandle(name);
      await folder.removeEntry(nameOf(path), { recursive: true });
    } catch (error) {
      if (!isMissing(error)) throw failure("remove", this.full(path), error);
    }
    this.forget(path);
  }

  private async makeFolder(folders: Map<string, Folder>, path: string, node: FSNode): Promise<void> {
    try {
      const parent = folders.get(parentOf(path))!;
      folders.set(path, await parent.getDirectoryHandle(nameOf(path), { create: true }));
    } catch (error) {
      throw failure("make the folder", this.full(path), error);
    }
    this.known.set(path, { node, version: 0, lastModified: 0 });
  }

  private async writeOutside(folders: Map<string, Folder>, path: string, node: FSNode): Promise<void> {
    const version = this.files.version(node);
    const data = this.files.read(node);
    let lastModified: number;
    try {
      const handle = await folders.get(parentOf(path))!.getFileHandle(nameOf(path), { create: true });
      const stream = await handle.createWritable();
      await stream.write(data);
      await stream.close();
      ({ lastModified } = await handle.getFile());
    } catch (error) {
      throw failure("write", this.full(path), error);
    }
    this.known.set(path, { node, version, lastModified });
  }

  /** The content of the files that are not in memory as they are outside. */
  private async readChanged(outside: Outside): Promise<Map<string, Uint8Array>> {
    const inside = new Map(this.files.walk(this.mounted()));
    const read = new Map<string, Uint8Array>();
    for (const [path, file] of outside) {
      if (file === null) continue;
      const node = inside.get(path);
      const isSame = node !== undefined && this.isSaved(path, node);
      if (isSame && this.known.get(path)!.lastModified === file.lastModified) continue;
      try {
        read.set(path, new Uint8Array(await file.arrayBuffer()));
      } catch (error) {
        throw failure("read", this.full(path), error);
      }
    }
    return read;
  }

  private removeInside(outside: Outside): void {
    for (const [path, node] of [...this.files.walk(this.mounted())].reverse()) {
      const isFolder = this.files.isFolder(node);
      if (outside.has(path) && (outside.get(path) === null) === isFolder) continue;
      if (isFolder) this.fs.rmdir(this.full(path));
      else this.fs.unlink(this.full(path));
      this.known.delete(path);
    }
  }

  private copyInside(path: string, file: File | null, data: Uint8Array | undefined): void {
    const full = this.full(path);
    const { node: found } = this.fs.lookupPath(full, { noent_okay: true, follow_mount: false });
    const known = this.known.get(path);
    if (file === null) {
      const node = found ?? this.fs.mkdir(full);
      this.known.set(path, { node, version: 0, lastModified: 0 });
    } else if (data !== undefined) {
      const node = found ?? this.fs.mknod(full, FILE_MODE, 0);
      this.files.write(node, data, file.lastModified);
      this.known.set(path, { node, version: this.files.version(node), lastModified: file.lastModified });
    } else if (found === null || found === undefined || known === undefined) {
      throw new Error(`${OPERATION}: ${full} changed while it was read; sync again`);
    }
  }
}
