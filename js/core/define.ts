// define.ts: properties that assignment would not make, such as __proto__.

/** An own property like one that was assigned, whatever the prototype has of this name. */
export function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, configurable: true, enumerable: true, writable: true });
}
