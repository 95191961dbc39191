// retain.ts: Python functions that JavaScript keeps as long as it likes (proxyLifetime "auto").
import type { Root } from "./lifetime";
import { wasm } from "./memory";

/** Whether a function that is passed to JavaScript lives until JavaScript drops it. */
export let retains = true;

export function setRetains(active: boolean): void {
  retains = active;
}

interface Kept {
  root: Root;
  proxy: WeakRef<object>;
}

/** The proxy of each, so that removeEventListener() gets the function that addEventListener() got. */
const kept = new Map<number, Kept>();

/** The proxy that JavaScript has of the function at `pointer`, or of the same bound method. */
export function findRetained(pointer: number, key: number): object | undefined {
  const found = kept.get(key);
  if (found === undefined || found.root.pointer === 0) return undefined;
  const isSame = found.root.pointer === pointer || wasm.pyjs_py_is_same(found.root.pointer, pointer) !== 0;
  return isSame ? found.proxy.deref() : undefined;
}

export function retain(root: Root, key: number, proxy: object): void {
  root.key = key;
  kept.set(key, { root, proxy: new WeakRef(proxy) });
}

/** Called when a retained root ends. */
export function release(root: Root): void {
  if (kept.get(root.key)?.root === root) kept.delete(root.key);
}
