// capture.ts: catching what Python writes to stderr.
import type { Interpreter } from "../runtime/load";

/** Catches from `start()` on; `stop()` gives the text, and lets what follows through again. */
export class Capture {
  private chunks: Uint8Array[] = [];
  private restore: (() => void) | undefined;

  constructor(private readonly interpreter: Interpreter) {}

  start(): void {
    this.chunks = [];
    this.restore ??= this.interpreter.streams.redirect(2, {
      isatty: false,
      write: (bytes) => {
        this.chunks.push(bytes);
        return bytes.length;
      },
    });
  }

  stop(): string {
    this.restore?.();
    this.restore = undefined;
    const decoder = new TextDecoder();
    const text = this.chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
    this.chunks = [];
    return text.trim();
  }
}
