// js_proxy.ts: what Python does with JavaScript objects: the functions that wasm imports.
import { read, readName, toHandle, values, write } from "./convert";
import { writeTape } from "./deep_to_py";
import { PythonError, writeError } from "./errors";
import { features } from "./features";
import type { Root } from "./lifetime";
import { drop, endLoan, keepLoan, surrender, takeLent } from "./lifetime";
import { f64, refresh, setTop, top, u32 } from "./memory";
import { missing, operate } from "./js_object";
import { createPyProxy, isPyProxy, rootOf } from "./py_proxy";
import { JsFlag, JsOp, Tag } from "./types";

type Method = (...args: unknown[]) => unknown;
type Indexed = Record<PropertyKey, unknown>;

/** Writes a result into slots[0]. What it needs of the arena is read before anything else runs. */
function give(value: unknown, slots: number): Tag {
  if (typeof value === "number") {
    u32[slots >> 2] = Tag.Number;
    f64[(slots >> 3) + 1] = value;
    return Tag.Number;
  }
  const start = top;
  write(value, slots);
  setTop(start);
  return u32[slots >> 2]! & Tag.Mask;
}

function fail(error: unknown, slots: number): Tag {
  refresh();
  return writeError(error, slots);
}

function readOptions(slots: number, count: number): Indexed {
  const options: Indexed = {};
  for (let i = 0; i < count; i++) {
    // defineProperty: a keyword named __proto__ must not set the prototype.
    Object.defineProperty(options, readName(slots + 16 * (count + i)), {
      value: read(slots + 16 * i, false),
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
  return options;
}

function readArguments(slots: number, positional: number, keywords: number): unknown[] {
  const args: unknown[] = [];
  for (let i = 0; i < positional; i++) args.push(read(slots + 16 * i, false));
  if (keywords !== 0) args.push(readOptions(slots + 16 * positional, keywords));
  return args;
}

function isGenerator(value: object): boolean {
  const tag = Object.prototype.toString.call(value);
  return tag === "[object Generator]" || tag === "[object AsyncGenerator]";
}

/** Ends the loan when the promise settles. */
function endAfterPromise(promise: PromiseLike<unknown>, roots: Root[]): unknown {
  keepLoan(roots);
  const end = (): void => roots.forEach((root) => drop(root, "the promise it was passed for has settled"));
  Promise.prototype.then.call(promise, end, end);
  return promise;
}

function endAfterGenerator(generator: Iterator<unknown>, roots: Root[]): unknown {
  keepLoan(roots);
  const end = (): void => roots.forEach((root) => drop(root, "the generator it was passed to has ended"));
  return (function* (): Generator<unknown> {
    try {
      return yield* { [Symbol.iterator]: () => generator };
    } finally {
      end();
    }
  })();
}

/** Decides how long the proxies lent to a call live, now that its result is known. */
function settleLoan(roots: Root[], result: unknown): unknown {
  if (typeof result === "object" && result !== null) {
    if (result instanceof Promise) return endAfterPromise(result, roots);
    if (isGenerator(result)) return endAfterGenerator(result as Iterator<unknown>, roots);
  }
  return result;
}

/**
 * A PyProxy that a function returns is Python's again: its reference moves
 * into the slot and the proxy is spent (PEP 818, "JSMethod_Vectorcall").
 */
function moveResult(proxy: object, slots: number): void {
  const root = rootOf(proxy);
  if (root === undefined || !root.owned) return;
  surrender(root, "it was returned to Python, which owns the object");
  u32[slots >> 2] = Tag.Object | Tag.Owned;
}

function conclude(result: unknown, roots: Root[] | null, slots: number): Tag {
  const value = roots === null ? result : settleLoan(roots, result);
  refresh();
  const tag = give(value, slots);
  if (tag === Tag.Object) moveResult(value as object, slots);
  endLoan(roots);
  return tag;
}

function few(target: Method, receiver: unknown, count: number, a: unknown, b: unknown, c: unknown): unknown {
  if (receiver === undefined) {
    switch (count) {
      case 0:
        return target();
      case 1:
        return target(a);
      case 2:
        return target(a, b);
      default:
        return target(a, b, c);
    }
  }
  switch (count) {
    case 0:
      return Reflect.apply(target, receiver, []);
    case 1:
      return Reflect.apply(target, receiver, [a]);
    case 2:
      return Reflect.apply(target, receiver, [a, b]);
    default:
      return Reflect.apply(target, receiver, [a, b, c]);
  }
}

function call(callee: number, self: number, slots: number, positional: number, keywords: number): Tag {
  refresh();
  let roots: Root[] | null = null;
  try {
    const target = values[callee] as Method;
    const receiver = self === 0 ? undefined : values[self];
    let result: unknown;
    if (keywords === 0 && positional <= 3) {
      const a = positional > 0 ? read(slots, false) : undefined;
      const b = positional > 1 ? read(slots + 16, false) : undefined;
      const c = positional > 2 ? read(slots + 32, false) : undefined;
      roots = takeLent();
      result = few(target, receiver, positional, a, b, c);
    } else {
      const args = readArguments(slots, positional, keywords);
      roots = takeLent();
      result = Reflect.apply(target, receiver, args);
    }
    return conclude(result, roots, slots);
  } catch (error) {
    endLoan(roots ?? takeLent());
    return fail(error, slots);
  }
}

function get(object: number, slots: number): Tag {
  refresh();
  try {
    const target = values[object] as Indexed;
    const name = readName(slots);
    const value = target[name];
    if (value === undefined && !(name in Object(target))) return Tag.Missing;
    return give(value, slots);
  } catch (error) {
    return fail(error, slots);
  }
}

function set(object: number, slots: number): Tag {
  refresh();
  try {
    const target = values[object] as Indexed;
    const value = read(slots + 16, false);
    const roots = takeLent();
    try {
      if (!Reflect.set(target, readName(slots), value, target)) {
        throw new TypeError(`cannot set the property ${readName(slots)}: it is read-only`);
      }
    } finally {
      endLoan(roots);
    }
    u32[slots >> 2] = Tag.Undefined;
    return Tag.Undefined;
  } catch (error) {
    return fail(error, slots);
  }
}

/** Operations whose arguments are values; what is lent to them ends with them. */
function op(code: JsOp, object: number, slots: number, positional: number, keywords: number): Tag {
  refresh();
  let roots: Root[] | null = null;
  try {
    const target = values[object];
    if (code === JsOp.Construct) {
      const args = readArguments(slots, positional, keywords);
      roots = takeLent();
      return conclude(Reflect.construct(target as new () => object, args), roots, slots);
    }
    if (code === JsOp.Next) return next(target as Iterator<unknown>, slots);
    if (code === JsOp.ToPy) return writeTape(target, read(slots, false) as number, slots);
    const inputs = argumentsOf(code, slots);
    roots = takeLent();
    const result = operate(code, target, inputs);
    refresh();
    const tag = result === missing ? Tag.Missing : give(result, slots);
    endLoan(roots);
    return tag;
  } catch (error) {
    endLoan(roots ?? takeLent());
    return fail(error, slots);
  }
}

/** C++ reads the return value of a finished iterator from the slot of `Missing`. */
function next(iterator: Iterator<unknown>, slots: number): Tag {
  const result = iterator.next();
  if (typeof result !== "object" && typeof result !== "function") {
    throw new TypeError(`next() of a JavaScript iterator: expected an object, got ${String(result)}`);
  }
  const finished = result.done === true;
  refresh();
  const tag = give(result.value, slots);
  return finished ? Tag.Missing : tag;
}

function argumentsOf(code: JsOp, slots: number): unknown[] {
  switch (code) {
    case JsOp.Delete:
      return [readName(slots)];
    case JsOp.GetItem:
    case JsOp.DelItem:
    case JsOp.Contains:
    case JsOp.Same:
    case JsOp.Post:
      return [read(slots, false)];
    case JsOp.SetItem:
    case JsOp.Then:
      return [read(slots, false), read(slots + 16, false)];
    default:
      return [];
  }
}

export const imports = {
  pyjs_js_call: call,
  pyjs_js_get: get,
  pyjs_js_set: set,
  pyjs_js_op: op,
  pyjs_js_store: (slots: number): number => {
    refresh();
    return toHandle(read(slots, false));
  },
  pyjs_js_load: (handle: number, slots: number): number => {
    refresh();
    try {
      return give(values[handle], slots);
    } catch (error) {
      return fail(error, slots);
    }
  },
  pyjs_js_classify_error: (handle: number, slots: number): number => fail(values[handle], slots),
  pyjs_js_make_error: (pointer: number): number => {
    refresh();
    return toHandle(new PythonError(pointer));
  },
  pyjs_js_features: (handle: number, slots: number): void => {
    refresh();
    const value = values[handle];
    const double = isPyProxy(value) ? JsFlag.Double : 0;
    u32[(slots >> 2) + 1] = features(value as object) | double;
  },
  pyjs_js_make_proxy: (pointer: number, flags: number): number =>
    toHandle(createPyProxy(pointer, flags, true)),
};
