// join.ts: makes the core inside a loader that has no Embind, for the wheel.
import type { Core } from "../core/index";
import { createCore } from "../core/index";
import type { Exports, Host } from "../core/types";
import { createCallPython } from "../runtime/call_python";
import { pythonAPI } from "../runtime/python_api";
import { addFunctions } from "./table";

/** What the function that the linker embeds finds around it: names of Emscripten's loader. */
export interface Loader {
  readonly memory: WebAssembly.Memory;
  readonly table: WebAssembly.Table;
}

/** In the order of Imported in src/glue_table.hpp. */
const IMPORTED: readonly (readonly [name: string, signature: string])[] = [
  ["pyjs_js_call", "iiiiii"],
  ["pyjs_js_call_method", "iiiii"],
  ["pyjs_js_get", "iii"],
  ["pyjs_js_set", "iii"],
  ["pyjs_js_op", "iiiiii"],
  ["pyjs_js_item", "iiiii"],
  ["pyjs_js_store", "ii"],
  ["pyjs_js_load", "iii"],
  ["pyjs_js_classify_error", "iii"],
  ["pyjs_js_make_error", "ii"],
  ["pyjs_js_features", "vii"],
  ["pyjs_js_make_proxy", "iii"],
  ["pyjs_js_done", "viii"],
  ["pyjs_js_attach", "vii"],
  ["_emval_incref", "vi"],
  ["_emval_decref", "vi"],
  ["_emval_get_global", "ii"],
  ["_emval_new_cstring", "ii"],
  ["_emval_get_property", "iii"],
  ["_emval_strictly_equals", "iii"],
];

/** In the order of src/entry_wheel.cpp. */
const EXPORTED = [
  "pyjs_py_call",
  "pyjs_py_op",
  "pyjs_run_promising",
  "pyjs_py_incref",
  "pyjs_py_decref",
  "pyjs_py_key",
  "pyjs_py_is_same",
  "pyjs_py_alloc",
  "pyjs_py_bytes",
  "pyjs_py_bytearray",
  "pyjs_py_doubles",
  "pyjs_py_doubles_at",
  "pyjs_class_hold",
  "pyjs_class_release",
  "free",
] as const satisfies readonly (keyof Exports)[];

/** Embind's table: value and reference count in turn; the first four are not counted. */
const CONSTANTS = [undefined, 1, null, 1, true, 1, false, 1];

class Emval {
  readonly values: unknown[] = [0, 1, ...CONSTANTS];
  private readonly free: number[] = [];

  toHandle(value: unknown): number {
    switch (value) {
      case undefined:
        return 2;
      case null:
        return 4;
      case true:
        return 6;
      case false:
        return 8;
      default: {
        const handle = this.free.pop() ?? this.values.length;
        this.values[handle] = value;
        this.values[handle + 1] = 1;
        return handle;
      }
    }
  }

  retain(handle: number): void {
    if (handle > 9) this.values[handle + 1] = (this.values[handle + 1] as number) + 1;
  }

  release(handle: number): void {
    if (handle <= 9) return;
    const count = (this.values[handle + 1] as number) - 1;
    this.values[handle + 1] = count;
    if (count !== 0) return;
    this.values[handle] = undefined;
    this.free.push(handle);
  }

  count(): number {
    return this.values.length / 2 - 5 - this.free.length;
  }
}

function text(memory: WebAssembly.Memory, address: number): string {
  const bytes = new Uint8Array(memory.buffer);
  return new TextDecoder().decode(bytes.slice(address, bytes.indexOf(0, address)));
}

/** The functions of Embind's that src/emval_provider.cpp calls. */
function embind(emval: Emval, memory: WebAssembly.Memory): Record<string, (...args: never[]) => unknown> {
  const { values } = emval;
  return {
    _emval_incref: (handle: number) => emval.retain(handle),
    _emval_decref: (handle: number) => emval.release(handle),
    _emval_get_global: (name: number) =>
      emval.toHandle(name === 0 ? globalThis : Reflect.get(globalThis, text(memory, name))),
    _emval_new_cstring: (address: number) => emval.toHandle(text(memory, address)),
    _emval_get_property: (object: number, key: number) =>
      emval.toHandle(Reflect.get(Object(values[object]) as object, values[key] as PropertyKey)),
    _emval_strictly_equals: (one: number, other: number) => (values[one] === values[other] ? 1 : 0),
  };
}

/** What both bridges hold; see python/pyjs/_guest.py. */
interface Guest {
  /** The API for JavaScript, made when it is first asked for. */
  readonly api: object;
  /** Pyodide's proxy of a function that makes the call of a ticket. */
  enter?: { callPromising(ticket: number): Promise<unknown> };
  value: unknown;
  /** Whether functions that Python passes live until JavaScript drops them. */
  setRetains(active: boolean): void;
}

function createGuest(): { guest: Guest; own(core: Core): void } {
  let core: Core;
  let api: object | undefined;
  return {
    guest: {
      get api() {
        return (api ??= pythonAPI(core, createCallPython(core)));
      },
      value: undefined,
      setRetains: (active) => core.setRetains(active),
    },
    own: (made) => {
      core = made;
    },
  };
}

/** Keeps the call, and lets the host enter Python on a stack that it can suspend. */
function promisingBy(guest: Guest, keep: Exports["pyjs_run_promising"]): Exports["pyjs_run_promising"] {
  return async (callable, slots, positional, keywords, ticket) => {
    void keep(callable, slots, positional, keywords, ticket);
    await guest.enter!.callPromising(ticket);
  };
}

/**
 * Fills `imported` with table indices, takes the `count` functions at `exported`. The handle of
 * the object that both bridges hold.
 */
export function join(loader: Loader, imported: number, exported: number, count: number): number {
  const { memory, table } = loader;
  if (count !== EXPORTED.length) {
    throw new Error(`pyjs: expected ${EXPORTED.length} functions of the core, got ${count}; the build is not of one piece`);
  }
  const emval = new Emval();
  let words = new Uint32Array(memory.buffer);
  const exports: Exports = Object.fromEntries(
    EXPORTED.map((name, i) => [name, table.get(words[(exported >>> 2) + i]!)]),
  ) as Record<(typeof EXPORTED)[number], never>;
  const { guest, own } = createGuest();
  const host: Host = {
    values: emval.values,
    toHandle: (value) => emval.toHandle(value),
    release: (handle) => emval.release(handle),
    countHandles: () => emval.count(),
    memory: () => memory,
    exports: () => exports,
    empty: () => undefined,
    runPromising: promisingBy(guest, exports.pyjs_run_promising),
  };
  const core = createCore(host);
  const functions: Record<string, (...args: never[]) => unknown> = {
    ...core.imports,
    ...embind(emval, memory),
  };
  const indices = addFunctions(
    table,
    IMPORTED.map(([name, signature]) => [functions[name]!, signature]),
  );
  words = new Uint32Array(memory.buffer);
  words.set(indices, imported >>> 2);
  own(core);
  return emval.toHandle(guest);
}
