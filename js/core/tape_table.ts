// tape_table.ts: long Arrays of numbers, written into the memory of Python's array.array itself.
//
// On the tape they would take as much memory once more, which linear memory never gives back.
import { OutOfMemory, f64, refresh, reserve, setTop, u32, wasm } from "./memory";
import { Policy } from "./types";

/** Shorter ones are lists on the tape. */
const LONG = 1 << 14;
/** Copies are so long: young garbage, which engines collect before it adds up. */
const COPY = 1 << 12;

const { slice, at } = Array.prototype;

/**
 * The elements from `from` on, which the Array may keep as doubles: see `copies` in deep_to_py.ts.
 * Undefined where a constructor of the Array's own gives something else.
 */
export function copyOf(items: unknown[], from: number, length: number): unknown[] | undefined {
  const to = Math.min(length, from + COPY);
  const part = slice.call(items, from, to) as unknown;
  return Array.isArray(part) && part.length === to - from ? part : undefined;
}

/** Whether an array looks like one that V8 keeps as doubles. */
export function isOfDoubles(items: unknown[], length: number): boolean {
  return [0, length >> 1, length - 1].some((index) => isFraction(at.call(items, index)));
}

function isFraction(value: unknown): boolean {
  return typeof value === "number" && (value | 0) !== value;
}

function isInt32(value: unknown): boolean {
  return typeof value === "number" && Object.is(value | 0, value);
}

/** Whether all are integers of 32 bits: those are an array of another type. */
function isOfInts(items: unknown[], length: number): boolean {
  for (let from = 0; from < length; from += COPY) {
    const part = copyOf(items, from, length);
    if (part === undefined) return false;
    for (let i = 0; i < COPY && from + i < length; i++) if (!isInt32(part[i])) return false;
  }
  return true;
}

/** Where the doubles are; nothing that ran since may have resized the array. */
function addressOf(table: number, length: number): number {
  const address = wasm.pyjs_py_doubles_at(table, length) >>> 0;
  if (address === 0) throw new Error("to_py: the array.array was resized while it was written");
  refresh();
  return address;
}

/** Copies the elements; false at one that is no number. */
function fill(table: number, items: unknown[], length: number): boolean {
  const staged = new Float64Array(COPY);
  for (let from = 0; from < length; from += COPY) {
    const count = Math.min(COPY, length - from);
    const part = copyOf(items, from, length);
    if (part === undefined) return false;
    for (let i = 0; i < count; i++) {
      const item = part[i];
      if (typeof item !== "number") return false;
      staged[i] = item;
    }
    f64.set(count === COPY ? staged : staged.subarray(0, count), (addressOf(table, length) >>> 3) + from);
  }
  return true;
}

/** A new array.array of doubles with the elements, or 0 when they are none, or too few to matter. */
export function doublesOf(items: unknown[], length: number, policy: number): number {
  if ((policy & (Policy.Table | Policy.AutoTable)) === 0 || length < LONG) return 0;
  if (typeof at.call(items, 0) !== "number") return 0; // before a length is believed
  if ((policy & Policy.AutoTable) !== 0 && isOfInts(items, length)) return 0;
  refresh();
  const slot = reserve(16);
  const made = wasm.pyjs_py_doubles(length, slot);
  refresh();
  const table = u32[(slot >> 2) + 2]!;
  setTop(slot);
  if (made === 0) throw new OutOfMemory(8 * length);
  let isFull = false;
  try {
    isFull = fill(table, items, length);
  } finally {
    if (!isFull) wasm.pyjs_py_decref(table);
  }
  return isFull ? table : 0;
}
