// deep_to_py.ts: writes a JavaScript structure as a tape, for src/tape_reader.cpp.
//
// Iterative, so that nesting is bounded by memory alone. Every container gets
// the next number; a second meeting is written as a reference to it.
import { release, toHandle } from "./convert";
import { receive } from "./errors";
import { alloc, f64, refresh, reserve, setTop, u32, u8, wasm } from "./memory";
import { isPyProxy, pointerOf, spend } from "./py_call";
import { flagsOf } from "./py_proxy";
import type { Output } from "./registry";
import { writeRegistered } from "./registry";
import { hexOf, writeString } from "./strings";
import { isShared } from "./js_buffer";
import { formatOf } from "./typed_arrays";
import type { Known } from "./types";
import { Feed, PyOp, Tag, Tape } from "./types";

type Convert = (value: unknown) => unknown;
type Cache = (value: object, result: unknown) => void;
type Converter = (value: unknown, convert: Convert, cache: Cache) => unknown;
type Indexed = Record<string, unknown>;

/** Longer texts do not join the others. */
const LONGEST = 4096;
/** The longest run of numbers under one word. */
const RUN = (1 << 27) - 1;

/** The words of a tape while they grow. */
class Words {
  i32 = new Int32Array(4096);
  private f64 = new Float64Array(this.i32.buffer);
  length = 0;

  push(word: number): void {
    if (this.length === this.i32.length) this.grow(1);
    this.i32[this.length++] = word;
  }

  align(): void {
    if (this.length & 1) this.push(0);
  }

  /** Where the length must be even. */
  pushNumber(value: number): void {
    if (this.length + 2 > this.i32.length) this.grow(2);
    this.f64[this.length >> 1] = value;
    this.length += 2;
  }

  /** Makes room for `more` words. */
  reserve(more: number): void {
    if (this.length + more > this.i32.length) this.grow(more);
  }

  private grow(more: number): void {
    const longer = new Int32Array(2 * this.i32.length + 2 * more);
    longer.set(this.i32.subarray(0, this.length));
    this.i32 = longer;
    this.f64 = new Float64Array(longer.buffer);
  }

  copy(): number {
    const { length } = this;
    const address = alloc(4 * length + 8);
    if (length < COPY_FROM) for (let i = 0, to = address >> 2; i < length; i++, to++) u32[to] = this.i32[i]!;
    else u32.set(this.i32.subarray(0, length), address >> 2);
    return address;
  }
}

/** From this many words `set` costs less than a loop. */
const COPY_FROM = 128;
/** Longer words are not kept for the next conversion. */
const SPARE = 1 << 16;
let spare: Words | null = new Words();

function takeWords(): Words {
  const words = spare ?? new Words();
  spare = null;
  words.length = 0;
  return words;
}

function giveBack(words: Words): void {
  if (words.i32.length <= SPARE) spare = words;
}

/** A container whose members are being written. */
interface Frame {
  /** An array, or what a Map or Set had; the object whose values are under `keys`. */
  items: ArrayLike<unknown> | Indexed;
  keys: string[] | null;
  next: number;
  count: number;
  level: number;
}

/** The keys of an object that was written, and the number of the first; others have the same. */
interface Shape {
  keys: string[];
  first: number;
}

const encoder = new TextEncoder();

function isInt32(value: unknown): value is number {
  return typeof value === "number" && (value | 0) === value;
}

/** The value that a converter has, and its level. */
interface Turn {
  value: unknown;
  level: number;
}

class TapeWriter implements Output {
  readonly words = takeWords();
  private joined = "";
  /** By the first key. */
  private readonly shapes = new Map<string, Shape>();
  private keyCount = 0;
  readonly numbers = new Map<object, number>();
  count = 0;
  /** What Python takes over with the tape, and what is dropped when writing fails. */
  private handles: number[] = [];
  private blocks: number[] = [];
  objects: number[] = [];
  private readonly stack: Frame[] = [];
  private begun = false;
  runsCode = false;
  private alive = true;
  /** Python stopped reading. */
  private broken = false;
  /** What the converter that runs was given; null when none runs. */
  private turn: Turn | null = null;

