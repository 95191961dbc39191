// life.ts: the end of an interpreter: its user disposed of it, or a fatal error stopped it.
import { attachMemory, detachMemory, refresh, u32 } from "./memory";
import { dropScheduled } from "./schedule";
import type { Exports, Host, PyOp } from "./types";

/** What the first operation after the end threw, and why; null while the interpreter lives. */
let death: { reason: string; cause: unknown } | null = null;

/** Rejects the promises that only a living interpreter would settle. */
export const waiting = new Set<(error: unknown) => void>();

/** Words at the start of the arena; see `Entered` in src/py_ops.hpp. */
let entered = 0;
/**
 * How often JavaScript has called into Python. A loop over a list relies on it (py_iterate.ts):
 * whatever else lets Python run is to count here.
 */
export let calls = 0;
/** What the embedder does at the end; `fatal` is the error that stopped the interpreter. */
export type OnEnd = (fatal: Error | undefined) => void;
let onEnd: OnEnd = () => undefined;
let empty = (): void => undefined;

export function isGone(): boolean {
  return death !== null;
}

/** V8 keeps the frames of an error, and with them their instance, until its stack is asked for. */
function writeStack(error: unknown): void {
  if (error instanceof Error) void error.stack;
}

function gone(): Error {
  const { reason, cause } = death!;
  const text = `this Python interpreter is gone: ${reason}; load another with loadPyjs()`;
  const error = cause === undefined ? new Error(text) : new Error(text, { cause });
  writeStack(error);
  return error;
}

function fail(): never {
  finish();
  throw gone();
}

type Entries = Pick<Exports, "pyjs_run_promising" | "pyjs_py_call" | "pyjs_py_op" | "pyjs_py_decref">;

function fall(): never {
  stopped(fault);
  throw gone();
}
const fallen: Entries = { pyjs_run_promising: fall, pyjs_py_call: fall, pyjs_py_op: fall, pyjs_py_decref: fall };
/** Where Python is entered: `fallen` once a call has failed fatally, even if no room was left to say so. */
let entries: Entries = fallen;

/** Whether Python runs, further up this very stack or suspended. */
export function isRunning(): boolean {
  refresh();
  return entries !== fallen && u32[entered + 1] !== 0;
}

/** What is left to do of the end, one thing after the other: a full stack puts it off. */
const due: (() => void)[] = [];
let isFinishing = false;
/** Frames that what is due may need. */
const ROOM = 1000;

/** Throws where the stack has no room for `frames` small ones. */
function dive(frames: number): number {
  return frames === 0 ? 0 : 1 + dive(frames - 1);
}

/** Does what is due, unless the stack is all but full: then soon, and before anything else of ours. */
function finish(): void {
  if (isFinishing || due.length === 0) return;
  try {
    isFinishing = true;
    dive(ROOM);
    for (; due.length > 0; due.shift()) due[0]!();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    queueMicrotask(finish);
  } finally {
    isFinishing = false;
  }
}

/** From here on every use throws; what waits for Python is rejected with `error`. */
function end(reason: string, cause: unknown, ...steps: (() => void)[]): void {
  due.push(() => detachMemory(fail), dropScheduled, ...steps);
  entries = fallen; // nor is the instance held
  death = { reason, cause };
  finish();
}

function emptyOnce(): void {
  const act = empty;
  empty = () => undefined;
  act();
}

function rejectWaiting(error: unknown): void {
  const rejections = [...waiting];
  waiting.clear();
  for (const reject of rejections) reject(error);
}

/** Whoever holds something of the interpreter yet, a proxy say, does not hold its memory. */
export function dispose(): void {
  if (death !== null) return;
  end(
    "dispose() was called",
    undefined,
    () => rejectWaiting(gone()),
    () => tell(undefined),
    emptyOnce,
  );
}

/** Calls `callback` once, when the interpreter ends. */
export function setOnEnd(callback: OnEnd): void {
  onEnd = callback;
}

function tell(fatal: Error | undefined): void {
  try {
    onEnd(fatal);
  } catch (problem) {
    queueMicrotask(() => {
      throw problem;
    });
  }
}

/** os._exit() leaves the stack by an exception of Emscripten's. */
function exitStatus(error: unknown): number | undefined {
  const { name, status } = (error ?? {}) as { name?: unknown; status?: unknown };
  return name === "ExitStatus" && typeof status === "number" ? status : undefined;
}

/** What calls get from `fallen`: the fatal error that has no words yet. */
let fault: unknown;

/**
 * What to throw for what came out of wasm, which catches all that is not fatal: its state cannot
 * be trusted any more. A stack that was full before any of Python ran has changed nothing.
 */
