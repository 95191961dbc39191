// js_array.ts: JavaScript arrays and their like as Python's sequences; one crossing per operation.
import { read, readKept } from "./convert";
import { missing } from "./js_items";
import { JsOp } from "./types";

type List = unknown[];

interface Range {
  start: number;
  stop: number;
  step: number;
  count: number;
}

function clamp(index: number, length: number, step: number): number {
  if (index < 0) return Math.max(index + length, step < 0 ? -1 : 0);
  return Math.min(index, step < 0 ? length - 1 : length);
}

/** What the slice [start, stop, step] selects (CPython's PySlice_AdjustIndices). */
function rangeOf(slots: number, length: number): Range {
  const step = read(slots + 32, false) as number;
  const start = clamp(read(slots, false) as number, length, step);
  const stop = clamp(read(slots + 16, false) as number, length, step);
  const span = step < 0 ? start - stop : stop - start;
  return { start, stop: Math.max(stop, start), step, count: span <= 0 ? 0 : Math.ceil(span / Math.abs(step)) };
}

/** The values of a Python iterable, which stand in the slots, or of a JavaScript one. */
function valuesOf(slots: number, count: number, isIterable: boolean): unknown[] {
  if (isIterable) return [...(read(slots, false) as Iterable<unknown>)];
  const values: unknown[] = [];
  for (let i = 0; i < count; i++) values.push(readKept(slots + 16 * i));
  return values;
}

function getSlice(list: ArrayLike<unknown>, slots: number): unknown {
  const { start, step, count } = rangeOf(slots, list.length);
  if (step === 1 && (Array.isArray(list) || ArrayBuffer.isView(list))) {
    return (list as List).slice(start, start + count);
  }
  const isTyped = ArrayBuffer.isView(list);
  const made = isTyped ? new (list.constructor as new (n: number) => List)(count) : new Array<unknown>(count);
  for (let i = 0; i < count; i++) made[i] = list[start + i * step];
  return made;
}

/** What is wrong with the number of values, for the ValueError. */
function setSlice(list: List, slots: number, values: unknown[]): unknown {
  const { start, stop, step, count } = rangeOf(slots, list.length);
  if (step === 1 && Array.isArray(list)) {
    splice(list, start, stop - start, values);
    return undefined;
  }
  if (values.length !== count) return `expected ${count} values, given ${values.length}`;
  values.forEach((value, i) => {
    list[start + i * step] = value;
  });
  return undefined;
}

/** Array.prototype.splice without its limit on the number of arguments. */
function splice(list: List, start: number, removed: number, values: unknown[]): void {
  if (values.length < 10_000) {
    list.splice(start, removed, ...values);
    return;
  }
  const rest = list.splice(start).slice(removed);
  append(list, values);
  append(list, rest);
}

function append(list: List, values: unknown[]): void {
  for (const value of values) list.push(value);
}

function deleteSlice(list: List, slots: number): void {
  const { start, step, count } = rangeOf(slots, list.length);
  if (step === 1) {
    list.splice(start, count);
    return;
  }
  const gone = new Set<number>();
  for (let i = 0; i < count; i++) gone.add(start + i * step);
  let end = 0;
  for (let i = 0; i < list.length; i++) {
    if (!gone.has(i)) list[end++] = list[i];
  }
  list.length = end;
}

/** V8 ends the process when an array grows beyond about 2 ** 27 elements, spare room included. */
const MOST = 2 ** 26;

function expectPossible(length: number): void {
  if (length > MOST) throw new RangeError(`repeating an array: expected at most ${MOST} elements, got ${length}`);
}

function repeat(list: List, times: number): List {
  const made: List = [];
  expectPossible(list.length * times);
  for (let i = 0; i < times; i++) append(made, list);
  return made;
}

function repeatInPlace(list: List, times: number): void {
  if (times <= 0) list.length = 0;
  const once = list.slice();
  expectPossible(once.length * times);
  for (let i = 1; i < times; i++) append(list, once);
}

function pop(list: List, index: number): unknown {
  const at = index < 0 ? index + list.length : index;
  if (at < 0 || at >= list.length) return missing;
  return at === list.length - 1 ? list.pop() : list.splice(at, 1)[0];
}

/** Like Array.prototype.includes, NaN is found; a hole is undefined. */
function find(list: ArrayLike<unknown>, value: unknown, start: number, stop: number): number {
  const end = Math.min(stop < 0 ? stop + list.length : stop, list.length);
  for (let i = Math.max(start < 0 ? start + list.length : start, 0); i < end; i++) {
    if (list[i] === value || (value !== value && list[i] !== list[i])) return i;
  }
  return -1;
}

function count(list: ArrayLike<unknown>, value: unknown): number {
  let found = 0;
  for (let at = -1; (at = find(list, value, at + 1, list.length)) >= 0; ) found++;
  return found;
}

function remove(list: List, value: unknown): unknown {
  const at = find(list, value, 0, list.length);
  if (at < 0) return missing;
  list.splice(at, 1);
  return undefined;
}

function indexOf(list: ArrayLike<unknown>, slots: number): unknown {
  const [value, start, stop] = [0, 16, 32].map((at) => read(slots + at, false)) as [unknown, number, number];
  const at = find(list, value, start, stop);
  return at < 0 ? missing : at;
}

/**
 * One operation on a sequence. `count` values stand in the slots, behind those
 * of the operation itself, or one iterable of them when `isIterable`.
 */
export function operateArray(
  code: JsOp,
  target: unknown,
  slots: number,
  valueCount: number,
  isIterable: boolean,
): unknown {
  const list = target as List;
  switch (code) {
    case JsOp.GetSlice:
      return getSlice(list, slots);
    case JsOp.SetSlice:
      return setSlice(list, slots, valuesOf(slots + 48, valueCount, isIterable));
    case JsOp.DelSlice:
      return deleteSlice(list, slots);
    case JsOp.Extend:
      return append(list, valuesOf(slots, valueCount, isIterable));
    case JsOp.Concat:
      return list.concat(valuesOf(slots, valueCount, isIterable));
    case JsOp.Repeat:
      return repeat(list, read(slots, false) as number);
    case JsOp.RepeatInPlace:
      return repeatInPlace(list, read(slots, false) as number);
    case JsOp.Insert:
      list.splice(read(slots, false) as number, 0, readKept(slots + 16));
      return undefined;
    case JsOp.Pop:
      return pop(list, read(slots, false) as number);
    case JsOp.IndexOf:
      return indexOf(list, slots);
    case JsOp.CountOf:
      return count(list, read(slots, false));
    case JsOp.Remove:
      return remove(list, read(slots, false));
    case JsOp.Reverse:
      list.reverse();
      return undefined;
    default:
      list.length = 0; // Clear
      return undefined;
  }
}

/** `list[index]`, where a negative index counts from the end. */
export function itemAt(list: ArrayLike<unknown>, index: number): unknown {
  const { length } = list;
  const at = index < 0 ? index + length : index;
  if (at < 0 || at >= length) return missing;
  if (Array.isArray(list) || ArrayBuffer.isView(list)) return list[at];
  const { get } = list as { get?: unknown };
  return typeof get === "function" ? (get.call(list, at) as unknown) : list[at];
}
