// block.ts: stops the thread. A page's own, which no host lets stop, is kept busy instead.

let nothing: Int32Array | null | undefined;

/** Memory that nobody writes; a page that is not isolated has no SharedArrayBuffer but this one. */
function shared(): Int32Array {
  return new Int32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer);
}

/** Stops the thread for some milliseconds. */
export function block(milliseconds: number): void {
  if (nothing !== null) {
    try {
      nothing ??= shared();
      Atomics.wait(nothing, 0, 0, milliseconds);
      return;
    } catch {
      nothing = null; // the page's own thread
    }
  }
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}
