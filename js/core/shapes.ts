// shapes.ts: the keys that records have in common, so that they cross once: in a tape, and those of
// many tapes once for all. Python's half are the shapes of src/tape_shapes.hpp.

export type Keys = readonly string[];

/** What a first key may be followed by: so many lists of keys are told apart. */
const ALIKE = 8;

/** Lists of keys, and what is known of each. */
class KeysMap<T> {
  /** Made for the first: many a tape has none. */
  private known: Map<string, { keys: Keys; value: T }[]> | undefined;

  find(keys: Keys): T | undefined {
    const alike = this.known?.get(keys[0]!);
    if (alike === undefined) return undefined;
    for (let i = 0; i < alike.length; i++) {
      const entry = alike[i]!;
      if (isSame(entry.keys, keys)) return entry.value;
    }
    return undefined;
  }

  add(keys: Keys, value: T): void {
    const known = (this.known ??= new Map<string, { keys: Keys; value: T }[]>());
    const alike = known.get(keys[0]!);
    if (alike === undefined) known.set(keys[0]!, [{ keys, value }]);
    else if (alike.push({ keys, value }) > ALIKE) alike.shift();
  }

  delete(keys: Keys): void {
    const alike = this.known?.get(keys[0]!);
    if (alike === undefined) return;
    const left = alike.filter((entry) => !isSame(entry.keys, keys));
    if (left.length === 0) this.known!.delete(keys[0]!);
    else this.known!.set(keys[0]!, left);
  }

  clear(): void {
    this.known?.clear();
  }
}

function isSame(one: Keys, other: Keys): boolean {
  const { length } = one;
  if (other.length !== length) return false;
  for (let i = 0; i < length; i++) if (one[i] !== other[i]) return false;
  return true;
}

/** How many shapes Python keeps; see kShapes in C++. */
const PLACES = 256;
const MOST_KEYS = 128;
const LONGEST = 64;

/** The places of what Python keeps. */
const places = new KeysMap<number>();
const kept: Keys[] = [];
let next = 0;
/** The last keys that were not kept, of each hash: what comes twice is worth keeping, data is not. */
const missed: Keys[] = new Array<Keys>(64).fill([]);
/** Python counts what it could not keep. */
let failures = 0;

function hash(keys: Keys): number {
  const key = keys[0]!;
  return (31 * keys.length + 7 * key.length + key.charCodeAt(key.length - 1)) & 63;
}

function isWorthKeeping(keys: Keys): boolean {
  if (keys.length > MOST_KEYS) return false;
  const at = hash(keys);
  if (isSame(missed[at]!, keys)) return keys.every((key) => key.length <= LONGEST);
  missed[at] = keys;
  return false;
}

/** The place that the keys get from now on, or -1. */
function keep(keys: Keys): number {
  if (!isWorthKeeping(keys)) return -1;
  const place = next++ % PLACES;
  const former = kept[place];
  if (former !== undefined) places.delete(former);
  kept[place] = keys;
  places.add(keys, place);
  return place;
}

/** Nothing is kept any more: Python did not read, or could not keep, what it was told to. */
function forget(): void {
  places.clear();
  kept.length = 0;
  next = 0;
}

/** Keys, and their number in a tape. */
export interface Shape {
  readonly keys: Keys;
  readonly number: number;
}

function hasKeys(object: object, keys: Keys): boolean {
  let i = 0;
  // Most engines do this in less time than Object.keys().
  for (const key in object) if (key !== keys[i++]) return false; // eslint-disable-line guard-for-in
  return i === keys.length;
}

/** Whether plain objects inherit what a loop over them would find. */
function isPolluted(): boolean {
  for (const _ in Object.prototype) return true;
  return false;
}

/** The shapes of one tape. */
export class Shapes {
  private readonly numbers = new KeysMap<number>();
  /** Those of the last records, by how deep these lay: the next has mostly the same. */
  private last: Shape[] = [];
  private readonly expects = !isPolluted();
  count = 0;

  /** `keeps`: no other tape is written or read, and this one is read before anything else runs. */
  constructor(private readonly keeps: boolean) {}

  /** The shape of the last record that lay as deep, if the object, which is plain, has its keys. */
  expected(object: object, depth: number): Shape | undefined {
    const shape = this.last[depth];
    return shape !== undefined && hasKeys(object, shape.keys) ? shape : undefined;
  }

  expect(shape: Shape, depth: number): void {
    if (this.expects) this.last[depth] = shape;
  }

  /** The number of the keys in this tape, or undefined. */
  find(keys: Keys): number | undefined {
    return this.numbers.find(keys);
  }

  /** The number that they get. */
  add(keys: Keys): number {
    this.numbers.add(keys, this.count);
    return this.count++;
  }

  /** Where Python keeps them, or -1. */
  placeOf(keys: Keys): number {
    return this.keeps ? (places.find(keys) ?? -1) : -1;
  }

  /** Where Python is to keep them from now on, or -1. */
  keep(keys: Keys): number {
    return this.keeps ? keep(keys) : -1;
  }

  /** What the tape said of shapes did not arrive. */
  lose(): void {
    this.numbers.clear();
    this.last = [];
    if (this.keeps) forget();
  }
}

/** Told at the begin of each conversion how often Python could not keep a shape. */
export function heedFailures(count: number): void {
  if (count === failures) return;
  failures = count;
  forget();
}
