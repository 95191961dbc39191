// options.ts: reads the options that the methods of proxies take.

import { settings } from "./settings";

/** What an error says of a value. */
function describe(value: unknown): string {
  if (typeof value === "string") return `'${value}'`;
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  return Array.isArray(value) ? "an Array" : typeof value;
}

/** Gives the own properties of `options`, all of which are known. */
export function readOptions(operation: string, options: unknown, known: readonly string[]): (name: string) => unknown {
  if (typeof options !== "object" || options === null) {
    const given = options === null ? "null" : typeof options;
    throw new TypeError(`${operation}: expected an object of options, got ${given}`);
  }
  const unknown = settings.lenient ? undefined : Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`${operation}: unknown option ${unknown}; known are ${known.join(", ")}`);
  }
  return (name) => (Object.hasOwn(options, name) ? (options as Record<string, unknown>)[name] : undefined);
}

/** An option that is on or off; 1 and 0 are, for programs that write booleans so. */
export function readFlag(operation: string, name: string, value: unknown): boolean {
  if (value === undefined || value === null || value === 0) return false;
  if (typeof value === "boolean" || value === 1) return value !== false;
  throw new TypeError(`${operation}: expected ${name} to be a boolean, got ${describe(value)}`);
}

/** What an option may be, and the values that are that. */
interface Kind {
  readonly expected: string;
  readonly has: (value: unknown) => boolean;
}

function oneOf(names: readonly string[]): Kind {
  const expected = names.map((name) => `'${name}'`).join(", ").replace(/, (?=[^,]*$)/, " or "); // prettier-ignore
  return { expected, has: (value) => names.includes(value as string) };
}

const TYPES = ["auto", "f64", "f32", "i32", "u32", "i16", "u16", "i8", "u8", "i64", "u64"];
const callable: Kind = { expected: "a function", has: (value) => typeof value === "function" };
const flag: Kind = { expected: "a boolean", has: (value) => typeof value === "boolean" };
const level: Kind = { expected: "an integer, -1 for all levels", has: Number.isSafeInteger };
const list: Kind = { expected: "an Array, to which PyProxies are added", has: Array.isArray };

/** In the order of the slots; with what stands for an option that is not given. */
const TO_JS: readonly (readonly [name: string, otherwise: unknown, kind: Kind])[] = [
  ["depth", -1, level],
  ["pyproxies", undefined, list],
  ["create_pyproxies", true, flag],
  ["dict_converter", undefined, callable],
  ["default_converter", undefined, callable],
  ["eager_converter", undefined, callable],
  ["ints", "auto", oneOf(["auto", "bigint"])],
  ["typed", undefined, oneOf(TYPES)],
  ["dates", false, flag],
  ["dicts", "object", oneOf(["object", "map"])],
];
const TO_JS_NAMES = TO_JS.map(([name]) => name);
const DICT_CONVERTER = TO_JS_NAMES.indexOf("dict_converter");
const DICTS = TO_JS_NAMES.indexOf("dicts");

/** The options of toJs, in order; null stands for what is not given. */
export function toJsOptions(options: object): unknown[] {
  const given = readOptions("toJs", options, TO_JS_NAMES);
  const values = TO_JS.map(([name, , { expected, has }]) => {
    const value = given(name) ?? undefined;
    if (value === undefined || has(value)) return value;
    throw new TypeError(`toJs: expected ${name} to be ${expected}, got ${describe(value)}`);
  });
  if (values[DICT_CONVERTER] !== undefined && values[DICTS] !== undefined) {
    throw new TypeError("toJs: expected dicts or dict_converter, got both: leave one of them out");
  }
  if (settings.literalMaps && values[DICT_CONVERTER] === undefined) values[DICTS] ??= "map";
  return values.map((value, i) => value ?? TO_JS[i]![1]);
}
