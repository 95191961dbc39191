// glue.d.ts: the module that Emscripten makes at link time, as far as the loader uses it.
import type { Finalizers } from "../core/finalizers";
import type { Core } from "../core/index";
import type { FileSystem as PublicFileSystem } from "./pyjs";

export interface OpenStream {
  tty?: unknown;
}

export interface StreamOps {
  open?(stream: OpenStream): void;
  /** Called with the copy that a duplicated descriptor has. */
  dup?(stream: OpenStream): void;
  close?(stream: unknown): void;
  fsync?(stream: unknown): number;
  read?(stream: unknown, buffer: Int8Array, offset: number, length: number): number;
  write?(stream: unknown, buffer: Int8Array, offset: number, length: number): number;
}

/** A file or folder; `contents` depends on its file system. */
export interface FSNode {
  readonly mode: number;
  readonly contents: unknown;
  node_ops: object;
  stream_ops: object;
}

export type Mount = object;

/** Files in memory, for file systems that keep theirs there. */
export interface MemoryFileSystem {
  mount(mount: Mount): FSNode;
  createNode(parent: FSNode, name: string, mode: number, dev: number): FSNode;
  getFileDataAsTypedArray(node: FSNode): Uint8Array<ArrayBuffer>;
  readonly node_ops: { setattr(node: FSNode, attributes: { size?: number; mtime?: number }): void };
  readonly stream_ops: {
    write(
      stream: { node: FSNode },
      buffer: Uint8Array,
      offset: number,
      length: number,
      position: number,
      canOwn: boolean,
    ): number;
    msync(stream: unknown, buffer: Uint8Array, offset: number, length: number, flags: number): number;
  };
}

export interface LookupOptions {
  follow?: boolean;
  follow_mount?: boolean;
  noent_okay?: boolean;
}

/** What the loader itself calls, beside what users may. */
export interface FileSystem extends PublicFileSystem {
  readonly ErrnoError: new (code: number) => Error;
  makedev(major: number, minor: number): number;
  registerDevice(device: number, ops: StreamOps): void;
  mkdev(path: string, mode: number, device: number): unknown;
  open(path: string, flags: number): { fd: number };
  lookupPath(path: string, options: LookupOptions): { path: string; node: FSNode };
  isDir(mode: number): boolean;
  isFile(mode: number): boolean;
  isMountpoint(node: FSNode): boolean;
  readdir(path: string): string[];
  mkdir(path: string): FSNode;
  mknod(path: string, mode: number, dev: number): FSNode;
  rmdir(path: string): void;
  unlink(path: string): void;
  unmount(path: string): void;
  chdir(path: string): void;
}

/** How the dynamic linker is to load a library. */
export interface LibraryFlags {
  loadAsync: boolean;
  nodelete: boolean;
  global: boolean;
  rpath?: { parentLibPath: string; paths: readonly string[] };
}

/** Symbols that one library sees beside those that all see. */
export type LibraryScope = Record<string, unknown>;

/** Emscripten's dynamic linker. */
export interface Linker {
  /** What it has loaded, by path. */
  readonly LDSO: { readonly loadedLibsByName: Record<string, { global: boolean } | undefined> };
  /** Where it looks for the exports of a library first, by path. */
  readonly preloadedWasm: Record<string, object>;
  /** Addresses by symbol; -1 where there is none yet. */
  readonly GOT: Readonly<Record<string, { value: number } | undefined>>;
  /** Frees the copy of a file that dlopen() has made in memory. */
  forgetLibraryFile(path: string): void;
  isSymbolDefined(name: string): boolean;
  findLibraryFS(name: string, rpath: LibraryFlags["rpath"]): string | undefined;
  getDylinkMetadata(module: WebAssembly.Module): {
    neededDynlibs: string[];
    runtimePaths: string[];
    weakImports: Set<string>;
  };
  loadDynamicLibrary(path: string, flags: LibraryFlags, scope?: LibraryScope): unknown;
  loadWebAssemblyModule(
    module: WebAssembly.Module,
    flags: LibraryFlags,
    path: string,
    scope: LibraryScope,
  ): unknown;
}

export interface Glue {
  readonly pyjs: Core;
  readonly FS: FileSystem;
  readonly PATH: Readonly<Record<string, unknown>>;
  readonly ERRNO_CODES: Readonly<Record<string, number>>;
  readonly ENV: Record<string, string>;
  readonly linker: Linker;
  _pyjs_start(argc: number, argv: number, program: number): number;
  _pyjs_import(name: number): number;
  _pyjs_watch_signals(clock: number, array: number): void;
  _pyjs_looks_at_clock(): number;
  _pyjs_may_deliver(): number;
  _pyjs_poll_signals(): void;
  _pyjs_look_after(count: number): void;
  _pyjs_trip(signal: number): void;
  /** Where CPython looks for signals: nothing, or the number of one, which it sets to 0. */
  Py_EmscriptenSignalBuffer: { 0: number } | undefined;
  /** Lets its next look for those find nothing; there once anything watches. */
  passOverSignals?(): void;
  _pyjs_enter(): number;
  _pyjs_leave(): void;
  stringToNewUTF8(text: string): number;
  _malloc(size: number): number;
  _free(address: number): void;
  readonly HEAPU32: Uint32Array;
}

export interface GlueOptions {
  pyjsFinalizers: Finalizers;
  noFSInit: boolean;
  noExitRuntime: boolean;
  thisProgram: string;
  preRun: ((glue: Glue) => void)[];
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): object;
  onAbort(reason: unknown): void;
}

export default function createGlue(options: GlueOptions): Promise<Glue>;
