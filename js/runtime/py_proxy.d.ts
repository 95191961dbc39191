// py_proxy.d.ts: the public types of Python objects in JavaScript; part of pyjs.d.ts.

/** `using proxy = …` destroys the proxy, where the program and the engine have Symbol.dispose. */
export type WithDispose = SymbolConstructor extends { readonly dispose: infer Dispose extends symbol }
  ? { [key in Dispose]: () => void }
  : Record<never, never>;

/**
 * A Python object used from JavaScript. It holds a reference to the object
 * until `destroy()` is called or the proxy is collected. One that is an argument
 * of a call from Python ends with that call, unless it is a function: see
 * `LoadOptions.proxyLifetime`.
 *
 * Attributes of the object are properties. A callable object is a function. Where a member below,
 * or of Array.prototype, has the name of an attribute, `$name` is the attribute.
 *
 * It lives on its thread: structuredClone() and postMessage() throw a DataCloneError, whose text in
 * V8 says to copy it with `toJs()` first. What that gives of lists, dicts, sets, buffers, numbers
 * and strings can be cloned.
 * Source: PEP 818, "PyProxy".
 */
export interface PyProxy extends WithDispose {
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
   * conversion; a TypeError for an option that is unknown, or none of what it can be. Source:
   * Pyodide, PyProxy.toJs.
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
  /**
   * The same object as JSON-like data, uncopied: a mapping is an object whose keys are its
   * properties, a sequence an array, and so are those inside them; other values convert as usual.
   * Changes of either side are the other's. A key comes before a member of JsonView. A key that is
   * an int is the property of that text; a property that is new becomes a str key.
   *
   * The view is this proxy in another shape: destroying one destroys both, and what was reached
   * through the view, whose copy() lives on its own. Passed to Python each is the object it stands
   * for. JSON.stringify converts all at once; a key other than str, int, float, bool or None is
   * then a PythonError of the type ConversionError. Source: Pyodide, PyProxy.asJsJson.
   *
   * @example
   * const data = py.runPython("{'items': [{'price': 2}, {'price': 3}]}").asJsJson();
   * data.items.push({ price: 4 });
   * data.items[0].price = 1;
   * JSON.stringify(data); // '{"items":[{"price":1},{"price":3},{"price":4}]}'
   */
  asJsJson<T = any>(): T & JsonView;
}

/** What asJsJson() gives has beside its keys or elements. */
export interface JsonView extends WithDispose {
  /** What str() says of the object. */
  toString(): string;
  /** Ends the view, what was reached through it, and the proxy that it was made of. */
  destroy(options?: { message?: string }): void;
  /** A view of the same object, with a life of its own. */
  copy(): this;
  /** As PyProxy's. */
  toJs(options?: ToJsOptions): unknown;
  /** All of it as JavaScript objects, for JSON.stringify. */
  toJSON(): unknown;
  /** Itself. */
  asJsJson(): this;
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
  /**
   * Cancels what runs it, as asyncio's `Task.cancel(message)`; the promises of it are rejected with
   * a PythonError of the type CancelledError. Says whether it could: false when it has ended. A
   * coroutine that has not begun does not begin. Source: Python, asyncio.Task.cancel.
   *
   * @example
   * const task = py.runPython("import asyncio; asyncio.sleep(60)");
   * task.cancel("no more"); // true
   * await task.catch((error) => error.type); // "CancelledError"
   */
  cancel(message?: string): boolean;
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
  /** As callRelaxed, with keyword arguments as callKwargs has them. */
  callKwargsRelaxed(...args: any[]): any;
  /**
   * Calls at once, and gives a promise of the result: of what an async function gives in the end,
   * where the callable is one. It rejects with what is raised, and with what would be thrown, such
   * as the error of a destroyed proxy. The arguments live as those of any call.
   *
   * Where the engine has JSPI, the call may wait by `pyjs.ffi.run_sync`, and so end much later; it
   * runs in a copy of the current context (contextvars), as a task does.
   * Source: Pyodide, PyCallable.callPromising.
   *
   * @example
   * await py.runPython("lambda a: a + 1").callPromising(1); // 2
   */
  callPromising(...args: any[]): Promise<any>;
  /** As callPromising, with keyword arguments as callKwargs has them. */
  callPromisingKwargs(...args: any[]): Promise<any>;
  /**
   * `kwargs`: as callKwargs; `relaxed`: as callRelaxed; `promising`: as callPromising. An option
   * counts when it is true, or 1, and the object's own. Throws a TypeError for any other option, and
   * for a value that is neither a boolean, 0, 1, null nor undefined.
   */
  callWithOptions(
    options: { kwargs?: boolean; relaxed?: boolean; promising?: boolean },
    ...args: any[]
  ): any;
  /** A second proxy, whose calls have `this` as their first argument. It is to be destroyed too. */
  captureThis(): PyCallable;
  /** A call, as emscripten-forge's pyjs writes it. */
  py_call(...args: any[]): any;
  /**
   * A call with the elements of `args`, and the properties of `kwargs` as keyword arguments. Source:
   * emscripten-forge's pyjs; its `get`, which gives an attribute, is `object.name` here, for `get`
   * is `object[key]`.
   *
   * @example
   * py.eval("lambda a, b=2: a + b").py_apply([1], { b: 5 }); // 6
   */
  py_apply(args: ArrayLike<any>, kwargs?: { readonly [name: string]: any } | null): any;
}

