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
 * Attributes of the object are properties. A callable object is a function. Where a member below,
 * or of Array.prototype, has the name of an attribute, `$name` is the attribute.
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

/** An object with `__len__`. */
export interface PyProxyWithLength extends PyProxy {
  readonly length: number;
}

/** An object with `__getitem__`. */
export interface PyProxyWithGet extends PyProxy {
  /** `object[key]`; undefined where Python raises KeyError or IndexError. */
  get(key: unknown): any;
}

/** An object with `__setitem__` and `__delitem__`. */
export interface PyProxyWithSet extends PyProxy {
  set(key: unknown, value: unknown): void;
  /** False when there was no such key. */
  delete(key: unknown): boolean;
}

/** An object with `__contains__`. */
export interface PyProxyWithHas extends PyProxy {
  has(key: unknown): boolean;
}

/**
 * A dict. Its string keys are properties, enumerable ones; where an attribute of dict has the same
 * name, use `get`.
 *
 * @example
 * JSON.stringify(py.runPython("{'a': [1, {'b': 2}]}")); // '{"a":[1,{"b":2}]}'
 */
export interface PyDict
  extends PyProxyWithLength, PyProxyWithGet, PyProxyWithSet, PyProxyWithHas, PyIterable<unknown> {}

export interface PyIterable<T> extends PyProxy {
  [Symbol.iterator](): Iterator<T>;
}

export interface PyIterator<T> extends PyIterable<T> {
  next(value?: unknown): IteratorResult<T, any>;
}

/** A generator, or anything with `send`, `throw` and `close`. */
export interface PyGenerator<T> extends PyIterator<T> {
  /** Runs its `finally` blocks; what it returns, else `value`, is the result's. */
  return(value?: unknown): IteratorResult<T, any>;
  /** Raises `error` where it stands: a PythonError as the exception that it carries. */
  throw(error: unknown): IteratorResult<T, any>;
}

export interface PyAsyncIterable<T> extends PyProxy {
  /** A loop that ends early closes an async generator. */
  [Symbol.asyncIterator](): AsyncIterator<T>;
}

export interface PyAsyncIterator<T> extends PyAsyncIterable<T> {
  next(value?: unknown): Promise<IteratorResult<T, any>>;
}

export interface PyAsyncGenerator<T> extends PyAsyncIterator<T> {
  return(value?: unknown): Promise<IteratorResult<T, any>>;
  throw(error: unknown): Promise<IteratorResult<T, any>>;
}

/** A coroutine, task, future, or anything else that Python can await. */
export interface PyAwaitable<T> extends PyProxy, PromiseLike<T> {
  catch(rejected: (error: unknown) => unknown): Promise<unknown>;
  finally(settled: () => void): Promise<T>;
}

/**
 * A callable. Arguments that are PyProxies are the Python objects they stand for.
 *
 * @example
 * py.runPython("lambda a, b=2: a + b").callKwargs(1, { b: 5 }); // 6
 */
export interface PyCallable extends PyProxy {
  (...args: any[]): any;
  /** The properties of the last argument are keyword arguments. */
  callKwargs(...args: any[]): any;
  /** Without the arguments that the signature has no place for. */
  callRelaxed(...args: any[]): any;
  /** `kwargs`: as callKwargs; `relaxed`: as callRelaxed. Throws for any other option. */
  callWithOptions(options: { kwargs?: boolean; relaxed?: boolean }, ...args: any[]): any;
  /** A second proxy, whose calls have `this` as their first argument. It is to be destroyed too. */
  captureThis(): PyCallable;
}

type ReadingMethods =
  | "at" | "concat" | "entries" | "every" | "filter" | "find" | "findIndex" | "flat" | "flatMap" | "forEach"
  | "includes" | "indexOf" | "join" | "keys" | "lastIndexOf" | "map" | "reduce" | "reduceRight" | "slice"
  | "some" | "values" | typeof Symbol.iterator; // prettier-ignore

/**
 * A list, tuple, range, bytes or other sequence, read as an Array is: by index, and with the
 * methods of Array.prototype that change nothing.
 *
 * @example
 * py.runPython("(1, 2, 3)").map((x) => x * 2); // [2, 4, 6]
 */
export interface PySequence<T>
  extends
    PyProxyWithLength,
    PyProxyWithGet,
    PyProxyWithHas,
    Pick<ReadonlyArray<T>, ReadingMethods> {
  /** Its elements, for JSON.stringify. */
  toJSON(): T[];
}

/**
 * A list or other mutable sequence, changed as an Array is. Its elements stay the Python objects
 * they are; the index after the last appends, and one beyond is an IndexError.
 *
 * @example
 * const list = py.runPython("[3, 1, 2]");
 * list.sort().toString(); // "[1, 2, 3]"
 */
export interface PyMutableSequence<T> extends PySequence<T>, PyProxyWithSet {
  [index: number]: T;
  push(...items: unknown[]): number;
  pop(): T | undefined;
  shift(): T | undefined;
  unshift(...items: unknown[]): number;
  splice(start?: number, count?: number, ...items: unknown[]): T[];
  reverse(): this;
  sort(compare?: (one: T, other: T) => number): this;
  fill(value: unknown, start?: number, end?: number): this;
  copyWithin(target: number, start?: number, end?: number): this;
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
