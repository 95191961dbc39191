// stdio.mjs: this process's own stdout and stderr, written at once.
import { writeSync } from "node:fs";

const PAUSE = 2; // milliseconds
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/**
 * Does what may fail because another process made the descriptor non-blocking.
 * @template T
 * @param {() => T} action
 * @returns {T}
 */
function patiently(action) {
  for (;;) {
    try {
      return action();
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EAGAIN") throw error;
      Atomics.wait(sleeper, 0, 0, PAUSE);
    }
  }
}

/**
 * Writes all bytes.
 * @param {number} fd
 * @param {Uint8Array} bytes
 * @returns {string | null} null, or the code of the error, such as EPIPE
 */
export function writeAll(fd, bytes) {
  try {
    for (let done = 0; done < bytes.length; ) {
      done += patiently(() => writeSync(fd, bytes, done, bytes.length - done));
    }
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code ?? "EIO";
  }
  return null;
}
