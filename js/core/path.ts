// path.ts: the paths in errors of conversion, such as "$.users[3].when".

/** A conversion that cannot be: Python gets a ConversionError. */
export class ConversionIssue extends Error {
  constructor(
    readonly path: string,
    message: string,
  ) {
    super(message);
  }
}

/** What was thrown while a structure was read, or by a converter, and where. */
export class PlacedError {
  constructor(
    readonly error: unknown,
    readonly path: string,
  ) {}
}

/** A key as text, without running a toString() of its own. */
export function show(key: unknown): string {
  const isObject = (typeof key === "object" && key !== null) || typeof key === "function";
  return isObject ? Object.prototype.toString.call(key) : String(key);
}

/** What a key adds to a path. */
export function pathStep(key: unknown): string {
  if (typeof key !== "string") return `[${show(key)}]`;
  return /^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
