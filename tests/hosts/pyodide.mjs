// pyodide.mjs: pyjs in stock Pyodide, from its wheel, with the API that the harness expects.

/** Gives a function like loadPyjs(), which installs the wheel at `url`. */
export function loadsWheel(loadPyodide, url) {
  return async ({ indexURL, stdout, stderr }) => {
    const pyodide = await loadPyodide({ indexURL, stdout, stderr });
    await pyodide.loadPackage("micropip", { messageCallback: () => {} });
    const micropip = pyodide.pyimport("micropip");
    await micropip.install(url);
    micropip.destroy();
    return pyodide.runPython("import pyjs\npyjs.set_proxy_lifetime('call')\npyjs.to_pyodide(pyjs.api)");
  };
}
