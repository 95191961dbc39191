// streams.ts: Python's stdin, stdout and stderr as devices, and what may stand behind them.
import type { FileSystem, Glue, OpenStream, StreamOps } from "pyjs-glue";
import { createCallPython } from "./call_python";
import type { NodeModules } from "./environment";
import { describe, optional, readOptions } from "./options";
import type { LoadOptions, Output, PyProxy, StdinOptions, StdoutOptions, TerminalSize } from "./pyjs";
import { hostSink, hostSource } from "./stream_host";
import { Answers, Later } from "./stream_answers";
import type { PartOptions, Source } from "./stream_input";
import { Fills, Lines, Parts } from "./stream_input";
import type { Sink } from "./stream_output";
import { byteSink, lineSink, writeSink } from "./stream_output";

/** The number that Python's OSError gets of an error that tells one: the host's own, or FS.ErrnoError. */
function errnoOf({ ERRNO_CODES: codes }: Glue, error: unknown): number | undefined {
  const { code, errno } = (error ?? {}) as { code?: unknown; errno?: unknown };
  if (typeof code === "string" && Object.hasOwn(codes, code)) return codes[code];
  return typeof errno === "number" && Object.values(codes).includes(errno) ? errno : undefined;
}

/** What pyjs._stdin takes. */
const WAITS = 63;

/**
 * Ends a call of C's such that Python goes on in `pyjs._stdin`, where nothing of JavaScript's is on
 * the stack: there it waits for the promise, or calls the function, which throws; then it calls C
 * again.
 */
function handOver(glue: Glue, task: Promise<void> | (() => never)): never {
  const expect = (given: typeof task): unknown => createCallPython(glue.pyjs)("pyjs._stdin", "expect", given);
  glue._pyjs_poll_signals(); // what a signal's handler raises comes from the call
  try {
    expect(task);
  } catch (error) {
    if (!(error instanceof glue.pyjs.PythonError)) throw error;
    expect(rethrow(error));
  }
  glue.passOverSignals?.();
  glue._pyjs_trip(WAITS);
  throw new glue.FS.ErrnoError(glue.ERRNO_CODES["EINTR"]!);
}

function rethrow(error: unknown): () => never {
  return () => {
    throw error;
  };
}

function isInterrupt({ pyjs }: Glue, error: unknown): boolean {
  return error instanceof pyjs.PythonError && error.type === "KeyboardInterrupt";
}

/**
 * Runs the user's callback, which may use Python; CPython's frames must not be unwound by what it
 * throws.
 */
function guarded<T>(glue: Glue, callback: () => T): T {
  const { ErrnoError } = glue.FS;
  const entered = glue._pyjs_enter();
  try {
    return callback();
  } catch (error) {
    if (isInterrupt(glue, error)) handOver(glue, rethrow(error));
    const errno = errnoOf(glue, error);
    if (errno !== undefined) throw new ErrnoError(errno);
    // Loud, as an error in any other callback; Python sees an OSError.
    queueMicrotask(() => {
      throw error;
    });
    throw new ErrnoError(glue.ERRNO_CODES["EIO"]!);
  } finally {
    if (entered) glue._pyjs_leave();
  }
}

/** What a terminal tells of itself when it is not asked for more: its size. */
const DEFAULT_SIZE: TerminalSize = { rows: 24, columns: 80 };

function checkedSize({ rows, columns }: TerminalSize): [number, number] {
  for (const count of [rows, columns]) {
    if (!Number.isInteger(count) || count < 0 || count > 0x7fff) {
      throw new TypeError(`getTerminalSize: expected { rows, columns } as whole numbers, got ${rows} and ${columns}`);
    }
  }
  return [rows, columns];
}

interface End {
  readonly isatty: boolean;
  size?(): TerminalSize | undefined;
}

/** Streams look at what stands behind the device now, however long they have been open. */
function follow(glue: Glue, stream: OpenStream, end: () => End): void {
  const ioctl_tiocgwinsz = (): [number, number] =>
    guarded(glue, () => checkedSize(end().size?.() ?? DEFAULT_SIZE));
  const tty = { ops: { ioctl_tiocgwinsz } };
  // Not enumerable: a copy of the stream gets a property of its own.
  Object.defineProperty(stream, "tty", { get: () => (end().isatty ? tty : undefined) });
}

