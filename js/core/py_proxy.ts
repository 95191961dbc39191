// py_proxy.ts: Python objects as JavaScript objects.
import { discard, write } from "./convert";
import { PythonError, receive } from "./errors";
import { features } from "./features";
import { classPointer } from "./js_class";
import { Root, adopt, drop, isOnce, lend } from "./lifetime";
import { refresh, reserve, setTop, wasm } from "./memory";
import { JsFlag, PyFlag, PyOp, Tag } from "./types";

type Args = ArrayLike<unknown>;

/** The root of every proxy; a proxy of another runtime is not in it. */
const roots = new WeakMap<object, Root>();

/** What is still known of an object that is gone. */
function kindOf({ flags }: Root): string {
  if (flags & PyFlag.Coroutine) return "coroutine";
  if (flags & PyFlag.Callable) return "callable";
  if (flags & PyFlag.Dict) return "dict";
  if (flags & PyFlag.Sequence) return "sequence";
  return flags & PyFlag.Iterator ? "iterator" : "object";
}

function destroyed(root: Root): Error {
  return new Error(`this PyProxy of a Python ${kindOf(root)} was destroyed: ${root.reason}`);
}

function live(root: Root): number {
  if (root.pointer === 0) throw destroyed(root);
  return root.pointer;
}

/** The root of a proxy, or undefined for any other object. */
export function rootOf(value: object): Root | undefined {
  return roots.get(value);
}

function expectRoot(proxy: object, operation: string): Root {
  const root = roots.get(proxy);
  if (root === undefined) throw new TypeError(`${operation}: expected a PyProxy of this runtime`);
  return root;
}

/**
 * The address of the Python object that `value` stands for as a PyProxy or Python class; or 0,
 * also for a PyProxy that stays a JavaScript object in Python.
 */
export function pointerOf(value: object): number {
  const root = roots.get(value);
  if (root === undefined) return classPointer(value);
  return root.flags & PyFlag.Roundtrip ? 0 : live(root);
}

/** The address of the Python object behind any PyProxy. */
export function unwrap(value: object): number {
  return live(expectRoot(value, "unwrap"));
}

/** The JsFlag bits of any object, a PyProxy that Python sees as a JsDoubleProxy included. */
export function flagsOf(value: object): number {
  const root = roots.get(value);
  if (root === undefined) return features(value);
  return features(value) | JsFlag.Double | (isOnce(root) ? JsFlag.Once : 0);
}

/**
 * A PyProxy that a function made and returns is Python's again, and spent
 * (PEP 818, "JSMethod_Vectorcall"); one that create_proxy() made lives on.
 */
export function spend(value: unknown): void {
  const root = isPyProxy(value) ? roots.get(value as object)! : undefined;
  if (root === undefined || !root.owned || root.explicit) return;
  drop(root, "it was returned to Python, which owns the object");
}

/** Destroys every PyProxy of a list. */
export function destroyAll(proxies: Iterable<unknown>): void {
  for (const proxy of proxies) base.destroy.call(proxy as typeof base);
}

function writeAll(args: Args, slots: number): void {
  let done = 0;
  try {
    for (; done < args.length; done++) write(args[done], slots + 16 * done);
  } catch (error) {
    discard(slots, done);
    setTop(slots);
    throw error;
  }
}

/** Like writeAll, for what most calls have, without a list of it. */
function writeFew(slots: number, count: number, a: unknown, b: unknown, c: unknown): void {
  let done = 0;
  try {
    if (count > 0) write(a, slots);
    done = 1;
    if (count > 1) write(b, slots + 16);
    done = 2;
    if (count > 2) write(c, slots + 32);
  } catch (error) {
    discard(slots, done);
    setTop(slots);
    throw error;
  }
}

function enter(root: Root, pointer: number, slots: number, positional: number, keywords: number): unknown {
  setTop(slots);
  const tag = wasm.pyjs_py_call(pointer, slots, positional, keywords);
  if (isOnce(root)) drop(root, "it was made to be called once");
  return receive(tag, slots);
}

/** Calls the Python object of `root` with the first `count` of three arguments. */
function invokeFew(root: Root, count: number, a: unknown, b: unknown, c: unknown): unknown {
  const pointer = live(root);
  refresh();
  const slots = reserve(16 * count + 32);
  writeFew(slots, count, a, b, c);
  return enter(root, pointer, slots, count, 0);
}

