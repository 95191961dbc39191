// start.mjs: one sample of the start in Node, in a process of its own.
//
// node start.mjs RUNTIME FOLDER    prints milliseconds from importing the loader to the first result
import { performance } from "node:perf_hooks";
import { load } from "./runtimes.mjs";

const [, , id, folder] = process.argv;
const start = performance.now();
const { api } = await load(id, folder);
const result = api.runPython("1+1");
const time = performance.now() - start;
if (result !== 2) throw new Error(`start: expected 2 of runPython("1+1"), got ${result}`);
console.log(time);
process.exit(0);
