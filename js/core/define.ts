// define.ts: properties that assignment would not make, such as __proto__ or those of a prototype.

/** The descriptor of a property that was assigned. */
export function describe(value: unknown): PropertyDescriptor {
  return { value, writable: true, enumerable: true, configurable: true };
}

/** An own property like one that was assigned, whatever the prototype has of this name. */
export function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, describe(value));
}

/** What `members` has, as a class gives it to a prototype: `for` loops do not come across it. */
export function defineMembers(prototype: object, members: object): void {
  for (const key of Reflect.ownKeys(members)) {
    const member = Object.getOwnPropertyDescriptor(members, key)!;
    Object.defineProperty(prototype, key, { ...member, enumerable: false });
  }
}
