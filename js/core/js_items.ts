// js_items.ts: items by key, of maps and sets, and of objects seen as maps or as JSON.
import { define } from "./define";
import { isPlain } from "./features";
import { JsFlag, JsOp, View } from "./types";

/** The result of an operation that found nothing. */
export const missing = Symbol("missing");

interface MapLike {
  get(key: unknown): unknown;
  set(key: unknown, value: unknown): unknown;
  delete(key: unknown): unknown;
  has(key: unknown): unknown;
  includes(value: unknown): unknown;
  keys?(): Iterator<unknown>;
  clear?(): void;
}
type Properties = Record<PropertyKey, unknown>;

function isIndexed(value: object): value is unknown[] {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

function length(target: object): number {
  const { length, size } = target as { length?: unknown; size?: unknown };
  const count = typeof size === "number" && typeof length !== "number" ? size : length;
  if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 0 || count > 0x7fffffff) {
    throw new RangeError(`len(): the object says that its length is ${String(count)}`);
  }
  return count;
}

function getItem(map: MapLike, key: unknown): unknown {
  const value = map.get(key);
  // URLSearchParams and their like have null for what is not there.
  return (value === undefined || value === null) && lacks(map, key) ? missing : value;
}

function lacks(map: MapLike, key: unknown): boolean {
  return typeof map.has === "function" && !map.has(key);
}

function deleteItem(map: MapLike, key: unknown): unknown {
  // Not every delete() says whether there was something.
  return lacks(map, key) || map.delete(key) === false ? missing : undefined;
}

function place(list: unknown[], index: number): number {
  const at = index < 0 ? index + list.length : index;
  return at < list.length ? at : -1;
}

function setAt(list: unknown[], index: number, value: unknown): unknown {
  const at = place(list, index);
  if (at < 0) return missing;
  list[at] = value;
  return undefined;
}

function deleteAt(list: unknown[], index: number): unknown {
  const at = place(list, index);
  if (at < 0) return missing;
  list.splice(at, 1);
  return undefined;
}

function pop(map: MapLike, key: unknown): unknown {
  const value = getItem(map, key);
  if (value !== missing) map.delete(key);
  return value;
}

/** Every key, before anything is changed. */
function keysOf(target: object): unknown[] {
  const map = target as MapLike;
  if (typeof map.keys === "function") return [...{ [Symbol.iterator]: () => map.keys!() }];
  return Array.from(target as Iterable<[unknown, unknown]>, ([key]) => key);
}

function iterateKeys(target: object): unknown {
  const map = target as MapLike;
  return typeof map.keys === "function" ? map.keys() : keysOf(target)[Symbol.iterator]();
}

function clear(target: object): void {
  const map = target as MapLike;
  if (typeof map.clear === "function") map.clear();
  else for (const key of keysOf(target)) map.delete(key);
}

function has(map: MapLike, value: unknown): boolean {
  return Boolean(typeof map.has === "function" ? map.has(value) : map.includes(value));
}

/** Items of an object by the methods it has. */
function operateMap(code: JsOp, target: object, [key, value]: unknown[]): unknown {
  const map = target as MapLike;
  switch (code) {
    case JsOp.GetItem:
      return getItem(map, key);
    case JsOp.SetItem:
      if (isIndexed(target)) return setAt(target, key as number, value);
      map.set(key, value);
      return undefined;
    case JsOp.DelItem:
      if (isIndexed(target)) return deleteAt(target, key as number);
      return deleteItem(map, key);
    case JsOp.Contains:
      return has(map, key);
    case JsOp.Length:
      return length(target);
    case JsOp.PopItem:
      return pop(map, key);
    case JsOp.IterateKeys:
      return iterateKeys(target);
    default:
      return clear(target);
  }
}

/** Own enumerable properties under string keys, which is what Object.keys() lists. */
function owns(target: object, key: unknown): key is string {
  return typeof key === "string" && Object.prototype.propertyIsEnumerable.call(target, key);
}

function setProperty(target: Properties, key: unknown, value: unknown): void {
  if (typeof key !== "string") {
    throw new TypeError(`an object map: expected a str as the key, got ${typeof key}`);
  }
  if (key in target && !Object.hasOwn(target, key)) {
    // __proto__, toString: an item, not a way to the prototype.
    define(target, key, value);
  } else {
    target[key] = value;
  }
}

function remove(target: Properties, key: string): void {
  if (!Reflect.deleteProperty(target, key)) {
    throw new TypeError(`cannot delete the property ${key}: it is not configurable`);
  }
}

/** Items of an object that are its own properties (as_object_map, as_py_json). */
function operateProperties(code: JsOp, target: Properties, [key, value]: unknown[]): unknown {
  switch (code) {
    case JsOp.GetItem:
      return owns(target, key) ? target[key] : missing;
    case JsOp.SetItem:
      return setProperty(target, key, value);
    case JsOp.DelItem:
      return owns(target, key) ? remove(target, key) : missing;
    case JsOp.Contains:
      return owns(target, key);
    case JsOp.Length:
      return Object.keys(target).length;
    case JsOp.PopItem: {
      if (!owns(target, key)) return missing;
      const popped = target[key];
      remove(target, key);
      return popped;
    }
    case JsOp.IterateKeys:
      return Object.keys(target)[Symbol.iterator]();
    default:
      return Object.keys(target).forEach((name) => remove(target, name));
  }
}

/** One operation on the items of `target`, seen as `view` says. */
export function operateItems(code: JsOp, target: unknown, inputs: unknown[], view: View): unknown {
  const object = target as object;
  const isMap = view === View.Plain || (view === View.Json && isIndexed(object));
  return isMap ? operateMap(code, object, inputs) : operateProperties(code, object as Properties, inputs);
}

/** The flags with which a view shows an item of it: all of them for a map, else those beside its own. */
export function viewFlags(value: object, view: View): number {
  const items =
    JsFlag.ObjectMap | JsFlag.HasLength | JsFlag.HasGet | JsFlag.HasSet | JsFlag.HasContains | JsFlag.Iterable;
  if (view === View.Hereditary) return isPlain(value) ? items | JsFlag.Hereditary : 0;
  if (view !== View.Json) return 0;
  if (Array.isArray(value)) return JsFlag.Json;
  return isPlain(value) ? items | JsFlag.Json : 0;
}
