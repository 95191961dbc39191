// wheel_import.mjs: one sample of `import pyjs` in a stock Pyodide, in a process of its own.
//
// node wheel_import.mjs DIST URL    prints milliseconds: of loading Pyodide, installing, importing
import { performance } from "node:perf_hooks";

const [, , dist, url] = process.argv;
const times = [performance.now()];
const lap = () => times.push(performance.now());
const { loadPyodide } = await import(`${dist}/pyodide.mjs`);
const py = await loadPyodide({ indexURL: `${dist}/` });
await py.loadPackage("micropip", { messageCallback: () => {} });
const micropip = py.pyimport("micropip");
lap();
await micropip.install(url);
lap();
// After an installation Python reads the directory of its library's zip anew, whatever it imports.
py.runPython("import importlib.util; importlib.util.find_spec('pyjs_no_such_module')");
const begin = performance.now();
py.runPython("import pyjs");
const imported = performance.now() - begin;
console.log(JSON.stringify([times[1] - times[0], times[2] - times[1], imported]));
process.exit(0);
