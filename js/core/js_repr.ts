// js_repr.ts: what repr() shows of a JavaScript object; no getter runs for it.
import { isPlain } from "./features";
import { isPyProxy } from "./py_call";

const MOST = 20; // elements of one object
const DEEPEST = 3;
const LONGEST = 200; // characters of a string in it

function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}

/** What String() says, or the class when the object has no such conversion. */
export function toText(value: unknown): string {
  try {
    return String(value);
  } catch (error) {
    if (isPyProxy(value)) return `[${(error as Error).message}]`;
    try {
      return Object.prototype.toString.call(value);
    } catch {
      return "[revoked Proxy]";
    }
  }
}

/** What str() says: as toText, but what a toString() throws is the user's to see. */
export function text(value: unknown): string {
  if (typeof value !== "object" || value === null || isPyProxy(value)) return toText(value);
  let convert: unknown;
  try {
    convert = (value as { toString?: unknown }).toString;
  } catch {
    convert = undefined;
  }
  return typeof convert === "function" ? String(value) : Object.prototype.toString.call(value);
}

function primitive(value: unknown): string {
  if (typeof value === "string") return quote(value);
  return typeof value === "bigint" ? `${value}n` : toText(value);
}

function key(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : quote(name);
}

function property(holder: object, name: string, above: readonly object[]): string {
  const { get, set, value } = Object.getOwnPropertyDescriptor(holder, name) ?? {};
  return get === undefined && set === undefined ? show(value, above) : "[accessor]";
}

function bounded(parts: readonly string[], count: number): string {
  const more = count > parts.length ? [`… ${count - parts.length} more`] : [];
  return [...parts, ...more].join(", ");
}

function showArray(list: readonly unknown[], above: readonly object[]): string {
  const shown = Math.min(list.length, MOST);
  const parts = Array.from({ length: shown }, (_, i) => property(list, String(i), above));
  return `[${bounded(parts, list.length)}]`;
}

function showObject(value: object, name: string, above: readonly object[]): string {
  const names = Object.keys(value);
  const parts = names.slice(0, MOST).map((each) => `${key(each)}: ${property(value, each, above)}`);
  return `${name}{${bounded(parts, names.length)}}`;
}

/** The class of an object that has no text of its own. */
function className(value: object): string | null {
  const { toString, constructor } = value as { toString?: unknown; constructor?: { name?: unknown } };
  if (toString !== Object.prototype.toString || toText(value) !== "[object Object]") return null;
  const name = constructor?.name;
  return typeof name === "string" && name !== "" ? `${name} ` : "";
}

function show(value: unknown, above: readonly object[]): string {
  if (typeof value === "function") return `[function ${value.name}]`;
  if (typeof value !== "object" || value === null) return primitive(value);
  if (above.includes(value)) return "[circular]";
  if (isPyProxy(value)) return toText(value);
  if (ArrayBuffer.isView(value) && "length" in value) {
    const list = value as unknown as ArrayLike<unknown>;
    const parts = Array.from({ length: Math.min(list.length, MOST) }, (_, i) => primitive(list[i]));
    return `${value.constructor.name} [${bounded(parts, list.length)}]`;
  }
  const isArray = Array.isArray(value);
  const name = isArray || isPlain(value) ? "" : className(value);
  if (name === null) return toText(value);
  if (above.length >= DEEPEST) return isArray ? "[…]" : `${name}{…}`;
  const inside = [...above, value];
  return isArray ? showArray(value, inside) : showObject(value, name, inside);
}

/** The content of an array or plain object, bounded; of anything else its text. */
export function repr(value: unknown): string {
  try {
    return typeof value === "object" ? show(value, []) : toText(value);
  } catch {
    return toText(value); // a trap of a Proxy threw
  }
}
