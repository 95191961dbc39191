// typed_arrays.ts: elements of Python's buffers and of typed arrays, by format (PEP 3118).
import { typedName } from "./kinds";
import { u8 } from "./memory";

/** A class of typed arrays, or DataView. */
export interface ArrayClass {
  readonly name: string;
  readonly BYTES_PER_ELEMENT?: number;
  new (buffer: ArrayBufferLike, offset?: number, length?: number): ArrayBufferView;
}

declare const Float16Array: ArrayClass | undefined;

/** Not in every engine. */
export const Float16 = typeof Float16Array === "function" ? Float16Array : undefined;

const classes: Readonly<Record<string, ArrayClass | undefined>> = {
  "?": Uint8Array,
  b: Int8Array,
  B: Uint8Array,
  c: Uint8Array,
  h: Int16Array,
  H: Uint16Array,
  i: Int32Array,
  I: Uint32Array,
  l: Int32Array,
  L: Uint32Array,
  n: Int32Array,
  N: Uint32Array,
  P: Uint32Array,
  q: BigInt64Array,
  Q: BigUint64Array,
  f: Float32Array,
  e: Float16,
  d: Float64Array,
};

/** The class whose elements have the format of one code, if there is any. */
export function arrayOf(code: string): ArrayClass | undefined {
  return Object.hasOwn(classes, code) ? classes[code] : undefined;
}

const formats: Readonly<Record<string, string>> = {
  Int8Array: "b",
  Uint8Array: "B",
  Uint8ClampedArray: "B",
  Int16Array: "h",
  Uint16Array: "H",
  Int32Array: "i",
  Uint32Array: "I",
  Float16Array: "e",
  Float32Array: "f",
  Float64Array: "d",
  BigInt64Array: "q",
  BigUint64Array: "Q",
};

/** The format code of a typed array's elements; other buffers are bytes. */
export function formatOf(value: object): string {
  return formats[typedName(value) ?? ""] ?? "B";
}

/** A half-precision number, for engines without Float16Array. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A copy of `length` bytes of linear memory, as the typed array or list for their format. */
export function typedArrayOf(format: string, address: number, length: number): object {
  const { buffer } = u8.slice(address, address + length);
  switch (format) {
    case "?":
      return Array.from(new Uint8Array(buffer), (value) => value !== 0);
    case "w":
    case "u":
      return Array.from(new Uint32Array(buffer), (value) => String.fromCodePoint(value));
    case "e":
      return Float16 !== undefined ? new Float16(buffer) : Float32Array.from(new Uint16Array(buffer), half);
    default:
      return new classes[format]!(buffer);
  }
}
