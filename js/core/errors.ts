// errors.ts: thrown values in both directions, with their identity kept (law 3).
import { read, toHandle } from "./convert";
import { features } from "./features";
import { Root, adopt } from "./lifetime";
import { f64, refresh, reserve, setTop, u32, wasm } from "./memory";
import { framesHere, userFrames } from "./stack";
import { PyOp, Tag } from "./types";

const roots = new WeakMap<object, Root>();
/** What the engine wrote down of the JavaScript frames. */
const stacks = new WeakMap<object, Error>();
/** Asked for once, so that a cause stays the same. */
const causes = new WeakMap<object, unknown>();

/** Asks Python for a text about the object at `pointer`. */
export function ask(op: PyOp, pointer: number): string {
  const slots = reserve(32);
  setTop(slots);
  return String(receive(wasm.pyjs_py_op(op, pointer, slots), slots));
}

function textOf(pointer: number): string | null {
  try {
    return ask(PyOp.Format, pointer);
  } catch {
    return null; // out of memory or stack, or the module traceback is broken
  }
}

/**
 * A Python exception on its way through JavaScript.
 *
 * `type` is the name of the Python class and `message` the traceback as
 * CPython prints it. Thrown back into Python it is the same exception object.
 * Source: PEP 818, "Error handling".
 */
export class PythonError extends Error {
  readonly type: string;

  /** Takes over one reference to the exception at `pointer`; `frames` is where it was caught. */
  constructor(pointer: number, frames: Error = framesHere()) {
    super();
    const root = new Root(pointer, 0, true);
    roots.set(this, root);
    adopt(root, this);
    this.type = ask(PyOp.TypeName, pointer);
    // Formatting runs Python code; most errors are caught and never shown. So
    // the frames are kept by an error of their own: merely reading or
    // redefining V8's `stack` would build its header, which reads `message`.
    delete (this as { stack?: string }).stack;
    stacks.set(this, frames);
    Object.defineProperty(this, "stack", {
      configurable: true,
      get: (): string => [`${this.name}: ${this.message.trimEnd()}`, ...userFrames(frames.stack ?? "")].join("\n"),
    });
  }

  override get message(): string {
    const pointer = roots.get(this)?.pointer ?? 0;
    if (pointer === 0) return `${this.type}: the exception is gone`;
    const text = textOf(pointer) ?? `${this.type}: formatting its traceback failed`;
    Object.defineProperty(this, "message", { value: text, configurable: true, writable: true });
    return text;
  }

  /** What led to it, as an error: the `__cause__`, or else the `__context__` that CPython shows. */
  override get cause(): unknown {
    const pointer = roots.get(this)?.pointer ?? 0;
    if (!causes.has(this) && pointer !== 0) causes.set(this, causeOf(pointer, stacks.get(this)!));
    return causes.get(this);
  }

  /** Formats now: for an error that may go unhandled, whose report runs no getter. */
  format(): this {
    void this.message;
    return this;
  }
}

// A data property: engines name an uncaught error without running getters.
Object.defineProperty(PythonError.prototype, "name", { value: "PythonError" });
Object.defineProperty(PythonError, "name", { value: "PythonError" }); // minified code has no names

/** Writes a thrown value into a slot for Python; returns its tag. */
export function writeError(error: unknown, slot: number): Tag {
  const word = slot >>> 2;
  const pointer = roots.get(error as object)?.pointer ?? 0;
  if (pointer !== 0) {
    u32[word] = Tag.PyError;
    u32[word + 2] = pointer;
    return Tag.PyError;
  }
  const isObject = (typeof error === "object" && error !== null) || typeof error === "function";
  const flags = isObject ? features(error as object) : 0;
  refresh(); // a getter that was looked at may have run Python
  u32[word] = Tag.JsError;
  u32[word + 1] = flags;
  u32[word + 2] = toHandle(error);
  return Tag.JsError;
}

function causeOf(pointer: number, frames: Error): unknown {
  const slots = reserve(32);
  setTop(slots);
  const tag = wasm.pyjs_py_op(PyOp.Cause, pointer, slots);
  refresh();
  return (tag & Tag.Mask) === Tag.Missing ? undefined : thrown(tag, slots, frames);
}

function drops(tag: number, slots: number): number {
  return tag & Tag.Held ? u32[(slots >>> 2) + 6]! : 0;
}

function thrown(tag: number, slots: number, frames?: Error): unknown {
  if ((tag & Tag.Mask) === Tag.PyError) return new PythonError(u32[(slots >>> 2) + 2]!, frames);
  const holder = drops(tag, slots);
  u32[slots >>> 2] = Tag.Handle;
  const error = read(slots, true);
  if (holder !== 0) wasm.pyjs_py_decref(holder);
  return error;
}

/** Whether what a call into Python gave is to be thrown. */
export function isError(tag: number): boolean {
  const kind = tag & Tag.Mask;
  return kind === Tag.PyError || kind === Tag.JsError;
}

/** The result of a call into Python: its value, or its exception thrown. */
export function receive(tag: number, slots: number): unknown {
  if (tag === Tag.Undefined) return undefined;
  refresh();
  if (tag === Tag.Number) return f64[(slots >>> 3) + 1];
  if (isError(tag)) throw thrown(tag, slots);
  const holder = drops(tag, slots);
  const value = read(slots, true);
  if (holder !== 0) wasm.pyjs_py_decref(holder);
  return value;
}
