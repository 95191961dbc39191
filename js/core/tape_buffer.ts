// tape_buffer.ts: the bytes of a buffer, copied to memory of Python's: a bytearray beside the tape, or bytes.
import { bytesOf } from "./kinds";
import { OutOfMemory, refresh, reserve, setTop, u32, u8, wasm } from "./memory";
import type { Met } from "./met";
import { formatOf } from "./typed_arrays";
import { Tape } from "./types";

/** What a tape is written to; see deep_to_py.ts. */
interface Output {
  readonly words: { push(word: number): void };
  readonly met: Met;
  /** References that go to Python with the tape. */
  readonly objects: number[];
  put(kind: Tape, number: number): void;
}

type Buffer = ArrayBufferLike | ArrayBufferView;

/** What Python's objects may have; a larger number would cross as another one. */
const MOST = 0x7fffffff;

/** Copies all bytes to new memory of Python's, whose address is given; throws when there is none. */
export function copyTo(value: Buffer, allocate: (length: number) => number): void {
  refresh();
  const bytes = bytesOf(value);
  const { length, byteOffset } = bytes;
  const isOwn = bytes.buffer === u8.buffer; // a view of Python's memory, which growth detaches
  const address = length > MOST ? 0 : allocate(length) >>> 0;
  refresh();
  if (address === 0) throw new OutOfMemory(length);
  if (isOwn) u8.copyWithin(address, byteOffset, byteOffset + length);
  else u8.set(bytes, address);
}

export function writeBuffer(out: Output, value: Buffer): void {
  const slot = reserve(16);
  setTop(slot);
  copyTo(value, (length) => wasm.pyjs_py_bytearray(length, slot));
  const object = u32[(slot >> 2) + 2]!;
  out.objects.push(object);
  out.met.meet(value);
  out.put(Tape.Buffer, 1 | (formatOf(value).charCodeAt(0) << 1));
  out.words.push(object);
}
