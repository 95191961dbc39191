// py_json.ts: Python containers as JSON-like data, which is how asJsJson() shows them.
import { defineMembers, describe } from "./define";
import { receive } from "./errors";
import type { Root } from "./lifetime";
import { Parts, drop, roots } from "./lifetime";
import { refresh, top, u32, wasm } from "./memory";
import { expectRoot, live, onItem, operate, perform, performKeyed } from "./py_call";
import { LASTING, base } from "./py_members";
import { createOwner, createPyProxy } from "./py_proxy";
import { cut, indexOf, lengthOf, mutableSequence, setElement } from "./py_sequence";
import { ListTarget, ViewTarget } from "./py_target";
import { PyFlag, PyOp, Tag } from "./types";

/** Whether a part of a view is seen as the view is. */
function isContainer(flags: number): boolean {
  return (flags & (PyFlag.HasGet | PyFlag.Callable)) === PyFlag.HasGet;
}

/**
 * What an operation on a view gave. Proxies of its parts live as long as the view, and the same
 * object gives the same one while that is in use.
 */
function see(whole: Root, tag: number, slots: number): unknown {
  if ((tag & Tag.Mask) !== Tag.Object) return receive(tag, slots);
  refresh();
  const pointer = u32[(slots >>> 2) + 2]!;
  const flags = u32[(slots >>> 2) + 1]!;
  const known = whole.parts?.known.get(pointer)?.proxy.deref();
  if (known !== undefined) {
    wasm.pyjs_py_decref(pointer);
    return known;
  }
  const proxy = createPyProxy(pointer, isContainer(flags) ? flags | PyFlag.Json : flags, true);
  // The operation may have ended the view.
  if (whole.pointer !== 0) (whole.parts ??= new Parts(whole)).add(roots.get(proxy)!, proxy);
  return proxy;
}

const absent = Symbol("absent");

function itemOf(root: Root, key: string): unknown {
  const slots = top;
  const tag = performKeyed(PyOp.JsonGet, live(root), key, []);
  return (tag & Tag.Mask) === Tag.Missing ? absent : see(root, tag, slots);
}

function elementOf(root: Root, index: number): unknown {
  const slots = top;
  const tag = perform(PyOp.GetItem, live(root), [index]);
  return (tag & Tag.Mask) === Tag.Missing ? undefined : see(root, tag, slots);
}

/** A view has properties of one kind: those that assignment makes. */
function expectPlain(descriptor: PropertyDescriptor, key: PropertyKey): void {
  const { writable, enumerable, configurable } = descriptor;
  const isRefused = writable === false || enumerable === false || configurable === false;
  if (isRefused || !("value" in descriptor)) {
    throw new TypeError(
      `a JSON view's property ${String(key)} cannot be defined as anything but a value that is ` +
        "writable, enumerable and configurable: the Python object keeps it",
    );
  }
}

function refuseSymbol(key: PropertyKey): asserts key is string {
  if (typeof key === "symbol") throw new TypeError(`a JSON view cannot have the property ${String(key)}: keys are strings`);
}

/** As Array's: no length that an element would have to be made up for. */
function setLength(root: Root, value: unknown): void {
  const length = lengthOf(root);
  const wanted = Number(value);
  if (!(Number.isInteger(wanted) && wanted >= 0 && wanted <= length)) {
    throw new RangeError(`a JSON view's length can be set to an integer from 0 to ${length}, not to ${String(value)}`);
  }
  if (wanted < length) cut(root, wanted, length - wanted, []);
}

function setProperty(root: Root, key: PropertyKey, value: unknown): void {
  const index = typeof key === "string" ? indexOf(key) : -1;
  if (key === "length") setLength(root, value);
  else if (index >= 0) setElement(root, index, value);
  else throw new TypeError(`a JSON view of a sequence has indices and a length; ${String(key)} cannot be set`);
}

/** What JSON.stringify leaves of a Python object that toJs() has no conversion for. */
function reduce(value: unknown, convert: (value: unknown) => unknown): unknown {
  const root = roots.get(value as object);
  if (root === undefined) return value;
  const { flags } = root;
  if (flags & PyFlag.Callable) return undefined;
  if (!isContainer(flags)) return {};
  const view = viewOf(value as object) as Record<string, unknown>;
  if (Array.isArray(view)) return Array.from(view, (each) => convert(each));
  return Object.fromEntries(Object.keys(view).map((key) => [key, convert(view[key])]));
}

const members = {
  toString: base.toString,
  destroy: base.destroy,
  toJs: base.toJs,
  /** A view of the same object, with a life of its own. */
  copy(): object {
    const root = expectRoot(this, "copy");
    return createOwner(live(root), (root.flags & LASTING) | PyFlag.Json);
  },
  asJsJson(): object {
    return this;
  },
  /** JSON.stringify gets it all in one crossing. */
  toJSON(): unknown {
    return base.toJs.call(this as unknown as typeof base, { default_converter: reduce });
  },
};

/** A part that is taken out is no part any more. */
function seen(value: unknown): unknown {
  const root = roots.get(value as object);
  return root !== undefined && isContainer(root.flags) ? viewOf(value as object) : value;
}

