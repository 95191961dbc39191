// block.ts: stops the thread, where the host allows that: in workers, and in Node.

let nothing: Int32Array | null | undefined;

/** Memory that nobody writes; a page that is not isolated has no SharedArrayBuffer but this one. */
function shared(): Int32Array {
  return new Int32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer);
}

/** Stops the thread for some milliseconds; whether that was possible. */
export function block(milliseconds: number): boolean {
  if (nothing === null) return false;
  try {
    nothing ??= shared();
    Atomics.wait(nothing, 0, 0, milliseconds);
    return true;
  } catch {
    nothing = null; // the page's own thread
    return false;
  }
}
