// met.ts: which containers a conversion has met, and their numbers.

/**
 * The containers get numbers from 0 on. Most are met once: a Set, which goes by the order of
 * insertion, costs less than a Map, and becomes one at the first that is met again.
 */
export class Met {
  private once: Set<object> | null;
  private numbers: Map<object, number> | null;
  count = 0;

  /** `removes`: for remove() and replace(). */
  constructor(removes: boolean) {
    this.once = removes ? null : new Set();
    this.numbers = removes ? new Map() : null;
  }

  /** The number of a container that was met before, or -1: then it has the next number now. */
  meet(value: object): number {
    const { once } = this;
    if (once === null) return this.meetIn(this.numbers!, value);
    const { size } = once;
    once.add(value);
    if (once.size === size) return this.numberOf(value);
    this.count++;
    return -1;
  }

  private meetIn(numbers: Map<object, number>, value: object): number {
    const number = numbers.get(value);
    if (number === undefined) {
      numbers.set(value, this.count++);
      return -1;
    }
    return number;
  }

  /** Whether one was met again; always with remove(). */
  get isShared(): boolean {
    return this.once === null;
  }

  /** The number of a container that was met before, or -1. */
  numberOf(value: object): number {
    if (this.once !== null) {
      if (!this.once.has(value)) return -1;
      this.numbers = new Map();
      for (const each of this.once) this.numbers.set(each, this.numbers.size);
      this.once = null;
    }
    return this.numbers!.get(value) ?? -1;
  }

  /** Gives `value` the next number, whether or not it has one. */
  replace(value: object): void {
    this.numbers!.set(value, this.count++);
  }

  /** Keeps none alive; the conversion has ended. */
  end(): void {
    this.once = this.numbers = null;
  }

  /** Forgets who has these numbers and the next; they are not given again. */
  remove(from: number): void {
    for (const [value, number] of this.numbers!) if (number >= from) this.numbers!.delete(value);
  }
}
