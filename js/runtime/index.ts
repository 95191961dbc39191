// index.ts: the module pyjs.mjs; its types and their documentation are in pyjs.d.ts.
import { createAPI } from "./api";
import { createCallPython } from "./call_python";
import { absoluteURL } from "./files";
import { SITE_PACKAGES, load } from "./load";
import { createPackages } from "./packages/index";
import type * as pyjs from "./pyjs";

export const version: typeof pyjs.version = PYJS_VERSION;

export const loadPyjs: typeof pyjs.loadPyjs = async (options = {}) => {
  const interpreter = await load(options);
  return createAPI(interpreter, createPackages(interpreter, createCallPython(interpreter.glue.pyjs), options));
};

/** For pyodide.mjs, which is built together with this file (js/compat); no part of the API. */
export const internals = {
  build: PYJS_BUILD,
  sitePackages: SITE_PACKAGES,
  absoluteURL,
  createAPI,
  createCallPython,
  createPackages,
  load,
};
