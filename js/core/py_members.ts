// py_members.ts: what proxies of Python objects have, by what the objects can do.
import { PythonError } from "./errors";
import { canSuspend, waiting } from "./life";
import type { Root } from "./lifetime";
import { drop, roots } from "./lifetime";
import { wasm } from "./memory";
import type { Args } from "./py_call";
import { NO_NAMES, ask, expectRoot, invoke, invokePromising, live, onAttribute, onItem, operate, pyimport, rootOf, step, throwInto } from "./py_call";
import { viewOf } from "./py_json";
import { iterable } from "./py_iterate";
import { createOwner } from "./py_proxy";
import { readFlag, readOptions, toJsOptions } from "./options";
import { buffer } from "./py_buffer";
import { mutableSequence, sequence } from "./py_sequence";
import { settings } from "./settings";
import { PyFlag, PyOp } from "./types";

/** The flags that a copy has too. */
export const LASTING = ~(PyFlag.Once | PyFlag.Coroutine | PyFlag.Roundtrip);

export const base = {
  get type(): unknown {
    return ask(this, PyOp.TypeName, []);
  },
  toString(): unknown {
    return settings.stringIsRepr ? reprOf(this) : ask(this, PyOp.Str, []);
  },
  /** Drops the reference now; any later use throws. Does nothing the second time. */
  destroy(options?: { message?: string } | null): void {
    const root = expectRoot(this, "destroy");
    const message = typeof options === "object" && options !== null && Object.hasOwn(options, "message");
    if (root.owned) drop(root, (message && options.message) || "destroy() was called");
  },
  /** The structure as JavaScript objects; see ToJsOptions. */
  toJs(options: object = {}): unknown {
    return operate(PyOp.ToJs, live(expectRoot(this, "toJs")), toJsOptions(options));
  },
  /** A second proxy of the same object, with a life of its own. */
  copy(): object {
    const root = expectRoot(this, "copy");
    return createOwner(live(root), root.flags & LASTING);
  },
};

/** What a call gave; in the place of an awaitable with the flag `kind`, a promise of its result. */
export function promised(result: unknown, kind: PyFlag): unknown {
  const root = roots.get(result as object);
  if (root === undefined || !(root.flags & kind)) return result;
  const promise = promiseOf(root);
  drop(root, "the promise that was made of it stands for it");
  return promise;
}

/** What a call will have given; what it can await, it gives when that is done. */
export async function promising(root: Root, args: Args, names = NO_NAMES): Promise<unknown> {
  try {
    if (!canSuspend) return promised(invoke(root, args, names), PyFlag.Awaitable);
    return await new Promise((resolve, reject) => {
      const settle = (value: unknown): void => resolve(promised(value, PyFlag.Awaitable));
      invokePromising(root, args, names, { isAwaited: true, resolve: settle, reject });
    });
  } catch (error) {
    throw error instanceof PythonError ? error.format() : error;
  }
}

const CALL_OPTIONS = ["kwargs", "relaxed", "promising"];

/** Calls with the properties of `keywords` as keyword arguments, which `args` gets too. */
function invokeWith(proxy: object, operation: string, args: unknown[], keywords: object): unknown {
  const names = Object.keys(keywords);
  for (const name of names) args.push((keywords as Record<string, unknown>)[name]);
  return invoke(expectRoot(proxy, operation), args, names);
}

/** The last of `args` as an object of keyword arguments, which it no longer has. */
function takeKeywords(args: unknown[]): object {
  const options = args.pop();
  if (typeof options !== "object" || options === null || options instanceof Map) {
    throw new TypeError("callKwargs: expected an object of keyword arguments as the last argument");
  }
  return options;
}

/** Calls such that Python can be suspended, with the properties of `keywords` as keyword arguments. */
async function callPromising(proxy: object, operation: string, args: unknown[], keywords: object = {}): Promise<unknown> {
  const names = Object.keys(keywords);
  const values = names.map((name) => (keywords as Record<string, unknown>)[name]);
  return promising(expectRoot(proxy, operation), [...args, ...values], names);
}

