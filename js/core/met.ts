// met.ts: which containers a conversion has met, and their numbers.

/**
 * The containers get numbers from 0 on. Most are met once: a Set, which goes by the order of
 * insertion, costs less than a Map, and becomes one at the first that is met again. Many a
 * conversion meets but one container, which stands by itself.
 */
export class Met {
  private only: object | null = null;
  private once: Set<object> | null = null;
  private numbers: Map<object, number> | null;
  count = 0;

  /** `removes`: for remove() and replace(). */
  constructor(removes: boolean) {
    this.numbers = removes ? new Map() : null;
  }

  /** The number of a container that was met before, or -1: then it has the next number now. */
  meet(value: object): number {
    const { once } = this;
    if (once === null) return this.meetRarely(value);
    const { size } = once;
    once.add(value);
    if (once.size === size) return this.numberOf(value);
    this.count++;
    return -1;
  }

  /** Where there is no Set, or not yet. */
  private meetRarely(value: object): number {
    if (this.numbers !== null) return this.meetIn(this.numbers, value);
    if (this.count === 0) {
      this.only = value;
      this.count = 1;
      return -1;
    }
    this.once = new Set([this.only!]);
    return this.meet(value);
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
    return this.numbers !== null;
  }

  /** The number of a container that was met before, or -1. */
  numberOf(value: object): number {
    if (this.numbers === null) {
      const { once } = this;
      if (once === null ? this.only !== value : !once.has(value)) return -1;
      const numbers = new Map<object, number>();
      for (const each of once ?? [value]) numbers.set(each, numbers.size);
      this.once = null;
      this.numbers = numbers;
    }
    return this.numbers.get(value) ?? -1;
  }

  /** Gives `value` the next number, whether or not it has one. */
  replace(value: object): void {
    this.numbers!.set(value, this.count++);
  }

  /** Keeps none alive; the conversion has ended. */
  end(): void {
    this.only = this.once = this.numbers = null;
  }

  /** Forgets who has these numbers and the next; they are not given again. */
  remove(from: number): void {
    for (const [value, number] of this.numbers!) if (number >= from) this.numbers!.delete(value);
  }
}
