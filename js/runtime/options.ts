// options.ts: reads what callers give as options.

/** The prototype that all objects share, of this realm or another: nothing in it is an option. */
function isRoot(prototype: object | null): boolean {
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isPlain(given: object): boolean {
  return isRoot(Object.getPrototypeOf(given) as object | null);
}

/** Whether `given` or a class of its own has `name`; a polluted Object.prototype sets no option. */
function has(given: object, name: string): boolean {
  for (let at = given; ; at = Object.getPrototypeOf(at) as object) {
    if (Object.hasOwn(at, name)) return true;
    if (isPlain(at)) return false;
  }
}

/**
 * The options among `known` that `given` has. A plain object has no others; an instance of a class
 * may have methods and state of its own.
 */
export function readOptions<Name extends string>(
  operation: string,
  given: unknown,
  known: readonly Name[],
): Partial<Record<Name, unknown>> {
  const options = pickOptions(operation, given, known);
  if (typeof given !== "object" || given === null) return options;
  const unknown = isPlain(given) && Object.keys(given).find((name) => !known.includes(name as Name));
  if (unknown) throw new TypeError(`${operation}: unknown option ${unknown}; known are ${known.join(", ")}`);
  return options;
}

/** The same, whatever else there is in `given`. */
export function pickOptions<Name extends string>(
  operation: string,
  given: unknown,
  known: readonly Name[],
): Partial<Record<Name, unknown>> {
  const options = { __proto__: null } as Partial<Record<Name, unknown>>;
  if (given === undefined || given === null) return options;
  if (typeof given !== "object") {
    throw new TypeError(`${operation}: expected an object of options (${known.join(", ")}), got ${typeof given}`);
  }
  for (const name of known) {
    const value: unknown = has(given, name) ? (given as Record<string, unknown>)[name] : undefined;
    if (value !== undefined) options[name] = value;
  }
  return options;
}

type Kinds = { boolean: boolean; number: number; string: string; function: (...args: never[]) => unknown };

/** An option's value, of the kind that it must have. */
export function optional<Kind extends keyof Kinds>(
  operation: string,
  options: Partial<Record<string, unknown>>,
  name: string,
  kind: Kind,
): Kinds[Kind] | undefined {
  const value = options[name];
  if (value !== undefined && typeof value !== kind) {
    throw new TypeError(`${operation}: expected ${name} to be a ${kind}, got ${describe(value)}`);
  }
  return value as Kinds[Kind] | undefined;
}

/** An option that is an integer. */
export function optionalInteger(
  operation: string,
  options: Partial<Record<string, unknown>>,
  name: string,
): number | undefined {
  const value = optional(operation, options, name, "number");
  if (value === undefined || Number.isSafeInteger(value)) return value;
  throw new TypeError(`${operation}: expected ${name} to be an integer, got ${value}`);
}

/** An option that is one of some names. */
export function optionalChoice(
  operation: string,
  options: Partial<Record<string, unknown>>,
  name: string,
  names: readonly string[],
): string | undefined {
  const value = options[name];
  if (value === undefined || names.includes(value as string)) return value as string | undefined;
  const expected = names.map((each) => `'${each}'`).join(", ").replace(/, (?=[^,]*$)/, " or "); // prettier-ignore
  const given = typeof value === "string" ? `'${value}'` : describe(value);
  throw new TypeError(`${operation}: expected ${name} to be ${expected}, got ${given}`);
}

/** What an error says of a value of the wrong kind. */
export function describe(value: unknown): string {
  return value === null ? "null" : typeof value;
}

/** An argument that must be a string. */
export function expectString(operation: string, name: string, value: unknown): string {
  if (typeof value !== "string") {
    throw new TypeError(`${operation}: expected ${name} as a string, got ${describe(value)}`);
  }
  return value;
}

/** An option that is an Array of strings. */
export function optionalTexts(
  operation: string,
  options: Partial<Record<string, unknown>>,
  name: string,
): readonly string[] | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) {
    throw new TypeError(`${operation}: expected ${name} to be an Array of strings, got ${describe(value)}`);
  }
  const at = value.findIndex((each) => typeof each !== "string");
  if (at < 0) return value as string[];
  throw new TypeError(`${operation}: expected ${name} to be an Array of strings, got one with ${describe(value[at])}`);
}
