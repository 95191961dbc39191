// deep_to_py.ts: writes a JavaScript structure as a tape, for src/tape_reader.cpp.
//
// Iterative, so that nesting is bounded by memory alone. Every container gets
// the next number; a second meeting is written as a reference to it.
import { release, toHandle } from "./convert";
import type { Converter, Writer } from "./converter_turns";
import { Turns } from "./converter_turns";
import { foreignKind, isBuffer, isInt32, isMap, isPlain, isSet, itemsOf, lengthOf, membersOf, prototypeOf } from "./kinds";
import { layouts } from "./layouts";
import { OutOfMemory, alloc, f64, refresh, reserve, setTop, u32, u8, wasm } from "./memory";
import { Met } from "./met";
import { PlacedError } from "./path";
import { isPyProxy, pointerOf } from "./py_call";
import { flagsOf } from "./py_proxy";
import type { Output } from "./registry";
import { writeRegistered } from "./registry";
import { settings } from "./settings";
import type { Keys, Shape } from "./shapes";
import { Shapes, heedFailures } from "./shapes";
import { hexOf, writeString } from "./strings";
import { writeBuffer } from "./tape_buffer";
import { copyOf, doublesOf, isOfDoubles } from "./tape_table";
import { giveBack, takeWords } from "./tape_words";
import { type Frame, Trail } from "./trail";
import type { Known } from "./types";
import { Feed, Policy, Tag, Tape } from "./types";

type Indexed = Record<string, unknown>;

/** Containers nest so deep by functions that recur. */
const DEEPEST = 100;
/** Longer lists have to have room before anything is read: a Proxy may claim any length. */
const SURELY = 1 << 24;
/** Longer texts do not join the others. */
const LONGEST = 4096;
/** The longest run of numbers under one word: a tape goes to Python in parts. */
const RUN = 1 << 14;
/** Texts up to here stand in their word. */
const TINY = 3;

/** Arrays that are so long are looked at before they are read: see `copies`. */
const LONG = 64;

const encoder = new TextEncoder();

class TapeWriter implements Output, Writer {
  readonly words = takeWords();
  private readonly shapes: Shapes;
  /** Whether integers are written as doubles too, which keeps -0. */
  private readonly doublesOnly: boolean;
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
  private turns: Turns | null;
  readonly trail = new Trail();

