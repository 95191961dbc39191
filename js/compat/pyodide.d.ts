// pyodide.d.ts: the types of pyodide.mjs and pyodide.js, which stand where Pyodide's stand.
import type { DirectoryHandle, InterruptBuffer, NativeFS, PyjsAPI } from "../runtime/pyjs.d.ts";
import type { StdinOptions, StdoutOptions } from "../runtime/pyjs.d.ts";
import type { LoadPackageOptions, Lockfile, PackageData } from "../runtime/packages.d.ts";
import type { WithDispose } from "../runtime/py_proxy.d.ts";
import type { PyProxy, TypedArray } from "./ffi.d.ts";
import type { FS } from "./file_system.d.ts";

export type * from "../runtime/packages.d.ts";
export type { NativeFS, StdinOptions, StdoutOptions, TypedArray };

/** The version of Pyodide whose API this is. */
export declare const version: string;

/**
 * Loads and starts a Python interpreter in this page, worker or Node process, and gives Pyodide's API
 * to it. Every call makes an interpreter of its own. Options that are not known are passed over.
 *
 * Rejects with a TypeError for an option of the wrong type; with an Error that names the URL and the
 * status or reason when a file is missing or corrupt, or the option asks for what is not here.
 * Source: Pyodide, loadPyodide.
 *
 * @example
 * const pyodide = await loadPyodide();
 * pyodide.runPython("1 + 1"); // 2
 */
export declare function loadPyodide(options?: PyodideConfig): Promise<PyodideAPI>;

export interface PyodideConfig {
  /** The folder of the files beside pyodide.mjs, as a URL or a path; by default where that came from. */
  indexURL?: string | undefined;
  /** In Node: a folder that keeps the packages that were downloaded. By default they are not kept. */
  packageCacheDir?: string | undefined;
  /** The lock file; by default `pyodide-lock.json` in `indexURL`. */
  lockFileURL?: string | undefined;
  /** The lock file itself, parsed or as JSON. Not beside `lockFileURL`. */
  lockFileContents?: Lockfile | string | Promise<Lockfile | string> | undefined;
  /** What relative file names in the lock file are relative to; by default its own URL. */
  packageBaseUrl?: string | undefined;
  /** Without effect: the standard library is whole. */
  fullStdLib?: boolean | undefined;
  /** The standard library; by default `python_stdlib.zip` in `indexURL`. */
  stdLibURL?: string | undefined;
  /** Gives a line when Python reads, or null at the end of input; or a promise of that. */
  stdin?: (() => string | null | undefined | PromiseLike<string | null | undefined>) | undefined;
  /** Gets each line that Python prints, without its end; by default the console, or the process's output. */
  stdout?: ((line: string) => void) | undefined;
  stderr?: ((line: string) => void) | undefined;
  /** What `import js` gives; by default globalThis. */
  jsglobals?: object | undefined;
  /** The command line of Python, options included, without its first word; by default empty. */
  args?: readonly string[] | undefined;
  /** Environment variables; HOME, where Python starts, is "/home/pyodide" by default. */
  env?: Readonly<Record<string, string>> | undefined;
  /** Packages to load, as loadPackage does. */
  packages?: string | readonly string[] | undefined;
  /** False: `run_until_complete` of the page's own event loop does not wait; it gives the task. */
  enableRunUntilComplete?: boolean | undefined;
  /** Whether pyodide.mjs and the files it loads must be of one build; by default true. */
  checkAPIVersion?: boolean | undefined;
  /** Called, and awaited, before Python starts: site-packages is empty then. */
  fsInit?: ((FS: FS, info: { sitePackages: string }) => Promise<void> | void) | undefined;
  /** True: `proxy.toString()` is what repr() says. */
  pyproxyToStringRepr?: boolean | undefined;
  /** True: JavaScript's null becomes None, not jsnull. */
  convertNullToNone?: boolean | undefined;
  /** True: dicts become Maps with a property for each key that is a string, not plain objects. */
  toJsLiteralMap?: boolean | undefined;
  /** Without effect: nothing here is imported later, so service workers need no help. */
  createPyodideModule?: unknown;
}

/** What `_api.config` has. */
export type PyodideConfigWithDefaults = PyodideConfig;

