// load.mjs: installs a wheel into a stock Pyodide through micropip, runs Python, prints its result.
//
//   node load.mjs DIST URL CODE
const [dist, url, code] = process.argv.slice(2);
const { loadPyodide } = await import(`${dist}/pyodide.mjs`);
const py = await loadPyodide({ indexURL: `${dist}/` });
await py.loadPackage("micropip", { messageCallback: () => {} });
const micropip = py.pyimport("micropip");
await micropip.install(url);
micropip.destroy();
console.log(JSON.stringify(py.runPython(code)));