/**
 * A Python class. `new` makes an instance, as a call does, and `instanceof` is isinstance(), also for
 * what is no proxy.
 *
 * @example
 * const Fraction = py.runPython("from fractions import Fraction; Fraction");
 * const half = new Fraction(1, 2);
 * [half.toString(), half instanceof Fraction]; // ["1/2", true]
 */
export interface PyClass extends PyCallable {
  new (...args: any[]): any;
  [Symbol.hasInstance](value: unknown): boolean;
}

type ReadingMethods =
  | "at" | "concat" | "entries" | "every" | "filter" | "find" | "findIndex" | "flat" | "flatMap" | "forEach"
  | "includes" | "indexOf" | "join" | "keys" | "lastIndexOf" | "map" | "reduce" | "reduceRight" | "slice"
  | "some" | "values" | typeof Symbol.iterator
  // From ECMAScript 2023, where the program and the engine have them.
  | "findLast" | "findLastIndex" | "toReversed" | "toSorted" | "toSpliced" | "with"; // prettier-ignore

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
    Pick<ReadonlyArray<T>, Extract<keyof ReadonlyArray<T>, ReadingMethods>> {
  /** `[].concat(sequence)` takes its elements. */
  readonly [Symbol.isConcatSpreadable]: boolean;
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

/** What `getBuffer` takes, and the class of the data it then gives. */
export interface PyBufferData {
  i8: Int8Array;
  u8: Uint8Array;
  u8clamped: Uint8ClampedArray;
  i16: Int16Array;
  u16: Uint16Array;
  i32: Int32Array;
  u32: Uint32Array;
  i64: BigInt64Array;
  u64: BigUint64Array;
  /** A Float16Array, which not every engine has. */
  f16: any;
  f32: Float32Array;
  f64: Float64Array;
  dataview: DataView;
}

/** An object with the buffer protocol: bytes, bytearray, memoryview, array, a NumPy array, … */
export interface PyBuffer extends PyProxy {
  /**
   * A view of the object's own memory; nothing is copied. The view is the caller's, to release. While
   * it lives the object keeps its memory, also beyond the life of this proxy: a bytearray, for
   * one, cannot be resized. A view that is collected is released.
   *
   * `type` tells the class of its `data`; by default it is that of the elements. With a type whose
   * elements are larger, `strides` may be fractions.
   *
   * Throws: TypeError for an unknown type, and without a type for elements that no typed array has
   * (big-endian, structures, characters; half floats in an engine without Float16Array); RangeError
   * where a typed array of that class cannot begin or end; a PythonError of the type BufferError for
   * memory that is not one block.
   *
   * Source: Pyodide, PyBuffer.getBuffer.
   *
   * @example
   * const array = py.runPython("import array; array.array('d', [0.5, 2])");
   * const view = array.getBuffer();
   * view.data[0] = 7;
   * [view.data.constructor.name, view.shape, view.format]; // ["Float64Array", [2], "d"]
   * view.release();
   * array.toString(); // "array('d', [7.0, 2.0])"
   */
  getBuffer(type?: null): PyBufferView;
  getBuffer<Type extends keyof PyBufferData>(type: Type): PyBufferView<PyBufferData[Type]>;
}

/**
 * The memory of a Python object with the buffer protocol. The element `[i, j, …]` is
 * `data[offset + i * strides[0] + j * strides[1] + …]`. With `using view = …` it is released where
 * its block ends.
 *
 * @example
 * const bytes = py.runPython("memoryview(bytes(range(6)))[::-2]");
 * const view = bytes.getBuffer();
 * [view.offset, view.strides, view.data[view.offset + view.strides[0]]]; // [4, [-2], 3]
 * view.release();
 */
export interface PyBufferView<Data = any> extends WithDispose {
  /**
   * From the lowest element in memory to the highest, whatever lies between. Where `readonly` is
   * true nothing prevents writing, but Python relies on it not being done.
   *
   * Read it anew where Python may have run: memory that grows detaches every typed array, and one
   * that was kept has the length 0 then. Throws an Error after `release`.
   */
  readonly data: Data;
  /** Where in `data` the element `[0, 0, …]` is. */
  readonly offset: number;
  /** The number of elements in each dimension. */
  readonly shape: number[];
  /** How far apart in `data` elements are in each dimension; it may be negative. */
  readonly strides: number[];
  /** The number of dimensions; 0 for a single value. */
  readonly ndim: number;
  /** The size of `data` in bytes. */
  readonly nbytes: number;
  /** The size of an element in bytes, as Python has it. */
  readonly itemsize: number;
  /** The format of an element, as in Python's struct module. */
  readonly format: string;
  /** Whether Python does not let it be written. */
  readonly readonly: boolean;
  /** Whether the elements follow each other without gaps, the last index fastest. */
  readonly c_contiguous: boolean;
  /** The same with the first index fastest. */
  readonly f_contiguous: boolean;
  /** Whether `release` was called. */
  readonly released: boolean;
  /** Lets go of the memory; does nothing the second time. */
  release(): void;
}

export interface ToJsOptions {
  /** How many levels to convert; -1, the default, for all. */
  depth?: number;
  /** Every PyProxy that is made is added, so that all can be destroyed. */
  pyproxies?: PyProxy[];
  /** False: throw where a PyProxy would be made. */
  create_pyproxies?: boolean;
  /** Makes what a dict becomes; Object.fromEntries and `(pairs) => new Map(pairs)` have `dicts`. */
  dict_converter?: (entries: Iterable<[key: unknown, value: unknown]>) => unknown;
  /**
   * "map": every dict becomes a Map, whose keys keep their types; "object", the default: an object.
   * Not beside `dict_converter`.
   *
   * @example
   * py.runPython("{1: {'a': 2}}").toJs({ dicts: "map" }).get(1); // new Map([["a", 2]])
   */
  dicts?: "object" | "map";
  /**
   * For what has no conversion, also where `depth` ends. What it converts lies a level deeper; `cache`
   * before `convert` lets cycles close.
   */
  default_converter?: ToJsConverter;
  /**
   * For everything but null, undefined, booleans, numbers, strings and JavaScript objects, and what
   * lies where `depth` ends. What it converts lies a level deeper, also the value that it was given.
   */
  eager_converter?: ToJsConverter;
  /**
   * "bigint": every int becomes a bigint, and what is a number was a float. "auto", the default: only
   * ints that a number does not hold exactly.
   *
   * @example
   * py.runPython("[1, 2.0, True]").toJs({ ints: "bigint" }); // [1n, 2, true]
   */
  ints?: "auto" | "bigint";
  /**
   * What a list or tuple of one number or more, and nothing else, becomes: a typed array with this
   * type, "auto" for Int32Array or Float64Array as the numbers ask for; without it an Array. Throws a
   * PythonError of the type ConversionError for a number that the type does not hold.
   *
   * @example
   * py.runPython("{'x': [1, 2.5], 'y': [1, 2]}").toJs({ typed: "auto" }); // { x: new Float64Array([1, 2.5]), y: new Int32Array([1, 2]) }
   */
  typed?: TableType;
  /**
   * Whether an aware datetime becomes a Date, in whole milliseconds, rounded down; in this
   * conversion alone. `pyjs.converters` in Python switches that on for all, and registers other
   * classes. A naive datetime is a ConversionError.
   *
   * @example
   * const code = "from datetime import *; [datetime(2024, 2, 29, tzinfo=timezone.utc)]";
   * const when = py.runPython(code);
   * when.toJs({ dates: true })[0].toISOString(); // "2024-02-29T00:00:00.000Z"
   * when.destroy();
   */
  dates?: boolean;
}

/** The type of the elements that lists of numbers become; "auto": as small as 32-bit integers, or doubles. */
export type TableType = "auto" | "f64" | "f32" | "i32" | "u32" | "i16" | "u16" | "i8" | "u8" | "i64" | "u64";

/** Its result is used; it borrows `value`, which is gone when it returns. */
export type ToJsConverter = (
  value: PyProxy,
  convert: (value: unknown) => unknown,
  cache: (value: PyProxy, result: unknown) => void,
) => unknown;

/**
 * A Python exception in JavaScript. Thrown back into Python it is the same exception object, which
 * lives at least as long as the PythonError; Python has it as `sys.last_exc` until the next one.
 * Source: PEP 818, "Error handling".
 *
 * @example
 * const caught = (run) => { try { run(); } catch (error) { return error; } };
 * const error = caught(() => py.runPython("{}['key']"));
 * error.type; // "KeyError"
 * error.message.trimEnd().split("\n").at(-1); // "KeyError: 'key'"
 */
export interface PythonError extends Error {
  /** The name of the exception's Python class. */
  readonly type: string;
  /** The traceback, as CPython prints it, without the bridge's own frames; made when first read. */
  readonly message: string;
  /** The exception's `__cause__`, or else the `__context__` that CPython shows, as an error. */
  readonly cause: unknown;
  /** The message, then the JavaScript frames, without the bridge's own; a text of the engine's form. */
  readonly stack: string;
}
