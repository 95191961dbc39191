// session.mjs: the body of an async function in a stock Pyodide that has micropip.
//
//   node session.mjs DIST BODY ARGUMENT ...    prints what the body returns, as JSON
const [dist, body, ...args] = process.argv.slice(2);
const { loadPyodide } = await import(`${dist}/pyodide.mjs`);
const py = await loadPyodide({ indexURL: `${dist}/` });
await py.loadPackage("micropip", { messageCallback: () => {} });
const micropip = py.pyimport("micropip");
/** The last line of the error that a promise ends with, or "". */
const failure = (promise) => promise.then(() => "", (error) => error.message.trim().split("\n").at(-1));
const AsyncFunction = async function () {}.constructor;
const run = new AsyncFunction("py", "micropip", "failure", "args", body);
console.log(JSON.stringify(await run(py, micropip, failure, args)));
process.exit(0);
