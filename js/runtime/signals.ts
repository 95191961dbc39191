// signals.ts: what CPython looks at while bytecode runs: signals, and the clock.
import type { Glue } from "pyjs-glue";
import type { InterruptBuffer } from "./pyjs";

/** What pyjs._time_slice takes. */
const SLICE_ENDS = 64;

/** Aimed at, in milliseconds between two looks at the clock, and the counts that give it. */
const INTERVAL = 1;
const FEWEST = 1;
const MOST = 4096;
/** What pyjs_may_deliver tells: signals, and the end of a slice too. */
const SIGNALS = 1;
const SLICES_TOO = 2;
/** What CPython begins with, and returns to after each look. */
const USUAL = 50;

/** Decides what CPython finds in the array of its own, whose element 0 is the number of a signal. */
export class Signals {
  buffer: InterruptBuffer | undefined;
  /** What this thread has sent to Python that runs; 0 for nothing. */
  private sent = 0;
  private readonly found: [number] = [0];
  /** Milliseconds that Python may run without a turn of the host's; 0 for any number. */
  private slice = 0;
  /** Since when it runs so; 0 when it does not. */
  private began = 0;
  private looked = 0;
  private count = USUAL;
  private passed = false;
  /** Whether something was found where it could not be delivered. */
  private isHeldBack = false;

  constructor(
    private readonly glue: Glue,
    /** Calls its argument once the host has had a turn. */
    private readonly post: (callback: () => void) => void,
  ) {
    // A property is read much faster than the element of an object that is no array.
    Object.defineProperty(glue, "Py_EmscriptenSignalBuffer", { get: () => this.look() });
    glue.passOverSignals = () => this.passOver();
  }

  setSlice(milliseconds: number): void {
    this.slice = milliseconds;
    this.watch();
  }

  setBuffer(buffer: InterruptBuffer | undefined): void {
    this.buffer = buffer;
    this.watch();
  }

  private watch(): void {
    const hasArray = this.buffer !== undefined || this.sent !== 0;
    this.glue._pyjs_watch_signals(this.slice === 0 ? 0 : 1, hasArray ? 1 : 0);
  }

  /** Sends a signal to Python that runs. */
  send(signal: number): void {
    this.sent = signal;
    this.watch();
    this.glue._pyjs_look_after(0);
  }

  takeSent(): number {
    const { sent } = this;
    if (sent !== 0) {
      this.sent = 0;
      this.watch();
    }
    return sent;
  }

  /** The signal that another thread has put into the array. */
  take(): number {
    const { buffer } = this;
    if (buffer === undefined) return 0;
    const signal = buffer[0]!;
    // Only then: one that arrives in between would be lost.
    if (signal !== 0) buffer[0] = 0;
    return signal;
  }

  /** The next look finds nothing: what it would raise would take the place of what is under way. */
  private passOver(): void {
    this.passed = this.buffer !== undefined;
  }

  /** CPython asks for the array again for each use of it, until it has set the element to 0. */
  private look(): [number] | undefined {
    const { found } = this;
    if (this.passed) {
      this.passed = false;
      return undefined;
    }
    if (found[0] === 0) found[0] = this.find();
    return found[0] === 0 ? undefined : found;
  }

  /** What is to be delivered to the code that runs; what cannot be is looked for again soon. */
  private find(): number {
    const hasSignal = this.sent !== 0 || (this.buffer !== undefined && this.buffer[0] !== 0);
    if (!hasSignal && !this.isSpent()) return 0;
    if (this.glue._pyjs_may_deliver() < (hasSignal ? SIGNALS : SLICES_TOO)) {
      this.isHeldBack = true;
      this.glue._pyjs_look_after(1);
      return 0;
    }
    if (hasSignal) return this.takeSent() || this.take();
    this.began = this.looked; // Python that cannot be suspended is asked again a slice later
    return SLICE_ENDS;
  }

  private isSpent(): boolean {
    if (this.slice === 0 || (this.buffer !== undefined && this.glue._pyjs_looks_at_clock() === 0)) return false;
    const now = performance.now();
    if (this.began === 0) {
      this.began = this.looked = now;
      this.post(() => {
        this.began = 0;
      });
      return false;
    }
    this.adapt(now - this.looked);
    this.looked = now;
    return now - this.began >= this.slice;
  }

  /** A loop may take nanoseconds or seconds from one look to the next. */
  private adapt(passed: number): void {
    if (this.isHeldBack) {
      this.isHeldBack = false; // this look came early
    } else {
      const wanted = passed > 0 ? Math.min((this.count * INTERVAL) / passed, 2 * this.count) : 2 * this.count;
      this.count = Math.round(Math.min(Math.max(wanted, FEWEST), MOST));
    }
    this.glue._pyjs_look_after(this.count);
  }
}