function reader(glue: Glue, source: () => Source): StreamOps {
  const attach = (stream: OpenStream): void => follow(glue, stream, source);
  return {
    open: attach,
    dup: attach,
    read(_stream, buffer, offset, length) {
      if (length === 0) return 0; // the C library reads two buffers, one of them empty
      const bytes = new Uint8Array(length);
      const count = guarded(glue, () => {
        const given = source().read(bytes);
        return given instanceof Later ? handOver(glue, given.promise) : given;
      });
      // Memory may have grown, when the callback ran Python; the former view has no length then.
      const target = buffer.length === 0 ? new Int8Array(glue.HEAPU32.buffer) : buffer;
      target.set(bytes.subarray(0, count), offset);
      return count;
    },
  };
}

function writer(glue: Glue, sink: () => Sink): StreamOps {
  const attach = (stream: OpenStream): void => follow(glue, stream, sink);
  return {
    open: attach,
    dup: attach,
    write(_stream, buffer, offset, length) {
      if (length === 0) return 0;
      const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length).slice();
      const count = guarded(glue, () => sink().write(bytes));
      // Python would try for ever.
      if (count === 0) throw new glue.FS.ErrnoError(glue.ERRNO_CODES["EAGAIN"]!);
      return count;
    },
    fsync() {
      guarded(glue, () => sink().fsync?.());
      return 0;
    },
  };
}

/** Refuses several of `names` together. */
function atMostOne(operation: string, options: object, names: readonly string[]): void {
  const given = names.filter((name) => Object.hasOwn(options, name));
  if (given.length > 1) {
    throw new TypeError(`${operation}: expected at most one of ${names.join(", ")}, got ${given.join(" and ")}`);
  }
}

function onlyWith(operation: string, options: object, name: string, others: readonly string[]): void {
  if (Object.hasOwn(options, name) && !others.some((other) => Object.hasOwn(options, other))) {
    throw new TypeError(`${operation}: ${name} goes with ${others.join(" or ")}; give that too, or leave ${name} out`);
  }
}

function fromParts(glue: Glue, callback: () => unknown, isatty: boolean, options: PartOptions): Source {
  const answers = answersOf(glue);
  return sourceAt(new Parts(callback, answers, options), isatty, answers);
}

function sourceAt(inner: Parts | Fills, isatty: boolean, answers: Answers): Source {
  const bytes = isatty ? new Lines(inner, answers) : inner;
  return { isatty, read: (into) => bytes.read(into), end: () => answers.end() };
}

/** A coroutine of Python's that a callback gave is nobody's when it has ended. */
function answersOf({ pyjs }: Glue): Answers {
  return new Answers((promise) => {
    if (pyjs.isPyProxy(promise) && !pyjs.isGone()) (promise as PyProxy).destroy();
  });
}

const STDIN_OPTIONS = ["stdin", "read", "error", "isatty", "autoEOF"] as const;

/** What the options ask for, or null for the default. */
function sourceOf(glue: Glue, given: StdinOptions | undefined): Source | null {
  const operation = "setStdin";
  const options = readOptions(operation, given, STDIN_OPTIONS);
  const stdin = optional(operation, options, "stdin", "function");
  const read = optional(operation, options, "read", "function") as StdinOptions["read"];
  const error = optional(operation, options, "error", "boolean");
  const isatty = optional(operation, options, "isatty", "boolean") ?? false;
  const autoEOF = optional(operation, options, "autoEOF", "boolean") ?? true;
  if (error === false) delete options.error;
  atMostOne(operation, options, ["stdin", "read", "error"]);
  onlyWith(operation, options, "autoEOF", ["stdin"]);
  if (isatty) onlyWith(operation, options, "isatty", ["stdin", "read", "error"]);
  if (read !== undefined) {
    const answers = answersOf(glue);
    return sourceAt(new Fills((buffer) => read.call(given, buffer), answers), isatty, answers);
  }
  if (stdin !== undefined) {
    return fromParts(glue, () => stdin.call(given), isatty, { lines: true, autoEOF });
  }
  return error === true ? failing(glue, isatty) : null;
}

function failing({ FS, ERRNO_CODES }: Glue, isatty: boolean): Source {
  return {
    isatty,
    read: () => {
      throw new FS.ErrnoError(ERRNO_CODES["EIO"]!);
    },
  };
}

const STDOUT_OPTIONS = ["batched", "raw", "write", "isatty", "fsync", "getTerminalSize"] as const;

