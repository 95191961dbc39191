// lenient.ts: options as Pyodide takes them, where pyjs.mjs would refuse those that it does not know.
import { pickOptions } from "../runtime/options";

/**
 * What `given` has of `known`. Functions are called as methods of `given`, in which a program may
 * keep what they need.
 */
export function lenient<T extends object>(operation: string, given: unknown, known: readonly string[]): T | undefined {
  if (given === undefined) return undefined;
  const options = pickOptions(operation, given, known);
  for (const name of known) {
    const value = options[name];
    if (typeof value === "function") options[name] = value.bind(given) as unknown;
  }
  return options as T;
}
