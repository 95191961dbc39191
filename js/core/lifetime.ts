// lifetime.ts: who owns a reference to a Python object, and when it is dropped.
import { refresh, reserve, setTop, u32, wasm } from "./memory";
import { PyFlag, PyOp } from "./types";

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
  constructor(
    public pointer: number,
    public flags: number,
    public owned: boolean,
    public reason = "",
  ) {}
}

/** How many owned references to Python objects live, buffers included. */
export let owned = 0;

/** Pointers whose JavaScript owner was collected without being destroyed. */
const registry = new FinalizationRegistry<Root>((root) => {
  root.attributes = null; // who still has one of them keeps it
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

/** A buffer that a Python object exports to this side; `address` is 0 once it is released. */
export class Held {
  reason = "";
  /** Whether the registry releases it. */
  watched = false;
  constructor(public address: number) {
    owned++;
  }
}

/** Who needs a buffer: it is released when `data` is collected. */
export interface Holder {
  readonly held: Held;
  readonly data: object | undefined;
}

const buffers = new FinalizationRegistry<Held>((held) => letGo(held, "it was collected"));

/** Those that the registry does not know yet: it costs more than a buffer, and most are released soon. */
const fresh: Holder[] = [];
const MOST_FRESH = 256;
let isSweepDue = false;

/** Releases the buffer of `holder` when its data is collected; from the next microtask on. */
export function watch(holder: Holder): void {
  if (fresh.push(holder) >= MOST_FRESH) sweep();
  if (isSweepDue) return;
  isSweepDue = true;
  queueMicrotask(() => {
    isSweepDue = false;
    sweep();
  });
}

/** Goes by the data that `holder` has now. */
export function rewatch(holder: Holder): void {
  if (!holder.held.watched) return; // then it is fresh
  buffers.unregister(holder.held);
  register(holder);
}

function sweep(): void {
  for (const holder of fresh) if (holder.held.address !== 0) register(holder);
  fresh.length = 0;
}

function register({ held, data }: Holder): void {
  held.watched = true;
  if (data !== undefined) buffers.register(data, held, held);
}

/** Releases a buffer, once. */
export function letGo(held: Held, reason: string): void {
  const { address } = held;
  if (address === 0) return;
  held.address = 0;
  held.reason = reason;
  owned--;
  if (held.watched) buffers.unregister(held);
  refresh();
  const slots = reserve(16);
  u32[(slots >> 2) + 2] = address;
  setTop(slots);
  wasm.pyjs_py_op(PyOp.ReleaseBuffer, 0, slots);
}
