// stdin.mjs: this process's stdin for a page, which asks for it piece by piece.

const PATIENCE = 20_000; // milliseconds; engines give up on an answer after some minutes

/** The first byte of an answer says what it is; wire.mjs reads it. */
const BYTES = Buffer.of(1);
const END = Buffer.of(0);
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
