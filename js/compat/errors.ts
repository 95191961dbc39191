// errors.ts: what `_api` has of errors.

/** The classes of errors that a name may stand for. */
export const errorConstructors = new Map<string, new (message?: string) => Error>(
  [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((each) => [each.name, each]),
);
if (typeof DOMException === "function") errorConstructors.set("DOMException", DOMException as never);

/** Makes an error again of what is left of one. */
export function deserializeError(name: string, message: string, stack: string): Error {
  const known = errorConstructors.get(name);
  const error = new (known ?? Error)(message);
  if (known === undefined) error.name = name;
  error.stack = stack;
  return error;
}

/** Thrown in Pyodide where Python cannot be called because it waits; here nothing throws it. */
export class NoGilError extends Error {
  override readonly name = "NoGilError";
}
