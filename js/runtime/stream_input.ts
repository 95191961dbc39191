// stream_input.ts: where Python reads: what a callback gives, cut into the reads that ask for it.
import { describe } from "./options";
import type { Answers } from "./stream_answers";
import { Later } from "./stream_answers";

/** What stands behind descriptor 0. */
export interface Source {
  readonly isatty: boolean;
  /** Fills the beginning of `into` and says how much; 0 at the end of input. */
  read(into: Uint8Array): number | Later;
  /** Another takes its place. */
  end?(): void;
}

export interface PartOptions {
  /** A string is a line, also without its end, and a number a byte. */
  lines: boolean;
  /** Bytes that do not end a line are followed by the end of input. */
  autoEOF: boolean;
}

const NEWLINE = 10;
const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();

function bytesOf(given: unknown, lines: boolean): Uint8Array {
  if (typeof given === "string") {
    return encoder.encode(lines && !given.endsWith("\n") ? `${given}\n` : given);
  }
  if (ArrayBuffer.isView(given)) return new Uint8Array(given.buffer, given.byteOffset, given.byteLength).slice();
  if (given instanceof ArrayBuffer) return new Uint8Array(given).slice();
  throw new TypeError(
    `stdin: expected a string, bytes${lines ? ", a number" : ""} or null from the callback, got ${describe(given)}`,
  );
}

function byteOf(given: number): number {
  if (!Number.isInteger(given) || given < 0 || given > 255) {
    throw new TypeError(`stdin: expected a byte, a whole number from 0 to 255, from the callback, got ${given}`);
  }
  return given;
}

/** Gives each read no more than one call of the callback has given, or a line of single bytes. */
export class Parts {
  private pending = NOTHING as Uint8Array;
  private atEnd = false;
  /** What ended a row of single bytes, and is for the next read. */
  private held: { given: unknown } | null = null;

  constructor(
    private readonly callback: () => unknown,
    private readonly answers: Answers,
    private readonly options: PartOptions,
  ) {}

  read(into: Uint8Array): number | Later {
    if (this.pending.length === 0) {
      const part = this.next(into.length);
      if (part instanceof Later) return part;
      this.pending = part;
    }
    const count = Math.min(into.length, this.pending.length);
    into.set(this.pending.subarray(0, count));
    this.pending = this.pending.subarray(count);
    return count;
  }

  /** Empty at the end of input. */
  private next(most: number): Uint8Array | Later {
    if (this.atEnd) {
      this.atEnd = false;
      return NOTHING;
    }
    const given = this.held === null ? this.answers.next(this.callback) : this.held.given;
    this.held = null;
    if (given instanceof Later) return given;
    if (given === null || given === undefined) return NOTHING;
    if (typeof given === "number" && this.options.lines) return this.gather(byteOf(given), most);
    const part = bytesOf(given, this.options.lines);
    this.atEnd = this.options.autoEOF && part.length > 0 && part.at(-1) !== NEWLINE;
    return part;
  }

  private gather(first: number, most: number): Uint8Array {
    const bytes = [first];
    while (bytes.at(-1) !== NEWLINE && bytes.length < most) {
      const given = this.answers.next(this.callback);
      if (given instanceof Later) break;
      if (typeof given !== "number") {
        this.held = { given };
        break;
      }
      bytes.push(byteOf(given));
    }
    return Uint8Array.from(bytes);
  }
}

/** Gives what a callback has put into the buffer of a read, which may have been an earlier one. */
export class Fills {
  private pending = NOTHING as Uint8Array;
  private asked = NOTHING as Uint8Array;

  constructor(
    private readonly callback: (buffer: Uint8Array) => unknown,
    private readonly answers: Answers,
  ) {}

  read(into: Uint8Array): number | Later {
    if (this.pending.length === 0) {
      const given = this.answers.next(() => this.callback((this.asked = into)));
      if (given instanceof Later) return given;
      const count = countOf("setStdin, read", given, this.asked.length);
      if (this.asked === into) return count;
      this.pending = this.asked.subarray(0, count);
    }
    const count = Math.min(into.length, this.pending.length);
    into.set(this.pending.subarray(0, count));
    this.pending = this.pending.subarray(count);
    return count;
  }
}

/**
 * A terminal, which gives whole lines: C's functions, which input() then reads with, forget what
 * they have of a line when they are interrupted, as they are for a promise.
 */
export class Lines {
  private held = NOTHING as Uint8Array;
  private line = NOTHING as Uint8Array;
  private atEnd = false;

  constructor(
    private readonly inner: Pick<Source, "read">,
    private readonly answers: Answers,
  ) {}

  read(into: Uint8Array): number | Later {
    while (this.line.length === 0) {
      if (this.atEnd) {
        this.atEnd = false;
        return 0;
      }
      const count = this.inner.read(into);
      if (count instanceof Later || !this.answers.hasWaited) return count;
      if (count === 0 && this.held.length === 0) return 0;
      this.hold(into.subarray(0, count));
    }
    const count = Math.min(into.length, this.line.length);
    into.set(this.line.subarray(0, count));
    this.line = this.line.subarray(count);
    return count;
  }

  private hold(part: Uint8Array): void {
    const all = new Uint8Array(this.held.length + part.length);
    all.set(this.held);
    all.set(part, this.held.length);
    this.atEnd = part.length === 0;
    const isWhole = this.atEnd || part.at(-1) === NEWLINE;
    this.line = isWhole ? all : NOTHING;
    this.held = isWhole ? NOTHING : all;
  }
}

/** The number of bytes that a callback says it took or gave. */
export function countOf(operation: string, given: unknown, most: number): number {
  if (!Number.isInteger(given) || (given as number) < 0 || (given as number) > most) {
    const shown = typeof given === "number" ? String(given) : describe(given);
    throw new TypeError(`${operation}: expected a number of bytes from 0 to ${most} from the callback, got ${shown}`);
  }
  return given as number;
}
