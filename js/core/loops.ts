// loops.ts: the ticks of Python's event loops.
import { receive } from "./errors";
import { canSuspend } from "./life";
import { f64, refresh, reserve, setTop, u32, wasm } from "./memory";
import { report } from "./py_call";
import { Loop, loops } from "./schedule";
import { enterPromising } from "./suspend";
import { PyOp, Tag } from "./types";

/** Runs one tick; whether it left callbacks that are ready. */
function runTick(number: number, fired: boolean): boolean {
  refresh();
  const slots = reserve(64);
  u32[slots >>> 2] = Tag.Number;
  f64[(slots >>> 3) + 1] = number;
  u32[(slots >>> 2) + 4] = fired ? Tag.True : Tag.False;
  setTop(slots);
  if (canSuspend) return enterTick(number, slots);
  try {
    return receive(wasm.pyjs_py_op(PyOp.Tick, 0, slots), slots) === true;
  } catch (error) {
    report(error);
    return false;
  }
}

/** The same where a callback may suspend the stack: then the next tick goes on with the queue. */
function enterTick(number: number, slots: number): boolean {
  let left: boolean | undefined;
  let waits = false;
  const resolve = (value: unknown): void => {
    left = value === true;
    if (waits && left) loops.get(number)?.post();
  };
  const reject = (error: unknown): void => {
    left = false;
    report(error);
  };
  enterPromising(0, slots, 2, 0, { isAwaited: false, resolve, reject });
  waits = left === undefined;
  return waits || left === true;
}

/**
 * What a loop asks for: a tick soon (0), or one after `delay` milliseconds in place of what was
 * asked for so before; no timer any more (below 0), and nothing at all (-Infinity).
 */
export function wake(number: number, delay: number): void {
  let loop = loops.get(number);
  if (delay < 0) {
    loop?.clearTimer();
    if (delay === -Infinity) loops.delete(number);
    return;
  }
  if (loop === undefined) loops.set(number, (loop = new Loop(number, runTick)));
  if (delay === 0) loop.post();
  else loop.setTimer(delay);
}
