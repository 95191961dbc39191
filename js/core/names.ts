// names.ts: names and keys of which Python keeps the str, so that they cross as a number.
import { isError } from "./errors";
import { u32 } from "./memory";
import { writeString } from "./strings";
import { Tag } from "./types";

/** How many each table has; a table begins where the former ends. See decode_name() in C++. */
const SIZE = 1024;
const LONGEST = 64;

/** What a name that is known, or is not to be kept, has for a place. */
const NO_PLACE = -1;

class Table {
  private readonly kept: (string | undefined)[] = [];
  private readonly numbers = new Map<string, number>();
  private next = 0;

  constructor(private readonly first: number) {}

  /** Whether the name is known; then its number stands in the slot. */
  find(name: string, slot: number): boolean {
    const number = this.numbers.get(name);
    if (number === undefined) return false;
    u32[slot >>> 2] = Tag.Name;
    u32[(slot >>> 2) + 1] = number;
    return true;
  }

  /** Writes the name with the place that it gets, which is the result. */
  add(name: string, slot: number): number {
    writeString(name, slot);
    if (name.length > LONGEST) return NO_PLACE;
    const place = this.next++ % SIZE;
    const former = this.kept[place];
    if (former !== undefined) this.numbers.delete(former);
    this.kept[place] = name;
    u32[slot >>> 2] = u32[slot >>> 2]! | ((this.first + place + 1) << 8);
    return place;
  }

  /** Python has the name, unless the crossing failed, or what ran meanwhile took its place. */
  learn(name: string, place: number, tag: number): void {
    if (this.kept[place] !== name) return;
    if (isError(tag)) this.kept[place] = undefined;
    else this.numbers.set(name, this.first + place);
  }
}

const names = new Table(0);
const keys = new Table(SIZE);

/** Gives what learnName() takes, with the tag of what Python gave; to be written last of all slots. */
export function writeName(name: string, slot: number): number {
  return names.find(name, slot) ? NO_PLACE : names.add(name, slot);
}

export function learnName(name: string, place: number, tag: number): void {
  if (place !== NO_PLACE) names.learn(name, place, tag);
}

/** The last key that was not known of each hash: one that comes twice is worth keeping, data is not. */
const missed: string[] = new Array<string>(256).fill("");

function hash(key: string): number {
  const { length } = key;
  return (31 * length + 7 * key.charCodeAt(0) + key.charCodeAt(length - 1)) & 255;
}

/** As writeName(), for the key of an item; learnKey() takes what it gives. */
export function writeKey(key: string, slot: number): number {
  if (keys.find(key, slot)) return NO_PLACE;
  const place = hash(key);
  if (missed[place] === key) return keys.add(key, slot);
  if (key.length <= LONGEST) missed[place] = key;
  writeString(key, slot);
  return NO_PLACE;
}

export function learnKey(key: string, place: number, tag: number): void {
  if (place !== NO_PLACE) keys.learn(key, place, tag);
}
