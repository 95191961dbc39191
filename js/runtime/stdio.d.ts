// stdio.d.ts: the public types of Python's stdin, stdout and stderr; part of pyjs.d.ts.

type Eventually<T> = T | PromiseLike<T>;

/**
 * Gives the next text or bytes when Python reads, or null at the end of input; or a promise of
 * that, as the callbacks of setStdin may.
 */
export type Input = () => Eventually<string | Uint8Array | null | undefined>;

/** A function gets each whole line, without its end; an object gets the bytes as they come. */
export type Output = ((line: string) => void) | RawOutput;

export interface RawOutput {
  /** Takes bytes, which are the receiver's to keep. */
  write(bytes: Uint8Array): void;
  /** Whether Python takes it for a terminal. */
  isatty?: boolean;
}

/**
 * What setStdin takes: one of `stdin`, `read` and `error`, which are called as methods of the
 * options. A plain object has no other properties; an instance of a class may have.
 *
 * `stdin` and `read` may give a promise, or any thenable: then the stack that reads is suspended
 * until it settles, as by `run_sync`, and all else goes on. Where it cannot be suspended (an engine
 * without JSPI, `runPython`) the read is an OSError, and the next gets what the promise gives. So it
 * does when an interrupt or a cancellation ends the wait. A rejection is as what a callback throws.
 * The callback is not called again before its promise has settled.
 */
export interface StdinOptions {
  /**
   * Called when Python wants more. A string is a line, whose end may be left out; a number is one
   * byte; null or undefined is the end of input, after which Python may read on.
   */
  stdin?(): Eventually<string | ArrayBuffer | ArrayBufferView | number | null | undefined>;
  /** Fills the beginning of `buffer` and gives the number of bytes; 0 is the end of input. */
  read?(buffer: Uint8Array): Eventually<number>;
  /** True: every read raises OSError. */
  error?: boolean | undefined;
  /** What `sys.stdin.isatty()` is; by default false. */
  isatty?: boolean | undefined;
  /** Whether bytes that do not end with a newline are followed by the end of input; by default true. */
  autoEOF?: boolean | undefined;
}

/**
 * What setStdout and setStderr take: one of `batched`, `raw` and `write`, which are called as
 * methods of the options. A plain object has no other properties; an instance of a class may have.
 */
export interface StdoutOptions {
  /** Gets each line without its end, and at `os.fsync` the part of a line that has come so far. */
  batched?(line: string): void;
  /** Gets one byte at a time. */
  raw?(byte: number): void;
  /**
   * Gets bytes, which are the receiver's to keep, and gives how many of them it takes; Python then
   * writes the rest again. To take none is to raise BlockingIOError.
   */
  write?(buffer: Uint8Array): number;
  /** What `os.fsync` calls; for `write`. */
  fsync?(): void;
  /** What `sys.stdout.isatty()` is; by default false. Not for `batched`. */
  isatty?: boolean | undefined;
  /** What a terminal says of its size (TIOCGWINSZ); by default 24 rows and 80 columns. */
  getTerminalSize?(): TerminalSize | undefined;
}

export interface TerminalSize {
  rows: number;
  columns: number;
}
