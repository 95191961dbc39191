// interrupts.ts: signals for Python, and time slices.
import type { Glue } from "pyjs-glue";
import type { Core } from "../core/index";
import type { CallPython } from "./call_python";
import { describe } from "./options";
import type { PyjsAPI } from "./pyjs";
import { Signals } from "./signals";

const integers = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array];

function expectBuffer(buffer: unknown): void {
  if (integers.some((each) => buffer instanceof each) && (buffer as Uint8Array).length > 0) return;
  const given = ArrayBuffer.isView(buffer) ? `${buffer.constructor.name} of length ${(buffer as Uint8Array).length}` : typeof buffer;
  throw new TypeError(
    "setInterruptBuffer: expected a typed array of integers with at least one element, " +
      `such as new Uint8Array(new SharedArrayBuffer(1)), or nothing; got ${given}`,
  );
}

function expectSlice(milliseconds: unknown): number {
  if (milliseconds === undefined) return 0;
  if (typeof milliseconds === "number" && milliseconds > 0 && milliseconds < Infinity) return milliseconds;
  const given = typeof milliseconds === "number" ? milliseconds : describe(milliseconds);
  throw new TypeError(`setTimeSlice: expected milliseconds above 0, such as 12, or nothing; got ${given}`);
}

const SIGINT = 2;

/** How often the array is looked at while all of Python waits, in milliseconds. */
const INTERVAL = 20;

/**
 * Python that runs looks for signals itself; for what is suspended somebody else must. Gives what
 * begins to look.
 */
function watchWhileWaiting(pyjs: Core, signals: Signals, interrupt: (signal: number) => unknown): () => void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const look = (): void => {
    if (pyjs.isGone() || !pyjs.isWaiting()) {
      clearInterval(timer);
      timer = undefined;
      return;
    }
    const signal = signals.take();
    if (signal !== 0) interrupt(signal);
  };
  const watch = (): void => {
    if (signals.buffer === undefined || timer !== undefined) return;
    timer = setInterval(look, INTERVAL);
    // Node ends when nothing else is left, from which an interrupt could come.
    (timer as { unref?: () => void }).unref?.();
  };
  pyjs.setOnWaiting(watch);
  return watch;
}

type Interrupts = Pick<PyjsAPI, "setInterruptBuffer" | "checkInterrupt" | "interrupt" | "setTimeSlice">;

export function interrupts(glue: Glue, call: CallPython): Interrupts {
  const { pyjs } = glue;
  const signals = new Signals(glue, pyjs.post);
  const interrupt = (signal: number): boolean => call("pyjs._interrupts", "send", signal) as boolean;
  const send = (signal: number): boolean => {
    call("pyjs._interrupts", "handle_sigint");
    signals.send(signal);
    // Where no Python code follows, it is for what waits.
    queueMicrotask(() => {
      const left = pyjs.isGone() ? 0 : signals.takeSent();
      if (left !== 0) interrupt(left);
    });
    return true;
  };
  const watch = watchWhileWaiting(pyjs, signals, interrupt);
  return {
    setInterruptBuffer(buffer) {
      if (buffer !== undefined) {
        expectBuffer(buffer);
        call("pyjs._interrupts", "handle_sigint");
      }
      signals.setBuffer(buffer);
      watch();
    },
    checkInterrupt() {
      if (!pyjs.isGone()) glue._pyjs_poll_signals();
      call("pyjs._interrupts", "check");
    },
    interrupt: () => (pyjs.isRunning() ? send(SIGINT) : interrupt(SIGINT)),
    setTimeSlice(milliseconds) {
      const slice = expectSlice(milliseconds);
      if (!pyjs.canSuspend) return false;
      if (slice !== 0) call("pyjs._time_slice", "install");
      signals.setSlice(slice);
      return true;
    },
  };
}
