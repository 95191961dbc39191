// pyjs.d.ts: the public types of pyjs.mjs; shipped as they stand here.

/** The version of pyjs. */
export declare const version: string;

/**
 * Loads and starts a Python interpreter in this page, worker or Node process.
 * Every call makes an interpreter of its own, with modules and memory of its own.
 *
 * Rejects with an Error that names the URL and the status or reason when a file
 * is missing or corrupt; with a TypeError for an unknown option.
 *
 * @example
 * const py = await loadPyjs();
 * py.runPython("1 + 1"); // 2
 */
export declare function loadPyjs(options?: LoadOptions): Promise<PyjsAPI>;

export interface LoadOptions {
  /** The folder of pyjs.wasm and python_stdlib.zip, as a URL or a path; by default the loader's own. */
  indexURL?: string | URL | undefined;
  /** Where Python reads; by default the process's input, or a prompt in a page. */
  stdin?: Input | undefined;
  /** Where Python prints; by default the process's output, or the console. */
  stdout?: Output | undefined;
  stderr?: Output | undefined;
  /** Environment variables, beside HOME and LANG. */
  env?: Readonly<Record<string, string>> | undefined;
  /** sys.argv; by default [""]. */
  args?: readonly string[] | undefined;
  /** Called as the files arrive. */
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** Bytes that have arrived, of the bytes there are; both before compression in transit. */
export interface Progress {
  loaded: number;
  total: number;
}

/** Gives the next text or bytes when Python reads, or null at the end of input. */
export type Input = () => string | Uint8Array | null | undefined;

/** A function gets each whole line, without its end; an object gets the bytes as they come. */
export type Output = ((line: string) => void) | RawOutput;

export interface RawOutput {
  /** Takes bytes, which are the receiver's to keep. */
  write(bytes: Uint8Array): void;
  /** Whether Python takes it for a terminal: it then writes line by line. */
  isatty?: boolean;
}

/**
 * A Python object used from JavaScript. It holds a reference to the object
 * until `destroy()` is called or the proxy is collected; a proxy that is an
 * argument of a call from Python ends with that call.
 *
 * Attributes of the object are properties. A callable object is a function.
 * Source: PEP 818, "PyProxy".
 */
export interface PyProxy {
  /** The name of the object's Python type. */
  readonly type: string;
  /** What str() says of it. */
  toString(): string;
  /** Drops the reference now; any later use throws. */
  destroy(options?: { message?: string }): void;
  /** A second proxy of the same object, with a life of its own. */
  copy(): this;
  /**
   * Converts a Python structure into JavaScript objects: list and tuple to Array, dict to a plain
   * object, set to Set, what has the buffer protocol to a typed array with a copy of its elements.
   * Any other object becomes a PyProxy that its receiver destroys. What occurs twice, or contains
   * itself, does so in the result too.
   *
   * Throws: a PythonError of the type ConversionError, whose text names the part that has no
   * conversion. Source: Pyodide, PyProxy.toJs.
   *
   * @example
   * py.runPython("{'a': [1, (2, 3)]}").toJs(); // { a: [1, [2, 3]] }
   */
  toJs(options?: ToJsOptions): unknown;
  // What a Python object has is known only at run time.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  [name: string]: any;
}

export interface ToJsOptions {
  /** How many levels to convert; -1, the default, for all. */
  depth?: number;
  /** Every PyProxy that is made is added, so that all can be destroyed. */
  pyproxies?: PyProxy[];
  /** False: throw where a PyProxy would be made. */
  create_pyproxies?: boolean;
  /** Makes what a dict becomes; Object.fromEntries is the default. */
  dict_converter?: (entries: Iterable<[key: unknown, value: unknown]>) => unknown;
  /** For what has no conversion, also where `depth` ends; `cache` before `convert` lets cycles close. */
  default_converter?: ToJsConverter;
  /** For everything but null, undefined, booleans, numbers, strings and JavaScript objects. */
  eager_converter?: ToJsConverter;
}

/** Its result is used; it borrows `value`, which is gone when it returns. */
export type ToJsConverter = (
  value: PyProxy,
  convert: (value: unknown) => unknown,
  cache: (value: PyProxy, result: unknown) => void,
) => unknown;

export interface RunOptions {
  /** A Python dict to run in; by default that of `__main__`. */
  globals?: PyProxy;
  /** A Python mapping for local names; by default the globals. */
  locals?: PyProxy;
  /** The name that tracebacks show; by default `<exec>`. */
  filename?: string;
}

/** One interpreter. */
export interface PyjsAPI {
  /** The version of pyjs. */
  readonly version: string;
  /** The names of `__main__`: a dict, with get, set, has and delete. */
  readonly globals: PyProxy;
  /** Emscripten's file system. */
  readonly FS: FileSystem;
  /** Emscripten's path functions. */
  readonly PATH: Readonly<Record<string, unknown>>;
  /** Error numbers by their POSIX name. */
  readonly ERRNO_CODES: Readonly<Record<string, number>>;
  /** The classes of this interpreter, for `instanceof`. */
  readonly ffi: {
    readonly PyProxy: abstract new () => PyProxy;
    readonly PythonError: abstract new () => PythonError;
  };
  /**
   * Runs Python code; gives the value of its last expression, or undefined.
   * Throws a PythonError for an uncaught exception, a syntax error included.
   *
   * @example
   * py.runPython("sum(range(4))"); // 6
   */
  runPython<T = unknown>(code: string, options?: RunOptions): T;
  /**
   * Like runPython, for code that may use await, async for and async with at
   * its top level.
   *
   * @example
   * await py.runPythonAsync("import asyncio; await asyncio.sleep(0.1); 'done'");
   */
  runPythonAsync<T = unknown>(code: string, options?: RunOptions): Promise<T>;
  /** Imports a module; `a.b.c` gives `c`. */
  pyimport(name: string): PyProxy;
  /**
   * Converts a JavaScript structure into Python objects, deeply: Array to list,
   * Map and plain object to dict, Set to set, typed arrays to memoryview. Any
   * other object stays itself. `depth` limits how many levels are converted.
   * `defaultConverter` is called for what would stay itself, and its result is
   * used; `convert` converts what `value` holds, and `cache(value, result)` lets
   * what is inside refer to the result before it is complete.
   *
   * Throws: a PythonError of the type ConversionError, for keys that a dict cannot have together.
   *
   * @example
   * py.globals.set("data", py.toPy({ a: [1, 2] }));
   */
  toPy(value: unknown, options?: ToPyOptions): unknown;
}

export interface ToPyOptions {
  /** How many levels to convert; -1, the default, for all. */
  depth?: number;
  defaultConverter?: (
    value: unknown,
    convert: (value: unknown) => unknown,
    cache: (value: object, result: unknown) => void,
  ) => unknown;
}

/** A Python exception in JavaScript. Thrown back into Python it is the same exception object. */
export interface PythonError extends Error {
  /** The name of the exception's Python class. */
  readonly type: string;
  /** The traceback, as CPython prints it. */
  readonly message: string;
}

/** Emscripten's file system; see its documentation for all members. */
export interface FileSystem {
  mkdirTree(path: string): void;
  writeFile(path: string, data: Uint8Array | string, options?: object): void;
  readFile(path: string, options?: object): Uint8Array;
  mount(type: unknown, options: object, mountpoint: string): unknown;
  chdir(path: string): void;
  readonly filesystems: Readonly<Record<string, unknown>>;
  readonly [member: string]: unknown;
}
