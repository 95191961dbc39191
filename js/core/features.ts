// features.ts: what a JavaScript value can do, as JsFlag bits.
import type { PythonClass } from "./js_class";
import { instanceFlags, pythonClass, pythonClasses } from "./js_class";
import { JsFlag } from "./types";

const TypedArray = Object.getPrototypeOf(Uint8Array) as { prototype: object };

const toStringTag = Object.prototype.toString;
const arrayFlags =
  JsFlag.Array |
  JsFlag.Iterable |
  JsFlag.HasLength |
  JsFlag.HasGet |
  JsFlag.HasSet |
  JsFlag.HasContains;

/** A getter or trap that throws only means that the ability behind it is absent. */
function probe(value: object, key: PropertyKey): unknown {
  try {
    return (value as Record<PropertyKey, unknown>)[key];
  } catch {
    return undefined;
  }
}

function hasMethod(value: object, key: PropertyKey): boolean {
  return typeof probe(value, key) === "function";
}

function isError(value: object): boolean {
  if (value instanceof Error) return true;
  // Errors of other realms, and DOMException where it is no Error.
  const tag = toStringTag.call(value);
  return tag === "[object Error]" || tag === "[object DOMException]";
}

function isBuffer(value: object): boolean {
  return ArrayBuffer.isView(value) || toStringTag.call(value) === "[object ArrayBuffer]";
}

function iteration(value: object): number {
  let flags = 0;
  if (hasMethod(value, Symbol.iterator)) flags |= JsFlag.Iterable;
  if (hasMethod(value, "next") && !hasMethod(value, Symbol.asyncIterator)) flags |= JsFlag.Iterator;
  if (hasMethod(value, "then")) flags |= JsFlag.Awaitable;
  return flags;
}

function container(value: object, iterable: boolean): number {
  let flags = 0;
  const counted = typeof probe(value, "length") === "number";
  if (counted || typeof probe(value, "size") === "number") flags |= JsFlag.HasLength;
  if (hasMethod(value, "get")) flags |= JsFlag.HasGet;
  if (hasMethod(value, "set")) flags |= JsFlag.HasSet;
  if (hasMethod(value, "has") || hasMethod(value, "includes")) flags |= JsFlag.HasContains;
  if (ArrayBuffer.isView(value) && counted) return flags | JsFlag.HasGet | JsFlag.HasSet | JsFlag.Buffer;
  if (counted && iterable) flags |= JsFlag.ArrayLike | JsFlag.HasGet;
  return flags;
}

function hasGetter(prototype: object, key: string): boolean {
  for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    if (Object.getOwnPropertyDescriptor(at, key)?.get !== undefined) return true;
  }
  return false;
}

/** The flags that instances have through `prototype`, whose getters may want an instance. */
export function featuresOfInstances(prototype: object): number {
  let flags = features(prototype);
  if (prototype === Error.prototype) return flags | JsFlag.Error;
  if (flags & JsFlag.Array) return flags;
  const counted = hasGetter(prototype, "length");
  if (counted || hasGetter(prototype, "size")) flags |= JsFlag.HasLength;
  if (TypedArray.prototype.isPrototypeOf(prototype)) return flags | JsFlag.HasGet | JsFlag.HasSet | JsFlag.Buffer;
  if (counted && flags & JsFlag.Iterable) flags |= JsFlag.ArrayLike | JsFlag.HasGet;
  return flags;
}

/** The flags of `value`; a revoked Proxy has none but that of a function. */
export function features(value: object): number {
  if (pythonClasses > 0) {
    const made = probe(value, pythonClass) as PythonClass | undefined;
    if (made !== undefined) return instanceFlags(made, value);
  }
  if (typeof value === "function") return JsFlag.Callable | iteration(value);
  try {
    if (Array.isArray(value)) return arrayFlags;
    let flags = iteration(value);
    flags |= container(value, (flags & JsFlag.Iterable) !== 0);
    if (isError(value)) flags |= JsFlag.Error;
    if (isBuffer(value)) flags |= JsFlag.Buffer;
    return flags;
  } catch {
    return 0; // revoked: Array.isArray and the brand checks throw
  }
}
