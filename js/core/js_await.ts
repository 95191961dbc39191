// js_await.ts: promises that Python waits for: each ends one future, in one crossing.
import { abortOf, wasAborted } from "./abort";
import { write } from "./convert";
import { receive, writeError } from "./errors";
import { isGone } from "./life";
import { Root, adopt, drop } from "./lifetime";
import { refresh, reserve, setTop, u32, wasm } from "./memory";
import { live } from "./py_call";
import { PyOp, Tag } from "./types";

type Step = IteratorResult<unknown>;
type AsyncMethod = "next" | "throw" | "return";

/** Keeps a future of Python's until what it stands for has ended, or can no longer end. */
class Waiter {
  readonly root: Root;

  /** `source`: what others may wait for as well, who then get its error. */
  constructor(
    future: number,
    readonly source: object | null = null,
  ) {
    wasm.pyjs_py_incref(future);
    this.root = new Root(future, 0, true);
    adopt(this.root, this);
  }

  /** Gives `value` by `op`; one that cannot cross, such as a destroyed PyProxy, is an error. */
  fulfil(value: unknown, op = PyOp.Fulfil): void {
    if (isGone()) return;
    refresh();
    const slots = reserve(64);
    try {
      write(value, slots);
    } catch (error) {
      setTop(slots);
      this.fail(error);
      return;
    }
    this.end(op, slots);
  }

  fail(error: unknown): void {
    if (isGone()) return;
    refresh();
    const slots = reserve(64);
    writeError(error, slots);
    setTop(slots);
    const tag = wasm.pyjs_py_op(PyOp.Fail, live(this.root), slots);
    if (receive(tag, slots) === true) {
      onLost(this.source, error, this.root);
      return;
    }
    if (this.source !== null) retrieved.add(this.source);
    drop(this.root, SETTLED);
  }

  /** A generator that was to end has yielded. */
  overrun(): void {
    if (isGone()) return;
    refresh();
    const slots = reserve(64);
    u32[slots >>> 2] = Tag.Missing;
    this.end(PyOp.Fail, slots);
  }

  private end(op: PyOp, slots: number): void {
    setTop(slots);
    const tag = wasm.pyjs_py_op(op, live(this.root), slots);
    drop(this.root, SETTLED);
    receive(tag, slots);
  }
}

const SETTLED = "its promise has settled";

/** Promises whose error somebody of Python's got. */
const retrieved = new WeakSet<object>();

/**
 * `source` failed after who waited was cancelled: the event loop's exception handler gets the error,
 * unless others wait for the same, or the error is that of being aborted.
 */
export function onLost(source: object | null, error: unknown, root: Root | null): void {
  // After the reactions of all others, which are queued already.
  queueMicrotask(() => {
    const isKnown = source !== null && (retrieved.has(source) || wasAborted(source));
    if (!isKnown && !isAbort(error)) reportUnretrieved(error, root);
    if (root !== null) drop(root, SETTLED);
  });
}

function isAbort(error: unknown): boolean {
  return typeof DOMException === "function" && error instanceof DOMException && error.name === "AbortError";
}

/** Ends `future` as `thenable` does; whether cancelling it aborts something. */
export function awaitThenable(thenable: unknown, future: number): boolean {
  const abort = abortOf(thenable);
  const source = thenable as object;
  // First, so that what has settled comes before the sweep that gives new holders a finalizer.
  Promise.resolve(thenable).then(
    (value) => waiter.fulfil(value),
    (error: unknown) => waiter.fail(error),
  );
  const waiter = new Waiter(future, source);
  if (abort === undefined) return false;
  abort.waiting++;
  return true;
}

/** Iterators on which a loop of Python's began, and that have not ended since. */
const loops = new WeakSet<object>();

/** The iterator of `async for`. */
export function iterateAsync(target: unknown): unknown {
  const iterator: unknown = (target as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  enterAsync(iterator);
  return iterator;
}

/** A loop begins on `iterator`. */
export function enterAsync(iterator: unknown): void {
  if ((typeof iterator === "object" && iterator !== null) || typeof iterator === "function") loops.add(iterator);
}

/** Python has dropped an iterator on which a loop began: ECMA-262, AsyncIteratorClose. */
export function leaveAsync(target: unknown): void {
  if (loops.delete(target as object)) close(target as AsyncIterator<unknown>).catch((error: unknown) => reportUnretrieved(error, null));
}

async function close(iterator: AsyncIterator<unknown>): Promise<void> {
  const method = iterator.return as unknown;
  if (method !== undefined && method !== null) expectStep(await Reflect.apply(method as () => unknown, iterator, []));
}

/** Nobody waits for it, so the event loop's exception handler gets it. */
function reportUnretrieved(error: unknown, root: Root | null): void {
  if (isGone()) return;
  refresh();
  const slots = reserve(64);
  writeError(error, slots);
  setTop(slots);
  receive(wasm.pyjs_py_op(PyOp.Unretrieved, root === null ? 0 : live(root), slots), slots);
}

export function expectStep(step: unknown): Step {
  if ((typeof step !== "object" && typeof step !== "function") || step === null) {
    throw new TypeError(`a step of a JavaScript iterator: expected an object, got ${String(step)}`);
  }
  return step as Step;
}

/** Ends a future of Python's with what one step of an asynchronous iterator gives. */
export async function stepAsync(target: unknown, name: AsyncMethod, input: unknown, future: number): Promise<void> {
  const waiter = new Waiter(future);
  let step: Step;
  let value: unknown;
  let done = true;
  if (name === "return") loops.delete(target as object);
  try {
    const method = (target as Record<AsyncMethod, (input: unknown) => unknown>)[name];
    step = expectStep(await method.call(target, input));
    done = Boolean(step.done);
    value = step.value;
  } catch (error) {
    loops.delete(target as object);
    waiter.fail(error);
    return;
  }
  if (done) loops.delete(target as object);
  if (name === "return") {
    if (done) waiter.fulfil(undefined);
    else waiter.overrun();
  } else waiter.fulfil(value, done ? PyOp.EndSteps : PyOp.Fulfil);
}
