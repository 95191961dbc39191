// agent.mjs: the side of the test harness that lives beside the runtime, in a page or in Node.

const AsyncFunction = (async () => {}).constructor;
const pause = (milliseconds = 0) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Runs the body of an async function that loads runtimes of its own, which are disposed of in the
 * end; `given` are other names that it sees.
 */
export async function runLoading(loadPyjs, body, given) {
  const loaded = [];
  const load = async (options) => {
    const py = await loadPyjs(options);
    loaded.push(py);
    return py;
  };
  try {
    return await new AsyncFunction("loadPyjs", ...Object.keys(given), body)(load, ...Object.values(given));
  } finally {
    for (const py of loaded) py.dispose();
  }
}

/** Loads one runtime and gives what the harness calls on it. */
export async function createAgent(loadPyjs, indexURL) {
  const output = [];
  const py = await loadPyjs({
    indexURL,
    stdout: (line) => output.push(line),
    stderr: (line) => output.push(line),
    proxyLifetime: "call", // what PEP 818 says, and other hosts do
  });
  const harness = py.runPython("import gc, sys\nfrom pyjs import _core\n_core.counts");
  const forget = py.runPython(
    "def forget():\n    sys.last_exc = sys.last_value = sys.last_type = None\nforget",
  );
  const collect = py.runPython("gc.collect");
  const isWaiting = py.runPython(
    "def waits():\n    suspend = sys.modules.get('pyjs._suspend')\n" +
      "    return suspend is not None and suspend.is_waiting()\nwaits",
  );

  function counts() {
    const live = harness();
    const read = (name) => live.get(name);
    const result = {
      js_proxies: read("js_proxies"),
      py_proxies: read("py_proxies"),
      handles: read("handles"),
      stacks: isWaiting() ? "some wait" : "none waits",
    };
    live.destroy();
    return result;
  }

  /** Lets both collectors run until the counts are `wanted`, or do not change any more. */
  async function settle(wanted) {
    forget();
    // Most tests leave nothing to collect, and a collection takes longer than they do.
    if (JSON.stringify(counts()) === wanted) return counts();
    await pause(); // a host's own loop lets go of a callback in a later task
    if (JSON.stringify(counts()) === wanted) return counts();
    let last = "";
    for (let round = 0, same = 0; round < 40 && (wanted || same < 6); round++) {
      collect();
      globalThis.gc();
      await pause(same < 6 ? 0 : 50); // for what another process is to end
      const now = JSON.stringify(counts());
      if (now === wanted) break;
      same = now === last ? same + 1 : 0;
      last = now;
    }
    return counts();
  }

  return {
    /** Runs the body of an async JavaScript function; `py` is the runtime. */
    js: (body, args) => new AsyncFunction("py", "args", "output", body)(py, args, output),
    load: (body, args) => runLoading(loadPyjs, body, { args }),
    settle,
  };
}

/** Runs a request and gives an answer that survives JSON. */
export async function answer(agent, { verb, args }) {
  try {
    const value = await agent[verb](...args);
    return { value: value === undefined ? null : value };
  } catch (error) {
    return { error: String(error?.message ?? error), type: String(error?.name ?? typeof error) };
  }
}
