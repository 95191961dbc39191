"""callPromising(): the result of a Python call as a promise; and what cloning a proxy says."""

from tests.hosts.base import Host
from tests.inside import not_in_pyodide

_SETUP = """
import asyncio
def add(a, b=2, *, c=0):
    log.append("ran")
    return a + b + c
async def later(a):
    await asyncio.sleep(0)
    if a < 0:
        raise ValueError("negative")
    return a * 2
def task(a):
    return asyncio.ensure_future(later(a))
def fail():
    raise KeyError("k")
log = []
"""
_START = """
const globals = py.runPython("{}");
py.runPython(args[0], { globals });
const [add, later, task, fail, log] = ["add", "later", "task", "fail",
  "log"].map((name) => globals.get(name));
const outcome = (promise) => promise.then((value) => value,
  (e) => e.type ?? `${e.name}: ${e.message}`);
const end = (value) => { for (const each of [add, later, task, fail, log, globals]) each.destroy();
  return value };
"""


@not_in_pyodide("Pyodide's callPromising begins in a later task")
def test_results_and_coroutines_as_promises(host: Host) -> None:
    body = """
    const list = await globals.get("log");
    const first = add.callPromising(1);
    const out = [first instanceof Promise, log.length];
    return end([...out, await first, await add.callPromisingKwargs(1, { c: 10 }),
      await add.callWithOptions({ promising: true }, 1, 1),
      await add.callWithOptions({ promising: true, kwargs: true }, 1, { b: 0 }),
      await add.callWithOptions({ promising: true, relaxed: true }, 1, 1, 1, 1),
      await add.callWithOptions({ promising: true, relaxed: true, kwargs: true }, 1, 1, { d: 1 }),
      add.callWithOptions({ promising: false }, 1), await later.callPromising(4),
        await task.callPromising(5),
      list.destroy()]);
    """
    assert host.js(_START + body, _SETUP) == [
        True, 1, 3, 13, 2, 1, 2, 2, 3, 8, 10, None,
    ]  # fmt: skip


def test_whatever_goes_wrong_rejects(host: Host) -> None:
    body = """
    const gone = py.runPython("[1]");
    gone.destroy();
    const out = [await outcome(fail.callPromising()), await outcome(later.callPromising(-1)),
      await outcome(task.callPromising(-1)), await outcome(add.callPromising(gone)),
      await outcome(add.callPromising()), await outcome(add.callPromisingKwargs(1)),
      await outcome(fail.callWithOptions({ promising: true }))];
    const { callPromising } = fail.copy();
    out.push(await outcome(callPromising.call({})));
    const copy = fail.copy(), ended = copy.callPromising.bind(copy);
    copy.destroy();
    out.push(await outcome(ended()));
    return end(out);
    """
    gone = "Error: this PyProxy of a Python {} was destroyed: destroy() was called"
    assert host.js(_START + body, _SETUP) == [
        "KeyError", "ValueError", "ValueError", gone.format("sequence"), "TypeError",
        "TypeError: callKwargs: expected an object of keyword arguments as the last argument",
        "KeyError", "TypeError: callPromising: expected a PyProxy of this runtime",
        gone.format("callable"),
    ]  # fmt: skip


def test_options_are_own_properties(host: Host) -> None:
    body = """
    const result = add.callWithOptions(Object.create({ promising: true }), 1);
    let text;
    try { add.callWithOptions({ promise: true }, 1) } catch (error) { text = error.message }
    return end([result, text]);
    """
    assert host.js(_START + body, _SETUP) == [
        3, "callWithOptions: unknown option promise; known are kwargs, relaxed, promising",
    ]  # fmt: skip


def test_cloning_or_posting_a_proxy_says_what_to_do(host: Host) -> None:
    body = """
    const made = ["[1]", "{}", "object()", "len"].map((code) => py.runPython(code));
    const { port1, port2 } = new MessageChannel();
    const values = [...made, made[0].asJsJson(), made[1].asJsJson(), { deep: [made[0]] }];
    const texts = values.flatMap((value) => [structuredClone,
      (x) => port1.postMessage(x)].map((clone) => {
      try { clone(value); return "cloned" } catch (error) {
        return `${error.name}: ${error.message}` }
    }));
    const copy = structuredClone(made[0].toJs());
    port1.close(); port2.close();
    for (const each of made) each.destroy();
    return [texts, copy];
    """
    texts, copy = host.js(body)
    assert copy == [1]
    assert [text.partition(":")[0] for text in texts] == ["DataCloneError"] * 14
    if host.name != "firefox":  # it says only that the object could not be cloned
        advice = ["copy it with toJs() first", "copied to another thread"]
        assert [
            advice[1 if place in (6, 7) else 0] in text for place, text in enumerate(texts)
        ] == [True] * 14
