// index.ts: the module pyjs.mjs; its types and their documentation are in pyjs.d.ts.
import { createAPI } from "./api";
import { createCallPython } from "./call_python";
import { load } from "./load";
import { createPackages } from "./packages/index";
import type * as pyjs from "./pyjs";

export const version: typeof pyjs.version = PYJS_VERSION;

export const loadPyjs: typeof pyjs.loadPyjs = async (options = {}) => {
  const interpreter = await load(options);
  const packages = createPackages(interpreter, createCallPython(interpreter.glue.pyjs), options);
  return createAPI(interpreter, packages);
};

/** For pyodide.mjs, which is built together with this file (js/compat); no part of the API. */
export const internals = { createAPI, createCallPython, createPackages, load };
