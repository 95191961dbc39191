// node.mjs: answers the harness's requests, one JSON line each, on descriptors 3 and 4.
import { createReadStream, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { answer, createAgent } from "./agent.mjs";

const [, , dist] = process.argv;
const { loadPyjs } = await import(new URL("pyjs.mjs", dist));
const agent = await createAgent(loadPyjs, dist);
writeSync(4, "ready\n");
for await (const line of createInterface({ input: createReadStream("", { fd: 3 }) })) {
  writeSync(4, `${JSON.stringify(await answer(agent, JSON.parse(line)))}\n`);
}
