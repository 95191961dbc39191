// trace.ts: what made each proxy that lives, for whoever looks for a leak.
import { ask } from "./errors";
import type { Root } from "./lifetime";
import { reserve, setTop, top } from "./memory";
import { framesHere, userFrames } from "./stack";
import { PyOp } from "./types";

interface Made {
  python: string;
  js: string;
}

const made = new Map<Root, Made>();
/** Whether proxies are written down when they are made. */
export let tracing = false;
/** Whether any that is written down may live. */
export let hasTraces = false;

/** Gives what it was before. */
export function setTracing(active: boolean): boolean {
  const before = tracing;
  tracing = active;
  return before;
}

/** The user's JavaScript frames, one to a line. */
function jsStack(): string {
  return userFrames(framesHere().stack ?? "").join("\n");
}

/** What is about to be read lies at the top of the arena. */
const UNREAD = 1024;

function pythonStack(): string {
  const start = top;
  try {
    reserve(UNREAD);
    return ask(PyOp.Stack, 0);
  } catch {
    return ""; // the arena is full, or Python's stack
  } finally {
    setTop(start);
  }
}

export function traceMade(root: Root): void {
  hasTraces = true;
  made.set(root, { python: pythonStack(), js: jsStack() });
}

/** Of each JsProxy, by its address; C++ knows which of them live. */
const madeByJs = new Map<number, string>();

export function traceJs(address: number): void {
  madeByJs.set(address, jsStack());
}

export function traceOf(address: number): string {
  return madeByJs.get(address) ?? "";
}

export function traceGone(root: Root): void {
  made.delete(root);
}

function textOf(pointer: number): string {
  try {
    return ask(PyOp.Str, pointer);
  } catch {
    return ""; // its __str__ raises
  }
}

/** Of each proxied Python object: its type, text, and the two stacks. */
export function traces(): string[][] {
  const found: string[][] = [];
  for (const [root, { python, js }] of [...made]) {
    // The text of another may have ended it.
    if (root.pointer === 0) continue;
    const type = ask(PyOp.TypeName, root.pointer);
    found.push([type, textOf(root.pointer), python, js]);
  }
  return found;
}
