// tasks.ts: macrotasks that browsers do not delay, unlike setTimeout's nested ones.

declare const setImmediate: ((callback: () => void) => unknown) | undefined;

const queue: (() => void)[] = [];
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

/** Nothing that was posted happens any more. */
export function dropTasks(): void {
  queue.length = 0;
  channel?.port1.close();
  channel = null;
}
