// interrupts.ts: signals for Python that another thread writes into shared memory.
import type { Glue } from "pyjs-glue";
import type { CallPython } from "./call_python";
import type { PyjsAPI } from "./pyjs";

const integers = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array];

function expectBuffer(buffer: unknown): void {
  if (integers.some((each) => buffer instanceof each) && (buffer as Uint8Array).length > 0) return;
  const given = ArrayBuffer.isView(buffer) ? `${buffer.constructor.name} of length ${(buffer as Uint8Array).length}` : typeof buffer;
  throw new TypeError(
    "setInterruptBuffer: expected a typed array of integers with at least one element, " +
      `such as new Uint8Array(new SharedArrayBuffer(1)), or nothing; got ${given}`,
  );
}

type Interrupts = Pick<PyjsAPI, "setInterruptBuffer" | "checkInterrupt">;

/** How often the array is looked at while all of Python waits, in milliseconds. */
const INTERVAL = 20;

/** Python that runs looks for signals itself; for what is suspended somebody else must. */
function lookWhileWaiting(glue: Glue, call: CallPython, read: () => number): void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const look = (): void => {
    if (glue.pyjs.isGone() || !glue.pyjs.isWaiting()) {
      clearInterval(timer);
      timer = undefined;
    } else if (read() !== 0) {
      try {
        call("pyjs._interrupts", "interrupt_waiting");
      } catch {
        call("pyjs._suspend", "interrupt"); // Python was interrupted on the way there
      }
    }
  };
  glue.pyjs.setOnWaiting(() => {
    timer ??= setInterval(look, INTERVAL);
  });
}

export function interrupts(glue: Glue, call: CallPython): Interrupts {
  return {
    setInterruptBuffer(buffer) {
      if (buffer !== undefined) {
        expectBuffer(buffer);
        call("pyjs._interrupts", "handle_sigint");
      }
      glue.Py_EmscriptenSignalBuffer = buffer;
      if (buffer === undefined) glue.pyjs.setOnWaiting(() => undefined);
      else lookWhileWaiting(glue, call, () => Number((buffer as Uint8Array)[0]));
      glue._pyjs_watch_signals(buffer === undefined ? 0 : 1);
    },
    checkInterrupt() {
      if (!glue.pyjs.isGone()) glue._pyjs_poll_signals();
      call("pyjs._interrupts", "check");
    },
  };
}
