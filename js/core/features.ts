// features.ts: what a JavaScript value can do, as JsFlag bits.
import { JsFlag } from "./types";

const toStringTag = Object.prototype.toString;
const arrayFlags =
  JsFlag.Array |
  JsFlag.Iterable |
  JsFlag.HasLength |
  JsFlag.HasGet |
  JsFlag.HasSet |
  JsFlag.HasContains;

function isFunction(value: unknown): boolean {
  return typeof value === "function";
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

function iteration(value: Record<PropertyKey, unknown>): number {
  let flags = 0;
  if (isFunction(value[Symbol.iterator])) flags |= JsFlag.Iterable;
  if (isFunction(value["next"]) && !isFunction(value[Symbol.asyncIterator])) flags |= JsFlag.Iterator;
  if (isFunction(value["then"])) flags |= JsFlag.Awaitable;
  return flags;
}

function container(value: Record<PropertyKey, unknown>, iterable: boolean): number {
  let flags = 0;
  const counted = typeof value["length"] === "number";
  if (counted || typeof value["size"] === "number") flags |= JsFlag.HasLength;
  if (isFunction(value["get"])) flags |= JsFlag.HasGet;
  if (isFunction(value["set"])) flags |= JsFlag.HasSet;
  if (isFunction(value["has"]) || isFunction(value["includes"])) flags |= JsFlag.HasContains;
  if (ArrayBuffer.isView(value) && counted) return flags | JsFlag.HasGet | JsFlag.HasSet | JsFlag.Buffer;
  if (counted && iterable) flags |= JsFlag.ArrayLike | JsFlag.HasGet;
  return flags;
}

function inspect(value: object): number {
  const record = value as Record<PropertyKey, unknown>;
  if (typeof value === "function") {
    return JsFlag.Callable | iteration(record);
  }
  let flags = iteration(record);
  flags |= container(record, (flags & JsFlag.Iterable) !== 0);
  if (isError(value)) flags |= JsFlag.Error;
  if (isBuffer(value)) flags |= JsFlag.Buffer;
  return flags;
}

/**
 * The flags of `value`. A getter or trap that throws while it is looked at
 * only means that the ability behind it is absent; a revoked Proxy has none.
 */
export function features(value: object): number {
  try {
    if (Array.isArray(value)) return arrayFlags;
    return inspect(value);
  } catch {
    return typeof value === "function" ? JsFlag.Callable : 0;
  }
}
