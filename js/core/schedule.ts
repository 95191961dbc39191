// schedule.ts: macrotasks that browsers do not delay, unlike setTimeout's nested ones; and timers.

declare const setImmediate: ((callback: () => void) => unknown) | undefined;

const queue: (() => void)[] = [];
/** A function that frees itself when it was called. */
export interface OnceCallable {
  (value?: unknown): unknown;
  destroy(): void;
}

const timers = new Map<number, [timer: ReturnType<typeof setTimeout>, callback: OnceCallable]>();
let nextTimer = 1;
let channel: MessageChannel | null = null;

function runOne(): void {
  queue.shift()?.();
}

/** Calls `callback` in a macrotask of its own, in order; rendering gets its turn. */
export function post(callback: () => void): void {
  queue.push(callback);
  if (typeof setImmediate === "function") {
    setImmediate(runOne);
    return;
  }
  if (channel === null) {
    channel = new MessageChannel();
    channel.port1.onmessage = runOne;
  }
  channel.port2.postMessage(null);
}

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

/** Nothing that was asked for happens any more. */
export function dropScheduled(): void {
  queue.length = 0;
  for (const [timer] of timers.values()) clearTimeout(timer);
  timers.clear();
  channel?.port1.close();
  channel = null;
}
