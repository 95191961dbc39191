// index.ts: makes the core for one interpreter; what the C++ library bundles.
import { attachConvert, countHandles } from "./convert";
import { PythonError } from "./errors";
import { imports as operations } from "./js_proxy";
import { attachFinalizers } from "./finalizers";
import type { OnEnd } from "./life";
import { attach, callExport, canSuspend, dispose, isGone, isRunning, setOnEnd, stop } from "./life";
import { owned } from "./lifetime";
import { LiteralMap } from "./literal_map";
import { PyBufferView } from "./py_buffer";
import { isPyProxy, pyimport, rootOf } from "./py_call";
import { PyProxy, proxyClasses } from "./py_classes";
import { setRetains } from "./retain";
import type { Settings } from "./settings";
import { settings } from "./settings";
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
  /** Whether it is a proxy that was not destroyed. */
  isLive(value: unknown): boolean;
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
  /** What may be otherwise; to be set at any time. */
  readonly settings: Settings;
  readonly LiteralMap: typeof LiteralMap;
  /** How many JavaScript values Python holds, and how many references JavaScript. */
  counts(): { handles: number; proxies: number };
  /** Ends the interpreter for good because of `error`; gives what to throw. */
  stop(error: unknown): Error;
  /** Calls an export of the module's that is none of the core's. */
  callExport(callee: (...args: unknown[]) => unknown, args: unknown[]): unknown;
  /** Whether a function that Python passes to JavaScript lives until JavaScript drops it. */
  setRetains(active: boolean): void;
}

/** Joins the core to its host. The state is the bundle's: evaluate it once per interpreter. */
export function createCore(host: Host): Core {
  attachFinalizers(host.finalizers);
  attachConvert(host);
  return {
    imports: { ...operations, ...suspension, pyjs_js_attach: (arena: number, size: number) => attach(host, arena, size) },
    PyProxy,
    proxyClasses,
    PythonError,
    PyBufferView,
    isPyProxy,
    isLive: (value) => (rootOf(value)?.pointer ?? 0) !== 0,
    pyimport,
    dispose,
    isGone,
    isRunning,
    setOnEnd,
    canSuspend,
    isWaiting,
    setOnWaiting,
    post,
    settings,
    LiteralMap,
    counts: () => ({ handles: countHandles(), proxies: owned }),
    stop,
    callExport,
    setRetains,
  };
}