  constructor(
    private readonly depth: number,
    private readonly converter: Converter | undefined,
    /** The address of Python's reader, which lives as long as the conversion. */
    private readonly reader: number,
    private readonly known: Known,
  ) {}

  run(root: unknown, level: number): void {
    const base = this.stack.length;
    if (!this.simple(root)) this.other(root as object, level);
    while (this.stack.length > base) {
      const frame = this.stack[this.stack.length - 1]!;
      if (frame.next === frame.count) this.stack.pop();
      else if (frame.keys === null) this.stepList(frame);
      else this.stepRecord(frame, frame.items as Indexed, frame.keys);
    }
  }

  /** Throws when Python stopped reading a part that no converter asked for. */
  expectReader(): void {
    if (!this.broken) return;
    throw new Error("to_py: a part before this one failed, and a converter went on without its error");
  }

  /** Hands over what is written; `slots` are Python's. */
  finish(slots: number): void {
    this.finishText(slots + 16);
    const address = this.words.copy();
    const word = slots >> 2;
    u32[word] = Tag.Tape;
    u32[word + 1] = this.words.length;
    u32[word + 2] = address;
    f64[(slots >> 3) + 5] = (this.begun ? Feed.None : Feed.Begin) | (this.runsCode ? Feed.Code : Feed.None);
    this.begun = true;
    this.forget();
  }

  /** What is written is handed over, or dropped. */
  private forget(): void {
    this.words.length = 0;
    this.joined = "";
    this.handles = [];
    this.blocks = [];
    this.objects = [];
  }

  private finishText(slot: number): void {
    const text = this.joined;
    const word = slot >> 2;
    if (text === "") {
      u32[word] = Tag.Ascii;
      u32[word + 1] = u32[word + 2] = 0;
      return;
    }
    const address = this.alloc(2 * text.length);
    const target = u8.subarray(address, address + text.length);
    const { read, written } = encoder.encodeInto(text, target);
    const ascii = read === text.length && written === text.length;
    if (!ascii) writeUnits(text, address);
    u32[word] = ascii ? Tag.Ascii : Tag.Units;
    u32[word + 1] = text.length;
    u32[word + 2] = address;
  }

  /** Drops what an unfinished tape owns. */
  abandon(): void {
    for (const handle of this.handles) release(handle);
    for (const block of this.blocks) wasm.free(block);
    for (const object of this.objects) wasm.pyjs_py_decref(object);
  }

  /** What converters got does nothing from here on. */
  end(): void {
    this.alive = false;
    giveBack(this.words);
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

  private stepList(frame: Frame): void {
    const items = frame.items as ArrayLike<unknown>;
    frame.next = this.list(items, frame.next, frame.count);
    if (frame.next !== frame.count) this.other(items[frame.next++] as object, frame.level);
  }

  private stepRecord(frame: Frame, object: Indexed, keys: string[]): void {
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
        at += isInt32(item) ? this.ints(item, items, at, stop) : this.doubles(item, items, at, stop);
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
    if (isInt32(value)) {
      this.put(Tape.Ints, 1);
      this.words.push(value);
    } else {
      this.put(Tape.Numbers, 1);
      this.words.align();
      this.words.pushNumber(value);
    }
  }

  text(text: string): void {
    if (text.length > LONGEST) return this.longText(text);
    this.put(Tape.Text, text.length);
    this.joined += text;
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
    const number = this.numbers.get(value);
    if (number !== undefined) return this.put(Tape.Reference, number);
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (!this.isDeepest(level)) {
      // What most objects are; none of these is a PyProxy.
      if (prototype === Object.prototype) return this.openRecord(value as Indexed, level);
      if (prototype === Array.prototype && Array.isArray(value)) return this.openList(value, level);
    }
    if (isPyProxy(value)) this.proxy(value, Tape.Slot);
    else if (writeRegistered(this, value, prototype, this.known)) return;
    else if (this.isDeepest(level) || !this.container(value, prototype, level)) this.unknown(value, level);
  }

  private isDeepest(level: number): boolean {
    return this.depth >= 0 && level >= this.depth;
  }

  /** Opens a container; false for an object that has no Python counterpart. */
  private container(value: object, prototype: object | null, level: number): boolean {
    if (Array.isArray(value)) this.openList(value, level);
    else if (value instanceof Map) this.open(Tape.Map, value, [...value].flat(), level);
    else if (value instanceof Set) this.open(Tape.Set, value, [...value], level);
    else if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer || isShared(value)) this.buffer(value);
    else if (isPlain(prototype)) this.openRecord(value as Indexed, level);
    else return false;
    return true;
  }