const callable = {
  /** Calls with the properties of the last argument as keyword arguments. */
  callKwargs(...args: unknown[]): unknown {
    return invokeWith(this, "callKwargs", args, takeKeywords(args));
  },
  /** Calls without the arguments that the signature has no place for. */
  callRelaxed(...args: unknown[]): unknown {
    return callHelper("relaxed_call", [this, ...args]);
  },
  /** Calls at once; a promise of the result, which rejects with what is raised. */
  callPromising(...args: unknown[]): Promise<unknown> {
    return callPromising(this, "callPromising", args);
  },
  /** As callRelaxed and callKwargs. */
  callKwargsRelaxed(...args: unknown[]): unknown {
    return callHelper("relaxed_call", [this, ...args], true);
  },
  /** As callPromising and callKwargs. */
  async callPromisingKwargs(...args: unknown[]): Promise<unknown> {
    return callPromising(this, "callPromisingKwargs", args, takeKeywords(args));
  },
  /** `kwargs`: as callKwargs; `relaxed`: as callRelaxed; `promising`: as callPromising. */
  callWithOptions(options: object, ...args: unknown[]): unknown {
    const given = readOptions("callWithOptions", options, CALL_OPTIONS);
    const asked = (name: string): boolean => readFlag("callWithOptions", name, given(name));
    if (asked("promising")) {
      return promisingWith(this, asked("relaxed"), asked("kwargs"), args);
    }
    if (!asked("relaxed")) return asked("kwargs") ? this.callKwargs(...args) : Reflect.apply(this as never, undefined, args);
    return callHelper("relaxed_call", [this, ...args], asked("kwargs"));
  },
  /** A call, under the name that emscripten-forge's pyjs has for it. */
  py_call(...args: unknown[]): unknown {
    return invoke(expectRoot(this, "py_call"), args, NO_NAMES);
  },
  /** Calls with the elements of `args`, and the properties of `kwargs` as keyword arguments. */
  py_apply(args: unknown, kwargs?: object | null): unknown {
    const values = Array.from(elements(args));
    if (typeof kwargs !== "object" && kwargs !== undefined) {
      throw new TypeError(`py_apply: expected an object of keyword arguments, got ${typeof kwargs}`);
    }
    return invokeWith(this, "py_apply", values, kwargs ?? {});
  },
  /** A second proxy, whose calls pass `this` as the first argument. */
  captureThis(): object {
    const root = expectRoot(this, "captureThis");
    return createOwner(live(root), root.flags | PyFlag.CaptureThis);
  },
};

const pythonClass = {
  /** `value instanceof pythonClass` is isinstance(). */
  [Symbol.hasInstance](value: unknown): unknown {
    return ask(this, PyOp.IsInstance, [value]);
  },
};

/** The elements of an Array, arguments object or typed array. */
function elements(args: unknown): ArrayLike<unknown> {
  const { length } = (args ?? {}) as { length?: unknown };
  if (typeof args === "object" && typeof length === "number") return args as ArrayLike<unknown>;
  throw new TypeError(`py_apply: expected an array of arguments, got ${args === null ? "null" : typeof args}`);
}

type Callable = typeof callable & { destroy(): void };

/** Calls a function with a function of a Python module, which ends with the call. */
function withFunction<T>(from: string, name: string, call: (helper: Callable) => T): T {
  const module = pyimport(from) as Record<string, Callable> & { destroy(): void };
  const helper = module[name]!;
  try {
    return call(helper);
  } finally {
    helper.destroy();
    module.destroy();
  }
}

function withHelper<T>(name: string, call: (helper: Callable) => T): T {
  return withFunction("pyjs.code", name, call);
}

function reprOf(proxy: object): unknown {
  return withFunction("builtins", "repr", (repr) => Reflect.apply(repr as never, undefined, [proxy]));
}

/** Calls a function of pyjs.code; the last argument holds keywords when `kwargs`. */
function callHelper(name: string, args: unknown[], kwargs = false): unknown {
  return withHelper(name, (helper) =>
    kwargs ? helper.callKwargs(...args) : Reflect.apply(helper as never, undefined, args),
  );
}

async function promisingWith(proxy: object, relaxed: boolean, kwargs: boolean, args: unknown[]): Promise<unknown> {
  const keywords = kwargs ? takeKeywords(args) : {};
  if (!relaxed) return callPromising(proxy, "callWithOptions", args, keywords);
  return withHelper("relaxed_call", (helper) => callPromising(helper, "callWithOptions", [proxy, ...args], keywords));
}

const withLength = {
  get length(): unknown {
    return ask(this, PyOp.Length, []);
  },
};

const withGet = {
  get(key: unknown): unknown {
    return onItem(PyOp.GetItem, live(expectRoot(this, "get")), key);
  },
  /** A second proxy, which shows the object as JSON-like data. */
  asJsJson(): object {
    return viewOf(this);
  },
};

const withSet = {
  set(key: unknown, value: unknown): void {
    onItem(PyOp.SetItem, live(expectRoot(this, "set")), key, [value]);
  },
  delete(key: unknown): unknown {
    return onItem(PyOp.DelItem, live(expectRoot(this, "delete")), key);
  },
};

const withContains = {
  has(key: unknown): unknown {
    return onItem(PyOp.Contains, live(expectRoot(this, "has")), key);
  },
};

const iterator = {
  next(): IteratorResult<unknown> {
    return step(live(expectRoot(this, "next")));
  },
};

/** Calls a method of the Python object, and gives what it returns. */
function callMethod(proxy: object, name: string, args: Args): unknown {
  const method = onAttribute(PyOp.GetAttr, live(expectRoot(proxy, name)), name) as object;
  try {
    return invoke(expectRoot(method, name), args, NO_NAMES);
  } finally {
    base.destroy.call(method as typeof base);
  }
}

