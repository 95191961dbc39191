// index.ts: makes the core for one interpreter; what the C++ library bundles.
import { attachConvert } from "./convert";
import { PythonError } from "./errors";
import { imports as operations } from "./js_proxy";
import { attachMemory } from "./memory";
import { PyBufferView } from "./py_buffer";
import { isPyProxy, pyimport } from "./py_call";
import { PyProxy, proxyClasses } from "./py_classes";
import type { Host } from "./types";

/** What the loader uses of the core. */
export interface Core {
  /** The functions that wasm imports, by name. */
  readonly imports: Readonly<Record<string, (...args: never[]) => unknown>>;
  readonly PyProxy: typeof PyProxy;
  /** The classes of proxies, by name. */
  readonly proxyClasses: typeof proxyClasses;
  readonly PythonError: typeof PythonError;
  readonly PyBufferView: typeof PyBufferView;
  isPyProxy(value: unknown): boolean;
  pyimport(name: string): unknown;
}

/** Joins the core to its host. The state is the bundle's: evaluate it once per interpreter. */
export function createCore(host: Host): Core {
  attachConvert(host);
  const attach = (arena: number, size: number): void => attachMemory(host, arena, size);
  return {
    imports: { ...operations, pyjs_js_attach: attach },
    PyProxy,
    proxyClasses,
    PythonError,
    PyBufferView,
    isPyProxy,
    pyimport,
  };
}
