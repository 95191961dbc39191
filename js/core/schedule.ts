// schedule.ts: timers, and when the ticks of Python's event loops run.
import { dropBehindFrame, postBehindFrame } from "./frames";
import { dropTasks, post } from "./tasks";

/** A function that frees itself when it was called. */
export interface OnceCallable {
  (value?: unknown): unknown;
  destroy(): void;
}

const timers = new Map<number, [timer: ReturnType<typeof setTimeout>, callback: OnceCallable]>();
let nextTimer = 1;

/** Runs `callback` after `delay` milliseconds; gives what cancelTimer() takes. */
export function startTimer(
  callback: OnceCallable,
  delay: number,
  run: (callback: OnceCallable) => void,
): number {
  const number = nextTimer++;
  const fire = (): void => {
    timers.delete(number);
    run(callback);
  };
  timers.set(number, [setTimeout(fire, delay), callback]);
  return number;
}

export function cancelTimer(number: number): void {
  const started = timers.get(number);
  if (started === undefined) return;
  const [timer, callback] = started;
  timers.delete(number);
  clearTimeout(timer);
  callback.destroy();
}

/**
 * Milliseconds for which the ticks of a loop may follow each other as microtasks, when each leaves
 * more to do; then the host has its turn. A task of the host costs more than most ticks.
 */
const SLICE = 1;
/** HTML's setTimeout takes a signed 32-bit integer; a later timer is set again. */
const LONGEST = 2 ** 31 - 1;

export class Loop {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private sliceEnd = 0;
  private readonly turn = (): void => this.begin(false);
  private readonly step = (): void => this.tick(false);
  private readonly fire = (): void => {
    this.timer = null;
    this.begin(true);
  };

  constructor(
    private readonly number: number,
    /** Whether it left callbacks that are ready. */
    private readonly run: (number: number, fired: boolean) => boolean,
  ) {}

  /** Asks for a tick. */
  post(): void {
    post(this.turn);
  }

  setTimer(delay: number): void {
    this.clearTimer();
    // Rounded up: a timer must not fire early.
    this.timer = setTimeout(this.fire, Math.min(Math.ceil(delay), LONGEST));
  }

  clearTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private begin(fired: boolean): void {
    this.sliceEnd = performance.now() + SLICE;
    this.tick(fired);
  }

  private tick(fired: boolean): void {
    if (loops.get(this.number) !== this) return; // closed meanwhile, or the interpreter is gone
    if (!this.run(this.number, fired)) return;
    if (performance.now() < this.sliceEnd) queueMicrotask(this.step);
    else postBehindFrame(this.turn);
  }
}

export const loops = new Map<number, Loop>();

/** Nothing that was asked for happens any more. */
export function dropScheduled(): void {
  dropTasks();
  dropBehindFrame();
  for (const [timer] of timers.values()) clearTimeout(timer);
  timers.clear();
  for (const loop of loops.values()) loop.clearTimer();
  loops.clear();
}
