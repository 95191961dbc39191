// runtimes.mjs: the runtimes that are compared, each loaded by its own public loader.
import { pathToFileURL } from "node:url";

// What row code may name, bound in the way each runtime documents it.
const PYODIDE_NAMES = `
import js
from pyodide import ffi
`;
const PYJS_NAMES = `
from pyjs import ffi, js
`;

const definitions = {
  pyjs: { loader: "pyjs.mjs", load: "loadPyjs", names: PYJS_NAMES },
  pyodide: { loader: "pyodide.mjs", load: "loadPyodide", names: PYODIDE_NAMES },
  "pyodide-0-29": { loader: "pyodide.mjs", load: "loadPyodide", names: PYODIDE_NAMES },
  wheel: { host: "pyodide", names: PYJS_NAMES },
};

/** The loader's module and the name of its load function, for a runtime in `folder`. */
export function loaderOf(id, folder) {
  const definition = definitions[id];
  if (definition === undefined) throw new Error(`no runtime ${id}; known: ${Object.keys(definitions)}`);
  return { url: pathToFileURL(`${folder}/${definition.loader}`).href, load: definition.load };
}

/** Loads a runtime as a user's program does. */
export async function load(id, folder) {
  const { url, load: name } = loaderOf(id, folder);
  const module = await import(url);
  return { id, api: await module[name]() };
}

/**
 * All of `locations`, `{ [id]: folder }`. The wheel's location is its file; it is installed into the
 * Pyodide that was loaded before it, so that both bridges are in one interpreter.
 */
export async function* loadAll(locations) {
  const apis = {};
  for (const [id, location] of Object.entries(locations)) {
    const { host } = definitions[id] ?? {};
    const runtime = host ? { id, api: await install(location, apis[host]) } : await load(id, location);
    apis[id] = runtime.api;
    yield runtime;
  }
}

async function install(wheel, pyodide) {
  await pyodide.loadPackage(wheel, { messageCallback: () => {} });
  return pyodide.runPython("import pyjs; pyjs.to_pyodide(pyjs.api)");
}

/** A new namespace in which the names of row code are bound. */
export function namespace(runtime) {
  const names = runtime.api.runPython("dict(__name__='bench')");
  runtime.api.runPython(definitions[runtime.id].names, { globals: names });
  return names;
}
