// streams.ts: Python's stdin, stdout and stderr as devices of the file system.
import type { FileSystem, StreamOps } from "pyjs-glue";
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

function nodeOutput(files: NodeSync, fd: number): RawOutput {
  return {
    isatty: (fd === 1 ? process.stdout : process.stderr).isTTY === true,
    write(bytes) {
      for (let done = 0; done < bytes.length; ) {
        try {
          done += files.writeSync(fd, bytes, done, bytes.length - done);
        } catch (error) {
          // A full pipe: its reader has yet to catch up.
          if ((error as { code?: string }).code !== "EAGAIN") throw error;
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
      if (pending.length === 0) {
        const given = input();
        if (given === null || given === undefined) return 0;
        pending = typeof given === "string" ? encoder.encode(given) : given;
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

function attach(fs: FileSystem, name: string, minor: number, ops: StreamOps): void {
  const device = fs.makedev(64, minor);
  fs.registerDevice(device, ops);
  fs.mkdev(`/dev/${name}`, MODE, device);
  const { fd } = fs.open(`/dev/${name}`, minor === 0 ? O_RDONLY : O_WRONLY);
  if (fd !== minor) throw new Error(`loading pyjs: ${name} became descriptor ${fd}, expected ${minor}`);
}

/** Opens descriptors 0, 1 and 2. */
export async function attachStreams(fs: FileSystem, options: LoadOptions): Promise<void> {
  const files = isNode ? ((await import("node:fs")) as unknown as NodeSync) : null;
  const input = options.stdin ?? (files === null ? pageInput() : nodeInput(files));
  const inputIsTerminal = files !== null && options.stdin === undefined && process.stdin.isTTY === true;
  const out = asRaw(options.stdout, () => (files === null ? lines(console.log) : nodeOutput(files, 1)));
  const err = asRaw(options.stderr, () => (files === null ? lines(console.warn) : nodeOutput(files, 2)));
  attach(fs, "stdin", 0, reader(input, inputIsTerminal));
  attach(fs, "stdout", 1, writer(out));
  attach(fs, "stderr", 2, writer(err));
}