/** Calls the Python object of `root`; `args` end with the keywords' values, then their names. */
function invoke(root: Root, args: Args, keywords: number): unknown {
  const pointer = live(root);
  refresh();
  const count = args.length;
  const slots = reserve(16 * count + 32);
  writeAll(args, slots);
  return enter(root, pointer, slots, count - 2 * keywords, keywords);
}

/** Calls the Python object at `pointer`, which the caller keeps alive; a coroutine runs as a promise. */
export function callPython(pointer: number, args: Args): unknown {
  refresh();
  const slots = reserve(16 * args.length + 32);
  writeAll(args, slots);
  setTop(slots);
  const result = receive(wasm.pyjs_py_call(pointer, slots, args.length, 0), slots);
  const root = typeof result === "object" && result !== null ? roots.get(result) : undefined;
  if (root === undefined || !(root.flags & PyFlag.Coroutine)) return result;
  const promise = promiseOf(root);
  drop(root, "the promise that was made of it runs it");
  return promise;
}

/** One operation on the Python object at `pointer`; `Missing` gives `absent`. */
function operate(op: PyOp, pointer: number, args: Args, absent?: unknown): unknown {
  refresh();
  const slots = reserve(Math.max(64, 16 * args.length));
  writeAll(args, slots);
  setTop(slots);
  const tag = wasm.pyjs_py_op(op, pointer, slots);
  return (tag & Tag.Mask) === Tag.Missing ? absent : receive(tag, slots);
}

/** One step of the iterator at `pointer`; the last one has the value it returned. */
function step(pointer: number): IteratorResult<unknown> {
  refresh();
  const slots = reserve(64);
  setTop(slots);
  const tag = wasm.pyjs_py_op(PyOp.Next, pointer, slots);
  return { done: (tag & Tag.Done) !== 0, value: receive(tag & ~Tag.Done, slots) };
}

function ask(proxy: object, op: PyOp, args: Args, absent?: unknown): unknown {
  return operate(op, live(expectRoot(proxy, "PyProxy")), args, absent);
}

/** Imports a Python module; `a.b.c` gives `c`. */
export function pyimport(name: string): unknown {
  return operate(PyOp.Import, 0, [name]);
}

const absent = Symbol("absent");

const TO_JS_OPTIONS = [
  ["depth", -1],
  ["pyproxies", undefined],
  ["create_pyproxies", true],
  ["dict_converter", undefined],
  ["default_converter", undefined],
  ["eager_converter", undefined],
] as const;

/** The options of toJs, in order; null stands for what is not given. */
function toJsOptions(options: object): unknown[] {
  const known = new Set<string>(TO_JS_OPTIONS.map(([name]) => name));
  const unknown = Object.keys(options).find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new TypeError(`toJs: unknown option ${unknown}; known are ${[...known].join(", ")}`);
  }
  return TO_JS_OPTIONS.map(([name, otherwise]) => {
    const value: unknown = Object.hasOwn(options, name) ? (options as Record<string, unknown>)[name] : undefined;
    return value ?? otherwise;
  });
}

const base = {
  get type(): unknown {
    return ask(this, PyOp.TypeName, []);
  },
  toString(): unknown {
    return ask(this, PyOp.Str, []);
  },
  /** Drops the reference now; any later use throws. Does nothing the second time. */
  destroy(options: { message?: string } = {}): void {
    const root = expectRoot(this, "destroy");
    root.owned ? drop(root, options.message ?? "destroy() was called") : undefined;
  },
  /** The structure as JavaScript objects; see ToJsOptions. */
  toJs(options: object = {}): unknown {
    return operate(PyOp.ToJs, live(expectRoot(this, "toJs")), toJsOptions(options));
  },
  /** A second proxy of the same object, with a life of its own. */
  copy(): object {
    const root = expectRoot(this, "copy");
    const pointer = live(root);
    wasm.pyjs_py_incref(pointer);
    return createPyProxy(pointer, root.flags & ~(PyFlag.Once | PyFlag.Coroutine | PyFlag.Roundtrip), true);
  },
};

