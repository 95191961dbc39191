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

/**
 * The proxies of all, so that removeEventListener() gets the function that addEventListener() got.
 * Bound methods may share a key.
 */
const kept = new Map<number, Kept[]>();

/** The proxy that JavaScript has of the function at `pointer`, or of the same bound method. */
export function findRetained(pointer: number, key: number): object | undefined {
  for (const { root, proxy } of kept.get(key) ?? []) {
    const isSame = root.pointer === pointer || wasm.pyjs_py_is_same(root.pointer, pointer) !== 0;
    const found = isSame ? proxy.deref() : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

export function retain(root: Root, key: number, proxy: object): void {
  root.key = key;
  const others = kept.get(key);
  const entry = { root, proxy: new WeakRef(proxy) };
  if (others === undefined) kept.set(key, [entry]);
  else others.push(entry);
}

/** Called when a retained root ends. */
export function release(root: Root): void {
  const left = (kept.get(root.key) ?? []).filter((entry) => entry.root !== root);
  if (left.length === 0) kept.delete(root.key);
  else kept.set(root.key, left);
}
