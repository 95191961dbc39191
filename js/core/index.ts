// index.ts: makes the core for one interpreter; what the C++ library bundles.
import { attachConvert } from "./convert";
import { PythonError } from "./errors";
import { imports as operations } from "./js_proxy";
import type { OnEnd } from "./life";
import { attach, canSuspend, dispose, isGone, isRunning, setOnEnd } from "./life";
import { PyBufferView } from "./py_buffer";
import { isPyProxy, pyimport } from "./py_call";
import { PyProxy, proxyClasses } from "./py_classes";
import { setRetains } from "./retain";
import { post } from "./tasks";
import { imports as suspension, isWaiting, setOnWaiting } from "./suspend";
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
  /** Ends the interpreter; every later use of it throws. */
  dispose(): void;
  /** Whether it has ended, so or by a fatal error. */
  isGone(): boolean;
  /** Whether Python runs right now. */
  isRunning(): boolean;
  setOnEnd(callback: OnEnd): void;
  /** Whether the engine can suspend Python (JSPI). */
  readonly canSuspend: boolean;
  /** Whether a call that was suspended waits. */
  isWaiting(): boolean;
  /** Calls `callback` whenever one begins to wait. */
  setOnWaiting(callback: () => void): void;
  /** Calls `callback` in a task of the host's, soon. */
  post(callback: () => void): void;
  /** Whether a function that Python passes to JavaScript lives until JavaScript drops it. */
  setRetains(active: boolean): void;
}

/** Joins the core to its host. The state is the bundle's: evaluate it once per interpreter. */
export function createCore(host: Host): Core {
  attachConvert(host);
  return {
    imports: { ...operations, ...suspension, pyjs_js_attach: (arena: number, size: number) => attach(host, arena, size) },
    PyProxy,
    proxyClasses,
    PythonError,
    PyBufferView,
    isPyProxy,
    pyimport,
    dispose,
    isGone,
    isRunning,
    setOnEnd,
    canSuspend,
    isWaiting,
    setOnWaiting,
    post,
    setRetains,
  };
}
