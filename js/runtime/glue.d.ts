// glue.d.ts: the module that Emscripten makes at link time, as far as the loader uses it.
import type { Core } from "../core/index";
import type { FileSystem as PublicFileSystem } from "./pyjs";

export interface StreamOps {
  open?(stream: { tty?: unknown }): void;
  close?(stream: unknown): void;
  fsync?(stream: unknown): void;
  read?(stream: unknown, buffer: Int8Array, offset: number, length: number): number;
  write?(stream: unknown, buffer: Int8Array, offset: number, length: number): number;
}

/** What the loader itself calls, beside what users may. */
export interface FileSystem extends PublicFileSystem {
  readonly ErrnoError: new (code: number) => Error;
  makedev(major: number, minor: number): number;
  registerDevice(device: number, ops: StreamOps): void;
  mkdev(path: string, mode: number, device: number): unknown;
  open(path: string, flags: number): { fd: number };
}

export interface Glue {
  readonly pyjs: Core;
  readonly FS: FileSystem;
  readonly PATH: Readonly<Record<string, unknown>>;
  readonly ERRNO_CODES: Readonly<Record<string, number>>;
  readonly ENV: Record<string, string>;
  _pyjs_start(argc: number, argv: number): number;
  _pyjs_import(name: number): number;
  _pyjs_watch_signals(active: number): void;
  _pyjs_poll_signals(): void;
  /** Where CPython looks for signals. */
  Py_EmscriptenSignalBuffer: ArrayBufferView | undefined;
  stringToNewUTF8(text: string): number;
  _malloc(size: number): number;
  _free(address: number): void;
  readonly HEAPU32: Uint32Array;
}

export interface GlueOptions {
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
