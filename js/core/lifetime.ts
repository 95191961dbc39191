// lifetime.ts: who owns a reference to a Python object, and when it is dropped.
import { finalizers } from "./finalizers";
import { isGone } from "./life";
import { refresh, reserve, setTop, u32, wasm } from "./memory";
import { release } from "./retain";
import { hasTraces, traceGone, traceMade, tracing } from "./trace";
import { PyFlag, PyOp } from "./types";
import { Watched, watch } from "./watch";

/** How a proxy ended: a text, or what makes one when somebody wants to know. */
export type Reason = string | { toString(): string };

/**
 * One proxied Python object. `pointer` is 0 once destroyed; `reason` then says
 * how that happened. Copies of a proxy have a root each.
 */
export class Root extends Watched {
  promise: Promise<unknown> | null = null;
  /** Made by create_proxy(): only its owner ends it. */
  explicit = false;
  /** What retain.ts finds it by; 0 for all that is not a retained function. */
  key = 0;
  /** The last proxy of each attribute, which ends with this one. */
  attributes: Map<string, Loan> | null = null;
  /** The JSON view that this is, or is a part of. */
  parts: Parts | null = null;
  constructor(
    public pointer: number,
    public flags: number,
    public owned: boolean,
    public reason: Reason = "",
  ) {
    super();
  }

  override register(holder: object): void {
    finalizers.register(holder, this, this);
  }

  override collected(): void {
    // Who still has one of these keeps it.
    this.attributes = null;
    if (this.parts?.whole === this) this.parts = null;
    drop(this, "it was collected");
  }
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

/**
 * The root of every proxy; a proxy of another runtime is not in it. V8 keeps what a WeakMap holds
 * through its young collections: what ends early is taken out, and found by endedRoot().
 */
export const roots = new WeakMap<object, Root>();

/** The property of a proxy that is its root, for endedRoot() alone. */
export const itsRoot = Symbol("root");

/** The prototypes that proxies have. */
export const prototypes = new WeakSet<object>();

/** The root of a proxy that is destroyed, whether or not it is still in the table. */
export function endedRoot(value: unknown): Root | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  try {
    if (!prototypes.has(Object.getPrototypeOf(value) as object)) return undefined;
    const root = (value as { [itsRoot]?: unknown })[itsRoot];
    return root instanceof Root && root.pointer === 0 ? root : undefined;
  } catch {
    return undefined; // a Proxy of somebody else's
  }
}

/** How many owned references to Python objects live, buffers included. */
export let owned = 0;

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
  if (tracing) traceMade(root);
  watch(root, holder);
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
export function drop(root: Root, reason: Reason): void {
  const pointer = root.pointer;
  if (pointer === 0) return;
  root.pointer = 0;
  root.reason = reason;
  if (root.attributes !== null) dropAttributes(root.attributes, reason);
  if (root.parts !== null) leave(root, root.parts, pointer, reason);
  if (!root.owned) return;
  owned--;
  if (root.key !== 0) release(root);
  if (hasTraces) traceGone(root);
  if (root.holder !== null) forget(root, root.holder);
  if (root.isWatched) finalizers.unregister(root);
  wasm.pyjs_py_decref(pointer);
}

function forget(root: Root, proxy: object): void {
  root.holder = null;
  // Views of JSON have no itsRoot.
  if (!(root.flags & PyFlag.Json)) roots.delete(proxy);
}

const OF_ATTRIBUTE = "the proxy that it was an attribute of was destroyed: ";

function dropAttributes(attributes: Map<string, Loan>, reason: Reason): void {
  const text = String(reason);
  const why = text.startsWith(OF_ATTRIBUTE) ? text : `${OF_ATTRIBUTE}${text}`;
  for (const { root } of attributes.values()) drop(root, why);
}

/** Ends the parts of a view, or takes one out. */
function leave(root: Root, { whole, known }: Parts, pointer: number, reason: Reason): void {
  if (whole === root) {
    const why = `the JSON view that it was a part of was destroyed: ${String(reason)}`;
    for (const part of known.values()) drop(part.root, why);
  } else if (known.get(pointer)?.root === root) known.delete(pointer);
}

const KEEP = "to keep it, pass create_proxy(object) in Python, or proxy.copy() on in JavaScript";

/** Why a proxy that was lent to a call ended. */
class Returned {
  constructor(
    private readonly callee: unknown,
    private readonly place: number,
  ) {}

  toString(): string {
    const { callee } = this;
    let name: unknown = callee;
    try {
      if (typeof callee === "function") name = callee.name;
    } catch {
      name = ""; // a getter of the page's
    }
    const call = typeof name === "string" && name !== "" ? `${name}()` : "a JavaScript function";
    const which = this.place > 0 ? `argument ${this.place}` : "an argument";
    return `it was ${which} of ${call}, which Python called and which has ended; ${KEEP}`;
  }
}

/**
 * Ends a loan: the proxies that were lent to a call of `callee`, a function or its name, can no
 * longer be used. The first of its arguments are known by their place.
 */
export function endLoan(loans: Loan[] | null, callee?: unknown, args: readonly unknown[] = []): void {
  if (loans === null) return;
  for (const { root, proxy } of loans) {
    if (root.owned) continue;
    drop(root, new Returned(callee, args.indexOf(proxy) + 1));
    forget(root, proxy);
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

/** Who needs a buffer: it is released when `data` is collected. */
export interface Holder {
  readonly held: Held;
  readonly data: object | undefined;
}

/** A buffer that a Python object exports to this side; `address` is 0 once it is released. */
export class Held extends Watched {
  reason = "";
  constructor(public address: number) {
    super();
    owned++;
  }

  override register(holder: object): void {
    const { data } = holder as Holder;
    if (data !== undefined) finalizers.register(data, this, this);
  }

  override collected(): void {
    letGo(this, "it was collected");
  }
}

/** Goes by the data that `holder` has now. */
export function rewatch(holder: Holder): void {
  const { held } = holder;
  if (!held.isWatched) return;
  finalizers.unregister(held);
  held.register(holder);
}

/** Releases a buffer, once. */
export function letGo(held: Held, reason: string): void {
  const { address } = held;
  if (address === 0) return;
  held.address = 0;
  held.reason = reason;
  held.holder = null;
  owned--;
  if (held.isWatched) finalizers.unregister(held);
  if (isGone()) return;
  refresh();
  const slots = reserve(16);
  u32[(slots >>> 2) + 2] = address;
  setTop(slots);
  wasm.pyjs_py_op(PyOp.ReleaseBuffer, 0, slots);
}
