// js_proxy.ts: what Python does with JavaScript objects: the functions that wasm imports.
import { callAbortably, inheritAbort, isAbortable } from "./abort";
import { read, readKept, readName, toHandle, values, write, writeHandle } from "./convert";
import { ArgumentsReader } from "./js_options_call";
import type { Converter } from "./converter_turns";
import { closeTape, fromTape, openTape } from "./deep_to_js";
import { define } from "./define";
import { writeTape } from "./deep_to_py";
import { PythonError, writeError } from "./errors";
import type { Loan } from "./lifetime";
import { drop, endLoan, keepLoan, roots, takeLent } from "./lifetime";
import { OutOfMemory, f64, refresh, room, setTop, top, u32, wasm } from "./memory";
import { IN_ARENA } from "./strings";
import { operateBuffer } from "./js_buffer";
import { iterateAsync } from "./js_await";
import { itemAt, operateArray } from "./js_array";
import { missing, operateItems, viewFlags } from "./js_items";
import { advance, iterate } from "./js_iterate";
import { operate } from "./js_object";
import { ConversionIssue, PlacedError } from "./path";
import { isPyProxy, spend, unwrap } from "./py_call";
import { createPyProxy, flagsOf } from "./py_proxy";
import { JsFlag, JsOp, Tag, View } from "./types";

type Method = (...args: unknown[]) => unknown;
type Indexed = Record<PropertyKey, unknown>;

/** Writes a result into slots[0]. What it needs of the arena is read before anything else runs. */
function give(value: unknown, slots: number): Tag {
  refresh();
  if (typeof value === "number") {
    u32[slots >>> 2] = Tag.Number;
    f64[(slots >>> 3) + 1] = value;
    return Tag.Number;
  }
  const start = top;
  write(value, slots);
  setTop(start);
  return u32[slots >>> 2]! & Tag.Mask;
}

/** What may run Python while a text that was given is yet to be read: it lies at the top of the arena. */
function afterGiving(act: () => void): void {
  const start = top;
  setTop(start + Math.min(3 * IN_ARENA, room(start)));
  act();
  setTop(start);
}

function fail(error: unknown, slots: number): Tag {
  refresh();
  return writeError(error, slots);
}

