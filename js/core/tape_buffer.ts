// tape_buffer.ts: the bytes of a buffer, which go to a bytearray of Python's beside the tape.
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

export function writeBuffer(out: Output, value: Buffer): void {
  refresh();
  const bytes = bytesOf(value);
  const { length, byteOffset } = bytes;
  const isOwn = bytes.buffer === u8.buffer; // a view of Python's memory, which growth detaches
  const slot = reserve(16);
  const address = wasm.pyjs_py_bytearray(length, slot) >>> 0;
  refresh();
  const object = u32[(slot >> 2) + 2]!;
  setTop(slot);
  if (address === 0) throw new OutOfMemory(length);
  out.objects.push(object);
  if (isOwn) u8.copyWithin(address, byteOffset, byteOffset + length);
  else u8.set(bytes, address);
  out.met.meet(value);
  out.put(Tape.Buffer, 1 | (formatOf(value).charCodeAt(0) << 1));
  out.words.push(object);
}
