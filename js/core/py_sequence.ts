// py_sequence.ts: what Array.prototype does, for proxies of Python sequences.
import type { Root } from "./lifetime";
import { drop, roots } from "./lifetime";
import { ask, drain, expectRoot, live, operate } from "./py_call";
import { can } from "./py_classes";
import { PyFlag, PyOp } from "./types";

const array = Array.prototype as unknown as Record<string, (...args: never[]) => unknown>;

/** The index that a property key stands for, or -1. */
export function indexOf(key: string): number {
  const first = key.charCodeAt(0);
  if (first < 48 || first > 57) return -1;
  const index = Number(key);
  return Number.isSafeInteger(index) && String(index) === key ? index : -1;
}

export function lengthOf(root: Root): number {
  return operate(PyOp.Length, live(root), []) as number;
}

/** Removes `count` elements from `start` on, and drops them; puts others there. */
export function cut(root: Root, start: number, count: number, items: readonly unknown[]): void {
  drop(roots.get(operate(PyOp.Splice, live(root), [start, count, items]) as object)!, "it was cut off");
}

/** Sets the element at `index`; the one after the last is added, as an Array grows. */
export function setElement(root: Root, index: number, value: unknown): void {
  if (root.flags & PyFlag.MutableSequence && index === lengthOf(root)) cut(root, index, 0, [value]);
  else operate(PyOp.SetItem, live(root), [index, value]);
}

/** As Array.prototype's methods read an argument that counts from either end. */
function position(value: number | undefined, length: number, otherwise: number): number {
  const given = value === undefined ? otherwise : Math.trunc(Number(value)) || 0;
  return given < 0 ? Math.max(length + given, 0) : Math.min(given, length);
}

/** Methods that only read: Array.prototype's own, through length and indices. */
const READING = [
  "at", "entries", "every", "filter", "find", "findIndex", "findLast", "findLastIndex", "flatMap", "forEach",
  "includes", "indexOf", "join", "keys", "lastIndexOf", "map", "reduce", "reduceRight", "slice", "some",
  "toReversed", "toSorted", "toSpliced", "values", "with",
] as const; // prettier-ignore

const reading: Record<PropertyKey, unknown> = {
  /** Arrays and proxies of sequences are spread, as Array.prototype.concat spreads arrays. */
  concat(this: Iterable<unknown>, ...others: unknown[]): unknown[] {
    const isSpread = (value: unknown): value is Iterable<unknown> => Array.isArray(value) || isSequence(value);
    return [...this].concat(...others.map((other) => (isSpread(other) ? [...other] : [other])));
  },
  flat(this: Iterable<unknown>, depth = 1): unknown[] {
    const spread = (values: Iterable<unknown>, levels: number): unknown[] =>
      [...values].flatMap((value) =>
        levels > 0 && (Array.isArray(value) || isSequence(value))
          ? spread(value as Iterable<unknown>, levels - 1)
          : [value],
      );
    return spread(this, depth);
  },
  /** `[].concat(sequence)` takes its elements. */
  get [Symbol.isConcatSpreadable](): boolean {
    return true;
  },
  /** For JSON.stringify. */
  toJSON(this: Iterable<unknown>): unknown[] {
    return [...this];
  },
};

function isSequence(value: unknown): boolean {
  return can(value, PyFlag.Sequence);
}

for (const name of READING) {
  const method = array[name];
  if (method !== undefined) reading[name] = method;
}

export const sequence: object = reading;

function lengthOfList(list: object): number {
  return lengthOf(expectRoot(list, "PyProxy"));
}

/** Removes `count` elements from `start` on, and puts others there; what was removed. */
function replace(list: object, start: number, count: number, items: readonly unknown[]): unknown[] {
  return drain(ask(list, PyOp.Splice, [start, count, items]));
}

/** Puts the element of each index where the index stands; the objects stay what they are. */
function arrange(list: object, order: readonly number[]): object {
  ask(list, PyOp.Arrange, [order]);
  return list;
}

function compareTexts(one: unknown, other: unknown): number {
  const [a, b] = [String(one), String(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

export const mutableSequence = {
  push(...items: unknown[]): number {
    const length = lengthOfList(this);
    replace(this, length, 0, items);
    return length + items.length;
  },
  pop(): unknown {
    const length = lengthOfList(this);
    return length === 0 ? undefined : replace(this, length - 1, 1, [])[0];
  },
  shift(): unknown {
    return replace(this, 0, 1, [])[0];
  },
  unshift(...items: unknown[]): number {
    const length = lengthOfList(this);
    replace(this, 0, 0, items);
    return length + items.length;
  },
  splice(...args: [start?: number, count?: number, ...items: unknown[]]): unknown[] {
    const length = lengthOfList(this);
    const start = position(args[0], length, 0);
    const most = length - start;
    const wanted = args.length === 1 ? most : Math.trunc(Number(args[1])) || 0;
    return args.length === 0 ? [] : replace(this, start, Math.min(Math.max(wanted, 0), most), args.slice(2));
  },
  reverse(): object {
    const length = lengthOfList(this);
    return arrange(
      this,
      Array.from({ length }, (_, i) => length - 1 - i),
    );
  },
  /** Stable; undefined comes last, as in Array.prototype.sort. */
  sort(compare: (one: unknown, other: unknown) => number = compareTexts): object {
    const values = [...(this as unknown as Iterable<unknown>)];
    const order = values.map((_, i) => i);
    const last = (i: number): number => (values[i] === undefined ? 1 : 0);
    order.sort((i, j) => last(i) - last(j) || (last(i) ? 0 : compare(values[i], values[j])));
    return arrange(this, order);
  },
  fill(value: unknown, start?: number, end?: number): object {
    const length = lengthOfList(this);
    const stop = position(end, length, length);
    for (let i = position(start, length, 0); i < stop; i++) ask(this, PyOp.SetItem, [i, value]);
    return this;
  },
  copyWithin(target: number, start?: number, end?: number): object {
    const length = lengthOfList(this);
    const order = Array.from({ length }, (_, i) => i);
    return arrange(this, order.copyWithin(target, start ?? 0, end));
  },
};