/** One interpreter, with the members that Pyodide's has. */
export interface PyodideAPI extends WithDispose {
  /** The version of Pyodide whose API this is. */
  readonly version: string;
  /** The names of `__main__`: a dict, with get, set, has and delete. */
  readonly globals: PyProxy;
  /** Emscripten's file system. */
  readonly FS: FS;
  /** Emscripten's path functions: join, join2, dirname, basename, normalize … */
  readonly PATH: any;
  /** Error numbers by their POSIX name. */
  readonly ERRNO_CODES: Readonly<Record<string, number>>;
  /** The Python package `pyodide`. */
  readonly pyodide_py: PyProxy;
  /** The classes of this interpreter, for `instanceof`. */
  readonly ffi: PyjsAPI["ffi"];
  /** Canvases for libraries that draw on what Emscripten calls the canvas. */
  readonly canvas: CanvasInterface;
  /** The packages that were loaded: where each came from, by its name. */
  readonly loadedPackages: Record<string, string>;
  /** The lock file that packages are looked up in. */
  readonly lockfile: Lockfile;
  /** What relative file names in it are relative to. */
  readonly lockfileBaseUrl: string | undefined;
  /**
   * Runs Python code; gives the value of its last expression, or undefined. What all lines are
   * indented by is taken away first, unless `dedent` is false.
   * Throws a PythonError for an uncaught exception, a syntax error included.
   * Source: Pyodide, runPython.
   *
   * @example
   * pyodide.runPython("  x = 2\n  x + 1", { globals: pyodide.toPy({}) }); // 3
   */
  runPython(code: string, options?: RunOptions): any;
  /**
   * Like runPython, for code that may use await, async for and async with at its top level; and
   * `run_sync` at any depth, where the engine has JSPI.
   */
  runPythonAsync(code: string, options?: RunOptions): Promise<any>;
  /** Loads packages of the lock file, or wheels by their URL or path, and what they depend on. */
  loadPackage(
    names: string | PyProxy | readonly string[],
    options?: LoadPackageOptions,
  ): Promise<PackageData[]>;
  /** Loads the packages of the lock file that `code` imports. */
  loadPackagesFromImports(code: string, options?: LoadPackageOptions): Promise<PackageData[]>;
  /** Imports a module; `a.b.c` gives `c`. */
  pyimport(name: string): any;
  /** See pyjs.d.ts. */
  registerJsModule(name: string, module: object): void;
  unregisterJsModule(name: string): void;
  /** Converts a JavaScript structure into Python objects, deeply; see pyjs.d.ts. */
  toPy(value: any, options?: ToPyOptions): any;
  /** Whether `value` is a proxy of a Python object of this interpreter. */
  isPyProxy(value: unknown): value is PyProxy;
  /** See pyjs.d.ts; options that are not known are passed over. */
  setStdin(options?: StdinOptions): void;
  setStdout(options?: StdoutOptions | {}): void;
  setStderr(options?: StdoutOptions | {}): void;
  /** Unpacks an archive; see pyjs.d.ts. */
  unpackArchive(
    buffer: TypedArray | ArrayBuffer,
    format: string,
    options?: { extractDir?: string },
  ): void;
  /** Mounts a folder of the File System Access API; see pyjs.d.ts. */
  mountNativeFS(path: string, handle: DirectoryHandle): Promise<NativeFS>;
  /** Mounts a folder of the host, in Node; see pyjs.d.ts. */
  mountNodeFS(path: string, hostPath: string): void;
  /** Remembers Comlink, whose proxies Python can use with or without it. */
  registerComlink(Comlink: any): void;
  /** See pyjs.d.ts. */
  setInterruptBuffer(buffer?: InterruptBuffer): void;
  checkInterrupt(): void;
  setDebug(active: boolean): boolean;
  /** Throws an Error: interpreters cannot be saved and restored. */
  makeMemorySnapshot(options?: object): never;
  /** Rejects with an Error: there are no sockets. */
  useNodeSockFS(options?: object): Promise<never>;
  /** Ends the interpreter; see pyjs.d.ts. Not in Pyodide. */
  dispose(): void;
  /** Internals that programs use, as far as they mean something here; see docs/compatibility.md. */
  readonly _api: any;
  readonly _module: any;
}

export type { PyodideAPI as PyodideInterface };

export interface RunOptions {
  /** A Python dict to run in; by default that of `__main__`. */
  globals?: PyProxy;
  /** A Python mapping for local names; by default the globals. */
  locals?: PyProxy;
  /** The name that tracebacks show; by default `<exec>`. */
  filename?: string;
  /** Whether what all lines are indented by is taken away; by default true. */
  dedent?: boolean;
}

export interface ToPyOptions {
  /** How many levels to convert; all by default. */
  depth?: number;
  /** Called for what has no conversion. */
  defaultConverter?: (
    value: any,
    converter: (value: any) => any,
    cacheConversion: (input: any, output: any) => void,
  ) => any;
}

export interface CanvasInterface {
  setCanvas2D(canvas: HTMLCanvasElement): void;
  getCanvas2D(): HTMLCanvasElement | undefined;
  setCanvas3D(canvas: HTMLCanvasElement): void;
  getCanvas3D(): HTMLCanvasElement | undefined;
}