  private begin(kind: Tape, value: object, count: number): void {
    this.numbers.set(value, this.count++);
    this.put(kind, 1);
    this.words.push(count);
  }

  private push(items: ArrayLike<unknown> | Indexed, keys: string[] | null, count: number, level: number): void {
    this.stack.push({ items, keys, next: 0, count, level: level + 1 });
  }

  private openList(value: unknown[], level: number): void {
    const count = value.length;
    this.begin(Tape.List, value, count);
    const next = this.list(value, 0, count);
    if (next === count) return;
    this.push(value, null, count, level);
    this.stack[this.stack.length - 1]!.next = next;
  }

  private open(kind: Tape, value: object, items: unknown[], level: number): void {
    this.begin(kind, value, kind === Tape.Map ? items.length / 2 : items.length);
    this.push(items, null, items.length, level);
  }

  private openRecord(value: Indexed, level: number): void {
    const keys = Object.keys(value);
    const first = this.shapeOf(keys);
    if (first < 0) return this.open(Tape.Map, value, Object.entries(value).flat(), level);
    this.begin(Tape.Record, value, keys.length);
    this.words.push(first);
    this.push(value, keys, keys.length, level);
  }

  /** The number of the first of these keys, which follow each other; -1 when one is too long. */
  private shapeOf(keys: string[]): number {
    const name = keys[0];
    if (name === undefined) return 0;
    const known = this.shapes.get(name);
    if (known !== undefined && sameKeys(known.keys, keys)) return known.first;
    if (keys.some((key) => key.length > LONGEST)) return -1;
    const first = this.keyCount;
    this.keyCount += keys.length;
    this.shapes.set(name, { keys, first });
    this.put(Tape.Keys, keys.length);
    for (const key of keys) {
      this.words.push(key.length);
      this.joined += key;
    }
    return first;
  }

  private buffer(value: ArrayBufferLike | ArrayBufferView): void {
    const bytes = ArrayBuffer.isView(value)
      ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      : new Uint8Array(value);
    const address = this.alloc(bytes.length + 1);
    u8.set(bytes, address);
    this.numbers.set(value, this.count++);
    this.put(Tape.Buffer, 1 | (formatOf(value).charCodeAt(0) << 1));
    this.words.push(address);
    this.words.push(bytes.length);
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
    const { count } = this;
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
    for (const [value, number] of this.numbers) if (number >= count) this.numbers.delete(value);
    this.abandon();
    this.forget();
    this.shapes.clear();
    this.put(Tape.Resume, 0);
    this.words.push(this.count);
    this.words.push(this.keyCount);
    this.broken = false;
  }

  private cache(value: object, result: unknown): void {
    this.active("cache");
    if ((typeof value !== "object" && typeof value !== "function") || value === null) {
      throw new TypeError(`cache: expected an object as the value that is converted, got ${typeof value}`);
    }
    if ((typeof result === "object" && result !== null) || typeof result === "function") {
      this.proxy(result, Tape.Register);
      this.numbers.set(value, this.count++);
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

function sameKeys(one: string[], other: string[]): boolean {
  const { length } = one;
  if (other.length !== length) return false;
  for (let i = 0; i < length; i++) if (one[i] !== other[i]) return false;
  return true;
}

/** PEP 818: an object whose constructor is Object or undefined. */
function isPlain(prototype: object | null): boolean {
  if (prototype === null || prototype === Object.prototype) return true;
  // Object.prototype of another realm.
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "hasOwnProperty");
}

function writeUnits(text: string, address: number): void {
  const units = new Uint16Array(u8.buffer, address, text.length);
  for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
}

/** Writes the tape of `root` and points the slots to its words, its texts and what to do. */
export function writeTape(root: unknown, depth: number, converter: unknown, reader: number, slots: number, known: Known): Tag {
  const writer = new TapeWriter(depth, converter as Converter | undefined, reader, known);
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
