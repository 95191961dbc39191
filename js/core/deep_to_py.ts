// deep_to_py.ts: a JavaScript structure as one tape of 32-bit words, for src/deep_to_py.cpp.
//
// Iterative, so that nesting is bounded by memory alone. Every container gets
// the next number; a second meeting is written as a reference to it.
import { release, toHandle } from "./convert";
import { alloc, u32, u8, wasm } from "./memory";
import { flagsOf, pointerOf } from "./py_proxy";
import { Tag, Tape } from "./types";

class Words {
  private words = new Uint32Array(256);
  private readonly f64 = new Float64Array(1);
  private readonly halves = new Uint32Array(this.f64.buffer);
  length = 0;

  push(word: number): void {
    if (this.length === this.words.length) {
      const longer = new Uint32Array(2 * this.length);
      longer.set(this.words);
      this.words = longer;
    }
    this.words[this.length++] = word;
  }

  pushNumber(value: number): void {
    this.f64[0] = value;
    this.push(this.halves[0]!);
    this.push(this.halves[1]!);
  }

  copy(): number {
    const address = alloc(4 * this.length + 4);
    u32.set(this.words.subarray(0, this.length), address >> 2);
    return address;
  }
}

/** An array whose elements are being written; a dict is its keys and values in turn. */
interface Frame {
  items: ArrayLike<unknown>;
  next: number;
  count: number;
  level: number;
}

class Encoder {
  readonly words = new Words();
  readonly texts: string[] = [];
  private readonly numbers = new Map<object, number>();
  /** What Python takes over with the tape, and what is dropped when encoding fails. */
  private readonly handles: number[] = [];
  private readonly blocks: number[] = [];
  private readonly objects: number[] = [];
  private readonly stack: Frame[] = [];

  constructor(private readonly depth: number) {}

  run(root: unknown): void {
    this.value(root, 0);
    for (let frame = this.stack.at(-1); frame !== undefined; frame = this.stack.at(-1)) {
      if (frame.next === frame.count) this.stack.pop();
      else this.value(frame.items[frame.next++], frame.level);
    }
  }

  /** Memory that goes to Python with the tape. */
  alloc(size: number): number {
    const address = alloc(size);
    this.blocks.push(address);
    return address;
  }

  /** Drops what an unfinished tape owns. */
  abandon(): void {
    for (const handle of this.handles) release(handle);
    for (const block of this.blocks) wasm.free(block);
    for (const object of this.objects) wasm.pyjs_py_decref(object);
  }

  private value(value: unknown, level: number): void {
    switch (typeof value) {
      case "number":
        return this.number(value);
      case "string":
        return this.text(Tape.Text, value);
      case "undefined":
        return this.words.push(Tape.None);
      case "boolean":
        return this.words.push(value ? Tape.True : Tape.False);
      case "bigint":
        return this.text(Tape.BigHex, value < 0n ? `-${(-value).toString(16)}` : value.toString(16));
      case "symbol":
        return this.proxy(value);
      default:
        return value === null ? this.words.push(Tape.Null) : this.object(value as object, level);
    }
  }

  private number(value: number): void {
    if ((value | 0) === value) {
      this.words.push(Tape.Int32);
      this.words.push(value);
    } else {
      this.words.push(Tape.Number);
      this.words.pushNumber(value);
    }
  }

  private text(tag: Tape, text: string): void {
    this.words.push(tag);
    this.words.push(text.length);
    this.texts.push(text);
  }

  private proxy(value: unknown): void {
    const isObject = typeof value === "object" || typeof value === "function";
    this.words.push(Tape.Handle);
    const handle = toHandle(value);
    this.handles.push(handle);
    this.words.push(handle);
    this.words.push(isObject ? flagsOf(value as object) : 0);
  }

  private object(value: object, level: number): void {
    const pointer = pointerOf(value);
    if (pointer !== 0) {
      wasm.pyjs_py_incref(pointer);
      this.objects.push(pointer);
      this.words.push(Tape.Object);
      this.words.push(pointer);
      return;
    }
    const number = this.numbers.get(value);
    if (number !== undefined) {
      this.words.push(Tape.Reference);
      this.words.push(number);
      return;
    }
    if (level === this.depth || !this.container(value, level)) this.proxy(value);
  }

  /** Opens a container; false for an object that has no Python counterpart. */
  private container(value: object, level: number): boolean {
    if (Array.isArray(value)) this.open(Tape.List, value, value, level);
    else if (value instanceof Map) this.open(Tape.Dict, value, [...value].flat(), level);
    else if (value instanceof Set) this.open(Tape.Set, value, [...value], level);
    else if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) this.buffer(value);
    else if (isPlain(value)) this.open(Tape.Dict, value, Object.entries(value).flat(), level);
    else return false;
    return true;
  }

  private open(tag: Tape, value: object, items: ArrayLike<unknown>, level: number): void {
    this.numbers.set(value, this.numbers.size);
    this.words.push(tag);
    this.words.push(tag === Tape.Dict ? items.length / 2 : items.length);
    this.stack.push({ items, next: 0, count: items.length, level: level + 1 });
  }

  private buffer(value: ArrayBuffer | ArrayBufferView): void {
    const bytes = ArrayBuffer.isView(value)
      ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      : new Uint8Array(value);
    const address = this.alloc(bytes.length + 1);
    u8.set(bytes, address);
    this.numbers.set(value, this.numbers.size);
    this.words.push(Tape.Buffer);
    this.words.push(address);
    this.words.push(bytes.length);
    this.words.push(formatOf(value).charCodeAt(0));
  }
}

/** PEP 818: an object whose constructor is Object or undefined. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null || prototype === Object.prototype) return true;
  // Object.prototype of another realm.
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "hasOwnProperty");
}

const formats: Readonly<Record<string, string>> = {
  Int8Array: "b",
  Uint8Array: "B",
  Uint8ClampedArray: "B",
  Int16Array: "h",
  Uint16Array: "H",
  Int32Array: "i",
  Uint32Array: "I",
  Float32Array: "f",
  Float64Array: "d",
  Float16Array: "e",
  BigInt64Array: "q",
  BigUint64Array: "Q",
};

/** The format code of Python's struct module for a typed array's elements. */
function formatOf(value: object): string {
  const name = Object.prototype.toString.call(value).slice(8, -1);
  return formats[name] ?? "B";
}

function writeUnits(text: string, address: number): void {
  const units = new Uint16Array(u8.buffer, address, text.length);
  for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
}

/** Writes the tape of `root` and points slots[0] to its words, slots[1] to its texts. */
export function writeTape(root: unknown, depth: number, slots: number): Tag {
  const encoder = new Encoder(depth);
  try {
    encoder.run(root);
    return finish(encoder, slots);
  } catch (error) {
    encoder.abandon();
    throw error;
  }
}

function finish(encoder: Encoder, slots: number): Tag {
  const text = encoder.texts.join("");
  const address = encoder.alloc(2 * text.length + 2);
  const target = u8.subarray(address, address + text.length);
  const { read, written } = new TextEncoder().encodeInto(text, target);
  const ascii = read === text.length && written === text.length;
  if (!ascii) writeUnits(text, address);
  const words = encoder.words.copy();
  u32.set([Tag.Tape, encoder.words.length, words], slots >> 2);
  u32.set([ascii ? Tag.Ascii : Tag.Units, text.length, address], (slots >> 2) + 4);
  return Tag.Tape;
}
