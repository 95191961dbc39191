// load.mjs: installs a wheel into a stock Pyodide through micropip, runs Python, prints its result.
//
//   node load.mjs DIST CODE URL            the wheel at a URL
//   node load.mjs DIST CODE pyjs INDEX     the newest that a package index has
const [dist, code, wanted, index] = process.argv.slice(2);
const { loadPyodide } = await import(`${dist}/pyodide.mjs`);
const py = await loadPyodide({ indexURL: `${dist}/` });
await py.loadPackage("micropip", { messageCallback: () => {} });
const micropip = py.pyimport("micropip");
await (index ? micropip.install.callKwargs(wanted, { index_urls: index }) : micropip.install(wanted));
micropip.destroy();
console.log(JSON.stringify(py.runPython(code)));
