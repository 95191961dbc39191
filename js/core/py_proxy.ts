// py_proxy.ts: Python objects as JavaScript objects.
import { defineMembers } from "./define";
import { features } from "./features";
import { Root, adopt, isOnce, itsRoot, lend, prototypes, roots } from "./lifetime";
import { refresh, reserve, setTop, wasm } from "./memory";
import { receive } from "./errors";
import type { Args } from "./py_call";
import { NO_NAMES, drain, getAttribute, invoke, invokeFew, live, onAttribute, onItem, operate, rootOf, setAttribute, writeAll } from "./py_call";
import { PyProxy } from "./py_classes";
import { createView } from "./py_json";
import { base, mixins, promiseOf, promised, promising } from "./py_members";
import { indexOf, lengthOf, setElement } from "./py_sequence";
import { Target } from "./py_target";
import { findRetained, retain, retains } from "./retain";
import { JsFlag, PyFlag, PyOp } from "./types";

/** The JsFlag bits of any object, a PyProxy that Python sees as a JsDoubleProxy included. */
export function flagsOf(value: object): number {
  const root = rootOf(value);
  if (root === undefined) return features(value);
  if (!(root.flags & PyFlag.Roundtrip)) live(root);
  return features(value) | JsFlag.Double | (isOnce(root) ? JsFlag.Once : 0);
}

/** Destroys every PyProxy of a list. */
export function destroyAll(proxies: Iterable<unknown>): void {
  for (const proxy of proxies) base.destroy.call(proxy as typeof base);
}

/** Calls the Python object at `pointer`, which the caller keeps alive; a coroutine runs as a promise. */
export function callPython(pointer: number, args: Args): unknown {
  refresh();
  const slots = reserve(16 * args.length + 32);
  writeAll(args, slots);
  setTop(slots);
  return promised(receive(wasm.pyjs_py_call(pointer, slots, args.length, 0), slots), PyFlag.Coroutine);
}

/** Function.prototype's data about a function; Python has its own under these names. */
const hidden = new Set(["name", "length", "arguments", "caller", "prototype"]);

interface Shape {
  prototype: object;
  handler: ProxyHandler<Target>;
}

const shapes = new Map<number, Shape>();

function prototypeFor(flags: number): object {
  const isCallable = (flags & PyFlag.Callable) !== 0;
  const prototype = Object.create(isCallable ? Function.prototype : PyProxy.prototype) as object;
  defineMembers(prototype, base);
  for (const [flag, mixin] of mixins) if (flags & flag) defineMembers(prototype, mixin);
  Object.defineProperty(prototype, Symbol.toStringTag, { value: "PyProxy" });
  if (typeof Symbol.dispose === "symbol") {
    Object.defineProperty(prototype, Symbol.dispose, { value: base.destroy });
  }
  prototypes.add(prototype);
  return prototype;
}

const absent = Symbol("absent");

const DOLLAR = 36;

/** `$name` is the attribute `name`, where a member of the proxy has that name too. */
function attribute(key: string): string {
  return key.charCodeAt(0) === DOLLAR ? key.slice(1) : key;
}

function lookup(root: Root, key: string): unknown {
  const pointer = live(root);
  if (root.flags & PyFlag.Sequence) {
    const index = indexOf(key);
    if (index >= 0) return operate(PyOp.GetItem, pointer, [index]);
  }
  const name = attribute(key);
  if (!(root.flags & PyFlag.Dict)) return getAttribute(root, name);
  const found = getAttribute(root, name, absent);
  return found === absent ? onItem(PyOp.GetItem, pointer, key) : found;
}

function holds(root: Root, key: string): boolean {
  const pointer = live(root);
  if (root.flags & PyFlag.Sequence) {
    const index = indexOf(key);
    if (index >= 0) return index < lengthOf(root);
  }
  if (onAttribute(PyOp.HasAttr, pointer, attribute(key)) === true) return true;
  return (root.flags & PyFlag.Dict) !== 0 && onItem(PyOp.Contains, pointer, key) === true;
}

function assign(root: Root, key: string, value: unknown): void {
  const pointer = live(root);
  const index = root.flags & PyFlag.Sequence ? indexOf(key) : -1;
  if (index < 0) setAttribute(pointer, attribute(key), value);
  else setElement(root, index, value);
}

function remove(root: Root, key: string): void {
  const pointer = live(root);
  const index = root.flags & PyFlag.Sequence ? indexOf(key) : -1;
  if (index < 0) onAttribute(PyOp.DelAttr, pointer, attribute(key));
  else operate(PyOp.DelItem, pointer, [index]);
}

/** The string keys of a dict: its own enumerable properties. */
function keysOf(root: Root): string[] {
  const keys = drain(operate(PyOp.Iterate, live(root), []));
  return keys.filter((key) => typeof key === "string");
}

/** Stands for a member that is to be asked for each time. */
const accessor = Symbol("accessor");

/** The names that are not Python's to answer, with the methods that they stand for. */
function membersOf(prototype: object): Map<PropertyKey, unknown> {
  const members = new Map<PropertyKey, unknown>();
  for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (members.has(name) || (at !== prototype && hidden.has(name))) continue;
      members.set(name, typeof value === "function" ? value : accessor);
    }
  }
  return members;
}

