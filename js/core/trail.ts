// trail.ts: where a conversion to Python was when something threw.
import { pathStep } from "./path";
import type { Keys } from "./shapes";
import { Tape } from "./types";

/** A container whose members are being written, where they nest too deep to recur. */
export interface Frame {
  kind: Tape;
  /** An array, or what a Map or Set had; the object whose values are under `keys`. */
  items: ArrayLike<unknown> | Readonly<Record<string, unknown>>;
  keys: Keys | null;
  next: number;
  count: number;
  level: number;
}

/** Steps from the value that failed outwards, as the error leaves container after container. */
export class Trail {
  private error: unknown = null;
  private steps: string[] = [];
  /** Where a run of elements ended that threw; -1 when it was no such run. */
  private lost = -1;

  /** The element at `index` threw while it was read. */
  lose(index: number): void {
    if (this.lost < 0) this.lost = index; // else a run within tells it better
  }

  /** The error leaves a container, whose elements `items` are; it was at `index`. */
  leave(error: unknown, kind: Tape, items: ArrayLike<unknown>, index: number): void {
    const at = this.lost < 0 ? index : this.lost;
    this.lost = -1;
    if (kind === Tape.List) this.add(error, `[${at}]`);
    else if (kind === Tape.Map && at % 2 === 1) this.add(error, pathStep(items[at - 1]));
    else this.add(error, "");
  }

  /** The error leaves an object: it was at the value of `key`, or before all. */
  leaveRecord(error: unknown, key: string | undefined): void {
    this.lost = -1;
    this.add(error, key === undefined ? "" : pathStep(key));
  }

  /** The same, for a container whose members are written one after the other. */
  leaveFrame(error: unknown, { kind, items, keys, next }: Frame): void {
    if (keys === null) this.leave(error, kind, items as ArrayLike<unknown>, next - 1);
    else this.leaveRecord(error, keys[next - 1]);
  }

  /** A converter may have caught another one. */
  private add(error: unknown, step: string): void {
    if (error !== this.error) this.steps = [];
    this.error = error;
    this.steps.push(step);
  }

  /** Where `error` was thrown, as in "$.users[3].when". */
  pathOf(error: unknown): string {
    return error === this.error ? `$${this.steps.reverse().join("")}` : "$";
  }

  /** Keeps nothing alive. */
  end(): void {
    this.error = null;
    this.steps = [];
  }
}
