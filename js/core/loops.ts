// loops.ts: the ticks of Python's event loops.
import { receive } from "./errors";
import { f64, refresh, reserve, setTop, u32, wasm } from "./memory";
import { Loop, loops } from "./schedule";
import { PyOp, Tag } from "./types";

/** Runs one tick; whether it left callbacks that are ready. */
function runTick(number: number, fired: boolean): boolean {
  refresh();
  const slots = reserve(32);
  u32[slots >>> 2] = Tag.Number;
  f64[(slots >>> 3) + 1] = number;
  u32[(slots >>> 2) + 4] = fired ? Tag.True : Tag.False;
  setTop(slots);
  const tag = wasm.pyjs_py_op(PyOp.Tick, 0, slots);
  return receive(tag, slots) === true;
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