function handlerFor(prototype: object, flags: number): ProxyHandler<Target> {
  const members = membersOf(prototype);
  const own = (key: PropertyKey): boolean => typeof key === "symbol" || members.has(key);
  const isDict = (flags & PyFlag.Dict) !== 0;
  return {
    get: (target, key, receiver) => {
      const member = members.get(key);
      if (member === undefined && typeof key === "string") return lookup(target.root, key);
      if (member !== undefined && member !== accessor) return member;
      return key === itsRoot ? target.root : Reflect.get(prototype, key, receiver);
    },
    has: (target, key) => (own(key) ? key in prototype : holds(target.root, key as string)),
    set: (target, key, value) => {
      if (own(key)) throw new TypeError(`a PyProxy's own member ${String(key)} cannot be set`);
      assign(target.root, key as string, value);
      return true;
    },
    deleteProperty: (target, key) => {
      if (own(key)) throw new TypeError(`a PyProxy's own member ${String(key)} cannot be deleted`);
      remove(target.root, key as string);
      return true;
    },
    getPrototypeOf: () => prototype,
    setPrototypeOf: (_target, given) => given === prototype,
    // What the object has, as dir() says, without what is hidden by a member of the proxy, and a
    // dict's keys. Only those are enumerable: a descriptor of every attribute would make a proxy
    // of each.
    ownKeys: (target) => {
      const names = dirOf(target.root);
      for (const member of members.keys()) names.delete(member as string);
      if (isDict) for (const key of keysOf(target.root)) names.add(key);
      return [...names];
    },
    getOwnPropertyDescriptor: (target, key) => {
      if (!isDict || typeof key !== "string") return undefined;
      const { root } = target;
      if (onItem(PyOp.Contains, live(root), key) !== true) return undefined;
      const get = (): unknown => onItem(PyOp.GetItem, live(root), key);
      return { get, configurable: true, enumerable: true };
    },
    defineProperty: (_target, key) => {
      throw new TypeError(`a PyProxy's property ${String(key)} cannot be defined: assign to it instead`);
    },
    preventExtensions: () => false,
    construct: (target, args) => {
      const made = invoke(target.root, args, NO_NAMES);
      if ((typeof made === "object" && made !== null) || typeof made === "function") return made;
      throw new TypeError(`new: the Python class made a ${typeof made}, which is no object here; call it without new`);
    },
    // Looked for at each call: found here, it is not looked for up the prototype chain.
    apply: undefined as never,
  };
}

/** The names dir() gives. */
function dirOf(root: Root): Set<string> {
  return new Set(drain(operate(PyOp.Dir, live(root), [])) as string[]);
}

function shapeFor(flags: number): Shape {
  let shape = shapes.get(flags);
  if (shape === undefined) {
    const prototype = prototypeFor(flags);
    shape = { prototype, handler: handlerFor(prototype, flags) };
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

/**
 * A function that a Proxy may stand before: one without a `prototype` property, which none can hide.
 * V8 prints the source of a function that it refuses to clone: it begins with what to do instead.
 */
function functionFor(root: Root): Target {
  const target = (root.flags & PyFlag.Class ? constructible(root) : bareFunction(root)) as { root: Root };
  target.root = root;
  return target;
}

/** A function without `prototype` that `new` accepts: a bound one. */
function constructible(root: Root): object {
  return function (this: unknown, ...args: unknown[]): unknown {
    return invoke(root, args, NO_NAMES);
  }.bind(undefined);
}

function bareFunction(root: Root): object {
  if (root.flags & PyFlag.Promising) return promisingFunction(root);
  if (root.flags & PyFlag.CaptureThis) {
    return {
      call(this: unknown, ...args: unknown[]): unknown {
        "a PyProxy of a Python callable cannot be copied to another thread";
        return invoke(root, [this, ...args], NO_NAMES);
      },
    }.call;
  }
  return {
    call(a?: unknown, b?: unknown, c?: unknown): unknown {
      "a PyProxy of a Python callable cannot be copied to another thread";
      // A list of the arguments costs an allocation per call; their number does not.
      const count = arguments.length;
      return count <= 3 ? invokeFew(root, count, a, b, c) : invoke(root, arguments, NO_NAMES);
    },
  }.call;
}

/** Arrows and methods have no prototype. */
function promisingFunction(root: Root): object {
  const withThis = (root.flags & PyFlag.CaptureThis) !== 0;
  return {
    call(this: unknown, ...args: unknown[]): unknown {
      "a PyProxy of a Python callable cannot be copied to another thread";
      return promising(root, withThis ? [this, ...args] : args);
    },
  }.call;
}

function createPlain(root: Root, flags: number): object {
  const target = flags & PyFlag.Callable ? functionFor(root) : new Target(root);
  return new Proxy(target, shapeFor(flags).handler);
}

/** A function's proxy that lives until JavaScript drops it; the same one for the same function. */
function createRetained(pointer: number, flags: number): object {
  const key = wasm.pyjs_py_key(pointer) >>> 0;
  const known = findRetained(pointer, key);
  if (known !== undefined) return known;
  const proxy = createOwner(pointer, flags);
  retain(roots.get(proxy)!, key, proxy);
  return proxy;
}

/**
 * A proxy of the Python object at `pointer`. It takes over one reference when
 * `owned`; otherwise it is lent to the call that is being prepared, unless it
 * is made to be called once, and then gets a reference of its own.
 */
export function createPyProxy(pointer: number, flags: number, owned: boolean): object {
  const once = (flags & PyFlag.Once) !== 0;
  if (!owned && !once && retains && flags & PyFlag.Callable) return createRetained(pointer, flags);
  if (!owned && once) wasm.pyjs_py_incref(pointer);
  const root = new Root(pointer, flags, owned || once);
  const proxy = flags & PyFlag.Json ? createView(root) : createPlain(root, flags);
  roots.set(proxy, root);
  if (root.owned) adopt(root, proxy);
  else lend(root, proxy);
  if (flags & PyFlag.Coroutine) runLater(root);
  return proxy;
}

/** A proxy that takes a reference of its own. */
export function createOwner(pointer: number, flags: number): object {
  wasm.pyjs_py_incref(pointer);
  return createPyProxy(pointer, flags, true);
}