const listMembers = {
  ...mutableSequence,
  pop(): unknown {
    return seen(mutableSequence.pop.call(this));
  },
  shift(): unknown {
    return seen(mutableSequence.shift.call(this));
  },
  splice(...args: [start?: number, count?: number, ...items: unknown[]]): unknown[] {
    return mutableSequence.splice.apply(this, args).map(seen);
  },
  *[Symbol.iterator](): Generator<unknown> {
    const root = expectRoot(this, "iteration");
    const iterator = roots.get(operate(PyOp.Iterate, live(root), []) as object)!;
    try {
      for (;;) {
        live(root);
        const slots = top;
        const tag = perform(PyOp.Next, live(iterator), []);
        if (tag & Tag.Done) return;
        yield see(root, tag, slots);
      }
    } finally {
      drop(iterator, "its loop has ended");
    }
  },
};

function prototypeOf(parent: object, own: object): object {
  const prototype = Object.create(parent) as object;
  defineMembers(prototype, members);
  defineMembers(prototype, own);
  if (typeof Symbol.dispose === "symbol") defineMembers(prototype, { [Symbol.dispose]: base.destroy });
  return prototype;
}

const objectPrototype = prototypeOf(Object.prototype, {});
const listPrototype = prototypeOf(Array.prototype, listMembers);

/** A mapping: its keys come before what every object has. */
const objects: ProxyHandler<ViewTarget> = {
  get({ root }, key, receiver) {
    const isOver = root.pointer === 0 && key in objectPrototype;
    const value = typeof key === "symbol" || isOver ? absent : itemOf(root, key);
    return value === absent ? Reflect.get(objectPrototype, key, receiver) : value;
  },
  has: ({ root }, key) =>
    (typeof key === "string" && onItem(PyOp.JsonHas, live(root), key) === true) || key in objectPrototype,
  set({ root }, key, value) {
    refuseSymbol(key);
    onItem(PyOp.JsonSet, live(root), key, [value]);
    return true;
  },
  deleteProperty({ root }, key) {
    if (typeof key === "string") onItem(PyOp.JsonDelete, live(root), key);
    return true;
  },
  ownKeys: ({ root }) => [...new Set(operate(PyOp.JsonKeys, live(root), []) as string[])],
  getOwnPropertyDescriptor({ root }, key) {
    const value = typeof key === "symbol" ? absent : itemOf(root, key);
    return value === absent ? undefined : describe(value);
  },
  defineProperty({ root }, key, descriptor) {
    refuseSymbol(key);
    expectPlain(descriptor, key);
    onItem(PyOp.JsonSet, live(root), key, [descriptor.value]);
    return true;
  },
  getPrototypeOf: () => objectPrototype,
  setPrototypeOf: () => false,
  preventExtensions: () => false,
};

/** A sequence: an array. */
const lists: ProxyHandler<ListTarget> = {
  get({ root }, key, receiver) {
    if (key === "length") return lengthOf(root);
    const index = typeof key === "string" ? indexOf(key) : -1;
    return index >= 0 ? elementOf(root, index) : (Reflect.get(listPrototype, key, receiver) as unknown);
  },
  has({ root }, key) {
    const index = typeof key === "string" ? indexOf(key) : -1;
    return index >= 0 ? index < lengthOf(root) : key === "length" || key in listPrototype;
  },
  set({ root }, key, value) {
    setProperty(root, key, value);
    return true;
  },
  deleteProperty({ root }, key) {
    const index = typeof key === "string" ? indexOf(key) : -1;
    if (index >= 0) operate(PyOp.DelItem, live(root), [index]);
    return key !== "length";
  },
  ownKeys: ({ root }) => [...Array.from({ length: lengthOf(root) }, (_, i) => String(i)), "length"],
  getOwnPropertyDescriptor({ root }, key) {
    // An array's length is as it is: a Proxy that says otherwise is refused.
    if (key === "length") return { value: lengthOf(root), writable: true, enumerable: false, configurable: false };
    const index = typeof key === "string" ? indexOf(key) : -1;
    return index >= 0 && index < lengthOf(root) ? describe(elementOf(root, index)) : undefined;
  },
  defineProperty({ root }, key, descriptor) {
    if (key !== "length") expectPlain(descriptor, key);
    if ("value" in descriptor) setProperty(root, key, descriptor.value);
    return true;
  },
  getPrototypeOf: () => listPrototype,
  setPrototypeOf: () => false,
  preventExtensions: () => false,
};

/** The view of the object of `root`. */
export function createView(root: Root, holder?: object): object {
  const isList = (root.flags & PyFlag.Sequence) !== 0;
  return isList ? new Proxy(new ListTarget(root, holder), lists) : new Proxy(new ViewTarget(root, holder), objects);
}

/** The view of each proxy, which keeps the proxy. */
const views = new WeakMap<object, object>();

/** A second proxy of the same object, which lives and ends with `proxy`. */
export function viewOf(proxy: object): object {
  const root = expectRoot(proxy, "asJsJson");
  live(root);
  let view = views.get(proxy);
  if (view === undefined) {
    view = createView(root, proxy);
    roots.set(view, root);
    views.set(proxy, view);
  }
  return view;
}
