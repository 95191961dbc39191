// suspend.ts: calls into Python that may be suspended (JSPI); see src/suspend.hpp.
import { values } from "./convert";
import { receive } from "./errors";
import { postBehindFrame } from "./frames";
import { onLost } from "./js_await";
import { countCall, isGone, waiting } from "./life";
import { wasm } from "./memory";

/** What a promising call does with its end, which may come while it is being made. */
export interface Ending {
  /** Whether somebody waits for it, who is to know when the interpreter ends before. */
  readonly isAwaited: boolean;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

interface Outcome {
  readonly value: unknown;
  readonly isError: boolean;
}

type Suspending = new (suspend: (ticket: number, thenable: number) => Promise<number>) => () => number;

/** By ticket: calls that have not ended, what resumes those that wait, and what they waited for. */
const open = new Map<number, Ending>();
const parked = new Map<number, () => void>();
const outcomes = new Map<number, Outcome>();
let tickets = 0;

/** Calls the Python object at `pointer`, on a stack of its own. The arguments are in `slots`. */
export function enterPromising(
  pointer: number,
  slots: number,
  positional: number,
  keywords: number,
  ending: Ending,
): void {
  const ticket = ++tickets;
  open.set(ticket, ending);
  wasm.pyjs_run_promising(pointer, slots, positional, keywords, ticket).then(undefined, (error: unknown) => {
    open.delete(ticket);
    waiting.delete(ending.reject);
    ending.reject(error);
  });
  if (ending.isAwaited && open.has(ticket)) waiting.add(ending.reject);
}

/** C++ has what the call gives. */
function done(ticket: number, tag: number, slots: number): void {
  const ending = open.get(ticket)!;
  open.delete(ticket);
  waiting.delete(ending.reject);
  try {
    ending.resolve(receive(tag, slots));
  } catch (error) {
    ending.reject(error);
  }
}

/** What stands for a thenable: the next task of the host's. */
const NEXT_TASK = 1;

/** Whether any stack waits. */
export function isWaiting(): boolean {
  return parked.size !== 0;
}

let onWaiting = (): void => undefined;

/** Calls `callback` whenever a stack begins to wait. */
export function setOnWaiting(callback: () => void): void {
  onWaiting = callback;
}

/** What C++ awaits: 0 whichever way it ends, which resumed() tells. */
function suspend(ticket: number, thenable: number): Promise<number> {
  return new Promise((resolve) => {
    const goOn = (): void => resolve(0);
    parked.set(ticket, goOn);
    onWaiting();
    if (thenable === 0) return;
    if (thenable === NEXT_TASK) {
      postBehindFrame(() => {
        if (parked.get(ticket) === goOn) resume(ticket);
      });
      return;
    }
    const source = values[thenable] as object;
    const settle = (value: unknown, isError: boolean): void => {
      if (parked.get(ticket) !== goOn) {
        if (isError) onLost(source, value, null);
        return;
      }
      outcomes.set(ticket, { value, isError });
      resume(ticket);
    };
    Promise.resolve(source).then(
      (value) => settle(value, false),
      (error: unknown) => settle(error, true),
    );
  });
}

/** Resumes a stack, if it waits. */
export function resume(ticket: number): void {
  const goOn = parked.get(ticket);
  parked.delete(ticket);
  if (!isGone()) goOn?.();
}

/** What the stack waited for, now that it runs: a value, or an error thrown. */
export function resumed(ticket: number): unknown {
  countCall();
  const outcome = outcomes.get(ticket);
  if (outcome === undefined) return undefined;
  outcomes.delete(ticket);
  if (outcome.isError) throw outcome.value;
  return outcome.value;
}

const { Suspending } = WebAssembly as { Suspending?: Suspending };

/** What wasm imports. */
export const imports = {
  pyjs_js_done: done,
  pyjs_js_suspend: Suspending === undefined ? (): number => 0 : new Suspending(suspend),
};
