// loader.mjs: runs bodies of functions that load runtimes of their own, in one process after the other.
import { createReadStream, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { answer, runLoading } from "../hosts/agent.mjs";

const [dist, requests, answers] = process.argv.slice(2);
const { loadPyjs, version } = await import(new URL("pyjs.mjs", dist));
const agent = {
  js: (body, [indexURL, ...args]) => runLoading(loadPyjs, body, { version, args, indexURL }),
};

writeSync(Number(answers), "ready\n");
for await (const line of createInterface({ input: createReadStream("", { fd: Number(requests) }) })) {
  writeSync(Number(answers), `${JSON.stringify(await answer(agent, JSON.parse(line)))}\n`);
}
