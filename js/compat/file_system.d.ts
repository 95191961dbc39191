// file_system.d.ts: Emscripten's file system as its documentation has it; part of pyodide.d.ts.

/** A file, folder, link or device. Plugins keep what they like in it. */
export interface FSNode {
  id: number;
  name: string;
  mode: number;
  rdev: number;
  parent: FSNode;
  mount: FSMount;
  node_ops: FSNodeOps;
  stream_ops: FSStreamOps;
  [own: string]: any;
}

export interface FSMount {
  type: FSType;
  opts: any;
  mountpoint: string;
  root: FSNode;
  [own: string]: any;
}

export interface FSStream {
  fd?: number;
  node: FSNode;
  path: string;
  flags: number;
  position: number;
  stream_ops: FSStreamOps;
  [own: string]: any;
}

/** What FS.mount takes. */
export interface FSType {
  mount(mount: FSMount): FSNode;
  syncfs?(mount: FSMount, populate: boolean, callback: (error?: unknown) => void): void;
  [own: string]: any;
}

export interface FSNodeOps {
  getattr?(node: FSNode): FSStats;
  setattr?(node: FSNode, attributes: Partial<FSStats>): void;
  lookup?(parent: FSNode, name: string): FSNode;
  mknod?(parent: FSNode, name: string, mode: number, dev: number): FSNode;
  rename?(node: FSNode, newParent: FSNode, newName: string): void;
  unlink?(parent: FSNode, name: string): void;
  rmdir?(parent: FSNode, name: string): void;
  readdir?(node: FSNode): string[];
  symlink?(parent: FSNode, newName: string, oldPath: string): FSNode;
  readlink?(node: FSNode): string;
}

export interface FSStreamOps {
  open?(stream: FSStream): void;
  close?(stream: FSStream): void;
  read?(stream: FSStream, buffer: Uint8Array, offset: number, length: number, position: number): number;
  write?(
    stream: FSStream,
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
    canOwn?: boolean,
  ): number;
  llseek?(stream: FSStream, offset: number, whence: number): number;
  fsync?(stream: FSStream): number;
  [own: string]: any;
}

export interface FSStats {
  dev: number;
  ino: number;
  mode: number;
  nlink: number;
  uid: number;
  gid: number;
  rdev: number;
  size: number;
  blksize: number;
  blocks: number;
  atime: Date;
  mtime: Date;
  ctime: Date;
}

/** Emscripten's file system; see its documentation. */
export interface FS {
  readonly filesystems: Readonly<Record<string, FSType>>;
  readonly ErrnoError: new (errno: number) => Error & { errno: number };
  createNode(parent: FSNode | null, name: string, mode: number, dev?: number): FSNode;
  lookupPath(path: string, options?: object): { path: string; node: FSNode };
  getPath(node: FSNode): string;
  mount(type: FSType, options: any, mountpoint: string): FSNode;
  unmount(mountpoint: string): void;
  syncfs(populate: boolean, callback: (error: unknown) => void): void;
  syncfs(callback: (error: unknown) => void): void;
  isFile(mode: number): boolean;
  isDir(mode: number): boolean;
  isLink(mode: number): boolean;
  isChrdev(mode: number): boolean;
  isBlkdev(mode: number): boolean;
  isSocket(mode: number): boolean;
  isMountpoint(node: FSNode): boolean;
  cwd(): string;
  chdir(path: string): void;
  mkdir(path: string, mode?: number): FSNode;
  mkdirTree(path: string, mode?: number): void;
  mkdev(path: string, mode: number, dev: number): FSNode;
  mknod(path: string, mode: number, dev: number): FSNode;
  makedev(major: number, minor: number): number;
  registerDevice(dev: number, ops: Partial<FSStreamOps>): void;
  symlink(oldPath: string, newPath: string): FSNode;
  rename(oldPath: string, newPath: string): void;
  rmdir(path: string): void;
  readdir(path: string): string[];
  unlink(path: string): void;
  readlink(path: string): string;
  stat(path: string, dontFollow?: boolean): FSStats;
  lstat(path: string): FSStats;
  chmod(path: string, mode: number, dontFollow?: boolean): void;
  truncate(path: string, length: number): void;
  utime(path: string, atime: number | Date, mtime: number | Date): void;
  open(path: string, flags: string | number, mode?: number): FSStream;
  close(stream: FSStream): void;
  llseek(stream: FSStream, offset: number, whence: number): number;
  read(stream: FSStream, buffer: ArrayBufferView, offset: number, length: number, position?: number): number;
  write(
    stream: FSStream,
    buffer: ArrayBufferView,
    offset: number,
    length: number,
    position?: number,
    canOwn?: boolean,
  ): number;
  readFile(path: string, options: { encoding: "utf8"; flags?: string | number }): string;
  readFile(path: string, options?: { encoding?: "binary"; flags?: string | number }): Uint8Array;
  writeFile(path: string, data: string | ArrayBufferView, options?: { flags?: string | number; canOwn?: boolean }): void;
  analyzePath(path: string): { exists: boolean; path?: string; name?: string; object?: FSNode; error?: number };
  [member: string]: any;
}
