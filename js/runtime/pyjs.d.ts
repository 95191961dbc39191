// pyjs.d.ts: the public types of pyjs.mjs; shipped as they stand here.
import type {
  PyAsyncGenerator,
  PyAsyncIterable,
  PyAsyncIterator,
  PyAwaitable,
  PyBuffer,
  PyBufferView,
  PyCallable,
  PyDict,
  PyGenerator,
  PyIterable,
  PyIterator,
  PyMutableSequence,
  PyProxy,
  PyProxyWithGet,
  PyProxyWithHas,
  PyProxyWithLength,
  PyProxyWithSet,
  PySequence,
  PythonError,
} from "./py_proxy.d.ts";

export type * from "./py_proxy.d.ts";

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
  /**
   * Called once if the interpreter stops for good: a trap in WebAssembly, an overflow of the engine's
   * stack in C code, abort(). `error.cause` is what the engine threw; `error` is thrown to the caller
   * too, promises that wait for Python are rejected, and every later use throws.
   */
  onFatal?: ((error: Error) => void) | undefined;
  /**
   * How long a Python function lives that is an argument of a call from Python. "auto", the default:
   * until JavaScript drops it, so that it may be a listener, and the same function is the same object
   * each time, so that removeEventListener() finds it. "call": until the call ends, as in Pyodide and
   * PEP 818. Python objects that cannot be called live until the call ends in either case.
   */
  proxyLifetime?: "auto" | "call" | undefined;
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
    readonly PyProxyWithLength: abstract new () => PyProxyWithLength;
    readonly PyProxyWithGet: abstract new () => PyProxyWithGet;
    readonly PyProxyWithSet: abstract new () => PyProxyWithSet;
    readonly PyProxyWithHas: abstract new () => PyProxyWithHas;
    readonly PyDict: abstract new () => PyDict;
    readonly PyIterable: abstract new () => PyIterable<unknown>;
    readonly PyIterator: abstract new () => PyIterator<unknown>;
    readonly PyGenerator: abstract new () => PyGenerator<unknown>;
    readonly PyAsyncIterable: abstract new () => PyAsyncIterable<unknown>;
    readonly PyAsyncIterator: abstract new () => PyAsyncIterator<unknown>;
    readonly PyAsyncGenerator: abstract new () => PyAsyncGenerator<unknown>;
    readonly PyAwaitable: abstract new () => PyAwaitable<unknown>;
    readonly PyCallable: abstract new () => PyCallable;
    readonly PySequence: abstract new () => PySequence<unknown>;
    readonly PyMutableSequence: abstract new () => PyMutableSequence<unknown>;
    readonly PyBuffer: abstract new () => PyBuffer;
    readonly PyBufferView: abstract new () => PyBufferView;
    readonly PythonError: abstract new () => PythonError;
    /**
     * The proxies that live and were made while `setDebug(true)` held. What the next collection of
     * either language would end still counts.
     *
     * @example
     * py.setDebug(true);
     * const kept = py.runPython("['mine']");
     * py.ffi.leaks().filter(({ text }) => text === "['mine']").map(({ kind, type }) => [kind, type]); // [["PyProxy", "list"]]
     * py.setDebug(false);
     * kept.destroy();
     */
    leaks(): Leak[];
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
  /**
   * Begins or ends writing down which frames of both languages make each proxy, for `ffi.leaks()`.
   * It makes proxies many times slower. Gives whether it was on before.
   *
   * Throws: a TypeError for anything but a boolean. Source: Pyodide, setDebug.
   */
  setDebug(active: boolean): boolean;
  /**
   * Gives Python an array in which another thread writes the number of a signal, 2 for SIGINT, into
   * element 0. Python reads it every so often, sets it to 0 and calls its signal handler: that of
   * SIGINT raises KeyboardInterrupt, unless the program installed another. Without an argument, Python
   * looks no more. The array is kept until then; only over a SharedArrayBuffer can another thread reach
   * it while Python runs, which in a page needs cross-origin isolation.
   *
   * Throws: a TypeError for anything but a typed array of integers with an element.
   * Source: Pyodide, setInterruptBuffer.
   *
   * @example
   * const signals = new Uint8Array(new SharedArrayBuffer(1));
   * py.setInterruptBuffer(signals);
   * // What another thread does, to which a message brought the array:
   * signals[0] = 2;
   * const stopped = (run) => { try { run(); } catch (error) { return error.type; } };
   * stopped(() => py.runPython("while True: pass")); // "KeyboardInterrupt"
   * py.setInterruptBuffer();
   */
  setInterruptBuffer(buffer?: InterruptBuffer): void;
  /**
   * Handles the signals that have arrived: for JavaScript that runs long while Python waits for it.
   *
   * Throws: what the handler raises, a PythonError of the type KeyboardInterrupt for SIGINT.
   * Source: Pyodide, checkInterrupt.
   */
  checkInterrupt(): void;
  /**
   * Ends the interpreter: runs its exit handlers, writes what was printed, cancels its timers. What
   * waits for Python is rejected; every later use of the interpreter or of its proxies throws an
   * Error. Its memory is freed when nothing refers to this object or to a proxy any more. Does
   * nothing the second time. `using py = await loadPyjs()` calls it in the end.
   *
   * Throws: an Error when Python is running, which a callback of Python's cannot end.
   *
   * @example
   * const other = await loadPyjs();
   * other.runPython("1 + 1"); // 2
   * other.dispose();
   */
  dispose(): void;
  [Symbol.dispose](): void;
}

/** A proxy that lives. */
export interface Leak {
  /** "PyProxy" for a Python object that JavaScript holds, "JsProxy" for the other way round. */
  kind: "PyProxy" | "JsProxy";
  /** The name of the object's type in Python. */
  type: string;
  /** The first characters of what str() says of it. */
  text: string;
  /** The Python frames that made it, the newest last, a line each. */
  pythonStack: string;
  /** The JavaScript frames, as the engine writes them, the newest first. */
  jsStack: string;
}

/** See setInterruptBuffer. */
export type InterruptBuffer =
  Int8Array | Uint8Array | Uint8ClampedArray | Int16Array | Uint16Array | Int32Array | Uint32Array;

export interface ToPyOptions {
  /** How many levels to convert; -1, the default, for all. */
  depth?: number;
  defaultConverter?: (
    value: unknown,
    convert: (value: unknown) => unknown,
    cache: (value: object, result: unknown) => void,
  ) => unknown;
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
