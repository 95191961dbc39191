// pyodide.asm.mjs: what service workers pass to Pyodide's loader, which must not import it later.
// Ours imports nothing later, and calls it never.
export default async function createPyodideModule() {
  throw new Error("pyodide.asm.mjs: pass this function to loadPyodide as createPyodideModule; it is not to be called");
}
