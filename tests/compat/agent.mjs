// agent.mjs: the agent of tests/hosts with Pyodide's API; what it imports at its first use is there.
import { createAgent } from "../hosts/agent.mjs";

const WARM = `
py.runPython("import pyodide_js._api\\nimport pyodide_js._module\\ndel pyodide_js");
const { sys, importlib, runPythonInternal_dict, pyVersionTuple } = py._api;
py._api.saveState().destroy();
`;

export async function createCompatAgent(loadPyodide, indexURL) {
  globalThis.loadPyodide = loadPyodide;
  const agent = await createAgent(loadPyodide, indexURL);
  await agent.js(WARM, []);
  return agent;
}
