// api.ts: the object that loadPyodide() gives.
import type { LoadPackageOptions } from "../runtime/packages.d.ts";
import type { Packages } from "../runtime/packages/index";
import type { PyProxy, RunOptions } from "../runtime/pyjs";
import { dedent } from "./dedent";
import { createInternals } from "./internals";
import { lenient } from "./lenient";
import { createModule } from "./module";
import type { CanvasInterface, PyodideAPI, RunOptions as PyodideRunOptions } from "./pyodide";
import { start } from "./start";
import type { State } from "./state";
import { PYODIDE_VERSION } from "./version";

const RUN = ["globals", "locals", "filename"];
const TO_PY = ["depth", "defaultConverter"];
const STDIN = ["stdin", "read", "error", "isatty", "autoEOF"];
const STDOUT = ["batched", "raw", "write", "isatty", "fsync", "getTerminalSize"];
const LOAD = ["messageCallback", "errorCallback", "checkIntegrity"];

type Run<T> = (code: string, options?: RunOptions) => T;

/** `run`, whose programs may be indented. */
function dedenting<T>(operation: string, run: Run<T>): (code: string, options?: PyodideRunOptions) => T {
  return (code, options) => {
    if (typeof code !== "string") return run(code); // which says what is wrong
    if (options === undefined) return run(dedent(code));
    const { dedent: wanted = true } = lenient<PyodideRunOptions>(operation, options, ["dedent"])!;
    return run(wanted ? dedent(code) : code, lenient<RunOptions>(operation, options, RUN));
  };
}

function canvasOf(module: { canvas?: unknown }): CanvasInterface {
  const get = (): HTMLCanvasElement | undefined => module.canvas as HTMLCanvasElement | undefined;
  const set = (canvas: HTMLCanvasElement): void => {
    module.canvas = canvas;
  };
  return { setCanvas2D: set, getCanvas2D: get, setCanvas3D: set, getCanvas3D: get };
}

/** What of Pyodide's API is the packages'. */
function packagesOf(packages: Packages): Pick<PyodideAPI, "loadPackage" | "loadPackagesFromImports"> {
  const read = (operation: string, options: unknown): LoadPackageOptions | undefined =>
    lenient<LoadPackageOptions>(operation, options, LOAD);
  return {
    loadPackage: async (names, options) => packages.loadPackage(names, read("loadPackage", options)),
    loadPackagesFromImports: async (code, options) =>
      packages.loadPackagesFromImports(code, read("loadPackagesFromImports", options)),
  };
}

/** Its members are those of pyjs's own API, and those that Pyodide has otherwise, or alone. */
export function createPyodide(state: State): PyodideAPI {
  const { py, packages } = state;
  const module = createModule(state.interpreter);
  let pyodidePy: PyProxy | undefined;
  const members: Partial<PyodideAPI> = {
    version: PYODIDE_VERSION,
    runPython: dedenting("runPython", (code, options) => py.runPython(code, options)),
    runPythonAsync: dedenting("runPythonAsync", async (code, options) => py.runPythonAsync(code, options)),
    toPy: (value, options) => py.toPy(value, lenient("toPy", options, TO_PY)),
    setStdin: (options) => py.setStdin(lenient("setStdin", options, STDIN)),
    setStdout: (options) => py.setStdout(lenient("setStdout", options, STDOUT)),
    setStderr: (options) => py.setStderr(lenient("setStderr", options, STDOUT)),
    unpackArchive: (buffer, format, options) =>
      py.unpackArchive(buffer, format, lenient("unpackArchive", options, ["extractDir"])),
    ...packagesOf(packages),
    loadedPackages: packages.loadedPackages,
    get lockfile() {
      return state.lock().file;
    },
    get lockfileBaseUrl() {
      return state.lock().base;
    },
    get pyodide_py() {
      return (pyodidePy ??= py.pyimport("pyodide"));
    },
    canvas: canvasOf(module),
    registerComlink(Comlink: unknown) {
      internals["_Comlink"] = Comlink;
    },
    makeMemorySnapshot() {
      throw new Error("makeMemorySnapshot: interpreters cannot be saved and restored here");
    },
    async useNodeSockFS() {
      throw new Error("useNodeSockFS: there are no sockets here; use fetch, or what is built on it");
    },
  };
  const api = Object.create(py, Object.getOwnPropertyDescriptors(members)) as PyodideAPI;
  const internals = createInternals(state, api, module);
  module["API"] = internals;
  const hidden = { _api: internals, _module: module };
  Object.defineProperties(api, Object.getOwnPropertyDescriptors(hidden));
  start(state, api);
  return api;
}
