// call_python.ts: calls functions of the Python package that few programs need.
import type { Core } from "../core/index";
import type { PyProxy } from "./pyjs";

/** Calls a function of a Python module, which is imported when it first is needed. */
export type CallPython = (module: string, name: string, ...args: unknown[]) => unknown;

export function createCallPython(pyjs: Core): CallPython {
  return (module, name, ...args) => {
    const imported = pyjs.pyimport(module) as PyProxy;
    try {
      return (imported[name] as (...args: unknown[]) => unknown)(...args);
    } finally {
      imported.destroy();
    }
  };
}
