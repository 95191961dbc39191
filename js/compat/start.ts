// start.ts: what is put in place when Python has started.
import type { PyjsAPI } from "../runtime/pyjs";
import type { PyodideAPI } from "./pyodide";
import type { State } from "./state";

/** What of the interpreter can be switched at any time, under the names of `_api`. */
export interface Switches {
  setPyProxyToStringMethod(useRepr: boolean): void;
  setCompatNullToNone(active: boolean): void;
  setCompatToJsLiteralMap(active: boolean): void;
}

export function switches({ interpreter, call }: State): Switches {
  const { settings } = interpreter.glue.pyjs;
  return {
    setPyProxyToStringMethod: (useRepr) => void (settings.stringIsRepr = useRepr),
    setCompatNullToNone: (active) => void (settings.nullIsNone = active),
    setCompatToJsLiteralMap: (active) => {
      settings.literalMaps = active;
      call("pyjs._core", "set_usual_dicts", active);
    },
  };
}

/** Python gets the API, and what its own package puts in place. */
export function start(state: State, api: PyodideAPI): void {
  const { config, py, call, interpreter } = state;
  const { pyproxyToStringRepr = false, convertNullToNone = false, toJsLiteralMap = false, enableRunUntilComplete = true, jsglobals, stdin } = config;
  const set = switches(state);
  interpreter.glue.pyjs.settings.lenient = true;
  if (pyproxyToStringRepr) set.setPyProxyToStringMethod(true);
  if (convertNullToNone) set.setCompatNullToNone(true);
  if (toJsLiteralMap) set.setCompatToJsLiteralMap(true);
  // What it gives are lines, not pieces of text as the loader's own option.
  if (stdin !== undefined) py.setStdin({ stdin });
  py.registerJsModule("pyodide_js", api);
  if (jsglobals !== undefined && jsglobals !== globalThis) py.registerJsModule("js", jsglobals);
  call("pyjs._pyodide_host", "install");
  if (!enableRunUntilComplete) letLoopsReturn(py);
}

function letLoopsReturn(py: PyjsAPI): void {
  py.pyimport("asyncio").destroy(); // whose first import makes the loop
  const module = py.pyimport("pyjs.webloop");
  (module["HostLoop"] as { waits: boolean }).waits = false;
  module.destroy();
}
