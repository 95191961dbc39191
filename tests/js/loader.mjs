// loader.mjs: runs bodies of functions that load runtimes of their own, in one process after the other.
import { createReadStream, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { answer } from "../hosts/agent.mjs";

const AsyncFunction = (async () => {}).constructor;
const [dist, requests, answers] = process.argv.slice(2);
const { loadPyjs, version } = await import(new URL("pyjs.mjs", dist));
const loaded = [];

async function load(options) {
  const py = await loadPyjs(options);
  loaded.push(py);
  return py;
}

const agent = {
  async js(body, [indexURL, ...args]) {
    try {
      return await new AsyncFunction("loadPyjs", "version", "args", "indexURL", body)(load, version, args, indexURL);
    } finally {
      for (const py of loaded.splice(0)) py.dispose();
    }
  },
};

writeSync(Number(answers), "ready\n");
for await (const line of createInterface({ input: createReadStream("", { fd: Number(requests) }) })) {
  writeSync(Number(answers), `${JSON.stringify(await answer(agent, JSON.parse(line)))}\n`);
}
