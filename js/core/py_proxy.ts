// py_proxy.ts: Python objects as JavaScript objects.
import { discard, write } from "./convert";
import { PythonError, receive } from "./errors";
import { classPointer } from "./js_class";
import { Root, adopt, drop, isOnce, lend } from "./lifetime";
import { refresh, reserve, setTop, wasm } from "./memory";
import { PyFlag, PyOp, Tag } from "./types";

type Args = ArrayLike<unknown>;

/** The root of every proxy; a proxy of another runtime is not in it. */
const roots = new WeakMap<object, Root>();

function destroyed(root: Root): Error {
  return new Error(`this PyProxy was destroyed: ${root.reason}`);
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

/** The address of the Python object behind a PyProxy or a Python class, or 0 for anything else. */
export function pointerOf(value: object): number {
  const root = roots.get(value);
  return root === undefined ? classPointer(value) : live(root);
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

/** Calls the Python object of `root`; `args` end with the keywords' values, then their names. */
function invoke(root: Root, args: Args, keywords: number): unknown {
  const pointer = live(root);
  refresh();
  const count = args.length;
  const slots = reserve(16 * count + 32);
  writeAll(args, slots);
  setTop(slots);
  const tag = wasm.pyjs_py_call(pointer, slots, count - 2 * keywords, keywords);
  if (isOnce(root)) drop(root, "it was made to be called once");
  return receive(tag, slots);
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
  const slots = reserve(64);
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
  /** A second proxy of the same object, with a life of its own. */
  copy(): object {
    const root = expectRoot(this, "copy");
    const pointer = live(root);
    wasm.pyjs_py_incref(pointer);
    return createPyProxy(pointer, root.flags & ~(PyFlag.Once | PyFlag.Coroutine), true);
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
      own(key) ? Reflect.get(prototype, key, receiver) : lookup(rootOfTarget(target), key as string),
    has: (target, key) =>
      own(key) ? key in prototype : operate(PyOp.HasAttr, live(rootOfTarget(target)), [key]) === true,
    set: (target, key, value) => {
      if (own(key)) throw new TypeError(`a PyProxy's own member ${String(key)} cannot be set`);
      operate(PyOp.SetAttr, live(rootOfTarget(target)), [key, value]);
      return true;
    },
    deleteProperty: (target, key) => {
      if (own(key)) throw new TypeError(`a PyProxy's own member ${String(key)} cannot be deleted`);
      operate(PyOp.DelAttr, live(rootOfTarget(target)), [key]);
      return true;
    },
    getPrototypeOf: () => prototype,
    // What the object has, as dir() says; no descriptors, since reading them all
    // would make a proxy of every attribute. Object.keys() is therefore empty.
    ownKeys: (target) => [...dirOf(rootOfTarget(target))],
    getOwnPropertyDescriptor: () => undefined,
    defineProperty: (_target, key) => {
      throw new TypeError(`a PyProxy's property ${String(key)} cannot be defined: assign to it instead`);
    },
    preventExtensions: () => false,
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

const targets = new WeakMap<object, Root>();

function rootOfTarget(target: object): Root {
  return targets.get(target)!;
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

/** A function without a `prototype` property, which a Proxy could not hide. */
function functionFor(root: Root): object {
  return {
    call(): unknown {
      // eslint-disable-next-line prefer-rest-params -- a rest array costs an allocation per call
      return invoke(root, arguments, 0);
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
  targets.set(target, root);
  const proxy = new Proxy(target as Target, shapeFor(flags).handler);
  roots.set(proxy, root);
  if (root.owned) adopt(root, proxy);
  else lend(root, proxy);
  if (flags & PyFlag.Coroutine) runLater(root);
  return proxy;
}

