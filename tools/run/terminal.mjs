// terminal.mjs: this process's stdin, stdout and stderr for a page that uses them from afar.
import { writeAll } from "./stdio.mjs";

const PATIENCE = 20_000; // milliseconds; engines give up on an answer after some minutes
const HEAD = 5; // bytes before each piece of output: the descriptor, the length

/** The first byte of an answer of Stdin says what it is; wire.mjs reads it. */
const END = Buffer.of(0);
const BYTES = Buffer.of(1);
const NOTHING_YET = Buffer.of(2);

/** Nothing is read before it is asked for: what the program leaves is the next program's. */
export class Stdin {
  #ended = false;
  #started = false;

  /**
   * The next bytes, the end, or after a while that there is nothing yet.
   * @returns {Promise<Uint8Array>}
   */
  async read() {
    if (!this.#started) this.#start();
    const found = this.#take();
    if (found !== null) return found;
    await new Promise((resolve) => {
      const timer = setTimeout(over, PATIENCE);
      function over() {
        clearTimeout(timer);
        process.stdin.off("readable", over).off("end", over).off("error", over);
        resolve(undefined);
      }
      process.stdin.on("readable", over).on("end", over).on("error", over);
    });
    return this.#take() ?? NOTHING_YET;
  }

  #start() {
    this.#started = true;
    const end = () => (this.#ended = true);
    process.stdin.on("end", end).on("error", end);
  }

  /** @returns {Uint8Array | null} */
  #take() {
    const bytes = process.stdin.read();
    if (bytes !== null) return Buffer.concat([BYTES, bytes]);
    return this.#ended ? END : null;
  }
}

/** Writes what the page's relay sends, and knows how much of it has come. */
export class Printer {
  #count = 0;
  /** @type {{ count: number, resolve: () => void }[]} */
  #waiting = [];
  #onBroken;

  /** @param {() => void} onBroken called when nobody reads stdout any more */
  constructor(onBroken) {
    this.#onBroken = onBroken;
  }

  /**
   * Pieces of output, in their order.
   * @param {Buffer} body
   */
  print(body) {
    for (let at = 0; at < body.length; this.#count++) {
      const fd = body.readUInt8(at);
      const end = at + HEAD + body.readUInt32LE(at + 1);
      const code = writeAll(fd === 2 ? 2 : 1, body.subarray(at + HEAD, end));
      if (code !== null && fd !== 2) this.#onBroken();
      at = end;
    }
    this.#waiting = this.#waiting.filter(({ count, resolve }) => {
      if (count > this.#count) return true;
      resolve();
      return false;
    });
  }

  /**
   * Waits until so many pieces have come since the start.
   * @param {number} count
   * @returns {Promise<void>}
   */
  async printed(count) {
    if (count <= this.#count) return;
    await new Promise((/** @type {(nothing: void) => void} */ resolve) => this.#waiting.push({ count, resolve }));
  }
}
