"""Runtimes of a test's own, on every host."""

from __future__ import annotations

from typing import Any

from tests.compat.shelf import Shelf
from tests.hosts.base import Host
from tests.hosts.start import DIST

#: Loads a runtime whose lock file is that of the shelf.
LOAD = "const runtime = await load({ lockFileURL: args[0] + 'pyodide-lock.json' });"

# `load` and `pyodide` give runtimes that are disposed of in the end, by either entry; `loading`
# tells what a package loader did.
_START = """
const [loader, ...own] = args;
const { loadPyjs } = await import(loader);
const runtimes = [];
const load = async (options = {}) => {
  const stdout = () => undefined;
  const runtime = await loadPyjs({ stdout, stderr: stdout, ...options });
  runtimes.push(runtime);
  return runtime;
};
const pyodide = async (options = {}) => {
  const { loadPyodide } = await import(loader.replace("pyjs.mjs", "pyodide.mjs"));
  const stdout = () => undefined;
  const runtime = await loadPyodide({ stdout, stderr: stdout, ...options });
  runtimes.push(runtime);
  return runtime;
};
const loading = async (runtime, names, options = {}) => {
  const messages = [], errors = [];
  const callbacks = {
    messageCallback: (text) => messages.push(text),
    errorCallback: (text) => errors.push(text),
  };
  let loaded = null, thrown = null;
  try {
    const found = await runtime.loadPackage(names, { ...callbacks, ...options });
    loaded = found.map(({ name }) => name);
  } catch (error) {
    thrown = `${error.name}: ${error.message}`;
  }
  return { loaded, thrown, messages, errors };
};
/** What importing a module gives: the value of an expression, or the type of the exception. */
const importing = (runtime, name, expression = `${name}.where`) => {
  try {
    return runtime.runPython(`import ${name}; ${expression}`);
  } catch (error) {
    return error.type;
  }
};
const main = async (args) => { BODY };
try {
  return await main(own);
} finally {
  for (const runtime of runtimes) runtime.dispose();
}
"""


def run(host: Host, body: str, *args: Any) -> Any:
    """Run the body of an async function in a host; `args` is a list."""
    loader = f"{DIST.as_uri()}/pyjs.mjs" if host.is_node else "/dist/pyjs.mjs"
    return host.js(_START.replace("BODY", body), loader, *args)


def tell(host: Host, shelf: Shelf, *names: Any, options: str = "{}") -> list[dict[str, Any]]:
    """What loading each of `names` told, one after the other."""
    body = f"""{LOAD}
    const told = [];
    for (const names of args[1]) told.push(await loading(runtime, names, {options}));
    return told;
    """
    result: list[dict[str, Any]] = run(host, body, shelf.url, names)
    return result
