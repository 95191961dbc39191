// deep_to_py.ts: writes a JavaScript structure as a tape, for src/tape_reader.cpp.
//
// Iterative, so that nesting is bounded by memory alone. Every container gets
// the next number; a second meeting is written as a reference to it.
import { release, toHandle } from "./convert";
import { receive } from "./errors";
import { layouts } from "./layouts";
import { alloc, f64, outOfMemory, refresh, reserve, setTop, u32, u8, wasm } from "./memory";
import { Met } from "./met";
import { isPyProxy, pointerOf, spend } from "./py_call";
import { flagsOf } from "./py_proxy";
import type { Output } from "./registry";
import { writeRegistered } from "./registry";
import type { Keys } from "./shapes";
import { Shapes, heedFailures } from "./shapes";
import { hexOf, writeString } from "./strings";
import { isShared } from "./js_buffer";
import { giveBack, takeWords } from "./tape_words";
import { formatOf } from "./typed_arrays";
import type { Known } from "./types";
import { Feed, Policy, PyOp, Tag, Tape } from "./types";

type Convert = (value: unknown) => unknown;
type Cache = (value: object, result: unknown) => void;
export type Converter = (value: unknown, convert: Convert, cache: Cache) => unknown;
type Indexed = Record<string, unknown>;

/** Containers nest so deep by functions that recur. */
const DEEPEST = 100;
/** Longer texts do not join the others. */
const LONGEST = 4096;
/** The longest run of numbers under one word: a tape goes to Python in parts. */
const RUN = 1 << 14;
/** Texts up to here stand in their word. */
const TINY = 3;

/** A container whose members are being written, where they nest too deep to recur. */
interface Frame {
  /** An array, or what a Map or Set had; the object whose values are under `keys`. */
  items: ArrayLike<unknown> | Indexed;
  keys: Keys | null;
  next: number;
  count: number;
  level: number;
}

const encoder = new TextEncoder();

function isInt32(value: unknown): value is number {
  return typeof value === "number" && (value | 0) === value;
}

/** Of an Array, or of a Proxy of one. */
function lengthOf(value: unknown[]): number {
  const { length } = value;
  if (length >>> 0 === length) return length;
  throw new TypeError(`to_py: expected a Proxy of an Array with the length of one, got ${typeof length} ${String(length)}`);
}

/** Keys and values in turn, whatever the iterator of a class of its own gives. */
function itemsOf(value: Map<unknown, unknown>): unknown[] {
  const items: unknown[] = [];
  for (const [key, item] of value) items.push(key, item);
  return items;
}

