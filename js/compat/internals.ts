// internals.ts: `_api`: what programs, kernels and test runners use of Pyodide's insides.
import type { PyProxy } from "../runtime/pyjs";
import { Capture } from "./capture";
import { runtimeEnv } from "./environment";
import { NoGilError, deserializeError, errorConstructors } from "./errors";
import type { Module } from "./module";
import { packageMembers } from "./package_members";
import type { PyodideAPI } from "./pyodide";
import type { Switches } from "./start";
import { switches } from "./start";
import type { State } from "./state";
import { ABI_VERSION, PYODIDE_VERSION } from "./version";

export type Internals = Record<string, unknown>;

/** Modules of Python's, imported when one is first asked for. */
const MODULES: Readonly<Record<string, string>> = {
  _pyodide: "_pyodide",
  pyodide_base: "_pyodide._base",
  pyodide_py: "pyodide",
  pyodide_code: "pyodide.code",
  pyodide_ffi: "pyodide.ffi",
  package_loader: "pyodide._package_loader",
  importlib: "importlib",
  sys: "sys",
  os: "os",
};

function moduleMembers({ py }: State): PropertyDescriptorMap {
  const known = new Map<string, PyProxy>();
  const get = (name: string): PyProxy => {
    if (!known.has(name)) known.set(name, py.pyimport(name));
    return known.get(name)!;
  };
  const entries = Object.entries(MODULES).map(([member, name]) => [
    member,
    { get: () => get(name), enumerable: true, configurable: true },
  ]);
  return Object.fromEntries(entries) as PropertyDescriptorMap;
}

function asBytes(buffer: ArrayBuffer | ArrayBufferView): Uint8Array {
  if (!ArrayBuffer.isView(buffer)) return new Uint8Array(buffer);
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** The tag of an object, or "" where asking for it throws. */
function typeTag(value: unknown): string {
  try {
    return Object.prototype.toString.call(value);
  } catch {
    return "";
  }
}

function isPromise(value: unknown): boolean {
  try {
    return typeof (value as { then?: unknown } | null)?.then === "function";
  } catch {
    return false;
  }
}

function abortSignalAny(signals: AbortSignal[]): AbortSignal {
  if (typeof AbortSignal.any === "function") return AbortSignal.any(signals);
  const controller = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) controller.abort(signal.reason);
    else signal.addEventListener("abort", () => controller.abort(signal.reason), { once: true, signal: controller.signal });
  }
  return controller.signal;
}

/** Running code for its effects, and being told how it went. */
function runners({ py, interpreter }: State): Internals {
  const capture = new Capture(interpreter);
  let names: PyProxy | undefined;
  const { PythonError } = interpreter.glue.pyjs;
  const withoutNames = (): PyProxy => (names ??= py.runPython<PyProxy>("{'__builtins__': __import__('builtins')}"));
  return {
    capture_stderr: () => capture.start(),
    restore_stderr: () => capture.stop(),
    rawRun(code: string): [status: number, stderr: string] {
      capture.start();
      let said = "";
      let failure: Error | undefined;
      try {
        py.exec(code);
      } catch (error) {
        if (!(error instanceof PythonError)) throw error;
        failure = error;
      } finally {
        said = capture.stop();
      }
      if (failure === undefined) return [0, said];
      return [-1, `${said}\n${failure.message}`.trim()];
    },
    runPythonInternal: (code: string) => py.runPython(code, { globals: withoutNames() }),
    get runPythonInternal_dict() {
      return withoutNames();
    },
  };
}

/** What keeps tests apart. */
function states({ call }: State): Internals {
  return {
    saveState: () => call("pyjs._pyodide_host", "save_state"),
    restoreState: (saved: unknown) => call("pyjs._pyodide_host", "restore_state", saved),
    /** Test runners set it where a failure would be lost, and look at it. */
    fail_test: false,
    inTestHoist: false,
    tests: {},
  };
}

/** The end of the interpreter by an error, and what errors are. */
function failures({ interpreter }: State): Internals {
  const { pyjs } = interpreter.glue;
  return {
    /** Called with the error that stops the interpreter. */
    on_fatal: undefined,
    fatal_error(error: unknown): never {
      throw pyjs.stop(error);
    },
    maybe_fatal_error(error: unknown): void {
      if (pyjs.isGone()) throw error;
    },
    fatal_loading_error(...texts: string[]): never {
      throw pyjs.stop(new Error(texts.join(" ")));
    },
    PythonError: pyjs.PythonError,
    NoGilError,
    errorConstructors,
    deserializeError,
  };
}

function versions({ py }: State): Internals {
  let tuple: number[] | undefined;
  const ask = (): number[] =>
    (tuple = (py.runPython<PyProxy>("__import__('sys').version_info[:3]").toJs() as number[]));
  return {
    version: PYODIDE_VERSION,
    abiVersion: ABI_VERSION,
    get pyVersionTuple() {
      return tuple ?? ask();
    },
  };
}

function helpers({ interpreter, py }: State): Internals {
  const { glue, streams } = interpreter;
  return {
    runtimeEnv: runtimeEnv(),
    isPyProxy: py.isPyProxy,
    pyproxyIsAlive: (proxy: unknown) => glue.pyjs.isLive(proxy),
    typedArrayAsUint8Array: asBytes,
    getTypeTag: typeTag,
    isPromise,
    abortSignalAny,
    LiteralMap: glue.pyjs.LiteralMap,
    scheduleCallback(callback: () => void, timeout = 0): void {
      if (timeout <= 0) glue.pyjs.post(callback);
      else setTimeout(callback, timeout);
    },
    initializeStreams(stdin?: () => never, stdout?: (line: string) => void, stderr?: (line: string) => void): void {
      streams.setStdin(stdin && { stdin });
      streams.setOutput(1, stdout && { batched: stdout });
      streams.setOutput(2, stderr && { batched: stderr });
    },
    _Comlink: undefined,
    debug_ffi: false,
    bootstrapFinalizedPromise: Promise.resolve(),
  };
}

/** All members; programs may set them. */
export function createInternals(state: State, api: PyodideAPI, module: Module): Internals {
  const parts: object[] = [
    helpers(state),
    versions(state),
    runners(state),
    states(state),
    failures(state),
    switches(state) satisfies Switches,
    packageMembers(state),
    { public_api: api, globals: api.globals, config: { jsglobals: globalThis, ...state.config }, Module: module },
  ];
  const internals: Internals = {};
  for (const part of parts) Object.defineProperties(internals, Object.getOwnPropertyDescriptors(part));
  return Object.defineProperties(internals, moduleMembers(state));
}
