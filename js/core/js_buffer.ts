// js_buffer.ts: bytes of ArrayBuffers and their views, copied to and from Python's memory.
import { read } from "./convert";
import { isAnyBuffer, isShared, bytesOf as bytesIn } from "./kinds";
import { f64, refresh, u32, u8, wasm } from "./memory";
import { ConversionIssue } from "./path";
import { JsOp, Tag } from "./types";

/** What Python raises as a ValueError. */
function issue(text: string): ConversionIssue {
  return new ConversionIssue("", text);
}

/** The bytes of a buffer or of a view, where they are. */
function bytesOf(operation: string, value: ArrayBufferLike | ArrayBufferView): Uint8Array {
  if (!ArrayBuffer.isView(value) && !isAnyBuffer(value)) {
    throw issue(`${operation}: expected an ArrayBuffer, got an object that only calls itself one`);
  }
  try {
    return bytesIn(value);
  } catch (error) {
    throw issue(`${operation}: ${(error as Error).message}`);
  }
}

/** Writes a new bytes object into slots[0]; Missing when Python has no memory. */
function toBytes(value: ArrayBufferLike | ArrayBufferView, slots: number): Tag {
  const { length } = bytesOf("to_bytes", value);
  const address = wasm.pyjs_py_bytes(length, slots) >>> 0;
  if (address === 0) return Tag.Missing;
  refresh();
  try {
    // Anew: allocating may have detached it, when it is of linear memory.
    u8.set(bytesOf("to_bytes", value), address);
  } catch (error) {
    wasm.pyjs_py_decref(u32[(slots >>> 2) + 2]!);
    throw error;
  }
  return Tag.Object;
}

function decode(value: ArrayBufferLike | ArrayBufferView, encoding: string): string {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  const bytes = bytesOf("to_string", value);
  // Browsers decode no memory that another thread, or its owner, may change meanwhile.
  const moves = isShared(bytes.buffer) || (bytes.buffer as { resizable?: boolean }).resizable === true;
  try {
    return decoder.decode(moves ? bytes.slice() : bytes);
  } catch {
    throw issue(`to_string: the bytes are not ${decoder.encoding}; pass another encoding, e.g. 'latin1'`);
  }
}

/** The bytes of both sides, which have as many, in elements of one size. */
function pair(operation: string, value: ArrayBufferLike | ArrayBufferView, slots: number): [Uint8Array, Uint8Array] {
  const [address, length, size] = [0, 16, 32].map((at) => f64[((slots + at) >>> 3) + 1]!) as [number, number, number];
  const bytes = bytesOf(operation, value);
  if (bytes.length !== length) {
    throw issue(
      `${operation}: expected as many bytes on both sides; the JavaScript buffer has ${bytes.length}, ` +
        `the Python object ${length}`,
    );
  }
  const ours = (value as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT;
  if (ArrayBuffer.isView(value) && ours !== undefined && ours !== size) {
    throw issue(
      `${operation}: expected elements of one size; those of the typed array have ${ours} bytes, ` +
        `those of the Python object ${size}: use memoryview(object).cast(...)`,
    );
  }
  return [bytes, u8.subarray(address, address + length)];
}

/** One operation of JsBuffer; but for BufferBytes a value is the result. */
export function operateBuffer(code: JsOp, target: unknown, slots: number): unknown {
  const value = target as ArrayBufferLike | ArrayBufferView;
  if (code === JsOp.BufferBytes) return toBytes(value, slots);
  if (code === JsOp.BufferText) return decode(value, read(slots, false) as string);
  const isIn = code === JsOp.BufferAssign;
  const [theirs, ours] = pair(isIn ? "assign" : "assign_to", value, slots);
  if (isIn) theirs.set(ours);
  else ours.set(theirs);
  return undefined;
}
