// pyodide.mjs: pyjs in stock Pyodide, from its wheel, with the API that the harness expects.

/** Gives a function like loadPyjs(), which installs the wheel at `url` into a loaded Pyodide. */
export function loadsWheel(pyodide, url) {
  return async ({ stdout, stderr }) => {
    pyodide.setStdout({ batched: stdout });
    pyodide.setStderr({ batched: stderr });
    await pyodide.loadPackage("micropip", { messageCallback: () => {} });
    const micropip = pyodide.pyimport("micropip");
    await micropip.install(url);
    micropip.destroy();
    return pyodide.runPython("import pyjs\npyjs.set_proxy_lifetime('call')\npyjs.to_pyodide(pyjs.api)");
  };
}
