// stream_output.ts: where Python prints: by whole lines, by bytes, or as it comes.
import type { TerminalSize } from "./stdio";
import { countOf } from "./stream_input";

/** What stands behind descriptor 1 or 2. */
export interface Sink {
  readonly isatty: boolean;
  /** Takes bytes, which are the receiver's to keep, and says how many. */
  write(bytes: Uint8Array): number;
  /** Passes on what it has kept back. */
  fsync?(): void;
  /** Passes on everything: nothing more will be written. */
  end?(): void;
  size?(): TerminalSize | undefined;
}

/** Each whole line without its end. A part of one waits for the rest, or for fsync. */
export function lineSink(take: (line: string) => void): Sink {
  const decoder = new TextDecoder();
  let rest = "";
  const flush = (): void => {
    const line = rest;
    rest = "";
    if (line !== "") take(line);
  };
  return {
    isatty: false,
    write(bytes) {
      const parts = (rest + decoder.decode(bytes, { stream: true })).split("\n");
      rest = parts.pop() ?? "";
      parts.forEach((line) => take(line));
      return bytes.length;
    },
    fsync: flush,
    end() {
      rest += decoder.decode();
      flush();
    },
  };
}

/** One byte at a time. */
export function byteSink(take: (byte: number) => void, isatty: boolean, size?: Sink["size"]): Sink {
  return {
    isatty,
    write(bytes) {
      bytes.forEach((byte) => take(byte));
      return bytes.length;
    },
    ...(size && { size }),
  };
}

/** Bytes as they come; what the callback does not take is written again. */
export function writeSink(
  operation: string,
  write: (bytes: Uint8Array) => unknown,
  others: Pick<Sink, "isatty" | "fsync" | "size">,
): Sink {
  return {
    ...others,
    write(bytes) {
      const { length } = bytes;
      return countOf(operation, write(bytes), length);
    },
  };
}
