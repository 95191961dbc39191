// kinds.ts: what objects are, whatever they say of themselves.
import { ConversionIssue, show } from "./path";

type Getter = (this: unknown) => unknown;

function getterOf(prototype: object, name: string): Getter {
  return Object.getOwnPropertyDescriptor(prototype, name)!.get!;
}

/** Whether `value` has the internal slot that the getter reads. */
function passes(getter: Getter, value: object): boolean {
  try {
    getter.call(value);
    return true;
  } catch {
    return false;
  }
}

const sizeOfMap = getterOf(Map.prototype, "size");
const sizeOfSet = getterOf(Set.prototype, "size");
const bytesOfBuffer = getterOf(ArrayBuffer.prototype, "byteLength");
const bytesOfShared =
  typeof SharedArrayBuffer === "function" ? getterOf(SharedArrayBuffer.prototype, "byteLength") : undefined;

/** The prototype; undefined where a Proxy is revoked, or does not tell. */
export function prototypeOf(value: object): object | null | undefined {
  try {
    return Object.getPrototypeOf(value) as object | null;
  } catch {
    return undefined;
  }
}

/** As instanceof; false where a trap of a Proxy throws. */
export function isA<T extends object>(value: object, ctor: abstract new (...args: never[]) => T): value is T {
  try {
    return value instanceof ctor;
  } catch {
    return false;
  }
}

/** A Map, and no object that only has its prototype. */
export function isMap(value: object): value is Map<unknown, unknown> {
  return isA(value, Map) && passes(sizeOfMap, value);
}

export function isSet(value: object): value is Set<unknown> {
  return isA(value, Set) && passes(sizeOfSet, value);
}

/** A buffer of any realm; a toStringTag says it of anything. */
export function isAnyBuffer(value: object): value is ArrayBufferLike {
  return passes(bytesOfBuffer, value) || (bytesOfShared !== undefined && passes(bytesOfShared, value));
}

/** Most objects are none, and what is not of this realm is not looked at. */
export function isBuffer(value: object): value is ArrayBufferLike {
  return (isA(value, ArrayBuffer) || isShared(value)) && isAnyBuffer(value);
}

export function isShared(value: object): value is SharedArrayBuffer {
  return typeof SharedArrayBuffer === "function" && isA(value, SharedArrayBuffer);
}

/** PEP 818: an object whose constructor is Object or undefined. */
export function isPlain(prototype: object | null): boolean {
  if (prototype === null || prototype === Object.prototype) return true;
  // Object.prototype of another realm.
  return prototypeOf(prototype) === null && Object.hasOwn(prototype, "hasOwnProperty");
}

/** Of an Array, or of a Proxy of one. */
export function lengthOf(value: unknown[]): number {
  const { length } = value;
  if (length >>> 0 === length) return length;
  throw new ConversionIssue("", `expected a Proxy of an Array with the length of one, got ${typeof length} ${show(length)}`);
}

/** An iterator of a class of its own may give more than there is, but not without end. */
const MOST = 1 << 20;

/** Counts what an iterator of a Map or Set gives; `size` is how many it has. */
function expectEnd(count: number, size: number, kind: string): void {
  if (count <= MOST || count <= size) return;
  throw new ConversionIssue("", `the iterator of a ${kind} of ${size} gave more than ${MOST}, and does not seem to end`);
}

export function membersOf(value: Set<unknown>): unknown[] {
  const size = sizeOfSet.call(value) as number;
  const members: unknown[] = [];
  for (const member of value) expectEnd(members.push(member), size, "Set");
  return members;
}

/** Keys and values in turn, whatever the iterator of a class of its own gives. */
export function itemsOf(value: Map<unknown, unknown>): unknown[] {
  const size = sizeOfMap.call(value) as number;
  const items: unknown[] = [];
  for (const pair of value as Iterable<unknown>) {
    if (!Array.isArray(pair)) throw new ConversionIssue("", `the iterator of a Map gave ${show(pair)}, which is no Array of a key and a value`);
    expectEnd(items.push(pair[0], pair[1]) / 2, size, "Map");
  }
  return items;
}

export function isInt32(value: unknown): value is number {
  return typeof value === "number" && (value | 0) === value;
}

const TypedArray = Object.getPrototypeOf(Uint8Array) as { prototype: object & { keys(): unknown } };
const { keys } = TypedArray.prototype;
const ofTyped = viewGetters(TypedArray.prototype);
const ofDataView = viewGetters(DataView.prototype);

interface ViewGetters {
  buffer: Getter;
  byteOffset: Getter;
  byteLength: Getter;
}

function viewGetters(prototype: object): ViewGetters {
  return {
    buffer: getterOf(prototype, "buffer"),
    byteOffset: getterOf(prototype, "byteOffset"),
    byteLength: getterOf(prototype, "byteLength"),
  };
}

/** All bytes, where they are, whose number a class of its own may deny; throws what is wrong. */
export function bytesOf(value: ArrayBufferLike | ArrayBufferView): Uint8Array {
  if (!ArrayBuffer.isView(value)) return bytesIn(value);
  const isTyped = passes(ofTyped.buffer, value);
  const { buffer, byteOffset, byteLength } = isTyped ? ofTyped : ofDataView;
  const whole = buffer.call(value) as ArrayBufferLike;
  bytesIn(whole);
  try {
    // Only methods tell an empty typed array from one outside of its buffer; a DataView's sizes do.
    if (isTyped) keys.call(value);
    return new Uint8Array(whole, byteOffset.call(value) as number, byteLength.call(value) as number);
  } catch {
    throw new ConversionIssue("", "the ArrayBuffer was resized, and the view lies outside of it");
  }
}

function bytesIn(buffer: ArrayBufferLike): Uint8Array {
  try {
    return new Uint8Array(buffer);
  } catch {
    throw new ConversionIssue("", "the ArrayBuffer is detached: it was transferred, or is memory that has grown");
  }
}
