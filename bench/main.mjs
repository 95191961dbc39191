// main.mjs: measures the rows in every runtime, in this one process; prints a JSON line per row.
//
// node --expose-gc main.mjs '{"runtimes": {id: location}, "rows": [row id], "rounds": n,
//                             "sampleMs": ms, "warmMs": ms, "startMs": ms}'
// or '{"list": true}', which prints the ids and names of all rows.
import { checkCase, makeCase, makeComparison } from "./cases.mjs";
import { compare, measure, warm } from "./measure.mjs";
import { loadAll } from "./runtimes.mjs";

const GROUPS = ["pure", "py_js", "js_py", "deep", "asyncio", "suspend"];
const OURS = "pyjs";

/**
 * The rows of a group. Each runtime gets a copy of the module, hence of its functions: shared
 * ones would carry the type feedback of one runtime's objects into another's loops.
 */
async function rowsFor(group, runtime) {
  return import(`./rows/${group}.mjs?for=${runtime}`);
}

/**
 * What a program does right after loading: it runs Python. The same for every runtime.
 *
 * In few long calls: were the runtime's own entry code compiled by now, V8 in Node 20 would abort
 * when it drops that code in the middle of a call (see docs/benchmarks.md, "Known limits").
 */
async function startUp(runtime, startMs) {
  const { default: rows } = await rowsFor("pure", runtime.id);
  const warmMs = startMs / rows.length;
  for (const row of rows) await warm(makeCase(row, runtime), { sampleMs: 50, warmMs });
}

/** What an error says; of a Python traceback, its last line. */
function lastLine(error) {
  return String(error).trimEnd().split("\n").at(-1);
}

/** A row that is compared with our own runtime, or with JavaScript, and not with the peers. */
async function measureAlone(row, runtime, settings) {
  try {
    const { value, plain } = await compare(makeComparison(row, runtime), settings);
    return { taken: { [OURS]: value, plain }, errors: {} };
  } catch (error) {
    return { taken: {}, errors: { [OURS]: lastLine(error) } };
  }
}

function settingsOf({ times }, settings) {
  if (times === undefined) return settings;
  return { ...settings, sampleMs: settings.sampleMs * times.sampleMs, rounds: settings.rounds * times.rounds };
}

async function measureRow(index, modules, runtimes, general) {
  const ours = modules[OURS].default[index];
  const settings = settingsOf(ours, general);
  if (ours.compare) return measureAlone(ours, runtimes.find(({ id }) => id === OURS), settings);
  const cases = {};
  const errors = {};
  for (const runtime of runtimes) {
    try {
      const one = makeCase(modules[runtime.id].default[index], runtime);
      await checkCase(one);
      cases[runtime.id] = one;
    } catch (error) {
      errors[runtime.id] = lastLine(error);
    }
  }
  return { taken: await measure(cases, settings), errors };
}

async function measureGroup(group, runtimes, settings) {
  const modules = {};
  for (const { id } of runtimes) modules[id] = await rowsFor(group, id);
  const { group: title, default: rows } = modules[runtimes[0].id];
  for (const [index, row] of rows.entries()) {
    const id = `${group}/${row.id}`;
    if (!settings.rows.includes(id)) continue;
    const result = await measureRow(index, modules, runtimes, settings);
    const { name, target = null } = row;
    console.log(JSON.stringify({ group: title, id, name, unit: "ns", target, ...result }));
  }
}

async function list() {
  for (const group of GROUPS) {
    const { default: rows } = await rowsFor(group, "list");
    for (const { id, name } of rows) console.log(`${group}/${id}`.padEnd(24), name);
  }
}

const settings = JSON.parse(process.argv[2]);
if (settings.list) {
  await list();
  process.exit(0);
}
const runtimes = [];
for await (const runtime of loadAll(settings.runtimes)) {
  await startUp(runtime, settings.startMs);
  runtimes.push(runtime);
}
for (const group of GROUPS) await measureGroup(group, runtimes, settings);
