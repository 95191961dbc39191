// node.mjs: as tests/hosts/node.mjs, with Pyodide's API.
//
//   node node.mjs DIST REQUESTS ANSWERS
import { createReadStream, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { answer } from "../hosts/agent.mjs";
import { createCompatAgent } from "./agent.mjs";

const [dist, requests, answers] = process.argv.slice(2);
const { loadPyodide } = await import(new URL("pyodide.mjs", dist));
const agent = await createCompatAgent(loadPyodide, dist);
writeSync(Number(answers), "ready\n");
for await (const line of createInterface({ input: createReadStream("", { fd: Number(requests) }) })) {
  writeSync(Number(answers), `${JSON.stringify(await answer(agent, JSON.parse(line)))}\n`);
}
