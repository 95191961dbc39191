// archive.ts: unpacks archives into the file system.
import type { CallPython } from "./call_python";
import { describe, expectString, optional, readOptions } from "./options";

const OPERATION = "unpackArchive";

function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return value instanceof ArrayBuffer || Object.prototype.toString.call(value) === "[object ArrayBuffer]";
}

function asBytes(buffer: unknown): Uint8Array {
  if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  if (isArrayBuffer(buffer)) return new Uint8Array(buffer);
  throw new TypeError(`${OPERATION}: expected the archive as an ArrayBuffer or a typed array, got ${describe(buffer)}`);
}

/** Unpacks what `buffer` holds; Python knows the formats. */
export function unpackArchive(call: CallPython, buffer: unknown, format: unknown, given?: unknown): void {
  const options = readOptions(OPERATION, given, ["extractDir"]);
  const folder = optional(OPERATION, options, "extractDir", "string");
  call("pyjs._archive", "unpack", asBytes(buffer), expectString(OPERATION, "the format", format), folder);
}
