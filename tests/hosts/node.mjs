// node.mjs: answers the harness's requests, one JSON line each, on the two descriptors it is given.
//
//   node node.mjs DIST REQUESTS ANSWERS [WHEEL]    DIST is that of pyjs, or of Pyodide for a wheel
import { createReadStream, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { answer, createAgent } from "./agent.mjs";
import { loadsWheel } from "./pyodide.mjs";

const [dist, requests, answers, wheel] = process.argv.slice(2);

async function load() {
  if (wheel === undefined) {
    const { loadPyjs } = await import(new URL("pyjs.mjs", dist));
    return createAgent(loadPyjs, dist);
  }
  const { loadPyodide } = await import(new URL("pyodide.mjs", dist));
  return createAgent(loadsWheel(loadPyodide, wheel), fileURLToPath(dist));
}

const agent = await load();
writeSync(Number(answers), "ready\n");
for await (const line of createInterface({ input: createReadStream("", { fd: Number(requests) }) })) {
  writeSync(Number(answers), `${JSON.stringify(await answer(agent, JSON.parse(line)))}\n`);
}