/** All bytes, whose number a class of its own may deny. */
function bytesOf(value: ArrayBufferLike | ArrayBufferView): Uint8Array {
  if (!ArrayBuffer.isView(value)) return new Uint8Array(value);
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

/** The value that a converter has, and its level. */
interface Turn {
  value: unknown;
  level: number;
}

class TapeWriter implements Output {
  readonly words = takeWords();
  private readonly shapes: Shapes;
  readonly met: Met;
  /** What Python takes over with the tape, and what is dropped when writing fails. */
  private handles: number[] = [];
  private blocks: number[] = [];
  objects: number[] = [];
  /** How many containers are being written by functions that recur. */
  private depthNow = 0;
  /** Those that are in deeper ones. */
  private readonly stack: Frame[] = [];
  private isDraining = false;
  private begun = false;
  runsCode = false;
  private alive = true;
  /** Python stopped reading. */
  private broken = false;
  /** What the converter that runs was given; null when none runs. */
  private turn: Turn | null = null;

  constructor(
    private readonly depth: number,
    private converter: Converter | undefined,
    /** The address of Python's reader, which lives as long as the conversion. */
    private readonly reader: number,
    private readonly known: Known,
    /** Whether integers are written as doubles too, which keeps -0. */
    private readonly doublesOnly: boolean,
    /** Whether no other tape is written or read, and this one is read before anything else runs. */
    alone: boolean,
  ) {
    this.shapes = new Shapes(alone);
    this.met = new Met(converter !== undefined);
  }

  run(root: unknown, level: number): void {
    const { depthNow, isDraining } = this;
    this.isDraining = false;
    try {
      if (!this.simple(root)) this.other(root as object, level);
    } finally {
      this.depthNow = depthNow;
      this.isDraining = isDraining;
    }
  }

  /** Throws when Python stopped reading a part that no converter asked for. */
  expectReader(): void {
    if (!this.broken) return;
    throw new Error("to_py: a part before this one failed, and a converter went on without its error");
  }

  /** Hands over what is written; `slots` are Python's. */
  finish(slots: number): void {
    this.words.finish(slots);
    const begin = this.begun ? Feed.None : Feed.Begin;
    const tree = this.met.isShared ? Feed.None : Feed.Tree;
    f64[(slots >> 3) + 5] = begin | tree | (this.runsCode ? Feed.Code : Feed.None);
    this.begun = true;
    this.forget();
  }

  /** What is written is handed over, or dropped. */
  private forget(): void {
    this.handles = [];
    this.blocks = [];
    this.objects = [];
  }

  /** Drops what an unfinished tape owns. */
  abandon(): void {
    this.words.drop();
    for (const handle of this.handles) release(handle);
    for (const block of this.blocks) wasm.free(block);
    for (const object of this.objects) wasm.pyjs_py_decref(object);
    this.shapes.lose();
  }

  /** What converters got does nothing from here on. */
  end(): void {
    this.alive = false;
    this.converter = undefined;
    this.stack.length = 0; // a failure leaves some
    this.met.end();
    giveBack(this.words);
    layouts.writer = this;
  }

  /** Memory that goes to Python with the tape. */
  alloc(size: number): number {
    const address = alloc(size);
    this.blocks.push(address);
    return address;
  }

  put(kind: Tape, number: number): void {
    this.words.push(kind | (number << 5));
  }

  /** Writes the members of a container that nests too deep, and of all that is in it. */
  private later(frame: Frame): void {
    const base = this.stack.length;
    this.stack.push(frame);
    if (this.isDraining) return;
    this.isDraining = true;
    while (this.stack.length > base) {
      const last = this.stack[this.stack.length - 1]!;
      if (last.next === last.count) this.stack.pop();
      else if (last.keys === null) this.stepList(last);
      else this.stepRecord(last, last.items as Indexed, last.keys);
    }
    this.isDraining = false;
  }

  private stepList(frame: Frame): void {
    const items = frame.items as ArrayLike<unknown>;
    frame.next = this.list(items, frame.next, frame.count);
    if (frame.next !== frame.count) this.other(items[frame.next++] as object, frame.level);
  }

  private stepRecord(frame: Frame, object: Indexed, keys: Keys): void {
    while (frame.next < frame.count) {
      const value = object[keys[frame.next++]!];
      if (!this.simple(value)) return this.other(value as object, frame.level);
    }
  }

  /** Writes elements up to one that `simple` does not know; its index. */
  private list(items: ArrayLike<unknown>, from: number, to: number): number {
    let at = from;
    while (at < to) {
      const item = items[at];
      if (typeof item === "number") {
        const stop = Math.min(to, at + RUN);
        at += isInt32(item) && !this.doublesOnly ? this.ints(item, items, at, stop) : this.doubles(item, items, at, stop);
        if (this.words.isLong) this.words.flush();
      } else if (this.simple(item)) at++;
      else return at;
    }
    return at;
  }

  /** Writes `first`, which was read from `start`, and what follows it; how many these are. */
  private ints(first: number, items: ArrayLike<unknown>, start: number, stop: number): number {
    const { words } = this;
    words.reserve(stop - start + 1);
    const { i32 } = words;
    const header = words.length;
    let at = header + 1;
    i32[at++] = first;
    let i = start + 1;
    for (; i < stop; i++) {
      const item = items[i];
      if (typeof item !== "number" || (item | 0) !== item) break;
      i32[at++] = item;
    }
    i32[header] = Tape.Ints | ((i - start) << 5);
    words.length = at;
    return i - start;
  }

  private doubles(first: number, items: ArrayLike<unknown>, start: number, stop: number): number {
    const { words } = this;
    const header = words.length;
    words.push(0);
    words.align();
    words.pushNumber(first);
    let i = start + 1;
    for (; i < stop; i++) {
      const item = items[i];
      if (typeof item !== "number") break;
      words.pushNumber(item);
    }
    words.i32[header] = Tape.Numbers | ((i - start) << 5);
    return i - start;
  }

  /** Writes a value that holds no others; false for an object or symbol. */
  private simple(value: unknown): boolean {
    switch (typeof value) {
      case "number":
        this.number(value);
        return true;
      case "string":
        this.text(value);
        return true;
      case "undefined":
        this.put(Tape.None, 0);
        return true;
      case "boolean":
        this.put(value ? Tape.True : Tape.False, 0);
        return true;
      case "bigint":
        this.bigint(value);
        return true;
      default:
        if (value !== null) return false;
        this.put(Tape.Null, 0);
        return true;
    }
  }

  private number(value: number): void {
    if (isInt32(value) && !this.doublesOnly) {
      this.put(Tape.Ints, 1);
      this.words.push(value);
    } else {
      this.put(Tape.Numbers, 1);
      this.words.align();
      this.words.pushNumber(value);
    }
  }

  text(text: string): void {
    if (text.length <= TINY && this.tiny(text)) return;
    if (text.length > LONGEST) return this.longText(text);
    this.put(Tape.Text, text.length);
    this.words.addText(text);
  }

  /** False for one that has more than Latin-1 characters. */
  private tiny(text: string): boolean {
    const { length } = text;
    let number = length;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0xff) return false;
      number |= unit << (2 + 8 * i);
    }
    this.put(Tape.Tiny, number);
    return true;
  }

  private longText(text: string): void {
    refresh();
    const slot = reserve(16);
    writeString(text, slot);
    setTop(slot);
    const word = slot >> 2;
    this.blocks.push(u32[word + 2]!);
    this.slot(Tape.Slot, u32[word]!, u32[word + 1]!, u32[word + 2]!, u32[word + 3]!);
  }

  slot(kind: Tape, tag: number, aux: number, data: number, high: number): void {
    this.put(kind, 0);
    this.words.align();
    this.words.push(tag);
    this.words.push(aux);
    this.words.push(data);
    this.words.push(high);
  }

  private bigint(value: bigint): void {
    if (BigInt.asIntN(64, value) === value) {
      return this.slot(Tape.Slot, Tag.Int64, 0, Number(value & 0xffffffffn), Number(value >> 32n));
    }
    const text = hexOf(value);
    const address = this.alloc(text.length);
    encoder.encodeInto(text, u8.subarray(address, address + text.length));
    this.slot(Tape.Slot, Tag.BigHex | Tag.Owned, text.length, address, 0);
  }

  private leaf(value: unknown): void {
    if (!this.simple(value)) this.proxy(value as object | symbol, Tape.Slot);
  }

  proxy(value: object | symbol, kind: Tape): void {
    const pointer = typeof value === "symbol" ? 0 : pointerOf(value);
    if (pointer !== 0) {
      wasm.pyjs_py_incref(pointer);
      this.objects.push(pointer);
      return this.slot(kind, Tag.Object, 0, pointer, 0);
    }
    const flags = typeof value === "symbol" ? 0 : flagsOf(value);
    const handle = toHandle(value);
    this.handles.push(handle);
    this.slot(kind, Tag.Handle, flags, handle, 0);
  }

  private other(value: object | symbol, level: number): void {
    if (typeof value === "symbol") return this.unknown(value, level);
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (!this.isDeepest(level)) {
      // What most objects are; none of these is a PyProxy.
      if (prototype === Object.prototype) return this.openRecord(value as Indexed, level);
      if (prototype === Array.prototype && Array.isArray(value)) return this.openList(value, level);
    }
    const number = this.met.numberOf(value);
    if (number >= 0) this.put(Tape.Reference, number);
    else if (isPyProxy(value)) this.proxy(value, Tape.Slot);
    else if (writeRegistered(this, value, prototype, this.known)) return;
    else if (this.isDeepest(level) || !this.container(value, prototype, level)) this.unknown(value, level);
  }

  private isDeepest(level: number): boolean {
    return this.depth >= 0 && level >= this.depth;
  }

  /** Opens a container; false for an object that has no Python counterpart. */
  private container(value: object, prototype: object | null, level: number): boolean {
    if (Array.isArray(value)) this.openList(value, level);
    else if (value instanceof Map) this.openItems(Tape.Map, value, itemsOf(value), level);
    else if (value instanceof Set) this.openItems(Tape.Set, value, [...value], level);
    else if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer || isShared(value)) this.buffer(value);
    else if (isPlain(prototype)) this.openRecord(value as Indexed, level);
    else return false;
    return true;
  }

  /** Whether the container is new; else a reference to it is written. */
  private isNew(value: object): boolean {
    if (this.words.isLong) this.words.flush();
    const number = this.met.meet(value);
    if (number >= 0) this.put(Tape.Reference, number);
    return number < 0;
  }

  private openList(value: unknown[], level: number): void {
    if (this.isNew(value)) this.open(Tape.List, value, lengthOf(value), level);
  }

  private openItems(kind: Tape, value: object, items: unknown[], level: number): void {
    if (this.isNew(value)) this.open(kind, items, items.length, level);
  }

  /** `length` is that of `items`, of which a Proxy may say another one each time. */
  private open(kind: Tape, items: unknown[], length: number, level: number): void {
    this.put(kind, 1);
    this.words.push(kind === Tape.Map ? length / 2 : length);
    let next = this.list(items, 0, length);
    if (next === length) return;
    if (this.depthNow >= DEEPEST) return this.later({ items, keys: null, next, count: length, level: level + 1 });
    this.depthNow++;
    while (next < length) {
      this.other(items[next] as object, level + 1);
      next = this.list(items, next + 1, length);
    }
    this.depthNow--;
  }

  private openRecord(object: Indexed, level: number): void {
    if (!this.isNew(object)) return;
    const keys = Object.keys(object);
    const shape = this.shapeOf(keys);
    if (shape < 0) {
      const items = keys.flatMap((key) => [key, object[key]]);
      return this.open(Tape.Map, items, items.length, level);
    }
    this.put(Tape.Record, shape);
    if (this.depthNow >= DEEPEST) {
      return this.later({ items: object, keys, next: 0, count: keys.length, level: level + 1 });
    }
    this.depthNow++;
    this.members(object, keys, level + 1);
    this.depthNow--;
  }

  private members(object: Indexed, keys: Keys, level: number): void {
    let next = 0;
    // Engines look properties up faster so than by keys. Inherited ones would come last.
    for (const key in object) {
      if (key !== keys[next]) break; // a getter or trap changed the object
      next++;
      const value = object[key];
      if (!this.simple(value)) this.other(value as object, level);
    }
    for (; next < keys.length; next++) {
      const value = object[keys[next]!];
      if (!this.simple(value)) this.other(value as object, level);
    }
  }

  /** The number of the shape with these keys; -1 for none at all, and for one that is too long. */
  private shapeOf(keys: Keys): number {
    if (keys.length === 0) return -1;
    const known = this.shapes.find(keys);
    if (known !== undefined) return known;
    const place = this.shapes.placeOf(keys);
    if (place >= 0) this.put(Tape.Shape, place);
    else if (keys.some((key) => key.length > LONGEST)) return -1;
    else this.putKeys(keys);
    return this.shapes.add(keys);
  }

  private putKeys(keys: Keys): void {
    this.put(Tape.Keys, keys.length);
    this.words.push(this.shapes.keep(keys));
    for (const key of keys) {
      this.words.push(key.length);
      this.words.text += key;
    }
  }

  private buffer(value: ArrayBufferLike | ArrayBufferView): void {
    refresh();
    const bytes = bytesOf(value);
    const { length, byteOffset } = bytes;
    const isOwn = bytes.buffer === u8.buffer; // a view of Python's memory, which growth detaches
    const slot = reserve(16);
    const address = wasm.pyjs_py_bytearray(length, slot) >>> 0;
    refresh();
    const object = u32[(slot >> 2) + 2]!;
    setTop(slot);
    if (address === 0) throw outOfMemory(length);
    this.objects.push(object);
    if (isOwn) u8.copyWithin(address, byteOffset, byteOffset + length);
    else u8.set(bytes, address);
    this.met.meet(value);
    this.put(Tape.Buffer, 1 | (formatOf(value).charCodeAt(0) << 1));
    this.words.push(object);
  }

  private unknown(value: object | symbol, level: number): void {
    if (this.converter === undefined) return this.proxy(value, Tape.Slot);
    this.turn = { value, level };
    try {
      const result = this.converter(
        value,
        (other) => this.convert(other),
        (key, made) => this.cache(key, made),
      );
      this.leaf(result);
      spend(result);
    } finally {
      this.turn = null;
    }
  }

  /** Nothing but the converter that runs may write between the words of the tape. */
  private active(operation: string): Turn {
    if (!this.alive) throw new Error(`${operation}: the conversion that this function was made for has ended`);
    if (this.turn === null) throw new Error(`${operation}: call it while the converter runs that it was given to`);
    return this.turn;
  }

  /** For a converter: the converted `value`, which may refer to all that is being converted. */
  private convert(value: unknown): unknown {
    const turn = this.active("convert");
    this.turn = null;
    try {
      this.feed(Feed.None);
      this.begun = false;
      return this.convertIn(turn, value);
    } finally {
      this.turn = turn;
    }
  }

  private convertIn(turn: Turn, value: unknown): unknown {
    const depth = this.stack.length;
    const { count } = this.met;
    try {
      this.run(value, value === turn.value ? turn.level : turn.level + 1);
      return this.feed(Feed.End);
    } catch (error) {
      this.unwind(depth, count);
      this.feed(Feed.Drop);
      throw error;
    }
  }

  /** The converter may go on without what it asked for; nothing can refer to that any more. */
  private unwind(depth: number, count: number): void {
    this.stack.length = depth;
    this.met.remove(count);
    this.abandon();
    this.forget();
    this.put(Tape.Resume, 0);
    this.words.push(this.met.count);
    this.words.push(this.shapes.count);
    this.broken = false;
  }

  private cache(value: object, result: unknown): void {
    this.active("cache");
    if ((typeof value !== "object" && typeof value !== "function") || value === null) {
      throw new TypeError(`cache: expected an object as the value that is converted, got ${typeof value}`);
    }
    if ((typeof result === "object" && result !== null) || typeof result === "function") {
      this.proxy(result, Tape.Register);
      this.met.replace(value);
    }
  }

  private feed(what: Feed): unknown {
    this.expectReader();
    refresh();
    const slots = reserve(64);
    this.finish(slots);
    f64[(slots >> 3) + 5] = f64[(slots >> 3) + 5]! | what;
    f64[(slots >> 3) + 7] = this.reader;
    setTop(slots);
    this.broken = true;
    const value = receive(wasm.pyjs_py_op(PyOp.FromTape, 0, slots), slots);
    this.broken = false;
    return value;
  }
}

/** PEP 818: an object whose constructor is Object or undefined. */
function isPlain(prototype: object | null): boolean {
  if (prototype === null || prototype === Object.prototype) return true;
  // Object.prototype of another realm.
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "hasOwnProperty");
}

/** Writes the tape of `root` and points the slots to its words, its texts and what to do. */
export function writeTape(
  root: unknown,
  depth: number,
  converter: Converter | undefined,
  reader: number,
  known: Known,
  policy: number,
  slots: number,
): Tag {
  heedFailures(u32[(slots >> 2) + 1]!);
  const alone = converter === undefined && (policy & Policy.Within) === 0;
  const writer = new TapeWriter(depth, converter, reader, known, (policy & Policy.Doubles) !== 0, alone);
  try {
    writer.run(root, 0);
    writer.expectReader();
    refresh();
    writer.finish(slots);
    return Tag.Tape;
  } catch (error) {
    writer.abandon();
    throw error;
  } finally {
    writer.end();
  }
}
