// memory.ts: views of linear memory that follow its growth, and the arena.
import type { Exports } from "./types";

export let u8 = new Uint8Array(0);
export let u16 = new Uint16Array(0);
export let i32 = new Int32Array(0);
export let u32 = new Uint32Array(0);
export let f64 = new Float64Array(0);
export let i64 = new BigInt64Array(0);
export let wasm: Exports;

/** Node's Buffer decodes two to three times faster than its TextDecoder, lone surrogates included. */
export interface NodeBuffer {
  toString(encoding: "latin1" | "utf16le", start: number, end: number): string;
}
/** Linear memory as a Buffer; null where the host is not Node. */
export let node: NodeBuffer | null = null;

const isNode =
  typeof process === "object" && typeof process.versions?.node === "string" && typeof Buffer === "function";

let memory: { readonly buffer: ArrayBuffer };
let arenaEnd = 0;

/**
 * First free byte of the arena, where arguments for Python are written.
 * C++ decodes them before anything else runs, so the pointer falls back as
 * soon as the call begins: a suspended call holds nothing here.
 */
export let top = 0;

/** C++ copies short results behind their slot: this much is always free. */
export const RESERVE = 1024;

export function setTop(address: number): void {
  top = address;
}

/** Bytes left for strings at `address`. */
export function room(address: number): number {
  return arenaEnd - address;
}

/** Growth detaches every view; called at each entry, and after each call into wasm. */
export function refresh(): void {
  if (u8.length === 0) {
    const buffer = memory.buffer;
    u8 = new Uint8Array(buffer);
    u16 = new Uint16Array(buffer);
    i32 = new Int32Array(buffer);
    u32 = new Uint32Array(buffer);
    f64 = new Float64Array(buffer);
    i64 = new BigInt64Array(buffer);
    if (isNode) node = Buffer.from(buffer);
  }
}

export function attachMemory(
  linear: { readonly buffer: ArrayBuffer },
  exports: Exports,
  arena: number,
  size: number,
): void {
  memory = linear;
  wasm = exports;
  top = arena;
  arenaEnd = arena + size - RESERVE;
  refresh();
}

/** Lets go of the interpreter: what is given back does nothing, all else is `fail`. */
export function detachMemory(fail: () => never): void {
  const nothing = (): void => undefined;
  memory = {
    get buffer(): never {
      return fail();
    },
  };
  wasm = {
    pyjs_py_call: fail,
    pyjs_py_op: fail,
    pyjs_run_promising: fail,
    pyjs_py_incref: fail,
    pyjs_py_key: fail,
    pyjs_py_is_same: fail,
    pyjs_py_alloc: fail,
    pyjs_py_bytes: fail,
    pyjs_py_bytearray: fail,
    pyjs_py_doubles: fail,
    pyjs_py_doubles_at: fail,
    pyjs_class_hold: fail,
    pyjs_py_decref: nothing,
    pyjs_class_release: nothing,
    free: nothing,
  };
  u8 = new Uint8Array(0);
  u16 = new Uint16Array(0);
  i32 = new Int32Array(0);
  u32 = new Uint32Array(0);
  f64 = new Float64Array(0);
  i64 = new BigInt64Array(0);
  node = null;
}

/** `bytes` bytes for slots, in the arena. */
export function reserve(bytes: number): number {
  const address = top;
  if (bytes > arenaEnd - address) {
    throw new RangeError(
      `calling Python: the arguments need ${bytes} bytes of slots, ${arenaEnd - address} are free; pass a list instead`,
    );
  }
  top = address + bytes;
  return address;
}

/** Memory did not suffice for so many bytes. */
export class OutOfMemory extends RangeError {
  constructor(readonly size: number) {
    super(`converting to Python: out of memory, ${size} bytes were needed`);
  }
}

export function alloc(size: number): number {
  const address = wasm.pyjs_py_alloc(size) >>> 0;
  if (address === 0) throw new OutOfMemory(size);
  refresh();
  return address;
}
