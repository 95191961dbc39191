// js_buffer.ts: bytes of ArrayBuffers and their views, copied to and from Python's memory.
import { read } from "./convert";
import { isAnyBuffer, isShared, bytesOf } from "./kinds";
import { OutOfMemory, f64, u8, wasm } from "./memory";
import { ConversionIssue } from "./path";
import { copyTo } from "./tape_buffer";
import { formatOf } from "./typed_arrays";
import { JsOp, Tag } from "./types";

type Buffer = ArrayBufferLike | ArrayBufferView;

/** What Python raises as a ValueError, with the name of the operation. */
function issue(text: string): ConversionIssue {
  return new ConversionIssue("", text);
}

function expectBuffer(value: Buffer): void {
  if (ArrayBuffer.isView(value) || isAnyBuffer(value)) return;
  throw issue("expected an ArrayBuffer, got an object that only calls itself one");
}

/** The bytes of a buffer or of a view, where they are. */
function expectBytes(value: Buffer): Uint8Array {
  expectBuffer(value);
  return bytesOf(value);
}

/** Writes a new bytes object or bytearray into slots[0], and the format of the elements behind. */
function toPython(value: Buffer, slots: number, isView: boolean): Tag {
  expectBuffer(value);
  try {
    copyTo(value, (length) => (isView ? wasm.pyjs_py_bytearray : wasm.pyjs_py_bytes)(length, slots));
  } catch (error) {
    if (!(error instanceof OutOfMemory)) throw error;
    f64[((slots + 16) >>> 3) + 1] = error.size;
    return Tag.Undefined;
  }
  f64[((slots + 16) >>> 3) + 1] = formatOf(value).charCodeAt(0);
  return Tag.Object;
}

function decode(value: Buffer, encoding: string): string {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  const bytes = expectBytes(value);
  // Browsers decode no memory that another thread, or its owner, may change meanwhile.
  const moves = isShared(bytes.buffer) || (bytes.buffer as { resizable?: boolean }).resizable === true;
  try {
    return decoder.decode(moves ? bytes.slice() : bytes);
  } catch {
    throw issue(`the bytes are not ${decoder.encoding}; pass another encoding, e.g. 'latin1'`);
  }
}

/** The bytes of both sides, which have as many, in elements of one size. */
function pair(value: Buffer, slots: number): [Uint8Array, Uint8Array] {
  const [address, length, size] = [0, 16, 32].map((at) => f64[((slots + at) >>> 3) + 1]!) as [number, number, number];
  const bytes = expectBytes(value);
  if (bytes.length !== length) {
    throw issue(
      `expected as many bytes on both sides; the JavaScript buffer has ${bytes.length}, ` +
        `the Python object ${length}`,
    );
  }
  const ours = (value as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT;
  if (ArrayBuffer.isView(value) && ours !== undefined && ours !== size) {
    throw issue(
      `expected elements of one size; those of the typed array have ${ours} bytes, ` +
        `those of the Python object ${size}: use memoryview(object).cast(...)`,
    );
  }
  return [bytes, u8.subarray(address, address + length)];
}

/** One operation of JsBuffer; but for BufferBytes a value is the result. */
export function operateBuffer(code: JsOp, target: unknown, slots: number, isView: boolean): unknown {
  const value = target as Buffer;
  if (code === JsOp.BufferBytes) return toPython(value, slots, isView);
  if (code === JsOp.BufferText) return decode(value, read(slots, false) as string);
  const isIn = code === JsOp.BufferAssign;
  const [theirs, ours] = pair(value, slots);
  if (isIn) theirs.set(ours);
  else ours.set(theirs);
  return undefined;
}