const generator = {
  /** Resumes at the `yield` that it stands at, whose value is `value`. */
  next(value?: unknown): IteratorResult<unknown> {
    return step(live(expectRoot(this, "next")), value);
  },
  /** Ends it: `finally` blocks run. */
  return(value?: unknown): IteratorResult<unknown> {
    const result = callMethod(this, "close", []);
    return { done: true, value: result ?? value };
  },
  /** Raises `error` at the `yield` that it stands at. */
  throw(error: unknown): IteratorResult<unknown> {
    return throwInto(live(expectRoot(this, "throw")), error);
  },
};

/** The promise of one step that an awaitable of Python makes. */
async function asyncStep(awaitable: unknown): Promise<IteratorResult<unknown>> {
  const root = expectRoot(awaitable as object, "next");
  try {
    return { done: false, value: await promiseOf(root) };
  } catch (error) {
    if (error instanceof PythonError && error.type === "StopAsyncIteration") return { done: true, value: undefined };
    throw error;
  } finally {
    drop(root, "its step has ended");
  }
}

const asyncIterable = {
  async *[Symbol.asyncIterator](): AsyncGenerator<unknown> {
    const iterator = callMethod(this, "__aiter__", []) as object;
    const root = expectRoot(iterator, "iteration");
    let ended = false;
    try {
      for (;;) {
        const { done, value } = await asyncStep(callMethod(iterator, "__anext__", []));
        ended = done === true;
        if (ended) return;
        yield value;
      }
    } finally {
      if (!ended && root.flags & PyFlag.AsyncGenerator) await asyncStep(callMethod(iterator, "aclose", []));
      drop(root, "its loop has ended");
    }
  },
};

const asyncIterator = {
  next(): Promise<IteratorResult<unknown>> {
    return asyncStep(callMethod(this, "__anext__", []));
  },
};

const asyncGenerator = {
  next(value?: unknown): Promise<IteratorResult<unknown>> {
    return asyncStep(callMethod(this, "asend", [value]));
  },
  async return(value?: unknown): Promise<IteratorResult<unknown>> {
    await asyncStep(callMethod(this, "aclose", []));
    return { done: true, value };
  },
  throw(error: unknown): Promise<IteratorResult<unknown>> {
    return asyncStep(callMethod(this, "athrow", [error]));
  },
};

/** A value that Python lends to a promise, kept past the call that brings it. */
function keep(value: unknown): unknown {
  return rootOf(value) === undefined ? value : base.copy.call(value as typeof base);
}

function rejection(error: unknown): unknown {
  const root = rootOf(error);
  if (root === undefined) return error;
  const pointer = live(root);
  wasm.pyjs_py_incref(pointer);
  return new PythonError(pointer).format();
}

export function promiseOf(root: Root): Promise<unknown> {
  root.promise ??= new Promise((resolve, reject) => {
    operate(PyOp.Settle, live(root), [
      (value: unknown) => {
        waiting.delete(reject);
        resolve(keep(value));
      },
      (error: unknown) => {
        waiting.delete(reject);
        reject(rejection(error));
      },
    ]);
    waiting.add(reject);
  });
  return root.promise;
}

const awaitable = {
  then(fulfilled?: (value: unknown) => unknown, rejected?: (error: unknown) => unknown): Promise<unknown> {
    return promiseOf(expectRoot(this, "then")).then(fulfilled, rejected);
  },
  catch(rejected?: (error: unknown) => unknown): Promise<unknown> {
    return promiseOf(expectRoot(this, "catch")).catch(rejected);
  },
  finally(settled?: () => void): Promise<unknown> {
    return promiseOf(expectRoot(this, "finally")).finally(settled);
  },
  /** Starts a coroutine that was not: asyncio cancels tasks alone. */
  cancel(message?: unknown): unknown {
    const root = expectRoot(this, "cancel");
    promiseOf(root).catch(() => undefined);
    return operate(PyOp.Cancel, live(root), [message]);
  },
};

/** What a flag brings; later ones override. */
export const mixins: readonly (readonly [PyFlag, object])[] = [
  [PyFlag.Callable, callable],
  [PyFlag.Class, pythonClass],
  [PyFlag.HasLength, withLength],
  [PyFlag.HasGet, withGet],
  [PyFlag.HasSet, withSet],
  [PyFlag.HasContains, withContains],
  [PyFlag.Sequence, sequence],
  [PyFlag.MutableSequence, mutableSequence],
  [PyFlag.Iterable, iterable],
  [PyFlag.Iterator, iterator],
  [PyFlag.Generator, generator],
  [PyFlag.AsyncIterable, asyncIterable],
  [PyFlag.AsyncIterator, asyncIterator],
  [PyFlag.AsyncGenerator, asyncGenerator],
  [PyFlag.Awaitable, awaitable],
  [PyFlag.Buffer, buffer],
];
