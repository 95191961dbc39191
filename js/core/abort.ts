// abort.ts: what Python calls with an AbortSignal, so that cancelling who waits for it aborts it.
import { define } from "./define";

type Method = (...args: unknown[]) => unknown;
type Options = Record<PropertyKey, unknown>;

/** How a call is aborted; it is when the last of those that wait for it is cancelled. */
export interface Abort {
  readonly controller: AbortController;
  waiting: number;
}

interface Place {
  /** Which argument has the options; the last one when undefined. */
  readonly position: number | undefined;
  /** The option that takes the signal. */
  readonly option: string;
}

/** What most calls are compared with; the others stand in `more`. */
const first = (globalThis as { fetch?: Method }).fetch;
let more: WeakMap<Method, Place> | null = null;
const FETCH: Place = { position: 1, option: "signal" };

let isUsed = false;
const aborts = new WeakMap<object, Abort>();

/** Whether a call of `target` takes a signal. */
export function isAbortable(target: Method): boolean {
  return target === first || (more !== null && more.has(target));
}

/** From now on calls of `target` get a signal. */
export function setAbortable(target: Method, position: number | undefined, option: string): void {
  more ??= new WeakMap();
  more.set(target, { position, option });
}

function isPlain(value: unknown): value is Options {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The signal that the caller gave itself: by the options, or by the Request. */
function givenSignal(options: unknown, option: string, args: readonly unknown[]): AbortSignal | undefined {
  const own = typeof options === "object" && options !== null;
  const given = own && (!isPlain(options) || Object.hasOwn(options, option)) ? (options as Options)[option] : undefined;
  if (given instanceof AbortSignal) return given;
  const request = args[0];
  return typeof Request === "function" && request instanceof Request ? request.signal : undefined;
}

/** A signal that aborts as either does. */
function joined(given: AbortSignal | undefined, ours: AbortController): AbortSignal {
  if (given === undefined) return ours.signal;
  if (typeof AbortSignal.any === "function") return AbortSignal.any([given, ours.signal]);
  const pass = (): void => ours.abort(given.reason);
  if (given.aborted) pass();
  else given.addEventListener("abort", pass, { once: true, signal: ours.signal });
  return ours.signal;
}

/** The options with the signal: what the caller gave stays as it is. */
function withSignal(options: unknown, option: string, signal: AbortSignal): unknown {
  if (options === undefined || options === null || isPlain(options)) {
    // Not an Object where none was given: what others put on its prototype is no option.
    const prototype = options === undefined || options === null ? null : (Object.getPrototypeOf(options) as null);
    const own = Object.create(prototype) as Options;
    for (const key of Reflect.ownKeys(options ?? {})) {
      const { enumerable } = Reflect.getOwnPropertyDescriptor(options!, key)!;
      if (enumerable === true) define(own, key as string, (options as Options)[key]);
    }
    define(own, option, signal);
    return own;
  }
  return new Proxy(options, {
    get: (target, key): unknown => (key === option ? signal : (Reflect.get(target, key) as unknown)),
    has: (target, key) => key === option || Reflect.has(target, key),
  });
}

/** Calls `target` with a signal; `aborts` knows the promise that it gives. */
export function callAbortably(target: Method, receiver: unknown, given: readonly unknown[]): unknown {
  const { position, option } = more?.get(target) ?? FETCH;
  const args = [...given];
  const last = args.length - 1;
  const place = position ?? (last >= 0 && isPlain(args[last]) ? last : args.length);
  // Without what comes before the options it is a mistake, which the function tells.
  if (args.length < place) return Reflect.apply(target, receiver, args);
  const controller = new AbortController();
  const options = args[place];
  const asked = givenSignal(options, option, args);
  args[place] = withSignal(options, option, joined(asked, controller));
  const result: unknown = Reflect.apply(target, receiver, args);
  if ((typeof result === "object" && result !== null) || typeof result === "function") {
    isUsed = true;
    aborts.set(result, { controller, waiting: 0 });
  }
  return result;
}

/** How what `thenable` stands for is aborted, if it can be. */
export function abortOf(thenable: unknown): Abort | undefined {
  return isUsed ? aborts.get(thenable as object) : undefined;
}

/** Whether cancellation has aborted what `thenable` stands for. */
export function wasAborted(thenable: object): boolean {
  return abortOf(thenable)?.controller.signal.aborted === true;
}

/** `promise` stands for the same as `original`. */
export function inheritAbort(promise: object, original: object): void {
  const abort = abortOf(original);
  if (abort !== undefined) aborts.set(promise, abort);
}

/** One of those that waited for `thenable` was cancelled. */
export function leave(thenable: unknown): void {
  const abort = abortOf(thenable);
  if (abort === undefined) return;
  abort.waiting--;
  if (abort.waiting === 0) abort.controller.abort();
}
