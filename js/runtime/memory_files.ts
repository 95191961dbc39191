// memory_files.ts: Emscripten's files in memory, which also say which have been changed.
import type { FSNode, FileSystem, Glue, MemoryFileSystem, Mount } from "pyjs-glue";

/** The part of a type for FS.mount that keeps files. They are files and folders, nothing else. */
export class MemoryFiles {
  private readonly fs: FileSystem;
  private readonly memory: MemoryFileSystem;
  private readonly versions = new WeakMap<FSNode, number>();

  constructor(private readonly glue: Glue) {
    this.fs = glue.FS;
    this.memory = glue.FS.filesystems["MEMFS"] as MemoryFileSystem;
  }

  mount(mount: Mount): FSNode {
    return this.adoptFolder(this.memory.mount(mount));
  }

  isFolder(node: FSNode): boolean {
    return this.fs.isDir(node.mode);
  }

  /** A number that is another one when the content may be another. */
  version(node: FSNode): number {
    return this.versions.get(node) ?? 0;
  }

  /** A copy of the content. */
  read(node: FSNode): Uint8Array<ArrayBuffer> {
    return this.memory.getFileDataAsTypedArray(node).slice();
  }

  /** Replaces the content by `data`, which it keeps, and sets the time of it. */
  write(node: FSNode, data: Uint8Array, time: number): void {
    this.memory.node_ops.setattr(node, { size: 0 });
    this.memory.stream_ops.write({ node }, data, 0, data.length, 0, true);
    this.memory.node_ops.setattr(node, { mtime: time });
    this.changed(node);
  }

  /** All that is in a folder, by path; a folder comes before what is in it. */
  *walk(folder: FSNode, path = ""): Generator<[path: string, node: FSNode]> {
    for (const [name, node] of Object.entries(folder.contents as Record<string, FSNode>)) {
      yield [path + name, node];
      if (this.isFolder(node)) yield* this.walk(node, `${path}${name}/`);
    }
  }

  private changed(node: FSNode): void {
    this.versions.set(node, this.version(node) + 1);
  }

  private refuse(): never {
    throw new this.fs.ErrnoError(this.glue.ERRNO_CODES["EPERM"]!);
  }

  private readonly create = (parent: FSNode, name: string, mode: number, dev: number): FSNode => {
    if (this.fs.isDir(mode)) return this.adoptFolder(this.memory.createNode(parent, name, mode, dev));
    if (this.fs.isFile(mode)) return this.adoptFile(this.memory.createNode(parent, name, mode, dev));
    return this.refuse();
  };

  private adoptFolder(node: FSNode): FSNode {
    node.node_ops = { ...node.node_ops, mknod: this.create, symlink: () => this.refuse() };
    return node;
  }

  private adoptFile(node: FSNode): FSNode {
    const { node_ops: nodeOps, stream_ops: streamOps } = this.memory;
    const counted = <Args extends unknown[]>(operate: (...args: Args) => number) => {
      return (...args: Args): number => {
        this.changed(node);
        return operate(...args);
      };
    };
    node.node_ops = {
      ...node.node_ops,
      setattr: (target: FSNode, attributes: { size?: number }) => {
        if (attributes.size !== undefined) this.changed(target);
        nodeOps.setattr(target, attributes);
      },
    };
    const { write, msync } = streamOps;
    node.stream_ops = { ...node.stream_ops, write: counted(write), msync: counted(msync) };
    return node;
  }
}
