// js_proxy.ts: what Python does with JavaScript objects: the functions that wasm imports.
import { read, readKept, readName, toHandle, values, write } from "./convert";
import { writeTape } from "./deep_to_py";
import { PythonError, writeError } from "./errors";
import { features } from "./features";
import type { Loan } from "./lifetime";
import { drop, endLoan, keepLoan, takeLent } from "./lifetime";
import { f64, refresh, setTop, top, u32 } from "./memory";
import { missing, operate } from "./js_object";
import { createPyProxy, isPyProxy, rootOf } from "./py_proxy";
import { JsFlag, JsOp, Tag } from "./types";

type Method = (...args: unknown[]) => unknown;
type Indexed = Record<PropertyKey, unknown>;

/** Writes a result into slots[0]. What it needs of the arena is read before anything else runs. */
function give(value: unknown, slots: number): Tag {
  refresh();
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

function readOptions(slots: number, names: readonly string[]): Indexed {
  const options: Indexed = {};
  names.forEach((name, i) => {
    // defineProperty: a keyword named __proto__ must not set the prototype.
    Object.defineProperty(options, name, {
      value: read(slots + 16 * i, false),
      configurable: true,
      enumerable: true,
      writable: true,
    });
  });
  return options;
}

function readArguments(slots: number, positional: number, keywords: number): unknown[] {
  // Names first: C++ already counts on them being cached here.
  const names: string[] = [];
  const values = slots + 16 * positional;
  for (let i = 0; i < keywords; i++) names.push(readName(values + 16 * (keywords + i)));
  const args: unknown[] = [];
  for (let i = 0; i < positional; i++) args.push(read(slots + 16 * i, false));
  if (keywords !== 0) args.push(readOptions(values, names));
  return args;
}

function end(loans: Loan[], reason: string): void {
  for (const { root } of loans) drop(root, reason);
}

/** Ends the loan when the promise settles. */
function endAfterPromise(promise: PromiseLike<unknown>, loans: Loan[]): unknown {
  keepLoan(loans);
  const settled = (value: unknown): void => {
    // What the promise gives is not done with: Python may await it later.
    const others = loans.filter(({ proxy }) => proxy !== value);
    end(others, "the promise it was passed for has settled");
  };
  Promise.prototype.then.call(promise, settled, settled);
  return promise;
}

const GENERATOR_ENDED = "the generator it was passed to has ended";

/** The same generator, which ends the loan when it ends. */
function* endAfterGenerator(generator: Iterator<unknown>, loans: Loan[]): Generator<unknown> {
  try {
    return yield* { [Symbol.iterator]: () => generator };
  } finally {
    end(loans, GENERATOR_ENDED);
  }
}

async function* endAfterAsyncGenerator(
  generator: AsyncIterator<unknown>,
  loans: Loan[],
): AsyncGenerator<unknown> {
  try {
    return yield* { [Symbol.asyncIterator]: () => generator };
  } finally {
    end(loans, GENERATOR_ENDED);
  }
}

/** Decides how long the proxies lent to a call live, now that its result is known. */
function settleLoan(loans: Loan[], result: unknown): unknown {
  if (typeof result !== "object" || result === null) return result;
  if (result instanceof Promise) return endAfterPromise(result, loans);
  const kind = Object.prototype.toString.call(result);
  if (kind !== "[object Generator]" && kind !== "[object AsyncGenerator]") return result;
  keepLoan(loans);
  return kind === "[object Generator]"
    ? endAfterGenerator(result as Iterator<unknown>, loans)
    : endAfterAsyncGenerator(result as AsyncIterator<unknown>, loans);
}

/**
 * A PyProxy that a function made and returns is Python's again, and spent
 * (PEP 818, "JSMethod_Vectorcall"); one that create_proxy() made lives on.
 */
function spend(proxy: object): void {
  const root = rootOf(proxy);
  if (root === undefined || !root.owned || root.explicit) return;
  drop(root, "it was returned to Python, which owns the object");
}

function conclude(result: unknown, loans: Loan[] | null, slots: number): Tag {
  const value = loans === null ? result : settleLoan(loans, result);
  const tag = give(value, slots);
  if (tag === Tag.Object) spend(value as object);
  endLoan(loans);
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
  let loans: Loan[] | null = null;
  try {
    const target = values[callee] as Method;
    const receiver = self === 0 ? undefined : values[self];
    let result: unknown;
    if (keywords === 0 && positional <= 3) {
      const a = positional > 0 ? read(slots, false) : undefined;
      const b = positional > 1 ? read(slots + 16, false) : undefined;
      const c = positional > 2 ? read(slots + 32, false) : undefined;
      loans = takeLent();
      result = few(target, receiver, positional, a, b, c);
    } else {
      const args = readArguments(slots, positional, keywords);
      loans = takeLent();
      result = Reflect.apply(target, receiver, args);
    }
    return conclude(result, loans, slots);
  } catch (error) {
    endLoan(loans ?? takeLent());
    return fail(error, slots);
  }
}

function get(object: number, slots: number): Tag {
  refresh();
  try {
    const name = readName(slots); // first: C++ counts on its being cached here
    const target = values[object] as Indexed;
    if (target === undefined || target === null) return Tag.Missing; // a thrown one has no properties
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
    // Strict mode: assigning to a read-only property throws.
    target[readName(slots)] = readKept(slots + 16);
    refresh();
    u32[slots >> 2] = Tag.Undefined;
    return Tag.Undefined;
  } catch (error) {
    return fail(error, slots);
  }
}

/** Operations whose arguments are values; what is lent to them ends with them. */
function op(code: JsOp, object: number, slots: number, positional: number, keywords: number): Tag {
  refresh();
  let loans: Loan[] | null = null;
  try {
    const target = values[object];
    if (code === JsOp.Construct) {
      const args = readArguments(slots, positional, keywords);
      loans = takeLent();
      return conclude(Reflect.construct(target as new () => object, args), loans, slots);
    }
    if (code === JsOp.ConstructAs) {
      const [newTarget, ...args] = readArguments(slots, positional, keywords);
      loans = takeLent();
      const made: unknown = Reflect.construct(target as Method, args, newTarget as Method);
      return conclude(made, loans, slots);
    }
    if (code === JsOp.Next) return next(target as Iterator<unknown>, slots);
    if (code === JsOp.ToPy) return writeTape(target, read(slots, false) as number, slots);
    const inputs = argumentsOf(code, slots);
    loans = takeLent();
    const result = operate(code, target, inputs);
    const tag = result === missing ? Tag.Missing : give(result, slots);
    endLoan(loans);
    return tag;
  } catch (error) {
    endLoan(loans ?? takeLent());
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
  const tag = give(result.value, slots);
  return finished ? Tag.Missing : tag;
}

function argumentsOf(code: JsOp, slots: number): unknown[] {
  switch (code) {
    case JsOp.Delete:
    case JsOp.Overrides:
      return [readName(slots)];
    case JsOp.GetItem:
    case JsOp.DelItem:
    case JsOp.Contains:
    case JsOp.Same:
    case JsOp.Post:
    case JsOp.InstanceOf:
    case JsOp.SubclassOf:
      return [read(slots, false)];
    case JsOp.SetItem:
      return [readKept(slots), readKept(slots + 16)];
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
  pyjs_js_make_proxy: (pointer: number, flags: number): number => {
    const proxy = createPyProxy(pointer, flags, true);
    rootOf(proxy)!.explicit = true;
    return toHandle(proxy);
  },
};