function readOptions(slots: number, names: readonly string[]): Indexed {
  const options: Indexed = {};
  names.forEach((name, i) => {
    // Not assigned: a keyword named __proto__ must not set the prototype.
    define(options, name, read(slots + 16 * i, false));
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
function endAfterPromise(promise: Promise<unknown>, loans: Loan[]): unknown {
  keepLoan(loans);
  const settled = (value: unknown): void => {
    // What the promise gives is not done with: Python may await it later.
    const others = loans.filter(({ proxy }) => proxy !== value);
    end(others, "the promise it was passed for has settled");
  };
  if (Object.getPrototypeOf(promise) !== Promise.prototype) {
    Promise.prototype.then.call(promise, settled, settled);
    return promise;
  }
  // A promise with the same outcome: the host still reports it when nobody handles its rejection.
  const same = promise.then(
    (value) => {
      settled(value);
      return value;
    },
    (error: unknown) => {
      settled(error);
      throw error;
    },
  );
  inheritAbort(same, promise);
  return same;
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

/** Other libraries' promises, and those of other realms. */
function isThenable(value: object): boolean {
  try {
    return !isPyProxy(value) && typeof (value as { then?: unknown }).then === "function";
  } catch {
    return false; // a getter threw; whoever awaits it hears of that
  }
}

/** Decides how long the proxies lent to a call live, now that its result is known. */
function settleLoan(loans: Loan[], result: unknown): unknown {
  if (typeof result !== "object" || result === null) return result;
  if (result instanceof Promise) return endAfterPromise(result, loans);
  // A promise in its place, since some thenables begin anew whenever `then` is called.
  if (isThenable(result)) return endAfterPromise(Promise.resolve(result), loans);
  const kind = Object.prototype.toString.call(result);
  if (kind !== "[object Generator]" && kind !== "[object AsyncGenerator]") return result;
  keepLoan(loans);
  return kind === "[object Generator]"
    ? endAfterGenerator(result as Iterator<unknown>, loans)
    : endAfterAsyncGenerator(result as AsyncIterator<unknown>, loans);
}

function conclude(
  result: unknown,
  loans: Loan[] | null,
  slots: number,
  callee: unknown,
  args: readonly unknown[],
): Tag {
  const value = loans === null ? result : settleLoan(loans, result);
  const tag = give(value, slots);
  if (tag === Tag.Object) spend(value);
  if (loans !== null) afterGiving(() => endLoan(loans, callee, args));
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

const NONE: unknown[] = [];

/** Calls `target`, which was found by `name` if given, with the arguments at `args`; the result goes to `slots`. */
function perform(
  target: Method,
  name: string,
  receiver: unknown,
  args: number,
  slots: number,
  positional: number,
  keywords: number,
): Tag {
  let loans: Loan[] | null = null;
  let inputs: unknown[] = NONE;
  try {
    let result: unknown;
    if (isAbortable(target)) {
      inputs = readArguments(args, positional, keywords);
      loans = takeLent();
      result = callAbortably(target, receiver, inputs);
    } else if (keywords === 0 && positional <= 3) {
      const a = positional > 0 ? read(args, false) : undefined;
      const b = positional > 1 ? read(args + 16, false) : undefined;
      const c = positional > 2 ? read(args + 32, false) : undefined;
      loans = takeLent();
      if (loans !== null) inputs = [a, b, c];
      result = few(target, receiver, positional, a, b, c);
    } else {
      inputs = readArguments(args, positional, keywords);
      loans = takeLent();
      result = Reflect.apply(target, receiver, inputs);
    }
    return conclude(result, loans, slots, name || target, inputs);
  } catch (error) {
    endLoan(loans ?? takeLent(), name || target, inputs);
    return fail(error, slots);
  }
}

function call(callee: number, self: number, slots: number, positional: number, keywords: number): Tag {
  refresh();
  const receiver = self === 0 ? undefined : values[self];
  return perform(values[callee] as Method, "", receiver, slots, slots, positional, keywords);
}

function callMethod(object: number, slots: number, positional: number, keywords: number): Tag {
  refresh();
  const name = readName(slots);
  const receiver = values[object] as Indexed;
  let method: unknown;
  try {
    if (receiver === undefined || receiver === null) return missed(slots + 16, positional, keywords);
    method = receiver[name];
  } catch (error) {
    missed(slots + 16, positional, keywords);
    return fail(error, slots);
  }
  if (typeof method !== "function" || roots.has(method)) return missed(slots + 16, positional, keywords);
  refresh(); // the lookup may have run a getter
  return perform(method as Method, name, receiver, slots + 16, slots, positional, keywords);
}

/** No call after all; but C++ counts on the names of its keywords being cached here. */
function missed(args: number, positional: number, keywords: number): Tag {
  refresh();
  const names = args + 16 * (positional + keywords);
  for (let i = 0; i < keywords; i++) readName(names + 16 * i);
  return Tag.Missing;
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
    u32[slots >>> 2] = Tag.Undefined;
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
    if (code === JsOp.Construct || code === JsOp.ConstructAs) {
      const args = readArguments(slots, positional, keywords);
      loans = takeLent();
      const newTarget = code === JsOp.Construct ? target : args.shift();
      const made: unknown = Reflect.construct(target as Method, args, newTarget as Method);
      return conclude(made, loans, slots, target, args);
    }
    if (code === JsOp.Next) return step(advance(code, target, undefined), slots);
    if (code >= JsOp.Send && code <= JsOp.Return) {
      // The generator goes on with it after this step.
      const input = code === JsOp.Return ? undefined : readKept(slots);
      return step(advance(code, target, input), slots);
    }
    if (code === JsOp.AsyncIterate) return give(iterateAsync(target), slots);
    if (code === JsOp.Iterate) return giveOrMissing(iterate(target, positional === 1), slots);
    if (code === JsOp.Unwrap) return giveObject(unwrap(target as object), slots);
    if (code === JsOp.BufferBytes) return operateBuffer(code, target, slots, positional === 1) as Tag;
    if (code > JsOp.BufferBytes && code <= JsOp.BufferCopy) return give(operateBuffer(code, target, slots, false), slots);
    if (code === JsOp.ToPy || (code >= JsOp.FromTape && code <= JsOp.CloseTape)) return convert(code, target, slots, positional);
    if (code === JsOp.Apply) return apply(target as Method, slots, positional === 1);
    if (code >= JsOp.GetSlice && code <= JsOp.Clear) {
      return giveItem(operateArray(code, target, slots, positional, (keywords & 1) !== 0), slots, keywords >> 1);
    }
    const inputs = argumentsOf(code, slots);
    loans = takeLent();
    const tag = isOnItems(code)
      ? giveItem(operateItems(code, target, inputs, keywords), slots, keywords)
      : giveOrMissing(operate(code, target, inputs), slots);
    if (loans !== null) afterGiving(() => endLoan(loans));
    return tag;
  } catch (error) {
    endLoan(loans ?? takeLent());
    if (error instanceof PlacedError) return givePlaced(error, slots);
    if (error instanceof ConversionIssue) return giveIssue(error.message, error.path, slots);
    const tag = fail(error, slots);
    if (code === JsOp.ToPy || code === JsOp.FromTape) u32[(slots + 16) >>> 2] = Tag.Undefined; // no path
    return tag;
  }
}

function giveIssue(message: string, path: string, slots: number): Tag {
  refresh();
  const start = top;
  write(message, slots);
  write(path, slots + 16);
  setTop(start);
  return Tag.Missing;
}

/** Python notes the path with the error, which stays itself. */
function givePlaced({ error, path }: PlacedError, slots: number): Tag {
  if (error instanceof ConversionIssue) return giveIssue(error.message, path, slots);
  if (error instanceof OutOfMemory) {
    giveIssue(`out of memory, ${error.size} bytes were needed`, path, slots);
    return Tag.Undefined; // which no conversion gives
  }
  const tag = fail(error, slots);
  const start = top;
  write(path, slots + 16);
  setTop(start);
  return tag;
}

/** Calls with the arguments on a tape; what is lent to the call stands on it too. */
function apply(target: Method, slots: number, construct: boolean): Tag {
  const reader = new ArgumentsReader();
  let args = NONE;
  try {
    const receiver = read(slots + 48, false);
    args = reader.read(slots);
    const result: unknown = construct ? Reflect.construct(target, args) : Reflect.apply(target, receiver, args);
    return conclude(result, reader.loans, slots, target, args);
  } catch (error) {
    endLoan(reader.loans, target, args);
    throw error;
  } finally {
    reader.close();
  }
}

/** Deep conversion: see deep_to_js.ts and deep_to_py.ts. */
function convert(code: JsOp, target: unknown, slots: number, what: number): Tag {
  if (code === JsOp.ToPy) {
    const depth = f64[(slots >>> 3) + 1]!;
    const reader = f64[(slots >>> 3) + 3]!;
    const policy = f64[(slots >>> 3) + 7]!;
    const converter = readKept(slots + 32);
    try {
      return writeTape(target, depth, converter as Converter | undefined, reader, what, policy, slots);
    } finally {
      spend(converter);
    }
  }
  if (code === JsOp.OpenTape) return give(openTape(slots), slots);
  if (code === JsOp.CloseTape) return give(closeTape(target), slots);
  const value = fromTape(target, slots, what);
  if (!isPyProxy(value)) return give(value, slots);
  writeHandle(value as object, slots); // not the object behind it
  return Tag.Handle;
}

function isOnItems(code: JsOp): boolean {
  return (
    (code >= JsOp.GetItem && code <= JsOp.Length) || (code >= JsOp.PopItem && code <= JsOp.IterateKeys)
  );
}

function giveObject(pointer: number, slots: number): Tag {
  wasm.pyjs_py_incref(pointer);
  u32[slots >>> 2] = Tag.Object;
  u32[(slots >>> 2) + 2] = pointer;
  return Tag.Object;
}

function giveOrMissing(result: unknown, slots: number): Tag {
  return result === missing ? Tag.Missing : give(result, slots);
}

/** An item of an object map or of JSON is seen the same way. */
function giveItem(result: unknown, slots: number, view: View): Tag {
  const tag = giveOrMissing(result, slots);
  if (view > View.ObjectMap && tag === Tag.Handle) {
    const flags = viewFlags(result as object, view);
    // A map is nothing else beside; an array of JSON is an array.
    const own = flags & JsFlag.ObjectMap ? 0 : u32[(slots >>> 2) + 1]!;
    u32[(slots >>> 2) + 1] = own | flags;
  }
  return tag;
}

function item(object: number, index: number, slots: number, view: View): Tag {
  refresh();
  try {
    const result = itemAt(values[object] as ArrayLike<unknown>, index);
    if (result === missing) return Tag.Missing;
    return view === View.Plain ? give(result, slots) : giveItem(result, slots, view);
  } catch (error) {
    return fail(error, slots);
  }
}

/** C++ reads the return value of a finished iterator from the slot of `Missing`. */
function step({ done, value }: IteratorResult<unknown>, slots: number): Tag {
  const tag = give(value, slots);
  return done ? Tag.Missing : tag; // any true value, as in a for loop of JavaScript's
}

function argumentsOf(code: JsOp, slots: number): unknown[] {
  switch (code) {
    case JsOp.Delete:
    case JsOp.Overrides:
      return [readName(slots)];
    case JsOp.GetItem:
    case JsOp.DelItem:
    case JsOp.Contains:
    case JsOp.PopItem:
    case JsOp.Same:
    case JsOp.Import:
    case JsOp.InstanceOf:
    case JsOp.SubclassOf:
    case JsOp.CancelTimer:
    case JsOp.SetTracing:
    case JsOp.Trace:
    case JsOp.TraceOf:
    case JsOp.Resume:
    case JsOp.Resumed:
    case JsOp.Block:
      return [read(slots, false)];
    case JsOp.SetItem:
      return [readKept(slots), readKept(slots + 16)];
    case JsOp.StartTimer:
    case JsOp.SetAbortable:
    case JsOp.Wake:
      return [read(slots, false), read(slots + 16, false)];
    case JsOp.Then:
      return [u32[(slots >>> 2) + 2]];
    case JsOp.AsyncStep:
      return [readKept(slots), readKept(slots + 16), u32[(slots >>> 2) + 10]];
    default:
      return [];
  }
}

export const imports = {
  pyjs_js_call: call,
  pyjs_js_call_method: callMethod,
  pyjs_js_get: get,
  pyjs_js_set: set,
  pyjs_js_op: op,
  pyjs_js_item: item,
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
    u32[(slots >>> 2) + 1] = flagsOf(value as object);
  },
  pyjs_js_make_proxy: (pointer: number, flags: number): number => {
    const proxy = createPyProxy(pointer, flags, true);
    roots.get(proxy)!.explicit = true;
    return toHandle(proxy);
  },
};
