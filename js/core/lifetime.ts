// lifetime.ts: who owns a reference to a Python object, and when it is dropped.
import { wasm } from "./memory";
import { PyFlag } from "./types";

/**
 * One proxied Python object. `pointer` is 0 once destroyed; `reason` then says
 * how that happened. Copies of a proxy have a root each.
 */
export class Root {
  promise: Promise<unknown> | null = null;
  /** Made by create_proxy(): only its owner ends it. */
  explicit = false;
  /** The last proxy of each attribute, which ends with this one. */
  attributes: Map<string, Loan> | null = null;
  /** The JSON view that this is, or is a part of. */
  parts: Parts | null = null;
  constructor(
    public pointer: number,
    public flags: number,
    public owned: boolean,
    public reason = "",
  ) {}
}

/** The proxies of what a JSON view holds, by address: they end with the view. */
export class Parts {
  readonly known = new Map<number, { readonly root: Root; readonly proxy: WeakRef<object> }>();
  constructor(readonly whole: Root) {}

  add(root: Root, proxy: object): void {
    root.parts = this;
    this.known.set(root.pointer, { root, proxy: new WeakRef(proxy) });
  }
}

/** How many owned references to Python objects live. */
export let owned = 0;

/** Pointers whose JavaScript owner was collected without being destroyed. */
const registry = new FinalizationRegistry<Root>((root) => {
  // Who still has one of these keeps it.
  root.attributes = null;
  if (root.parts?.whole === root) root.parts = null;
  drop(root, "it was collected");
});

/** A proxy that only lives until the current call ends. */
export interface Loan {
  root: Root;
  proxy: object;
}

/** Proxies lent to the call that is being prepared; null when there are none. */
let lent: Loan[] | null = null;

/** Registers a root whose reference this side owns; `holder` is what keeps it. */
export function adopt(root: Root, holder: object): void {
  owned++;
  registry.register(holder, root, root);
}

export function lend(root: Root, proxy: object): void {
  if (lent === null) lent = [{ root, proxy }];
  else lent.push({ root, proxy });
}

export function takeLent(): Loan[] | null {
  const taken = lent;
  lent = null;
  return taken;
}

/** Drops the reference of `root`, once. */
export function drop(root: Root, reason: string): void {
  const pointer = root.pointer;
  if (pointer === 0) return;
  root.pointer = 0;
  root.reason = reason;
  if (root.attributes !== null) dropAttributes(root.attributes, reason);
  if (root.parts !== null) leave(root, root.parts, pointer, reason);
  if (!root.owned) return;
  owned--;
  registry.unregister(root);
  wasm.pyjs_py_decref(pointer);
}

const OF_ATTRIBUTE = "the proxy that it was an attribute of was destroyed: ";

function dropAttributes(attributes: Map<string, Loan>, reason: string): void {
  const why = reason.startsWith(OF_ATTRIBUTE) ? reason : `${OF_ATTRIBUTE}${reason}`;
  for (const { root } of attributes.values()) drop(root, why);
}

/** Ends the parts of a view, or takes one out. */
function leave(root: Root, { whole, known }: Parts, pointer: number, reason: string): void {
  if (whole === root) {
    const why = `the JSON view that it was a part of was destroyed: ${reason}`;
    for (const part of known.values()) drop(part.root, why);
  } else if (known.get(pointer)?.root === root) known.delete(pointer);
}

/** Ends a loan: the proxies that were lent to a call can no longer be used. */
export function endLoan(loans: Loan[] | null): void {
  if (loans === null) return;
  for (const { root } of loans) {
    if (root.owned) continue;
    drop(
      root,
      "it was an argument of a JavaScript function called from Python, and that call has ended; " +
        "to keep it, pass create_proxy(object) from Python, or take proxy.copy() in JavaScript",
    );
  }
}

/** Turns lent proxies into owned ones: the callee still works with them. */
export function keepLoan(loans: Loan[]): void {
  for (const { root, proxy } of loans) {
    if (root.owned || root.pointer === 0) continue;
    wasm.pyjs_py_incref(root.pointer);
    root.owned = true;
    adopt(root, proxy);
  }
}

export function isOnce(root: Root): boolean {
  return (root.flags & PyFlag.Once) !== 0;
}