function stopped(error: unknown): unknown {
  if (entries !== fallen) return error;
  finish();
  if (death !== null) return error;
  const status = exitStatus(error);
  if (status === undefined) return stop(error);
  end(`Python called os._exit(${status})`, error, () => rejectWaiting(error), ...leaving(error, () => undefined));
  return error;
}

function leaving(error: unknown, fatal: () => Error | undefined): (() => void)[] {
  return [
    () => writeStack(error),
    () => tell(fatal()),
    () => void setTimeout(emptyOnce, 0), // not now: frames of wasm are to unwind
  ];
}

/** Ends the interpreter for good because of `error`; gives what to throw. */
export function stop(error: unknown): Error {
  if (death !== null) return gone();
  let made: Error | undefined;
  const fatal = (): Error => (made ??= gone());
  const reason = `it stopped after a fatal error (${String(error)})`;
  end(reason, error, () => rejectWaiting(fatal()), ...leaving(error, fatal));
  return fatal();
}

/** Calls an export that is none of ours, such that what ends the interpreter is noticed. */
export function callExport(callee: (...args: unknown[]) => unknown, args: unknown[]): unknown {
  if (death !== null) throw gone();
  refresh();
  calls++;
  u32[entered] = u32[entered]! + 1; // C++ counts what arrives at its own exports
  try {
    return callee(...args);
  } catch (error) {
    fault = error;
    entries = fallen;
    throw stopped(error);
  }
}

/** Counts a call that C++ has counted already: a stack that is resumed. */
export function countCall(): void {
  calls++;
}

type Promising = <F extends (...args: never[]) => unknown>(
  callee: F,
) => (...args: Parameters<F>) => Promise<void>;

const { promising } = WebAssembly as { promising?: Promising };
/** Whether the engine can suspend WebAssembly's stacks (JSPI). */
export const canSuspend = promising !== undefined && "Suspending" in WebAssembly;

/**
 * The functions through which Python runs, such that what ends it is noticed. A call that C++ has
 * counted has begun. The stack may be full: what marks the end needs none of it.
 */
function guard(raw: Exports, hosts: Exports["pyjs_run_promising"] | undefined): Exports {
  const own = canSuspend ? promising!(raw.pyjs_run_promising) : raw.pyjs_run_promising;
  const { pyjs_py_call, pyjs_py_op, pyjs_py_decref } = raw;
  entries = { pyjs_run_promising: hosts ?? own, pyjs_py_call, pyjs_py_op, pyjs_py_decref };
  return {
    pyjs_run_promising(callable, slots, positional, keywords, ticket): Promise<void> {
      calls++;
      return entries.pyjs_run_promising(callable, slots, positional, keywords, ticket).catch((error: unknown) => {
        fault = error;
        entries = fallen;
        throw stopped(error);
      });
    },
    pyjs_py_call(callable: number, slots: number, positional: number, keywords: number): number {
      refresh();
      const before = u32[entered];
      calls++;
      try {
        return entries.pyjs_py_call(callable, slots, positional, keywords);
      } catch (error) {
        if (u32[entered] !== before) {
          fault = error;
          entries = fallen;
        }
        throw stopped(error);
      }
    },
    pyjs_py_op(op: PyOp, object: number, slots: number): number {
      refresh();
      const before = u32[entered];
      calls++;
      try {
        return entries.pyjs_py_op(op, object, slots);
      } catch (error) {
        if (u32[entered] !== before) {
          fault = error;
          entries = fallen;
        }
        throw stopped(error);
      }
    },
    pyjs_py_decref(object: number): void {
      refresh();
      const before = u32[entered];
      calls++;
      try {
        entries.pyjs_py_decref(object);
      } catch (error) {
        if (u32[entered] !== before) {
          fault = error;
          entries = fallen;
        }
        throw stopped(error);
      }
    },
    pyjs_class_release: raw.pyjs_class_release,
    pyjs_py_incref: raw.pyjs_py_incref,
    pyjs_py_key: raw.pyjs_py_key,
    pyjs_py_is_same: raw.pyjs_py_is_same,
    pyjs_py_alloc: raw.pyjs_py_alloc,
    pyjs_py_bytes: raw.pyjs_py_bytes,
    pyjs_py_bytearray: raw.pyjs_py_bytearray,
    pyjs_py_doubles: raw.pyjs_py_doubles,
    pyjs_py_doubles_at: raw.pyjs_py_doubles_at,
    pyjs_class_hold: raw.pyjs_class_hold,
    free: raw.free,
  };
}

/** Called when the interpreter starts. */
export function attach(host: Host, arena: number, size: number): void {
  entered = arena >> 2;
  empty = () => host.empty(fail);
  attachMemory(host.memory(), guard(host.exports(), host.runPromising), arena + 16, size - 16);
}