/** What the options ask for, or null for the default. */
function sinkOf(operation: string, given: StdoutOptions | undefined): Sink | null {
  const options = readOptions(operation, given, STDOUT_OPTIONS);
  const method = <Name extends Exclude<(typeof STDOUT_OPTIONS)[number], "isatty">>(name: Name) => {
    const found = optional(operation, options, name, "function");
    return found && (found.bind(given) as unknown as NonNullable<StdoutOptions[Name]>);
  };
  const [batched, raw, write] = [method("batched"), method("raw"), method("write")];
  const [fsync, size] = [method("fsync"), method("getTerminalSize")];
  const isatty = optional(operation, options, "isatty", "boolean") ?? false;
  atMostOne(operation, options, ["batched", "raw", "write"]);
  onlyWith(operation, options, "fsync", ["write"]);
  onlyWith(operation, options, "getTerminalSize", ["raw", "write"]);
  if (isatty) onlyWith(operation, options, "isatty", ["raw", "write"]);
  if (batched !== undefined) return lineSink(batched);
  if (raw !== undefined) return byteSink(raw, isatty, size);
  if (write === undefined) return null;
  return writeSink(`${operation}, write`, write, { isatty, ...(fsync && { fsync }), ...(size && { size }) });
}

/** What the loader's options ask for: those say less than setStdout's, and take any number of bytes. */
function sinkOfOption(output: Output | undefined, fallback: () => Sink): Sink {
  if (output === undefined) return fallback();
  if (typeof output === "function") return lineSink(output);
  if (output === null || typeof output !== "object" || typeof output.write !== "function") {
    throw new TypeError("loadPyjs: stdout and stderr take a function, or an object with write(bytes)");
  }
  const write = (bytes: Uint8Array): number => {
    const { length } = bytes;
    output.write(bytes);
    return length;
  };
  return { isatty: output.isatty === true, write };
}

/** Like that, of stdin: strings are no lines, but pieces of text. */
function sourceOfOption(glue: Glue, input: LoadOptions["stdin"], fallback: () => Source): Source {
  if (input === undefined) return fallback();
  if (typeof input !== "function") {
    throw new TypeError(`loadPyjs: stdin takes a function, got ${describe(input)}`);
  }
  return fromParts(glue, input, false, { lines: false, autoEOF: false });
}

const MODE = 0o666;
const O_RDONLY = 0;
const O_WRONLY = 1;

function attach(fs: FileSystem, name: string, minor: number, ops: StreamOps): void {
  const device = fs.makedev(64, minor);
  fs.registerDevice(device, ops);
  fs.mkdev(`/dev/${name}`, MODE, device);
  const { fd } = fs.open(`/dev/${name}`, minor === 0 ? O_RDONLY : O_WRONLY);
  if (fd !== minor) throw new Error(`loading pyjs: ${name} became descriptor ${fd}, expected ${minor}`);
}

/** Descriptors 0, 1 and 2, which it opens. */
export class Streams {
  private source: Source;
  private readonly sinks: Record<1 | 2, Sink>;

  constructor(
    private readonly glue: Glue,
    private readonly node: NodeModules | null,
    options: LoadOptions,
  ) {
    this.source = sourceOfOption(glue, options.stdin, () => hostSource(node));
    this.sinks = {
      1: sinkOfOption(options.stdout, () => hostSink(node, 1)),
      2: sinkOfOption(options.stderr, () => hostSink(node, 2)),
    };
    attach(glue.FS, "stdin", 0, reader(glue, () => this.source));
    attach(glue.FS, "stdout", 1, writer(glue, () => this.sinks[1]));
    attach(glue.FS, "stderr", 2, writer(glue, () => this.sinks[2]));
  }

  setStdin(options?: StdinOptions): void {
    const source = sourceOf(this.glue, options) ?? hostSource(this.node);
    const former = this.source;
    this.source = source;
    former.end?.();
  }

  setOutput(fd: 1 | 2, options?: StdoutOptions): void {
    const sink = sinkOf(fd === 1 ? "setStdout" : "setStderr", options) ?? hostSink(this.node, fd);
    const former = this.sinks[fd];
    this.sinks[fd] = sink;
    former.end?.();
  }

  /** Puts `sink` behind a descriptor; gives what puts back what was there. */
  redirect(fd: 1 | 2, sink: Sink): () => void {
    const former = this.sinks[fd];
    this.sinks[fd] = sink;
    return () => {
      if (this.sinks[fd] === sink) this.sinks[fd] = former;
    };
  }

  /** Passes on what is kept back: nothing more will be written. */
  end(): void {
    this.sinks[1].end?.();
    this.sinks[2].end?.();
  }
}
