// literal_map.ts: a Map whose string keys are properties too.

/** What is the Map's own, whatever its keys are. */
function isFree(key: unknown): key is string {
  return typeof key === "string" && !(key in Map.prototype);
}

/**
 * A Map with a property for each key that is a string and no name of Map's own. Reading and setting
 * the property is reading and setting what the key has; a key is added, and removed, as a Map's. It
 * is a Map to structuredClone() and to Python too.
 * Source: Pyodide, the option toJsLiteralMap of loadPyodide.
 */
export class LiteralMap extends Map<unknown, unknown> {
  override set(key: unknown, value: unknown): this {
    super.set(key, value);
    if (!isFree(key) || Object.hasOwn(this, key)) return this;
    return Object.defineProperty(this, key, {
      get: () => this.get(key),
      set: (given: unknown) => void super.set(key, given),
      enumerable: true,
      configurable: true,
    });
  }

  override delete(key: unknown): boolean {
    if (isFree(key)) Reflect.deleteProperty(this, key);
    return super.delete(key);
  }

  override clear(): void {
    for (const key of this.keys()) if (isFree(key)) Reflect.deleteProperty(this, key);
    super.clear();
  }
}

Object.defineProperty(LiteralMap, "name", { value: "LiteralMap" }); // minified code has no names
