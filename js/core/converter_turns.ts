// converter_turns.ts: what a user's converter to Python is given, and what it asks for meanwhile.
import { spend } from "./py_call";
import { receive } from "./errors";
import { f64, refresh, reserve, setTop, wasm } from "./memory";
import type { Met } from "./met";
import { Feed, PyOp, Tape } from "./types";

type Convert = (value: unknown) => unknown;
type Cache = (value: object, result: unknown) => void;
export type Converter = (value: unknown, convert: Convert, cache: Cache) => unknown;

/** What writes the tape; see deep_to_py.ts. */
export interface Writer {
  readonly met: Met;
  /** How many containers nest too deep for functions that recur. */
  readonly deep: number;
  run(root: unknown, level: number): void;
  /** From here on a tape begins with a root. */
  beginRoot(): void;
  finish(slots: number): void;
  /** Drops what was written since there were so many containers. */
  unwind(deep: number, met: number): void;
  leaf(value: unknown): void;
  proxy(value: object, kind: Tape): void;
}

/** The turns of one conversion: in each the converter has one value. */
export class Turns {
  private alive = true;
  /** Python stopped reading. */
  private broken = false;
  /** The level of what the converter that runs was given; null when none runs. */
  private turn: number | null = null;

  constructor(
    private readonly writer: Writer,
    private readonly converter: Converter,
    /** The address of Python's reader, which lives as long as the conversion. */
    private readonly reader: number,
  ) {}

  give(value: unknown, level: number): void {
    this.turn = level;
    try {
      const { converter } = this; // which is no method of this
      const result = converter(
        value,
        (other) => this.convert(other),
        (key, made) => this.cache(key, made),
      );
      this.writer.leaf(result);
      spend(result);
    } finally {
      this.turn = null;
    }
  }

  /** What the converter got does nothing from here on. */
  end(): void {
    this.alive = false;
  }

  /** Throws when Python stopped reading a part that no converter asked for. */
  expectReader(): void {
    if (!this.broken) return;
    throw new Error("to_py: a part before this one failed, and a converter went on without its error");
  }

  /** Nothing but the converter that runs may write between the words of the tape. */
  private active(operation: string): number {
    if (!this.alive) throw new Error(`${operation}: the conversion that this function was made for has ended`);
    if (this.turn === null) throw new Error(`${operation}: call it while the converter runs that it was given to`);
    return this.turn;
  }

  /** For a converter: the converted `value`, which may refer to all that is being converted. */
  private convert(value: unknown): unknown {
    const turn = this.active("convert");
    this.turn = null;
    try {
      this.feed(Feed.None);
      this.writer.beginRoot();
      return this.convertIn(turn, value);
    } finally {
      this.turn = turn;
    }
  }

  private convertIn(level: number, value: unknown): unknown {
    const { writer } = this;
    const { deep } = writer;
    const { count } = writer.met;
    try {
      writer.run(value, level + 1);
      return this.feed(Feed.End);
    } catch (error) {
      // The converter may go on without what it asked for; nothing can refer to that any more.
      writer.unwind(deep, count);
      this.broken = false;
      this.feed(Feed.Drop);
      throw error;
    }
  }

  private cache(value: object, result: unknown): void {
    this.active("cache");
    if ((typeof value !== "object" && typeof value !== "function") || value === null) {
      throw new TypeError(`cache: expected an object as the value that is converted, got ${typeof value}`);
    }
    if ((typeof result === "object" && result !== null) || typeof result === "function") {
      this.writer.proxy(result, Tape.Register);
      this.writer.met.replace(value);
    }
  }

  private feed(what: Feed): unknown {
    this.expectReader();
    refresh();
    const slots = reserve(64);
    this.writer.finish(slots);
    f64[(slots >> 3) + 5] = f64[(slots >> 3) + 5]! | what;
    f64[(slots >> 3) + 7] = this.reader;
    setTop(slots);
    this.broken = true;
    const value = receive(wasm.pyjs_py_op(PyOp.FromTape, 0, slots), slots);
    this.broken = false;
    return value;
  }
}
