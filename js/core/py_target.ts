// py_target.ts: what the Proxies of Python objects stand before.
import type { Root } from "./lifetime";

const { defineProperties } = Object;
const TAG = Symbol.toStringTag;

/**
 * V8 refuses to clone a Proxy by the tag of its target, so that is the place for what to do
 * instead. (A constructor's name, if it had one, would be told in the tag's place.)
 */
function advise(prototype: object, advice: string): void {
  defineProperties(prototype, { constructor: { value: undefined }, [TAG]: { value: advice } });
}

/** For what is not called. */
export class Target {
  constructor(readonly root: Root) {}
}
advise(Target.prototype, "PyProxy: copy it with toJs() first");

/** For a JSON view. `holder` is the proxy whose root it shares, which must not be collected. */
export class ViewTarget extends Target {
  constructor(
    root: Root,
    readonly holder: object | undefined,
  ) {
    super(root);
  }
}

/** For a JSON view of a sequence, which Array.isArray() takes for an array. */
export class ListTarget extends Array<never> {
  constructor(
    readonly root: Root,
    readonly holder: object | undefined,
  ) {
    super();
  }
}
advise(ListTarget.prototype, "PyProxy: copy it with toJs() first");
