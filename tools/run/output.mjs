// output.mjs: in the page: what the program writes, on its way to the server.
import { ask } from "./wire.mjs";

const MOST = 1024 * 1024; // bytes on their way before the program has to wait

/**
 * A request per piece, which the page would wait for, costs milliseconds; a
 * message to the worker, which sends them, microseconds.
 */
export class Output {
  #worker;
  #count = 0;
  #size = 0;

  /** @param {Worker} worker runs relay.mjs */
  constructor(worker) {
    this.#worker = worker;
  }

  /** Starts the worker: once it runs, a page that computes does not hinder it. */
  static async start() {
    const worker = new Worker(new URL("relay.mjs", import.meta.url), { type: "module" });
    await new Promise((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = () => reject(new Error("relay.mjs did not start"));
    });
    return new Output(worker);
  }

  /**
   * @param {number} fd
   * @param {Uint8Array | string} data
   */
  write(fd, data) {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    this.#worker.postMessage({ fd, bytes });
    this.#count++;
    this.#size += bytes.length;
    if (this.#size > MOST) this.flush();
  }

  /** Waits until all of it is printed. */
  flush() {
    if (this.#size > 0) ask("printed", String(this.#count));
    this.#size = 0;
  }
}
