// streams.ts: Python's stdin, stdout and stderr as devices of the file system.
import type { FileSystem, Glue, StreamOps } from "pyjs-glue";
import { isNode } from "./environment";
import type { Input, LoadOptions, Output, RawOutput } from "./pyjs";

interface NodeSync {
  writeSync(fd: number, data: Uint8Array, offset: number, length: number): number;
  readSync(fd: number, buffer: Uint8Array, offset: number, length: number, position: null): number;
}

function lines(take: (line: string) => void): RawOutput {
  const decoder = new TextDecoder();
  let rest = "";
  return {
    isatty: true,
    write(bytes) {
      const parts = (rest + decoder.decode(bytes, { stream: true })).split("\n");
      rest = parts.pop() ?? "";
      parts.forEach((line) => take(line));
    },
  };
}

/** Between tries on a descriptor that another process made non-blocking. */
function waitABit(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
}

// Not process.stdout.isTTY: merely asking makes the descriptor non-blocking.
function nodeOutput(files: NodeSync, fd: number, isatty: boolean): RawOutput {
  return {
    isatty,
    write(bytes) {
      for (let done = 0; done < bytes.length; ) {
        try {
          done += files.writeSync(fd, bytes, done, bytes.length - done);
        } catch (error) {
          // A full pipe: its reader has yet to catch up.
          if ((error as { code?: string }).code !== "EAGAIN") throw error;
          waitABit();
        }
      }
    },
  };
}

function nodeInput(files: NodeSync): Input {
  const buffer = new Uint8Array(65536);
  return () => {
    for (;;) {
      try {
        const count = files.readSync(0, buffer, 0, buffer.length, null);
        return count === 0 ? null : buffer.slice(0, count);
      } catch (error) {
        const code = (error as { code?: string }).code;
        if (code === "EOF") return null;
        if (code !== "EAGAIN") throw error;
        waitABit();
      }
    }
  };
}

function pageInput(): Input {
  return () => {
    if (typeof prompt !== "function") return null;
    const answer = prompt("Python asks for input:");
    return answer === null ? null : `${answer}\n`;
  };
}

/** Runs the user's callback; CPython's frames must not be unwound by what it throws. */
function guarded<T>({ FS: fs, ERRNO_CODES: codes }: Glue, callback: () => T): T {
  try {
    return callback();
  } catch (error) {
    const code = (error as { code?: unknown } | null)?.code;
    if (typeof code === "string" && Object.hasOwn(codes, code)) {
      throw new fs.ErrnoError(codes[code]!); // the host's own: a closed pipe, a full disk
    }
    // Loud, as an error in any other callback; Python sees an OSError.
    queueMicrotask(() => {
      throw error;
    });
    throw new fs.ErrnoError(codes["EIO"]!);
  }
}

function writer(output: RawOutput): StreamOps {
  return {
    open(stream) {
      if (output.isatty === true) stream.tty = { ops: {} };
    },
    write(_stream, buffer, offset, length) {
      output.write(new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length).slice());
      return length;
    },
  };
}

function reader(input: Input, isatty: boolean): StreamOps {
  const encoder = new TextEncoder();
  let pending: Uint8Array = new Uint8Array(0);
  return {
    open(stream) {
      if (isatty) stream.tty = { ops: {} };
    },
    read(_stream, buffer, offset, length) {
      if (length === 0) return 0; // the C library reads two buffers, one of them empty
      if (pending.length === 0) {
        const given = input();
        if (given === null || given === undefined) return 0;
        pending = typeof given === "string" ? encoder.encode(given) : given;
        if (!(pending instanceof Uint8Array)) {
          throw new TypeError(`stdin: expected a string, bytes or null from the callback, got ${typeof given}`);
        }
      }
      const count = Math.min(length, pending.length);
      buffer.set(pending.subarray(0, count), offset);
      pending = pending.subarray(count);
      return count;
    },
  };
}

function asRaw(output: Output | undefined, fallback: () => RawOutput): RawOutput {
  if (output === undefined) return fallback();
  if (typeof output === "function") return lines(output);
  if (typeof output.write !== "function") {
    throw new TypeError("loadPyjs: stdout and stderr take a function, or an object with write(bytes)");
  }
  return output;
}

const MODE = 0o666;
const O_RDONLY = 0;
const O_WRONLY = 1;

function guardedOps(glue: Glue, ops: StreamOps): StreamOps {
  const { open, read, write } = ops;
  return {
    ...(open && { open }),
    ...(read && { read: (...args) => guarded(glue, () => read(...args)) }),
    ...(write && { write: (...args) => guarded(glue, () => write(...args)) }),
  };
}

function attach(fs: FileSystem, name: string, minor: number, ops: StreamOps): void {
  const device = fs.makedev(64, minor);
  fs.registerDevice(device, ops);
  fs.mkdev(`/dev/${name}`, MODE, device);
  const { fd } = fs.open(`/dev/${name}`, minor === 0 ? O_RDONLY : O_WRONLY);
  if (fd !== minor) throw new Error(`loading pyjs: ${name} became descriptor ${fd}, expected ${minor}`);
}

/** Opens descriptors 0, 1 and 2. */
export async function attachStreams(glue: Glue, options: LoadOptions): Promise<void> {
  const fs = glue.FS;
  const files = isNode ? ((await import("node:fs")) as unknown as NodeSync) : null;
  const isTerminal: (fd: number) => boolean = isNode ? (await import("node:tty")).isatty : () => false;
  const input = options.stdin ?? (files === null ? pageInput() : nodeInput(files));
  const inputIsTerminal = options.stdin === undefined && isTerminal(0);
  const host = (fd: number, log: (line: string) => void): RawOutput =>
    files === null ? lines(log) : nodeOutput(files, fd, isTerminal(fd));
  const out = asRaw(options.stdout, () => host(1, console.log));
  const err = asRaw(options.stderr, () => host(2, console.warn));
  attach(fs, "stdin", 0, guardedOps(glue, reader(input, inputIsTerminal)));
  attach(fs, "stdout", 1, guardedOps(glue, writer(out)));
  attach(fs, "stderr", 2, guardedOps(glue, writer(err)));
}
