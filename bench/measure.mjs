// measure.mjs: calibrated samples of one row, interleaved over the runtimes.
import { performance } from "node:perf_hooks";

const TRIAL_MS = 2;

/** Lets finalizers and other waiting tasks run, then collects garbage where node allows it. */
async function settle() {
  await new Promise((resolve) => setTimeout(resolve, 0));
  globalThis.gc?.();
}

/** Milliseconds that `run(n)` takes. */
async function elapsed(run, n, isAsync) {
  const start = performance.now();
  if (isAsync) await run(n);
  else run(n);
  return performance.now() - start;
}

/** How many operations take about `sampleMs`. */
async function calibrate({ run, isAsync }, sampleMs) {
  let n = 1;
  for (;;) {
    // Twice, lest what else the machine does be taken for the operation.
    const time = Math.min(await elapsed(run, n, isAsync), await elapsed(run, n, isAsync));
    if (time >= TRIAL_MS) return Math.max(1, Math.round((n * sampleMs) / time));
    n *= time < TRIAL_MS / 8 ? 8 : 2;
  }
}

/** Runs a case for `warmMs`, so that every engine tier it can reach is reached. */
export async function warm(one, { sampleMs, warmMs }) {
  const end = performance.now() + warmMs;
  let n = await calibrate(one, sampleMs);
  do {
    await elapsed(one.run, n, one.isAsync);
    if (one.empty) one.empty(n);
  } while (performance.now() < end);
  one.n = await calibrate(one, sampleMs);
}

/** Takes one sample: nanoseconds per operation, of the case and of its loop with nothing in it. */
async function sample({ run, empty, isAsync, per, n }, into) {
  const perOperation = (time) => (time * 1e6) / (n * per);
  into.whole.push(perOperation(await elapsed(run, n, isAsync)));
  if (empty) into.loop.push(perOperation(await elapsed(empty, n, false)));
}

/** Takes the pairs of numbers that `sampler` gives, `{ value, plain }`; the first is to warm up. */
export async function compare(sampler, { rounds }) {
  const value = [];
  const plain = [];
  await sampler();
  for (let round = 0; round < rounds; round++) {
    await settle();
    const pair = await sampler();
    value.push(pair.value);
    plain.push(pair.plain);
  }
  return { value: { whole: value, loop: [] }, plain: { whole: plain, loop: [] } };
}

/**
 * Measures the cases of one row, `{ [runtime]: case }`: warm-up, then rounds in
 * which every runtime gives one sample. The order rotates, so that none is
 * always the one that runs after another's garbage.
 */
export async function measure(cases, settings) {
  const ids = Object.keys(cases);
  const samples = Object.fromEntries(ids.map((id) => [id, { whole: [], loop: [] }]));
  for (const id of ids) await warm(cases[id], settings);
  for (let round = 0; round < settings.rounds; round++) {
    await settle();
    for (let turn = 0; turn < ids.length; turn++) {
      const id = ids[(round + turn) % ids.length];
      await sample(cases[id], samples[id]);
    }
  }
  return samples;
}
