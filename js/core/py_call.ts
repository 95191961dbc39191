// py_call.ts: Python objects by the proxies that stand for them: who they are, calls and operations.
import { discard, write } from "./convert";
import { receive, writeError } from "./errors";
import { classPointer } from "./js_class";
import type { Root } from "./lifetime";
import { drop, endedRoot, isOnce, roots } from "./lifetime";
import { RESERVE, alloc, refresh, reserve, room, setTop, top, u32, wasm } from "./memory";
import { canSuspend } from "./life";
import type { OnceCallable } from "./schedule";
import type { Ending } from "./suspend";
import { enterPromising } from "./suspend";
import { learnKey, learnName, writeKey, writeName } from "./names";
import { PyFlag, PyOp, Tag } from "./types";

export type Args = ArrayLike<unknown>;

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

export function live(root: Root): number {
  if (root.pointer === 0) throw destroyed(root);
  return root.pointer;
}

/** The root of a proxy, or undefined for any other value. */
export function rootOf(value: unknown): Root | undefined {
  return roots.get(value as object) ?? endedRoot(value);
}

export function expectRoot(proxy: object, operation: string): Root {
  const root = rootOf(proxy);
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

export function isPyProxy(value: unknown): boolean {
  return rootOf(value) !== undefined;
}

/**
 * A PyProxy that a function made and returns is Python's again, and spent
 * (PEP 818, "JSMethod_Vectorcall"); one that create_proxy() made lives on, as does a retained one.
 */
export function spend(value: unknown): void {
  const root = roots.get(value as object);
  if (root === undefined || !root.owned || root.explicit || root.key !== 0) return;
  drop(root, "it was returned to Python, which owns the object");
}

/** Writes values to `slots`; when that fails, nothing from `base` on is in use. */
export function writeAll(args: Args, slots: number, base = slots): void {
  let done = 0;
  try {
    for (; done < args.length; done++) write(args[done], slots + 16 * done);
  } catch (error) {
    discard(slots, done);
    setTop(base);
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

function enter(
  root: Root,
  pointer: number,
  slots: number,
  base: number,
  positional: number,
  names: readonly string[],
  places: readonly number[],
): unknown {
  setTop(base);
  const tag = wasm.pyjs_py_call(pointer, slots, positional, names.length);
  for (let i = 0; i < places.length; i++) learnName(names[i]!, places[i]!, tag);
  if (isOnce(root)) drop(root, "it was made to be called once");
  return receive(tag, slots);
}

/** Calls the Python object of `root` with the first `count` of three arguments. */
export function invokeFew(root: Root, count: number, a: unknown, b: unknown, c: unknown): unknown {
  const pointer = live(root);
  refresh();
  const slots = reserve(16 * count + 32);
  writeFew(slots, count, a, b, c);
  return enter(root, pointer, slots, slots, count, NO_NAMES, NO_PLACES);
}

export const NO_NAMES: readonly string[] = [];
const NO_PLACES: readonly number[] = [];

/** Calls the Python object of `root`; the last `names.length` of `args` are keyword arguments. */
export function invoke(root: Root, args: Args, names: readonly string[]): unknown {
  const pointer = live(root);
  refresh();
  const bytes = 16 * (args.length + names.length) + 32;
  if (bytes > room(top)) return invokeMany(root, pointer, args, names, bytes);
  const slots = reserve(bytes);
  return send(root, pointer, args, names, slots, slots);
}

/** The same for more arguments than the arena has room for. */
function invokeMany(root: Root, pointer: number, args: Args, names: readonly string[], bytes: number): unknown {
  const base = top;
  const slots = alloc(bytes + RESERVE);
  try {
    return send(root, pointer, args, names, slots, base);
  } finally {
    setTop(base);
    wasm.free(slots);
  }
}

function send(
  root: Root,
  pointer: number,
  args: Args,
  names: readonly string[],
  slots: number,
  base: number,
): unknown {
  const count = args.length;
  writeAll(args, slots, base);
  const places = names.length === 0 ? NO_PLACES : names.map((name, i) => writeName(name, slots + 16 * (count + i)));
  return enter(root, pointer, slots, base, count - names.length, names, places);
}

/** As invoke, such that Python can be suspended where the engine can do that. */
export function invokePromising(root: Root, args: Args, names: readonly string[], ending: Ending): void {
  const pointer = live(root);
  refresh();
  const base = top;
  const bytes = 16 * (args.length + 2 * names.length) + 32;
  const fits = bytes <= room(base);
  const slots = fits ? reserve(bytes) : alloc(bytes + RESERVE);
  try {
    writeAll(args, slots, base);
    // Not learned: that they have arrived is known only at the end.
    names.forEach((name, i) => writeName(name, slots + 16 * (args.length + i)));
    setTop(base);
    enterPromising(pointer, slots, args.length - names.length, names.length, ending);
  } finally {
    setTop(base);
    if (!fits) wasm.free(slots);
  }
  if (isOnce(root)) drop(root, "it was made to be called once");
}

const nothing = (): void => undefined;
const TASK: Ending = { isAwaited: false, resolve: nothing, reject: report };
/** Calls a function that nobody waits for. */
export function runTask(callback: OnceCallable): void {
  const root = roots.get(callback);
  if (!canSuspend || root === undefined) callback();
  else invokePromising(root, [], NO_NAMES, TASK);
}

/** Loud, as what a task throws. */
export function report(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** One operation on the Python object at `pointer`: the tag of its result, which begins at `top`. */
export function perform(op: PyOp, pointer: number, args: Args): number {
  refresh();
  const slots = reserve(Math.max(64, 16 * args.length));
  writeAll(args, slots);
  setTop(slots);
  return wasm.pyjs_py_op(op, pointer, slots);
}

/** One operation on the Python object at `pointer`; `Missing` gives `absent`. */
export function operate(op: PyOp, pointer: number, args: Args, absent?: unknown): unknown {
  const slots = top;
  const tag = perform(op, pointer, args);
  return (tag & Tag.Mask) === Tag.Missing ? absent : receive(tag, slots);
}

/** As `perform`, for the key of an item, with the value to set if there is one. */
export function performKeyed(op: PyOp, pointer: number, key: string, values: readonly unknown[]): number {
  refresh();
  const slots = reserve(64);
  if (values.length !== 0) writeAll(values, slots + 16, slots);
  const place = writeKey(key, slots);
  setTop(slots);
  const tag = wasm.pyjs_py_op(op, pointer, slots);
  learnKey(key, place, tag);
  return tag;
}

const NO_VALUES: readonly unknown[] = [];

/** An operation on the item `key`, with the value to set if there is one. */
export function onItem(op: PyOp, pointer: number, key: unknown, values = NO_VALUES): unknown {
  if (typeof key !== "string") return operate(op, pointer, [key, ...values]);
  const slots = top;
  const tag = performKeyed(op, pointer, key, values);
  return (tag & Tag.Mask) === Tag.Missing ? undefined : receive(tag, slots);
}

/** An operation on the attribute `name`; `Missing` gives `absent`. */
export function onAttribute(op: PyOp, pointer: number, name: string, absent?: unknown): unknown {
  refresh();
  const slots = reserve(64);
  const place = writeName(name, slots);
  u32[(slots >>> 2) + 6] = 0;
  setTop(slots);
  const tag = wasm.pyjs_py_op(op, pointer, slots);
  learnName(name, place, tag);
  return (tag & Tag.Mask) === Tag.Missing ? absent : receive(tag, slots);
}

/**
 * An attribute. Its proxy lives as long as that of the object, and stays the same while the
 * attribute does; a method is the same one as long as its function is.
 */
export function getAttribute(root: Root, name: string, absent?: unknown): unknown {
  const pointer = live(root);
  const former = root.attributes?.get(name);
  const known = former === undefined || former.root.pointer === 0 ? undefined : former;
  refresh();
  const slots = reserve(64);
  const place = writeName(name, slots);
  u32[(slots >>> 2) + 6] = known === undefined ? 0 : known.root.pointer;
  setTop(slots);
  const tag = wasm.pyjs_py_op(PyOp.GetAttr, pointer, slots);
  learnName(name, place, tag);
  if (tag === Tag.Done) {
    // The same method; unless what ran there has ended its proxy.
    return known!.root.pointer === 0 ? getAttribute(root, name, absent) : known!.proxy;
  }
  if ((tag & Tag.Mask) === Tag.Missing) return absent;
  if ((tag & Tag.Mask) !== Tag.Object) return receive(tag, slots);
  refresh();
  const found = u32[(slots >>> 2) + 2]!;
  if (known !== undefined && found === known.root.pointer) {
    wasm.pyjs_py_decref(found);
    return known.proxy;
  }
  const proxy = receive(tag, slots) as object;
  // A property may have ended the object's own proxy.
  if (root.pointer !== 0) (root.attributes ??= new Map()).set(name, { root: roots.get(proxy)!, proxy });
  return proxy;
}

export function setAttribute(pointer: number, name: string, value: unknown): void {
  refresh();
  const slots = reserve(64);
  try {
    write(value, slots + 16);
  } catch (error) {
    setTop(slots);
    throw error;
  }
  const place = writeName(name, slots);
  setTop(slots);
  const tag = wasm.pyjs_py_op(PyOp.SetAttr, pointer, slots);
  learnName(name, place, tag);
  receive(tag, slots);
}

/** One step of the iterator at `pointer`; the last one has the value it returned. */
export function step(pointer: number, value?: unknown): IteratorResult<unknown> {
  refresh();
  const slots = reserve(64);
  if (value !== undefined) writeAll([value], slots);
  return finishStep(value === undefined ? PyOp.Next : PyOp.Send, pointer, slots);
}

/** Raises `error` where the generator at `pointer` stands. */
export function throwInto(pointer: number, error: unknown): IteratorResult<unknown> {
  refresh();
  const slots = reserve(64);
  const root = rootOf(error);
  if (root === undefined) writeError(error, slots);
  else {
    u32[slots >>> 2] = Tag.PyError;
    u32[(slots >>> 2) + 2] = live(root);
  }
  return finishStep(PyOp.Throw, pointer, slots);
}

function finishStep(op: PyOp, pointer: number, slots: number): IteratorResult<unknown> {
  setTop(slots);
  const tag = wasm.pyjs_py_op(op, pointer, slots);
  return { done: (tag & Tag.Done) !== 0, value: receive(tag & ~Tag.Done, slots) };
}

export function ask(proxy: object, op: PyOp, args: Args, absent?: unknown): unknown {
  return operate(op, live(expectRoot(proxy, "PyProxy")), args, absent);
}

/** What an iterable of Python's gives; its proxy ends. */
export function drain(proxy: unknown): unknown[] {
  const list = proxy as Iterable<unknown> & { destroy(): void };
  try {
    return [...list];
  } finally {
    list.destroy();
  }
}

/** Imports a Python module; `a.b.c` gives `c`. */
export function pyimport(name: string): unknown {
  return operate(PyOp.Import, 0, [name]);
}