  constructor(
    private readonly depth: number,
    converter: Converter | undefined,
    reader: number,
    private readonly known: Known,
    private readonly policy: number,
  ) {
    this.doublesOnly = (policy & Policy.Doubles) !== 0;
    // No other tape is written or read, and this one is read before anything else runs.
    const alone = converter === undefined && (policy & Policy.Within) === 0;
    this.shapes = new Shapes(alone);
    this.met = new Met(converter !== undefined);
    this.turns = converter === undefined ? null : new Turns(this, converter, reader);
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

  /** The whole, from the root; `slots` are Python's. */
  write(root: unknown, slots: number): void {
    this.run(root, 0);
    this.turns?.expectReader();
    refresh();
    this.finish(slots);
  }

  get deep(): number {
    return this.stack.length;
  }

  beginRoot(): void {
    this.begun = false;
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

  end(): void {
    this.turns?.end();
    this.turns = null;
    this.stack.length = 0; // a failure leaves some
    this.trail.end();
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
    try {
      this.drain(base);
    } catch (error) {
      for (let i = this.stack.length - 1; i >= base; i--) this.trail.leaveFrame(error, this.stack[i]!);
      throw error;
    }
    this.isDraining = false;
  }

  private drain(base: number): void {
    while (this.stack.length > base) {
      const last = this.stack[this.stack.length - 1]!;
      if (last.next === last.count) this.stack.pop();
      else if (last.keys === null) this.stepList(last);
      else this.stepRecord(last, last.items as Indexed, last.keys);
    }
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
    try {
      while (at < to) {
        const item = items[at];
        if (typeof item === "number") {
          const stop = Math.min(to, at + RUN);
          at = isInt32(item) && !this.doublesOnly ? this.ints(item, items, at, stop) : this.doubles(item, items, at, stop);
          if (this.words.isLong) this.words.flush();
        } else if (this.simple(item)) at++;
        else break;
      }
    } catch (error) {
      this.trail.lose(at);
      throw error;
    }
    return at;
  }

  /** Writes `first`, which was read from `start`, and what follows it; where these end. */
  private ints(first: number, items: ArrayLike<unknown>, start: number, stop: number): number {
    const { words } = this;
    words.reserve(stop - start + 1);
    const { i32 } = words;
    const header = words.length;
    let at = header + 1;
    i32[at++] = first;
    let i = start + 1;
    try {
      for (; i < stop; i++) {
        const item = items[i];
        if (typeof item !== "number" || (item | 0) !== item) break;
        i32[at++] = item;
      }
    } catch (error) {
      this.trail.lose(i);
      throw error;
    }
    i32[header] = Tape.Ints | ((i - start) << 5);
    words.length = at;
    return i;
  }

  /**
   * Writes the numbers that an array begins with; how many. Of copies: where V8 compiles a function
   * for arrays of several kinds, what reads an array of doubles makes it one of objects, for good.
   */
  private copies(items: unknown[], length: number): number {
    const { words } = this;
    let at = 0;
    while (at < length) {
      const part = copyOf(items, at, length);
      if (part === undefined) break;
      const most = Math.min(part.length, length - at); // a Proxy may say another length each time
      const count = words.addNumbers(part, most);
      at += count;
      if (words.isLong) words.flush();
      if (count < most || count === 0) break;
    }
    return at;
  }

  private doubles(first: number, items: ArrayLike<unknown>, start: number, stop: number): number {
    const { words } = this;
    words.reserve(2 * (stop - start) + 2);
    const { f64 } = words;
    const header = words.length;
    let at = (header + 2) >> 1;
    f64[at++] = first;
    let i = start + 1;
    try {
      for (; i < stop; i++) {
        const item = items[i];
        if (typeof item !== "number") break;
        f64[at++] = item;
      }
    } catch (error) {
      this.trail.lose(i);
      throw error;
    }
    words.i32[header] = Tape.Numbers | ((i - start) << 5);
    words.length = 2 * at;
    return i;
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
        this.put(settings.nullIsNone ? Tape.None : Tape.Null, 0);
        return true;
    }
  }

  private number(value: number): void {
    if ((value | 0) === value && !this.doublesOnly) this.words.pushTwo(Tape.Ints | (1 << 5), value);
    else this.words.pushNumber(Tape.Numbers | (1 << 5), value);
  }

  text(text: string): void {
    const { length } = text;
    if (length > TINY && length <= LONGEST) this.words.addText(text, length);
    else this.rareText(text);
  }

  /** A very short one, or a very long one. */
  private rareText(text: string): void {
    const { length } = text;
    if (length > LONGEST) return this.longText(text);
    let number = length;
    let all = 0;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      all |= unit;
      number |= unit << (2 + 8 * i);
    }
    if (all <= 0xff) return this.put(Tape.Tiny, number);
    this.words.addText(text, length);
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

  leaf(value: unknown): void {
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
    const prototype = prototypeOf(value);
    if (prototype === undefined) return this.unknown(value, level);
    if (!this.isDeepest(level)) {
      // What most objects are; none of these is a PyProxy.
      if (prototype === Object.prototype) return this.openRecord(value as Indexed, level, true);
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
    else if (isMap(value)) this.openItems(Tape.Map, value, itemsOf(value), level);
    else if (isSet(value)) this.openItems(Tape.Set, value, membersOf(value), level);
    else if (ArrayBuffer.isView(value) || isBuffer(value)) writeBuffer(this, value);
    else if (isPlain(prototype)) this.openRecord(value as Indexed, level, false);
    else return this.foreign(value, level);
    return true;
  }

  /** Opens a container of another realm, such as a frame's, which instanceof does not know. */
  private foreign(value: object, level: number): boolean {
    const kind = foreignKind(value);
    if (kind === undefined) return false;
    if (kind === "Map") this.openItems(Tape.Map, value, itemsOf(value as Map<unknown, unknown>), level);
    else if (kind === "Set") this.openItems(Tape.Set, value, membersOf(value as Set<unknown>), level);
    else writeBuffer(this, value as ArrayBufferLike);
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
    if (!this.isNew(value)) return;
    const length = lengthOf(value);
    if (length > SURELY) expectRoom(length);
    const table = doublesOf(value, length, this.policy);
    if (table === 0) return this.open(Tape.List, value, length, level);
    this.objects.push(table);
    this.slot((Tape.Slot | (1 << 5)) as Tape, Tag.Object, 0, table, 0);
  }

  private openItems(kind: Tape, value: object, items: unknown[], level: number): void {
    if (this.isNew(value)) this.open(kind, items, items.length, level);
  }

  /** `length` is that of `items`, of which a Proxy may say another one each time. */
  private open(kind: Tape, items: unknown[], length: number, level: number): void {
    this.words.pushTwo(kind | (1 << 5), kind === Tape.Map ? length / 2 : length);
    if (this.depthNow >= DEEPEST) return this.later({ items, kind, keys: null, next: 0, count: length, level: level + 1 });
    let next = 0;
    try {
      if (length >= LONG && isOfDoubles(items, length)) next = this.copies(items, length);
      next = this.list(items, next, length);
      if (next === length) return;
      this.depthNow++;
      while (next < length) {
        this.other(items[next] as object, level + 1);
        next = this.list(items, next + 1, length);
      }
      this.depthNow--;
    } catch (error) {
      this.trail.leave(error, kind, items, next);
      throw error;
    }
  }

  /** `isPlain`: its prototype is that of this realm's objects. */
  private openRecord(object: Indexed, level: number, isPlain: boolean): void {
    if (!this.isNew(object)) return;
    const shape = (isPlain ? this.shapes.expected(object, this.depthNow) : undefined) ?? this.shapeOf(object);
    if (shape.number < 0) {
      const items = shape.keys.flatMap((key) => [key, object[key]]);
      return this.open(Tape.Map, items, items.length, level);
    }
    this.put(Tape.Record, shape.number);
    const { keys } = shape;
    if (this.depthNow >= DEEPEST) {
      return this.later({ items: object, kind: Tape.Record, keys, next: 0, count: keys.length, level: level + 1 });
    }
    this.depthNow++;
    this.members(object, keys, level + 1);
    this.depthNow--;
  }

  private members(object: Indexed, keys: Keys, level: number): void {
    let next = 0;
    try {
      // Engines look properties up faster so than by keys. Inherited ones would come last.
      for (const key in object) {
        if (key !== keys[next]) break; // a getter or trap changed the object
        next++;
        const value = object[key];
        if (!this.simple(value)) this.other(value as object, level);
      }
      while (next < keys.length) {
        const value = object[keys[next++]!];
        if (!this.simple(value)) this.other(value as object, level);
      }
    } catch (error) {
      this.trail.leaveRecord(error, keys[next - 1]);
      throw error;
    }
  }

  private shapeOf(object: object): Shape {
    const keys = Object.keys(object);
    const shape = { keys, number: this.numberOf(keys) };
    if (shape.number >= 0) this.shapes.expect(shape, this.depthNow);
    return shape;
  }

  /** The number of the shape with these keys; -1 for none at all, and for one that is too long. */
  private numberOf(keys: Keys): number {
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

  /** Writes a proxy, which is one where the object occurs twice, and may be converted elsewhere. */
  private stay(value: object | symbol, level: number): void {
    if (typeof value === "symbol" || this.isDeepest(level)) return this.proxy(value, Tape.Slot);
    this.proxy(value, (Tape.Slot | (1 << 5)) as Tape);
    this.met.meet(value);
  }

  private unknown(value: object | symbol, level: number): void {
    if (this.turns === null || this.isDeepest(level)) this.stay(value, level);
    else this.turns.give(value, level);
  }

  unwind(deep: number, met: number): void {
    this.stack.length = deep;
    this.met.remove(met);
    this.abandon();
    this.forget();
    this.put(Tape.Resume, 0);
    this.words.push(this.met.count);
    this.words.push(this.shapes.count);
  }
}

/** Throws where Python has no room for a list of such a length. */
function expectRoom(length: number): void {
  const size = 4 * length;
  if (size > 0x7fffffff) throw new OutOfMemory(size); // more than a list of Python's can have
  wasm.free(alloc(size));
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
  const writer = new TapeWriter(depth, converter, reader, known, policy);
  try {
    writer.write(root, slots);
    return Tag.Tape;
  } catch (error) {
    writer.abandon();
    throw new PlacedError(error, writer.trail.pathOf(error));
  } finally {
    writer.end();
  }
}
