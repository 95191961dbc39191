// node.mjs: answers the harness's requests, one JSON line each, on the two descriptors it is given.
//
//   node node.mjs DIST REQUESTS ANSWERS
import { createReadStream, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { answer, createAgent } from "./agent.mjs";

const [dist, requests, answers] = process.argv.slice(2);
const { loadPyjs } = await import(new URL("pyjs.mjs", dist));
const agent = await createAgent(loadPyjs, dist);
writeSync(Number(answers), "ready\n");
for await (const line of createInterface({ input: createReadStream("", { fd: Number(requests) }) })) {
  writeSync(Number(answers), `${JSON.stringify(await answer(agent, JSON.parse(line)))}\n`);
}
