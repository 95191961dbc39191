// pyjs.d.ts: the public types of pyjs.mjs; shipped as they stand here.
import type { PackageOptions } from "./packages.d.ts";
import type {
  PyAsyncGenerator,
  PyAsyncIterable,
  PyAsyncIterator,
  PyAwaitable,
  PyBuffer,
  PyBufferView,
  PyCallable,
  PyClass,
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
  TableType,
  WithDispose,
} from "./py_proxy.d.ts";
import type { Input, Output, StdinOptions, StdoutOptions } from "./stdio.d.ts";

export type * from "./packages.d.ts";
export type * from "./py_proxy.d.ts";
export type * from "./stdio.d.ts";

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

export interface LoadOptions extends PackageOptions {
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

export interface RunOptions {
  /** A Python dict to run in; by default that of `__main__`. */
  globals?: PyProxy;
  /** A Python mapping for local names; by default the globals. */
  locals?: PyProxy;
  /** The name that tracebacks show; by default `<exec>`. */
  filename?: string;
}

/** One interpreter. */
export interface PyjsAPI extends WithDispose {
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
    readonly PyClass: abstract new () => PyClass;
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
   * its top level; and `pyjs.ffi.run_sync` at any depth, where the engine has JSPI.
   *
   * @example
   * await py.runPythonAsync("import asyncio; await asyncio.sleep(0.1); 'done'");
   */
  runPythonAsync<T = unknown>(code: string, options?: RunOptions): Promise<T>;
  /** Imports a module; `a.b.c` gives `c`. */
  pyimport(name: string): PyProxy;
  /**
   * Lets Python import a JavaScript object as the module `name`. Its properties are the module's
   * attributes, live in both directions; the objects among them are its submodules. Python holds
   * the object until `unregisterJsModule`. What was registered before is replaced, for imports to
   * come.
   *
   * Throws a TypeError when `name` is no string or `module` no object.
   * Source: Pyodide, registerJsModule.
   *
   * @example
   * py.registerJsModule("shapes", { sides: 4, round: { pi: 3 } });
   * py.runPython("import shapes; from shapes.round import pi; shapes.sides + pi"); // 7
   */
  registerJsModule(name: string, module: object): void;
  /**
   * Undoes registerJsModule: the module cannot be imported any more. Who has it can use it on.
   *
   * Throws a PythonError of the type ValueError when no module is registered as `name`.
   *
   * @example
   * py.registerJsModule("maths", Math);
   * py.unregisterJsModule("maths");
   */
  unregisterJsModule(name: string): void;
  /**
   * Whether `value` is a proxy of a Python object of this interpreter, a destroyed one included.
   *
   * @example
   * py.isPyProxy(py.globals); // true
   */
  isPyProxy(value: unknown): value is PyProxy;
  /** The packages that have been loaded: where each came from, by its name. */
  readonly loadedPackages: Record<string, string>;
  /**
   * Sets what Python reads as its input, of open files too; without options, the process's own
   * input, or a prompt in a page. What Python has read ahead stays read.
   *
   * A callback that throws makes Python raise OSError, with the `errno` or `code` that the error
   * has; one that has neither is reported as uncaught besides. Throws a TypeError for options that
   * do not go together. The options are held until the next call. Source: Pyodide, setStdin.
   *
   * A callback may give a promise: see StdinOptions. The next call of setStdin forgets one that has
   * not settled, and who waits for it asks the new callback.
   *
   * @example
   * const lines = ["Ada", "Grace"];
   * py.setStdin({ stdin: () => lines.shift() });
   * py.runPython("input() + input()"); // "AdaGrace"
   *
   * const ask = () => new Promise((resolve) => setTimeout(resolve, 5, "typed"));
   * py.setStdin({ stdin: ask });
   * const waits = typeof WebAssembly.promising === "function";
   * waits ? await py.runPythonAsync("input()") : "typed"; // "typed"
   */
  setStdin(options?: StdinOptions): void;
  /**
   * Sets what takes what Python prints, of open files too; without options, the process's own
   * output, or the console. The former `batched` gets what it has of a line.
   *
   * A callback that throws makes Python raise OSError, as in setStdin; so does a count that no
   * write can have. Throws a TypeError for options that do not go together. The options are held
   * until the next call; a Python function that Python passes here needs `create_proxy`. Source:
   * Pyodide, setStdout.
   *
   * @example
   * const seen = [];
   * py.setStdout({ batched: (line) => seen.push(line) });
   * py.runPython("print('one'); print('two')");
   * py.setStdout();
   * seen; // ["one", "two"]
   */
  setStdout(options?: StdoutOptions): void;
  /**
   * Like setStdout, of sys.stderr.
   *
   * @example
   * const bytes = [];
   * py.setStderr({ raw: (byte) => bytes.push(byte) });
   * py.runPython("import sys; print('é', file=sys.stderr)");
   * bytes; // [0xc3, 0xa9, 10]
   */
  setStderr(options?: StdoutOptions): void;
  /**
   * Unpacks an archive into the folder `extractDir`, by default the current one, which is made when
   * it is not there. A wheel in site-packages can be imported at once.
   *
   * @param format tar, gztar, bztar, xztar, zip or wheel, or as file names end: tar.gz, .tgz, whl
   *   and so on; or what Python's shutil.register_unpack_format got.
   *
   * Throws a TypeError for arguments of the wrong kind; a PythonError of the type ValueError for an
   * unknown format, for data that are not of it, and for a zip with a member outside the folder,
   * of which nothing is unpacked; of the type FilterError for such a member in a tar.
   * Source: Pyodide, unpackArchive.
   *
   * @example
   * const empty = new Uint8Array(1024);
   * py.unpackArchive(empty, "tar", { extractDir: "/tmp/unpacked" });
   */
  unpackArchive(
    buffer: ArrayBuffer | ArrayBufferView,
    format: string,
    options?: { extractDir?: string | undefined },
  ): void;
  /**
   * Mounts a folder of the File System Access API on `path`: what is in it is copied into memory
   * now, and `syncfs()` of the result copies what Python has changed since back. FS.syncfs does
   * either for every mount. Both sides hold files and folders, no links.
   *
   * ```js
   * const data = await py.mountNativeFS("/mnt/data", await navigator.storage.getDirectory());
   * py.runPython("open('/mnt/data/notes.txt', 'a').write('one more line')");
   * await data.syncfs();
   * ```
   *
   * @param path absolute; a folder that is empty, or that is made.
   *
   * Rejects with a TypeError for arguments of the wrong kind, and with an Error that names the path
   * for what cannot be mounted on, read or written. Source: Pyodide, mountNativeFS.
   */
  mountNativeFS(path: string, handle: DirectoryHandle): Promise<NativeFS>;
  /**
   * Mounts a folder of the host on `path`, in Node. Python works in that folder itself.
   *
   * @param path absolute; a folder that is empty, or that is made.
   *
   * Throws a TypeError for arguments of the wrong kind, and an Error when either folder cannot be
   * used, or where there is no Node. Source: Pyodide, mountNodeFS.
   *
   * @example
   * py.mountNodeFS("/mnt/host", ".");
   * py.runPython("import os; len(os.listdir('/mnt/host')) > 0"); // true
   */
  mountNodeFS(path: string, hostPath: string): void;
  /**
   * Runs Python code. This and the four below are emscripten-forge's pyjs, whose documentation
   * gives the names; what it does not say is as in runPython. `globals` is a Python dict, by
   * default that of `__main__`, and `locals` a mapping, by default the globals.
   *
   * @example
   * py.exec("x = 20");
   * py.globals.get("x"); // 20
   */
  exec(code: string, globals?: PyProxy | null, locals?: PyProxy | null): void;
  /**
   * Gives the value of a Python expression. Throws a PythonError, of the type SyntaxError for
   * statements.
   *
   * @example
   * py.eval("[x * x for x in range(4)]").toJs(); // [0, 1, 4, 9]
   */
  eval<T = unknown>(code: string, globals?: PyProxy | null, locals?: PyProxy | null): T;
  /**
   * Runs Python code; gives the value of its last expression, or undefined.
   *
   * @example
   * py.exec_eval("y = 4\ny * 2"); // 8
   */
  exec_eval<T = unknown>(code: string, globals?: PyProxy | null, locals?: PyProxy | null): T;
  /**
   * Like exec_eval, for code that may use await, async for and async with at its top level. The
   * last expression is evaluated once.
   *
   * @example
   * await py.async_exec_eval("import asyncio; await asyncio.sleep(0, 'done')"); // "done"
   */
  async_exec_eval<T = unknown>(code: string, globals?: PyProxy | null, locals?: PyProxy | null): Promise<T>;
  /**
   * Runs a file of Python's file system; gives the value of the expression that ends it, or
   * undefined.
   *
   * @example
   * py.FS.writeFile("/tmp/answer.py", "6 * 7");
   * py.eval_file("/tmp/answer.py"); // 42
   */
  eval_file<T = unknown>(path: string, globals?: PyProxy | null, locals?: PyProxy | null): T;
  /**
   * Converts a JavaScript structure into Python objects, deeply: Array to list,
   * Map and plain object to dict, Set to set, typed arrays to memoryview. Any
   * other object stays itself. `depth` limits how many levels are converted: what
   * lies deeper stays itself too. `defaultConverter` is called for what has no
   * conversion, but not where `depth` ends, and its result is used; `convert`
   * converts what `value` holds, a level deeper, and `cache(value, result)` lets
   * what is inside refer to the result before it is complete.
   *
   * Throws: a PythonError of the type ConversionError, for keys that a dict cannot have together; of
   * the type TypeError or ValueError for an option that is none of what it can be.
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
   * looks no more. While code waits in `run_sync` or `time.sleep` the loader looks, and the handler's
   * exception is raised in all such code. The array is kept until then; only over a SharedArrayBuffer can another thread reach
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
   * Interrupts Python as Ctrl-C does, from the thread that it runs on: the handler of SIGINT is
   * called, and what it raises, KeyboardInterrupt unless the program has a handler of its own, is
   * raised where Python waits (`run_sync`, `time.sleep`, the end of a time slice). Without JSPI
   * Python never waits so, and nothing but Python itself can call this while it runs.
   *
   * Returns: whether there was a program that runs or waits.
   *
   * Throws: a PythonError of the type KeyboardInterrupt when Python runs, having called JavaScript.
   *
   * @example
   * py.interrupt(); // false
   */
  interrupt(): boolean;
  /**
   * Lets Python give control back to the page whenever it has run for `milliseconds`, between two
   * bytecodes: the page stays alive, its events and timers are served, `interrupt()` works, with no
   * worker. Off to begin with. It takes JSPI, and calls that can be suspended: `runPythonAsync`,
   * `callPromising`, asyncio's tasks. Callbacks from JavaScript may then run between any two
   * bytecodes of a program; `with pyjs.critical_section():` keeps them out. The event loop runs no
   * callback meanwhile: what coroutines do between two awaits is never interleaved.
   *
   * @param milliseconds above 0; 8 to 16 let a page draw at its usual rate. Nothing turns it off.
   *
   * Returns: false when the engine cannot suspend Python; nothing changes then.
   *
   * Throws: a TypeError for anything else.
   *
   * @example
   * py.setTimeSlice(12);
   * await py.runPythonAsync("sum(range(10_000_000))"); // 49999995000000
   * py.setTimeSlice();
   */
  setTimeSlice(milliseconds?: number): boolean;
  /**
   * Ends the interpreter: runs its exit handlers, writes what was printed, cancels its timers. What
   * waits for Python is rejected, and code that waits in `run_sync` is left where it is; every later
   * use of the interpreter or of its proxies throws an Error, those of `FS` as well. Its memory and its
   * files are freed, whoever holds this object or a proxy; typed arrays over the memory (getBuffer)
   * are empty then, and V8 keeps the memory as long as one of them is held. Does nothing the second
   * time. `using py = await loadPyjs()` calls it in the end.
   *
   * Throws: an Error when Python is running, which a callback of Python's cannot end.
   *
   * @example
   * const other = await loadPyjs();
   * other.runPython("1 + 1"); // 2
   * other.dispose();
   */
  dispose(): void;
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
  /**
   * Whether null becomes None, as undefined does; false, the default: jsnull, wherever it stands.
   *
   * @example
   * py.toPy([null], { convertNullToNone: true }).toString(); // "[None]"
   */
  convertNullToNone?: boolean;
  /**
   * "float": every number becomes a float, and an int is what was a bigint. "auto", the default:
   * integral numbers become ints.
   *
   * @example
   * py.toPy([1, 2n], { numbers: "float" }).toString(); // "[1.0, 2]"
   */
  numbers?: "auto" | "float";
  /**
   * What an Array of one number or more, and nothing else, becomes: an `array.array` with this type,
   * "auto" for 32-bit integers or doubles as the numbers ask for; without it a list. Bigints count
   * for "i64" and "u64" alone. Throws a PythonError of the type ConversionError for a number that
   * the type does not hold.
   *
   * @example
   * py.toPy([1, 2.5], { typed: "auto" }).toString(); // "array('d', [1.0, 2.5])"
   */
  typed?: TableType;
  /**
   * Whether a Date becomes an aware datetime in UTC, in this conversion alone; `pyjs.converters` in
   * Python switches that on for all, and registers other classes. A Date that no datetime is, an
   * invalid one, is a ConversionError.
   *
   * @example
   * const when = py.toPy([new Date(0)], { dates: true });
   * String(when); // "[datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)]"
   * when.destroy();
   */
  dates?: boolean;
}

/** FileSystemDirectoryHandle, where the types of a page are known. */
export type DirectoryHandle = typeof globalThis extends {
  FileSystemDirectoryHandle: { prototype: infer Handle };
}
  ? Handle
  : never;

export interface NativeFS {
  /**
   * Writes the files that Python has changed since the last time, and removes those it has removed;
   * a folder that is removed goes with all that is in it. What others changed meanwhile in other
   * files stays. Rejects with an Error that names the first path that cannot be written.
   */
  syncfs(): Promise<void>;
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
