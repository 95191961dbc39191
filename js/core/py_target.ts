// py_target.ts: what the Proxies of Python objects stand before.
import type { Root } from "./lifetime";

const [advice] = Object.values({ "PyProxy: copy it with toJs() first"(): void {} });

/**
 * V8 refuses to clone a Proxy by the name that the constructor of its target has in its source, if
 * that converts to a text as objects do: the place for what to do instead.
 */
function advise(prototype: object): void {
  const { toString } = Object.prototype;
  Object.defineProperties(prototype, { constructor: { value: advice }, toString: { value: toString } });
}

/** For what is not called. */
export class Target {
  constructor(readonly root: Root) {}
}
advise(Target.prototype);

/** For a JSON view. `holder` is the proxy whose root it shares, which must not be collected. */
export class ViewTarget extends Target {
  constructor(
    root: Root,
    readonly holder: object | undefined,
  ) {
    super(root);
  }
}

advise(ViewTarget.prototype);

/** For a JSON view of a sequence, which Array.isArray() takes for an array. */
export class ListTarget extends Array<never> {
  constructor(
    readonly root: Root,
    readonly holder: object | undefined,
  ) {
    super();
  }
}
advise(ListTarget.prototype);
