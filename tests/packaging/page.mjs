// page.mjs: installs and imports the wheel in a page; `said` is what came of it, and of Python then.
const given = new URLSearchParams(location.search);
const { loadPyodide } = await import(`${given.get("pyodide")}pyodide.mjs`);
const py = await loadPyodide({ indexURL: given.get("pyodide") });
await py.loadPackage("micropip", { messageCallback: () => {} });
const micropip = py.pyimport("micropip");
const message = (error) => error.message;
const installed = await micropip.install(given.get("wheel")).then(() => "", message);
const imported = await py.runPythonAsync("import pyjs").then(() => "", message);
globalThis.said = { installed, imported, after: py.runPython("sum(range(1000))") };