const callable = {
  /** Calls with the properties of the last argument as keyword arguments. */
  callKwargs(...args: unknown[]): unknown {
    const options = args.pop();
    if (typeof options !== "object" || options === null) {
      throw new TypeError("callKwargs: expected an object of keyword arguments as the last argument");
    }
    const names = Object.keys(options);
    for (const name of names) args.push((options as Record<string, unknown>)[name]);
    args.push(...names);
    return invoke(expectRoot(this, "callKwargs"), args, names.length);
  },
};

const withLength = {
  get length(): unknown {
    return ask(this, PyOp.Length, []);
  },
};

const withGet = {
  get(key: unknown): unknown {
    return ask(this, PyOp.GetItem, [key]);
  },
};

const withSet = {
  set(key: unknown, value: unknown): void {
    ask(this, PyOp.SetItem, [key, value]);
  },
  delete(key: unknown): unknown {
    return ask(this, PyOp.DelItem, [key]);
  },
};

const withContains = {
  has(key: unknown): unknown {
    return ask(this, PyOp.Contains, [key]);
  },
};

const iterable = {
  *[Symbol.iterator](): Generator<unknown> {
    const iterator = ask(this, PyOp.Iterate, []) as object;
    const root = expectRoot(iterator, "iteration");
    try {
      for (;;) {
        const { done, value } = step(live(root));
        if (done) return;
        yield value;
      }
    } finally {
      drop(root, "its loop has ended");
    }
  },
};

const iterator = {
  next(): IteratorResult<unknown> {
    return step(live(expectRoot(this, "next")));
  },
};

/** A value that Python lends to a promise, kept past the call that brings it. */
function keep(value: unknown): unknown {
  return typeof value === "object" || typeof value === "function" ? keepObject(value) : value;
}

function keepObject(value: object | null): unknown {
  return value !== null && roots.has(value) ? base.copy.call(value as typeof base) : value;
}

function rejection(error: unknown): unknown {
  const root = typeof error === "object" && error !== null ? roots.get(error) : undefined;
  if (root === undefined) return error;
  const pointer = live(root);
  wasm.pyjs_py_incref(pointer);
  return new PythonError(pointer).format();
}

