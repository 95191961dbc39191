// python_api.ts: what the API has of Python itself, whoever has loaded the interpreter.
import type { Core } from "../core/index";
import type { CallPython } from "./call_python";
import { executeAPI } from "./execute";
import { describe, expectString, optional, optionalChoice, optionalInteger, readOptions } from "./options";
import type { PyProxy, PyjsAPI, RunOptions } from "./pyjs";

const RUN_OPTIONS = ["globals", "locals", "filename"] as const;

const TO_PY_OPTIONS = ["depth", "defaultConverter", "convertNullToNone", "numbers", "typed", "dates"] as const;
const TABLE_TYPES = ["auto", "f64", "f32", "i32", "u32", "i16", "u16", "i8", "u8", "i64", "u64"];

function runOptions(code: unknown, given: RunOptions | undefined, operation: string): unknown[] {
  if (typeof code !== "string") {
    throw new TypeError(`${operation}: expected Python code as a string, got ${describe(code)}`);
  }
  if (given === undefined) return [code];
  const options = readOptions(operation, given, RUN_OPTIONS);
  optional(operation, options, "filename", "string");
  return [code, options.globals, options.locals, options.filename];
}

type Callable = (...args: unknown[]) => unknown;
interface WithKeywords {
  callKwargs(...args: unknown[]): unknown;
}

function expectModule(module: unknown): object {
  if ((typeof module === "object" && module !== null) || typeof module === "function") return module;
  throw new TypeError(`registerJsModule: expected an object as the module, got ${describe(module)}`);
}

type Names =
  | "version"
  | "globals"
  | "ffi"
  | "runPython"
  | "runPythonAsync"
  | "exec"
  | "eval"
  | "exec_eval"
  | "async_exec_eval"
  | "eval_file"
  | "pyimport"
  | "registerJsModule"
  | "unregisterJsModule"
  | "isPyProxy"
  | "toPy"
  | "setDebug";

/** What most programs need of Python is imported once, here. */
export function pythonAPI(pyjs: Core, call: CallPython): Pick<PyjsAPI, Names> {
  const code = pyjs.pyimport("pyjs.code") as PyProxy;
  const evaluate = code["run"] as Callable;
  const begin = code["run_async"] as Callable;
  const evaluateAsync = async (...args: unknown[]): Promise<unknown> => {
    const coroutine = begin(...args) as PyProxy;
    try {
      return await coroutine;
    } finally {
      coroutine.destroy(); // not only when it is collected
    }
  };
  const convert = (pyjs.pyimport("pyjs.ffi") as PyProxy)["to_py"] as WithKeywords;
  const main = pyjs.pyimport("__main__") as PyProxy;
  return {
    version: PYJS_VERSION,
    globals: main["__dict__"] as PyProxy,
    // Classes that users never construct: their public types say so.
    ffi: { ...pyjs.proxyClasses, PyBufferView: pyjs.PyBufferView, PythonError: pyjs.PythonError, leaks: () => call("pyjs._leaks", "leaks_to_js") } as unknown as PyjsAPI["ffi"],
    runPython: <T>(source: string, options?: RunOptions) =>
      evaluate(...runOptions(source, options, "runPython")) as T,
    runPythonAsync: async <T>(source: string, options?: RunOptions) =>
      (await evaluateAsync(...runOptions(source, options, "runPythonAsync"))) as T,
    ...executeAPI(call, evaluate, evaluateAsync),
    pyimport: (name) => pyjs.pyimport(name) as PyProxy,
    registerJsModule: (name, module) => {
      const known = expectString("registerJsModule", "the module's name", name);
      call("pyjs.importer", "register_js_module", known, expectModule(module));
    },
    unregisterJsModule: (name) => {
      const known = expectString("unregisterJsModule", "the module's name", name);
      call("pyjs.importer", "unregister_js_module", known);
    },
    isPyProxy: (value): value is PyProxy => pyjs.isPyProxy(value),
    toPy: (value, given) => {
      const options = readOptions("toPy", given, TO_PY_OPTIONS);
      const depth = optionalInteger("toPy", options, "depth") ?? -1;
      const converter = optional("toPy", options, "defaultConverter", "function");
      const none = optional("toPy", options, "convertNullToNone", "boolean") ?? false;
      const dates = optional("toPy", options, "dates", "boolean") ?? false;
      const numbers = optionalChoice("toPy", options, "numbers", ["auto", "float"]) ?? "auto";
      const typed = optionalChoice("toPy", options, "typed", TABLE_TYPES);
      const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
      if (value === null && none) return undefined; // what None is
      if (!isObject || pyjs.isPyProxy(value)) return value;
      const kwargs = { depth, default_converter: converter, numbers, typed, dates };
      return convert.callKwargs(value, none ? { ...kwargs, null: undefined } : kwargs);
    },
    setDebug: (active) => {
      if (typeof active !== "boolean") throw new TypeError(`setDebug: expected true or false, got ${typeof active}`);
      return call("pyjs._leaks", "set_debug", active) as boolean;
    },
  };
}
