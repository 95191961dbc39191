// js_iterate.ts: iterators, generators and their asynchronous kin; and what a `with` block ends.
import { missing } from "./js_items";
import { isGone } from "./life";
import { JsOp } from "./types";

type Step = IteratorResult<unknown>;
type Generator = { next(value?: unknown): Step; throw(error: unknown): Step; return(): Step };
type AsyncMethod = "next" | "throw" | "return";
type Callback = ((value: unknown) => unknown) & { destroy(): void };

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Iterable<unknown>;
/** What iterates by index alone, and needs no iterator object for it. */
const byIndex = [Array.prototype[Symbol.iterator], typedArray[Symbol.iterator]] as readonly unknown[];

/** `missing` when the caller can as well go by index. */
export function iterate(target: unknown, mayIndex: boolean): unknown {
  const method = (target as Iterable<unknown>)[Symbol.iterator];
  return mayIndex && byIndex.includes(method) ? missing : method.call(target);
}

/** The next step of a generator; C++ is told apart what it yields and what it returns. */
export function advance(code: JsOp, target: unknown, input: unknown): Step {
  const generator = target as Generator;
  const step =
    code === JsOp.Next
      ? generator.next()
      : code === JsOp.Send
        ? generator.next(input)
        : code === JsOp.Throw
          ? generator.throw(input)
          : generator.return();
  return expectStep(step);
}

function expectStep(step: unknown): Step {
  if ((typeof step !== "object" && typeof step !== "function") || step === null) {
    throw new TypeError(`a step of a JavaScript iterator: expected an object, got ${String(step)}`);
  }
  return step as Step;
}

/** Calls one of three Python callables when the step is made, and frees the others. */
async function stepAsync(target: unknown, [name, input, ...callbacks]: unknown[]): Promise<void> {
  const [yielded, ended, rejected] = callbacks as [Callback, Callback, Callback];
  try {
    const method = (target as Record<AsyncMethod, (input: unknown) => unknown>)[name as AsyncMethod];
    const { done, value } = expectStep(await method.call(target, input));
    if (isGone()) return;
    (done ? ended : yielded)(value);
  } catch (error) {
    if (isGone()) return;
    // Also when the value cannot cross, for instance a destroyed PyProxy.
    rejected(() => {
      throw error;
    });
  } finally {
    for (const callback of callbacks as Callback[]) callback.destroy();
  }
}

interface Disposable {
  [Symbol.dispose](): void;
  [Symbol.asyncDispose](): unknown;
}

export function operateIterator(code: JsOp, target: unknown, inputs: unknown[]): unknown {
  switch (code) {
    case JsOp.AsyncIterate:
      return (target as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    case JsOp.AsyncStep:
      void stepAsync(target, inputs);
      return undefined;
    case JsOp.Dispose:
      (target as Disposable)[Symbol.dispose]();
      return undefined;
    case JsOp.AsyncDispose:
      return Promise.resolve((target as Disposable)[Symbol.asyncDispose]()).then(() => undefined);
    default:
      throw new TypeError(`unknown operation ${code} on a JavaScript object`);
  }
}
