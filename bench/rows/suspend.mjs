// suspend.mjs: stacks that wait (run_sync), and stacks that give way by themselves (time slices).
//
// It needs an engine with JSPI, and so runs in a process of its own, of another Node.
import { best, plain } from "../targets.mjs";

export const group = "suspend";

const RUN_SYNC = `
promise = js.Promise.resolve(1)

def run(n):
    for _ in range(n):
        ffi.run_sync(promise)
`;

const SLEEP = `
import asyncio

def run(n):
    for _ in range(n):
        ffi.run_sync(asyncio.sleep(0))
`;

const STACKS = 100;

/** Each of the stacks waits n times, in turn with all others. */
const stacks = (get) => {
  const wait = get("run");
  return (n) => Promise.all(Array.from({ length: STACKS }, () => wait.callPromising(n)));
};

const waits = [
  { id: "run-sync", name: "run_sync(Promise.resolve(1))", program: RUN_SYNC, isPromising: true, ...best(0.6) },
  { id: "sleep", name: "run_sync(asyncio.sleep(0))", program: SLEEP, isPromising: true, ...best(0.6) },
  { id: "stacks", name: "run_sync, 100 stacks in turn", setup: RUN_SYNC, loop: stacks, isAsync: true, per: STACKS, ...best(0.6) },
];

const WHILE = `
def run(n):
    i = 0
    while i < n:
        i += 1
`;

const ARITHMETIC = `
def run(n):
    x = 0
    for i in range(n):
        x = (x * 31 + i) & 0xFFFF
`;

const CALLS = `
def f(x):
    return x

def run(n):
    for i in range(n):
        f(i)
`;

const LISTS = `
def run(n):
    for _ in range(n):
        [x for x in range(100)]
`;

const TEXTS = `
def run(n):
    for i in range(n):
        str(i)
`;

/** Milliseconds of this thread's processor time: what else the machine does counts in neither sample. */
const used = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

const SLICE_MS = 12;
/** Two slices and a bit; there are many short pairs rather than a few long ones. */
const SLICED_MS = 26;

/** How often to repeat the loop for so long, once the engine has compiled it. */
const repetitions = async (run) => {
  const end = performance.now() + 500;
  while (performance.now() < end) await run.callPromising(1000);
  for (let n = 1000; ; n *= 2) {
    const before = used();
    await run.callPromising(n);
    const took = used() - before;
    if (took >= SLICED_MS / 2) return Math.round((n * SLICED_MS) / took);
  }
};

/** Nanoseconds of one repetition with time slices and without: both in the middle of the same time. */
const sliced = (get, api) => {
  const run = get("run");
  let n;
  const time = async (slice) => {
    api.setTimeSlice(slice);
    const before = used();
    await run.callPromising(n);
    const took = used() - before;
    api.setTimeSlice();
    return (took * 1e6) / n;
  };
  return async () => {
    n ??= await repetitions(run);
    const first = await time(SLICE_MS);
    const plain = (await time()) + (await time());
    return { value: (first + (await time(SLICE_MS))) / 2, plain: plain / 2 };
  };
};

const slices = [
  ["while", "while i < n: i += 1", WHILE],
  ["arithmetic", "arithmetic in a for loop", ARITHMETIC],
  ["calls", "calls of a function", CALLS],
  ["lists", "lists of 100", LISTS],
  ["texts", "str(i)", TEXTS],
].map(([id, name, program]) => ({
  id: `slices-${id}`,
  name: `slices: ${name}`,
  setup: program,
  compare: sliced,
  times: { sampleMs: 1, rounds: 10 },
  ...plain(1.03),
}));

const TIMERS = 40;

const LATENESS = `
import asyncio

async def load(seconds):
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end:
        sum(range(100))
        await asyncio.sleep(0)

def start(delays):
    loop = asyncio.get_running_loop()
    late = []
    for delay in delays:
        when = loop.time() + delay
        loop.call_at(when, lambda when=when: late.append(loop.time() - when))
    return late
`;

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Nanoseconds by which timers are late while a task keeps the loop busy: asyncio's, and setTimeout's. */
const lateness = (get, api) => {
  const [load, start] = [get("load"), get("start")];
  const delays = Array.from({ length: TIMERS }, (_, i) => i + 1);
  const seconds = api.toPy(delays.map((delay) => delay / 1000));
  const startBare = () => {
    const late = [];
    for (const delay of delays) {
      const when = performance.now() + delay;
      setTimeout(() => late.push(performance.now() - when), delay);
    }
    return late;
  };
  let round = 0;
  return async () => {
    const running = load((TIMERS + 15) / 1000);
    let bare;
    if (round++ % 2 === 0) bare = startBare();
    const own = start(seconds);
    bare ??= startBare();
    await running;
    const late = own.toJs();
    own.destroy();
    for (const times of [late, bare]) {
      if (times.length !== TIMERS) throw new Error(`timers: expected ${TIMERS} to fire, got ${times.length}`);
    }
    return { value: mean(late) * 1e9, plain: mean(bare) * 1e6 };
  };
};

const timers = { id: "timers", name: "lateness of timers under load", setup: LATENESS, compare: lateness, ...plain(1.05) };

export default [...waits, ...slices, timers];
