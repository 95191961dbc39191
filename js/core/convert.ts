// convert.ts: one value between JavaScript and a slot, in either direction (PEP 818).
import { f64, i64, refresh, u32, wasm } from "./memory";
import { attachClasses } from "./js_class";
import { pointerOf } from "./py_call";
import { createOwner, createPyProxy, flagsOf } from "./py_proxy";
import { settings } from "./settings";
import { readAscii, readHex, readLatin1, readUnits, readUtf16, writeHex, writeString } from "./strings";
import type { Host } from "./types";
import { Tag } from "./types";

export let values: unknown[] = [];
export let toHandle: (value: unknown) => number;
export let release: (handle: number) => void;
export let countHandles: () => number;

/** Property names that both sides keep; the index is C++'s to choose. */
const names: string[] = [];

export function attachConvert(host: Host): void {
  values = host.values;
  toHandle = (value) => host.toHandle(value);
  countHandles = () => host.countHandles();
  release = (handle) => host.release(handle);
  attachClasses(toHandle);
}

function readText(tag: number, word: number): string {
  const length = u32[word + 1]!;
  const address = u32[word + 2]!;
  switch (tag) {
    case Tag.Ascii:
      return readAscii(address, length);
    case Tag.Latin1:
      return readLatin1(address, length);
    case Tag.Utf16:
      return readUtf16(address, length);
    default:
      return readUnits(address, length);
  }
}

/** The property name in a slot, and its place in the cache when it has one. */
export function readName(slot: number): string {
  const word = slot >>> 2;
  const tag = u32[word]!;
  if (tag === Tag.Name) return names[u32[word + 1]!]!;
  const name = readText(tag & Tag.Mask, word);
  const place = tag >>> 8;
  if (place !== 0) names[place - 1] = name;
  return name;
}

/**
 * A slot that Python wrote, as a JavaScript value. A new PyProxy takes over
 * the slot's reference when `owned`, else it is lent until the call ends.
 */
export function read(slot: number, owned: boolean): unknown {
  const word = slot >>> 2;
  const tag = u32[word]! & Tag.Mask;
  switch (tag) {
    case Tag.Undefined:
      return undefined;
    case Tag.Null:
      return null;
    case Tag.False:
      return false;
    case Tag.True:
      return true;
    case Tag.Number:
      return f64[(slot >>> 3) + 1]!;
    case Tag.Int64:
      return i64[(slot >>> 3) + 1]!;
    case Tag.BigHex:
      return readHex(u32[word + 2]!, u32[word + 1]!);
    case Tag.Handle:
      return values[u32[word + 2]!];
    case Tag.Object:
      return createPyProxy(u32[word + 2]!, u32[word + 1]!, owned);
    default:
      return readText(tag, word);
  }
}

/** Like `read`, for a place that keeps the value: a PyProxy gets a reference of its own. */
export function readKept(slot: number): unknown {
  const word = slot >>> 2;
  if (u32[word] !== Tag.Object) return read(slot, false);
  return createOwner(u32[word + 2]!, u32[word + 1]!);
}

function writeBigint(value: bigint, slot: number): void {
  if (BigInt.asIntN(64, value) === value) {
    u32[slot >>> 2] = Tag.Int64;
    i64[(slot >>> 3) + 1] = value;
  } else {
    writeHex(value, slot);
  }
}

function writeObject(value: object, slot: number): void {
  const word = slot >>> 2;
  const pointer = pointerOf(value);
  if (pointer !== 0) {
    // A reference of its own: a later argument's getter may destroy the proxy.
    wasm.pyjs_py_incref(pointer);
    u32[word] = Tag.Object;
    u32[word + 2] = pointer;
    return;
  }
  writeHandle(value, slot);
}

/** Writes an object so that Python gets a proxy of it, whatever it stands for. */
export function writeHandle(value: object, slot: number): void {
  const word = slot >>> 2;
  const flags = flagsOf(value);
  const handle = toHandle(value);
  refresh(); // a getter that was looked at may have run Python
  u32[word] = Tag.Handle;
  u32[word + 1] = flags;
  u32[word + 2] = handle;
}

/** Writes a JavaScript value into a slot for Python. Throws for a destroyed PyProxy. */
export function write(value: unknown, slot: number): void {
  switch (typeof value) {
    case "number":
      u32[slot >>> 2] = Tag.Number;
      f64[(slot >>> 3) + 1] = value;
      return;
    case "string":
      writeString(value, slot);
      return;
    case "undefined":
      u32[slot >>> 2] = Tag.Undefined;
      return;
    case "boolean":
      u32[slot >>> 2] = value ? Tag.True : Tag.False;
      return;
    case "bigint":
      writeBigint(value, slot);
      return;
    case "symbol":
      u32[slot >>> 2] = Tag.Handle;
      u32[(slot >>> 2) + 1] = 0;
      u32[(slot >>> 2) + 2] = toHandle(value);
      return;
    default:
      if (value === null) u32[slot >>> 2] = settings.nullIsNone ? Tag.Undefined : Tag.Null;
      else writeObject(value as object, slot);
  }
}

/** Drops what `count` slots own that Python will not read any more. */
export function discard(slots: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const word = (slots + 16 * i) >>> 2;
    refresh();
    const tag = u32[word]!;
    const address = u32[word + 2]!;
    if ((tag & Tag.Mask) === Tag.Handle) release(address);
    else if ((tag & Tag.Mask) === Tag.Object) wasm.pyjs_py_decref(address);
    else if (tag & Tag.Owned) wasm.free(address);
  }
}
