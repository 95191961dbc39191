// js_iterate.ts: iterators, generators and their asynchronous kin; and what a `with` block ends.
import { enterAsync, expectStep, leaveAsync, stepAsync } from "./js_await";
import { missing } from "./js_items";
import { JsOp } from "./types";

type Step = IteratorResult<unknown>;
type Generator = { next(value?: unknown): Step; throw(error: unknown): Step; return(): Step };
type AsyncMethod = "next" | "throw" | "return";

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

/** Python has left a loop over `iterator`: ECMA-262, IteratorClose. */
function leave(iterator: Iterator<unknown>): void {
  const method = iterator.return as unknown;
  if (method !== undefined && method !== null) expectStep(Reflect.apply(method as () => unknown, iterator, []));
}

interface Disposable {
  [Symbol.dispose](): void;
  [Symbol.asyncDispose](): unknown;
}

export function operateIterator(code: JsOp, target: unknown, inputs: unknown[]): unknown {
  switch (code) {
    case JsOp.AsyncStep:
      void stepAsync(target, inputs[0] as AsyncMethod, inputs[1], inputs[2] as number);
      return undefined;
    case JsOp.AsyncEnter:
      enterAsync(target);
      return undefined;
    case JsOp.AsyncLeave:
      leaveAsync(target);
      return undefined;
    case JsOp.Leave:
      leave(target as Iterator<unknown>);
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
