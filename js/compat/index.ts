// index.ts: the module pyodide.mjs; its types and their documentation are in pyodide.d.ts.
import { internals } from "pyjs-loader";
import { createPyodide } from "./api";
import { loadOptions, setup } from "./load";
import { readConfig } from "./options";
import type * as pyodide from "./pyodide";
import { readState } from "./state";
import { PYODIDE_VERSION } from "./version";

export const version: typeof pyodide.version = PYODIDE_VERSION;

/** A cache may have kept one of the files of another build. */
function checkBuild(): void {
  if (internals.build === PYJS_BUILD) return;
  throw new Error(
    "loadPyodide: pyodide.mjs and pyjs.mjs are of different builds; load both from one folder, or pass checkAPIVersion: false",
  );
}

export const loadPyodide: typeof pyodide.loadPyodide = async (given = {}) => {
  const config = readConfig(given);
  if (config.checkAPIVersion !== false) checkBuild();
  // The interpreter may stop before there is an API to tell.
  let api: pyodide.PyodideAPI | undefined;
  const onFatal = (error: Error): void => (api?._api as { on_fatal?(error: Error): void } | undefined)?.on_fatal?.(error);
  const interpreter = await internals.load(loadOptions(config, onFatal), await setup(config));
  const state = readState(interpreter, config);
  api = createPyodide(state);
  await state.lockRead;
  const { packages = [] } = config;
  if (packages.length > 0) await api.loadPackage(packages);
  return api;
};