function promiseOf(root: Root): Promise<unknown> {
  root.promise ??= new Promise((resolve, reject) => {
    operate(PyOp.Settle, live(root), [
      (value: unknown) => resolve(keep(value)),
      (error: unknown) => reject(rejection(error)),
    ]);
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
};

const mixins: readonly (readonly [PyFlag, object])[] = [
  [PyFlag.Callable, callable],
  [PyFlag.HasLength, withLength],
  [PyFlag.HasGet, withGet],
  [PyFlag.HasSet, withSet],
  [PyFlag.HasContains, withContains],
  [PyFlag.Iterable, iterable],
  [PyFlag.Iterator, iterator],
  [PyFlag.Awaitable, awaitable],
];

/** `x instanceof PyProxy` for every proxy of a Python object of this runtime. */
export class PyProxy {
  constructor() {
    throw new TypeError("PyProxy is not a constructor: proxies are made when Python objects cross");
  }
  static [Symbol.hasInstance](value: unknown): boolean {
    return isPyProxy(value);
  }
}

export function isPyProxy(value: unknown): boolean {
  return (typeof value === "object" || typeof value === "function") && value !== null && roots.has(value);
}

/** Function.prototype's data about a function; Python has its own under these names. */
const hidden = new Set(["name", "length", "arguments", "caller", "prototype"]);

interface Shape {
  prototype: object;
  handler: ProxyHandler<Target>;
}

interface Target {
  root: Root;
}

const shapes = new Map<number, Shape>();

function prototypeFor(flags: number): object {
  const isCallable = (flags & PyFlag.Callable) !== 0;
  const prototype = Object.create(isCallable ? Function.prototype : PyProxy.prototype) as object;
  Object.defineProperties(prototype, Object.getOwnPropertyDescriptors(base));
  for (const [flag, mixin] of mixins) {
    if (flags & flag) Object.defineProperties(prototype, Object.getOwnPropertyDescriptors(mixin));
  }
  if (typeof Symbol.dispose === "symbol") {
    Object.defineProperty(prototype, Symbol.dispose, { value: base.destroy });
  }
  return prototype;
}

function lookup(root: Root, key: string): unknown {
  const pointer = live(root);
  if (!(root.flags & PyFlag.Dict)) return operate(PyOp.GetAttr, pointer, [key]);
  const found = operate(PyOp.GetAttr, pointer, [key], absent);
  return found === absent ? operate(PyOp.GetItem, pointer, [key]) : found;
}

function handlerFor(prototype: object): ProxyHandler<Target> {
  const own = (key: PropertyKey): boolean =>
    typeof key === "symbol" ||
    Object.hasOwn(prototype, key) ||
    (key in prototype && !hidden.has(key as string));
  return {
    get: (target, key, receiver) =>
      own(key) ? Reflect.get(prototype, key, receiver) : lookup(target.root, key as string),
    has: (target, key) =>
      own(key) ? key in prototype : operate(PyOp.HasAttr, live(target.root), [key]) === true,
    set: (target, key, value) => {
      if (own(key)) throw new TypeError(`a PyProxy's own member ${String(key)} cannot be set`);
      operate(PyOp.SetAttr, live(target.root), [key, value]);
      return true;
    },
    deleteProperty: (target, key) => {
      if (own(key)) throw new TypeError(`a PyProxy's own member ${String(key)} cannot be deleted`);
      operate(PyOp.DelAttr, live(target.root), [key]);
      return true;
    },
    getPrototypeOf: () => prototype,
    // What the object has, as dir() says; no descriptors, since reading them all
    // would make a proxy of every attribute. Object.keys() is therefore empty.
    ownKeys: (target) => [...dirOf(target.root)],
    getOwnPropertyDescriptor: () => undefined,
    defineProperty: (_target, key) => {
      throw new TypeError(`a PyProxy's property ${String(key)} cannot be defined: assign to it instead`);
    },
    preventExtensions: () => false,
    // Looked for at each call: found here, it is not looked for up the prototype chain.
    apply: undefined as never,
  };
}

/** The names dir() gives. */
function dirOf(root: Root): Set<string> {
  const list = operate(PyOp.Dir, live(root), []) as Iterable<string> & { destroy(): void };
  try {
    return new Set(list);
  } finally {
    list.destroy();
  }
}

function shapeFor(flags: number): Shape {
  let shape = shapes.get(flags);
  if (shape === undefined) {
    const prototype = prototypeFor(flags);
    shape = { prototype, handler: handlerFor(prototype) };
    shapes.set(flags, shape);
  }
  return shape;
}

/**
 * Runs a coroutine that JavaScript is left with, as it would run an async
 * function of its own: the result of an event listener is awaited by nobody. One
 * that goes straight back to Python, or ends with its call, is not ours to run.
 */
function runLater(root: Root): void {
  queueMicrotask(() => {
    if (root.pointer !== 0) promiseOf(root);
  });
}

/** A function that a Proxy may stand before: one without a `prototype` property, which none can hide. */
function functionFor(root: Root): Target {
  const target = bareFunction(root) as unknown as Target;
  target.root = root;
  return target;
}

function bareFunction(root: Root): object {
  if (root.flags & PyFlag.CaptureThis) {
    return {
      call(this: unknown, ...args: unknown[]): unknown {
        return invoke(root, [this, ...args], 0);
      },
    }.call;
  }
  return {
    call(a?: unknown, b?: unknown, c?: unknown): unknown {
      // A list of the arguments costs an allocation per call; their number does not.
      const count = arguments.length;
      return count <= 3 ? invokeFew(root, count, a, b, c) : invoke(root, arguments, 0);
    },
  }.call;
}

/**
 * A proxy of the Python object at `pointer`. It takes over one reference when
 * `owned`; otherwise it is lent to the call that is being prepared, unless it
 * is made to be called once, and then gets a reference of its own.
 */
export function createPyProxy(pointer: number, flags: number, owned: boolean): object {
  const once = (flags & PyFlag.Once) !== 0;
  if (!owned && once) wasm.pyjs_py_incref(pointer);
  const root = new Root(pointer, flags, owned || once);
  const target = flags & PyFlag.Callable ? functionFor(root) : { root };
  const proxy = new Proxy(target, shapeFor(flags).handler);
  roots.set(proxy, root);
  if (root.owned) adopt(root, proxy);
  else lend(root, proxy);
  if (flags & PyFlag.Coroutine) runLater(root);
  return proxy;
}

