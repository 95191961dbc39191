// py_buffer.ts: the memory of Python objects with the buffer protocol, as typed arrays.
import { receive } from "./errors";
import { Held, letGo, rewatch } from "./lifetime";
import { layouts } from "./layouts";
import { i32, refresh, reserve, setTop, u32, u8, wasm } from "./memory";
import { expectRoot, live } from "./py_call";
import { readUtf8 } from "./strings";
import type { ArrayClass } from "./typed_arrays";
import { Float16, arrayOf } from "./typed_arrays";
import { BufferFlag, BufferWord, PyOp, Tag } from "./types";
import { watch } from "./watch";

/** What getBuffer() takes; Float16Array is not in every engine. */
const byType = new Map<unknown, ArrayClass | undefined>([
  ["i8", Int8Array],
  ["u8", Uint8Array],
  ["u8clamped", Uint8ClampedArray],
  ["i16", Int16Array],
  ["u16", Uint16Array],
  ["i32", Int32Array],
  ["u32", Uint32Array],
  ["i64", BigInt64Array],
  ["u64", BigUint64Array],
  ["f16", Float16],
  ["f32", Float32Array],
  ["f64", Float64Array],
  ["dataview", DataView],
]);

const PASS_A_TYPE = "pass a type, e.g. getBuffer('dataview')";

function classOf(type: unknown): ArrayClass {
  const found = byType.get(type);
  if (found !== undefined) return found;
  if (byType.has(type)) throw new TypeError(`getBuffer: this engine has no Float16Array; ${PASS_A_TYPE}`);
  const isObject = typeof type === "object" || typeof type === "function";
  const given = typeof type === "string" ? `'${type}'` : isObject ? typeof type : String(type);
  throw new TypeError(`getBuffer: unknown type ${given}; known are ${[...byType.keys()].join(", ")}`);
}

/** The class for a format that has one element. */
function deduced(code: number, flags: number, format: string): ArrayClass {
  if (flags & BufferFlag.BigEndian) {
    throw new TypeError(`getBuffer: the format '${format}' is big-endian, and typed arrays are not; ${PASS_A_TYPE}`);
  }
  const found = arrayOf(String.fromCharCode(code));
  if (found === undefined) {
    throw new TypeError(`getBuffer: no typed array has elements of the format '${format}'; ${PASS_A_TYPE}`);
  }
  return found;
}

/**
 * The memory that a view lends, as a typed array. The view keeps the array and the array the
 * buffer: whoever has either can use the memory.
 */
class Lent {
  data: ArrayBufferView | undefined;
  /** The view of memory that `data` was made beside: growth makes another. */
  private memory = u8;

  constructor(
    readonly held: Held,
    private readonly start: number,
    private readonly length: number,
    private readonly made: ArrayClass,
  ) {
    this.data = new made(u8.buffer, start, length);
    watch(held, this);
  }

  current(): ArrayBufferView {
    if (this.data === undefined) throw new Error(`this PyBufferView was released: ${this.held.reason}`);
    refresh();
    return this.memory === u8 ? this.data : this.renewed();
  }

  private renewed(): ArrayBufferView {
    const data = new this.made(u8.buffer, this.start, this.length);
    this.data = data;
    this.memory = u8;
    rewatch(this);
    return data;
  }

  release(): void {
    letGo(this.held, "release() was called");
    this.data = undefined;
  }
}

/** Only getBuffer() has it. */
const OURS = Symbol("getBuffer");
const LENT = Symbol("lent");

/** Elements of a Python object, where they are; the object cannot resize them until release(). */
export class PyBufferView {
  readonly offset: number;
  readonly readonly: boolean;
  readonly format: string;
  readonly itemsize: number;
  readonly ndim: number;
  readonly nbytes: number;
  readonly shape: number[];
  readonly strides: number[];
  readonly c_contiguous: boolean;
  readonly f_contiguous: boolean;

  /** Not among the keys of a view. */
  private readonly [LENT]: Lent;

  /** `words` is where Python described the buffer, in words of linear memory. */
  constructor(ours: unknown, held: Held, words: number, type: ArrayClass | undefined) {
    if (ours !== OURS) throw new TypeError("PyBufferView is not a constructor: getBuffer() makes views");
    const flags = u32[words + BufferWord.Flags]!;
    const start = u32[words + BufferWord.Start]!;
    const nbytes = u32[words + BufferWord.Length]!;
    const offset = u32[words + BufferWord.Offset]!;
    const ndim = u32[words + BufferWord.Dimensions]!;
    const format = readUtf8(u32[words + BufferWord.Format]!, u32[words + BufferWord.FormatLength]!);
    const made = type ?? deduced(u32[words + BufferWord.Code]!, flags, format);
    const size = made.BYTES_PER_ELEMENT ?? 1;
    if ((start | nbytes | offset) & (size - 1)) throw misaligned(made, size, start, nbytes, offset);
    this.offset = offset / size;
    this.readonly = (flags & BufferFlag.ReadOnly) !== 0;
    this.format = format;
    this.itemsize = u32[words + BufferWord.ItemSize]!;
    this.ndim = ndim;
    this.nbytes = nbytes;
    this.shape = [];
    this.strides = [];
    const shape = words + BufferWord.Shape;
    for (let i = shape; i < shape + ndim; i++) {
      this.shape.push(i32[i]!);
      this.strides.push(i32[i + ndim]! / size);
    }
    this.c_contiguous = (flags & BufferFlag.CContiguous) !== 0;
    this.f_contiguous = (flags & BufferFlag.FContiguous) !== 0;
    this[LENT] = new Lent(held, start, nbytes / size, made);
  }

  /** Made anew when the memory has grown. */
  get data(): ArrayBufferView {
    return this[LENT].current();
  }

  get released(): boolean {
    return this[LENT].held.address === 0;
  }

  /** Lets go of the buffer; does nothing the second time. */
  release(): void {
    this[LENT].release();
    layouts.view = this;
  }
}
// Minified code has no names of its own.
Object.defineProperty(PyBufferView, "name", { value: "PyBufferView", configurable: true });
if (typeof Symbol.dispose === "symbol") {
  Object.defineProperty(PyBufferView.prototype, Symbol.dispose, {
    value: PyBufferView.prototype.release,
    configurable: true,
    writable: true,
  });
}

function misaligned(made: ArrayClass, size: number, start: number, length: number, offset: number): RangeError {
  return new RangeError(
    `getBuffer: ${made.name} needs an address, a length and an offset that are multiples of ${size}; ` +
      `the buffer's are ${start}, ${length} and ${offset}: pass another type, e.g. getBuffer('dataview')`,
  );
}

/** For slots[0], and the words behind it with the most dimensions that Python has. */
const ROOM = 16 + 4 * (BufferWord.Shape + 2 * 64);

export const buffer = {
  /** A view of the object's memory, which the caller releases. */
  getBuffer(type?: unknown): PyBufferView {
    const pointer = live(expectRoot(this, "getBuffer"));
    const wanted = type === undefined || type === null ? undefined : classOf(type);
    refresh();
    const slots = reserve(ROOM);
    setTop(slots);
    const tag = wasm.pyjs_py_op(PyOp.GetBuffer, pointer, slots);
    if (tag !== Tag.Undefined) receive(tag, slots); // throws
    refresh();
    const words = (slots >>> 2) + 4;
    const held = new Held(u32[words + BufferWord.Export]!);
    try {
      return new PyBufferView(OURS, held, words, wanted);
    } catch (error) {
      letGo(held, "getBuffer() failed");
      throw error;
    }
  },
};
