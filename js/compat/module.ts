// module.ts: `_module`: what programs and test runners use of Pyodide's Emscripten module.
import type { Glue } from "pyjs-glue";
import type { Interpreter } from "../runtime/load";

/** What is set on it stays, as on any object. */
export type Module = Record<string, unknown>;

type Callee = (...args: unknown[]) => unknown;
type ArrayClass = new (buffer: ArrayBuffer) => ArrayBufferView;

const HEAPS: Readonly<Record<string, ArrayClass>> = {
  HEAP8: Int8Array,
  HEAPU8: Uint8Array,
  HEAP16: Int16Array,
  HEAPU16: Uint16Array,
  HEAP32: Int32Array,
  HEAPU32: Uint32Array,
  HEAPF32: Float32Array,
  HEAPF64: Float64Array,
  HEAP64: BigInt64Array,
  HEAPU64: BigUint64Array,
};

/** Views of linear memory, each made anew: it may have grown. */
function heaps(glue: Glue): PropertyDescriptorMap {
  const entries = Object.entries(HEAPS).map(([name, View]) => {
    const get = (): ArrayBufferView => new View(glue.HEAPU32.buffer as ArrayBuffer);
    return [name, { get, enumerable: true, configurable: true }];
  });
  return Object.fromEntries(entries) as PropertyDescriptorMap;
}

/** The text that ends with a zero, or behind `limit` bytes. */
function textAt(glue: Glue, address: number, limit = Infinity): string {
  const bytes = new Uint8Array(glue.HEAPU32.buffer, address);
  const zero = bytes.indexOf(0);
  return new TextDecoder().decode(bytes.slice(0, Math.min(zero, limit)));
}

/** The proxies that live, whose number test runners compare; which they are, `pyjs.ffi.leaks()` tells. */
class Allocations {
  constructor(private readonly glue: Glue) {}
  get size(): number {
    return this.glue.pyjs.counts().proxies;
  }
  entries(): IterableIterator<[proxy: object, stack: string]> {
    return new Map<object, string>().entries();
  }
}

function counters(glue: Glue): Module {
  // The count is kept at all times.
  const trace = (): void => undefined;
  return {
    hiwire: { num_keys: () => glue.pyjs.counts().handles },
    _hiwire_num_refs: () => glue.pyjs.counts().handles,
    pyproxy_alloc_map: new Allocations(glue),
    enable_pyproxy_allocation_tracing: trace,
    disable_pyproxy_allocation_tracing: trace,
  };
}

/** `_PyDict_New` is the export PyDict_New: a function, or the address of data. */
function exported(interpreter: Interpreter, name: string): unknown {
  const { glue } = interpreter;
  const found: unknown = interpreter.instance.exports?.[name];
  if (typeof found !== "function") return found instanceof WebAssembly.Global ? found.value : undefined;
  // Looked up again at each call: who keeps what this gives is not to keep the instance.
  return (...args: unknown[]) => glue.pyjs.callExport(interpreter.instance.exports?.[name] as Callee, args);
}

/** Throws the exception that a call of CPython's own functions left, if there is one. */
function throwPending(interpreter: Interpreter): void {
  const pointer = (exported(interpreter, "PyErr_GetRaisedException") as () => number)();
  if (pointer !== 0) throw new interpreter.glue.pyjs.PythonError(pointer);
}

/** Emscripten's stack, which grows down. */
function stack(interpreter: Interpreter): Module {
  const call = (name: string, ...args: unknown[]): unknown => (exported(interpreter, name) as Callee)(...args);
  return {
    stackSave: () => call("emscripten_stack_get_current"),
    stackRestore: (address: unknown) => call("_emscripten_stack_restore", address),
    stackAlloc: (bytes: unknown) => call("_emscripten_stack_alloc", bytes),
  };
}

/**
 * Its own members, those of our Emscripten module, and all that the wasm module exports. Calling an
 * export is the caller's own risk: arguments are addresses and numbers, and nothing is checked.
 */
export function createModule(interpreter: Interpreter): Module {
  const { glue } = interpreter;
  const members: Module = {
    ...counters(glue),
    ...stack(interpreter),
    UTF8ToString: (address: number, limit?: number) => textAt(glue, address, limit),
    _pythonexc2js: () => throwPending(interpreter),
    // Pyodide keeps the last method called; test runners let it go. Nothing is kept here.
    _clear_method_call_singleton: () => undefined,
  };
  Object.defineProperties(members, heaps(glue));
  const known = glue as unknown as Module;
  const find = (key: string): unknown => {
    if (Object.hasOwn(known, key)) return known[key];
    return key.startsWith("_") ? exported(interpreter, key.slice(1)) : undefined;
  };
  return new Proxy(members, {
    get: (own, key, receiver) => {
      if (typeof key !== "string" || key in own) return Reflect.get(own, key, receiver);
      return find(key);
    },
    has: (own, key) => key in own || (typeof key === "string" && find(key) !== undefined),
  });
}
