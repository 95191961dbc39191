// stack.ts: stack texts that show the user's frames and not the bridge's own.

const FRAME = /^\s*at |^[^@\n]*@/;
/** The last one of a line: code of eval() names where eval() was called, too. */
const LOCATION = /([^\s()@,]+):\d+:\d+\)?$/;
/** Of the host: WebAssembly, and the loader that Pyodide has. */
const HOST = /wasm:\/\/|wasm-function\[|\/pyodide\.asm\.m?js:/;

function locationOf(line: string): string {
  return LOCATION.exec(line)?.[1] ?? "";
}

/** The file that this code stands in; "" where it is bundled with code of the user's. */
const own = ((): string => {
  const frame = (new Error().stack ?? "").split("\n").find((line) => FRAME.test(line)) ?? "";
  const url = locationOf(frame);
  return /\/(?:pyjs|pyodide)[^/]*js$/.test(url) ? url : "";
})();

/** The lines of an engine's stack text that name a place in the user's code. */
export function userFrames(stack: string): string[] {
  const isOwn = (line: string): boolean => HOST.test(line) || (own !== "" && locationOf(line) === own);
  return stack.split("\n").filter((line) => FRAME.test(line) && !isOwn(line));
}

/** How many frames of this bundle may stand above the user's. */
const OWN_FRAMES = 12;

/** V8 writes down as many frames as it is told, 10 by default. */
export function framesHere(): Error {
  const limit: unknown = Error.stackTraceLimit;
  if (typeof limit !== "number") return new Error();
  Reflect.set(Error, "stackTraceLimit", limit + OWN_FRAMES);
  const frames = new Error();
  Reflect.set(Error, "stackTraceLimit", limit);
  return frames;
}
