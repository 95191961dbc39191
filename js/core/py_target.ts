// py_target.ts: what the Proxies of Python objects stand before.
import { ask } from "./errors";
import { Root } from "./lifetime";
import { rootOf } from "./py_call";
import { PyOp } from "./types";

const LONGEST = 500;

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

/** What Node's console prints of a proxy: it looks at the target. */
function show({ pointer, reason }: Root): string {
  if (pointer === 0) return `PyProxy (destroyed: ${String(reason)})`;
  try {
    const text = ask(PyOp.Str, pointer);
    const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
    return `PyProxy(${ask(PyOp.TypeName, pointer)}) ${shown}`;
  } catch (error) {
    return `PyProxy [${String(error)}]`; // its __str__ raises
  }
}

const inspect = Symbol.for("nodejs.util.inspect.custom");
Object.defineProperty(Target.prototype, inspect, {
  value(this: object): string {
    const root = rootOf(this);
    return root === undefined ? "PyProxy" : show(root);
  },
});
// Of what is called, the console prints a function with this property.
Object.defineProperty(Root.prototype, inspect, {
  value(this: Root): string {
    return show(this);
  },
});

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
