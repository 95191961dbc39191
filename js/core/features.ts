// features.ts: what a JavaScript value can do, as JsFlag bits.
import { PythonClass, instanceFlags, pythonClass, pythonClasses } from "./js_class";
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
const typedFlags =
  JsFlag.Buffer | JsFlag.TypedArray | JsFlag.HasGet | JsFlag.HasSet | JsFlag.HasContains;
const ELEMENT_NODE = 1;

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

/** Errors of other realms too, and DOMException where it is no Error. */
const byTag: Readonly<Record<string, number>> = {
  __proto__: null as never,
  "[object Error]": JsFlag.Error,
  "[object DOMException]": JsFlag.Error,
  "[object ArrayBuffer]": JsFlag.Buffer,
  "[object SharedArrayBuffer]": JsFlag.Buffer,
  "[object Generator]": JsFlag.Generator,
  "[object AsyncGenerator]": JsFlag.AsyncGenerator,
  "[object WeakRef]": JsFlag.WeakRef,
  "[object Response]": JsFlag.FetchResponse,
};

function brandOf(value: object): number {
  return value instanceof Error ? JsFlag.Error : (byTag[toStringTag.call(value)] ?? 0);
}

/** Not every object with the prototype of a view is one. */
function viewFlags(value: object): number {
  if (!ArrayBuffer.isView(value)) return 0;
  return value instanceof DataView ? JsFlag.Buffer : JsFlag.Buffer | JsFlag.TypedArray;
}

/** What the objects of a class are does not change; looking costs more than remembering. */
const brands = new WeakMap<object, number>();

function brand(value: object): number {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null || prototype === Object.prototype) return 0;
  let flags = brands.get(prototype);
  if (flags === undefined) {
    flags = brandOf(value);
    // An object that is itself a prototype need not be what its instances are, nor one with a tag.
    const constructor = probe(prototype, "constructor") as { prototype?: unknown } | undefined;
    if (constructor?.prototype === prototype && !Object.hasOwn(value, Symbol.toStringTag)) {
      brands.set(prototype, flags);
    }
  }
  return flags | viewFlags(value);
}

function iteration(value: object): number {
  let flags = 0;
  const isAsync = hasMethod(value, Symbol.asyncIterator);
  if (isAsync) flags |= JsFlag.AsyncIterable;
  if (hasMethod(value, Symbol.iterator)) flags |= JsFlag.Iterable;
  if (hasMethod(value, "next")) {
    flags |= isAsync ? JsFlag.AsyncIterator : JsFlag.Iterator;
    if (hasMethod(value, "return")) flags |= JsFlag.Closable;
  }
  if (hasMethod(value, "then")) flags |= JsFlag.Awaitable;
  return flags;
}

/** Engines without explicit resource management have no such symbols. */
function disposal(value: object): number {
  let flags = 0;
  if (typeof Symbol.dispose === "symbol" && hasMethod(value, Symbol.dispose)) flags |= JsFlag.Dispose;
  if (typeof Symbol.asyncDispose === "symbol" && hasMethod(value, Symbol.asyncDispose)) {
    flags |= JsFlag.AsyncDispose;
  }
  return flags;
}

function container(value: object, isIterable: boolean, isTyped: boolean): number {
  let flags = 0;
  const counted = typeof probe(value, "length") === "number";
  if (counted || typeof probe(value, "size") === "number") flags |= JsFlag.HasLength;
  if (isTyped) return flags | JsFlag.HasGet | JsFlag.HasSet | JsFlag.HasContains;
  if (hasMethod(value, "get")) flags |= JsFlag.HasGet;
  if (hasMethod(value, "set")) flags |= JsFlag.HasSet;
  if (hasMethod(value, "has") || hasMethod(value, "includes")) flags |= JsFlag.HasContains;
  if (counted && isIterable) flags |= JsFlag.ArrayLike | JsFlag.HasGet;
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
  if (TypedArray.prototype.isPrototypeOf(prototype)) return flags | typedFlags;
  if (counted && flags & JsFlag.Iterable) flags |= JsFlag.ArrayLike | JsFlag.HasGet;
  return flags;
}

/** The flags of `value`, which may be a primitive; a revoked Proxy has none but that of a function. */
export function features(value: object): number {
  try {
    if (pythonClasses > 0) {
      // A Proxy may answer any symbol.
      const made = probe(value, pythonClass);
      if (made instanceof PythonClass) return instanceFlags(made, value);
    }
    if (typeof value === "function") return JsFlag.Callable | iteration(value);
    if (Array.isArray(value)) return arrayFlags;
    let flags = iteration(value) | brand(value) | disposal(value);
    flags |= container(value, (flags & JsFlag.Iterable) !== 0, (flags & JsFlag.TypedArray) !== 0);
    if (probe(value, "nodeType") === ELEMENT_NODE) flags |= JsFlag.DomElement;
    return flags;
  } catch {
    return 0; // revoked: Array.isArray and the brand checks throw
  }
}

/** What `as_object_map` and JSON take apart: not an instance of a class. */
export function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null; // any realm's Object
}
