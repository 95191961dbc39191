"""Errors that pass through many frames of both languages, and callbacks that throw on the way."""

import pytest

from tests.hosts.base import Host

_START = """
const boom = new RangeError("from a callback");
const globals = py.toPy({ boom: () => { throw boom } });
const run = (code) => py.runPython(code, { globals });
const caught = (act) => { try { return act() } catch (error) { return error } };
const end = (value) => { run("import sys; sys.last_exc = None"); globals.destroy(); return value };
"""


@pytest.mark.parametrize(
    "code",
    [
        "try:\n  raise ValueError('first')\nfinally:\n  boom()",
        "try:\n  raise ValueError('first')\nexcept ValueError:\n  boom()",
        "class A:\n  def __enter__(self): return self\n  def __exit__(self, *_): boom()\n"
        "with A():\n  raise ValueError('first')",
        "import contextlib\nwith contextlib.ExitStack() as stack:\n  stack.callback(boom)\n"
        "  raise ValueError('first')",
        "def g():\n  try:\n    yield\n  finally:\n    boom()\nx = g(); next(x)\n"
        "try:\n  x.throw(ValueError('first'))\nfinally:\n  del x",
    ],
)
def test_a_callback_that_throws_while_python_unwinds(host: Host, code: str) -> None:
    body = """
    const error = caught(() => run(args[0]));
    return end([error === boom, run("import sys; repr(sys.last_exc.__context__)"), run("1 + 1")]);
    """
    assert host.js(_START + body, code) == [True, "ValueError('first')", 2]


def test_a_destructor_that_throws_is_reported_and_changes_nothing(host: Host) -> None:
    body = """
    run("class D:\\n  def __del__(self): boom()");
    output.length = 0;
    const out = [run("d = D()\\ndel d\\n'after'")];
    const f = run("def f():\\n  d = D()\\n  raise ValueError('its own')\\nf");
    out.push(caught(f).type); // its frame, and so its own D, live as long as the error
    const d = run("D()");
    out.push(d.destroy() === undefined);
    const list = run("[D()]"), taken = list.pop();
    list.destroy(); taken.destroy();
    f.destroy();
    const header = /^Exception ignored .*<function D.__del__/; // worded anew in Python 3.14
    const reports = output.filter((line) => header.test(line));
    out.push(reports.length,
      output.filter((line) => line.includes("RangeError: from a callback")).length);
    return end(out);
    """
    assert host.js(_START + body) == ["after", "ValueError", True, 3, 3]


def test_a_destructor_of_the_last_proxy_may_call_back(host: Host) -> None:
    body = """
    const seen = [];
    globals.set("seen", (x) => { seen.push(x.length); d.destroy(); });
    const d = run("class D:\\n  def __del__(self): seen([1, 2])\\nD()");
    d.destroy();
    return end([seen, caught(() => d.x).message]);
    """
    assert host.js(_START + body) == [
        [2], "this PyProxy of a Python object was destroyed: destroy() was called",
    ]  # fmt: skip


@pytest.mark.parametrize("depth", [1, 5, 40])
def test_a_python_error_passes_through_every_level_as_itself(host: Host, depth: int) -> None:
    body = """
    const level = run(`
    def level(n, call, error):
        try:
            if n == 0:
                raise error
            return call(n - 1, error)
        except BaseException as caught:
            seen.append(caught is error)
            raise
        finally:
            done.append(n)
    error, seen, done = ValueError("deep"), [], []
    level`.replaceAll("\\n    ", "\\n"));
    const thrown = [];
    const call = (n, error) => {
      try { return level(n, call, error) } catch (each) { thrown.push(each.type); throw each }
    };
    const error = caught(() => run(`level(${args[0]}, call, error)`.replace("call", "js_call")));
    globals.set("js_call", call);
    const last = caught(() => run(`level(${args[0]}, js_call, error)`));
    const out = [error.type, last.type, thrown.length, new Set(thrown).size, run("all(seen)"),
      run("len(seen)"), run("sys.last_exc is error"), last.message.includes("in level")];
    level.destroy();
    return end(out);
    """
    body = body.replace("const level", "run('import sys'); const level")
    assert host.js(_START + body, depth) == [
        "NameError", "ValueError", depth, 1, True, depth + 1, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "thrown", ["new TypeError('mine')", "({ mine: 1 })", "'text'", "null", "undefined"]
)
def test_a_javascript_error_passes_through_every_level_as_itself(host: Host, thrown: str) -> None:
    body = """
    const mine = new Function(`return ${args[0]}`)();
    const level = run("def level(n, call): return call(n - 1)\\nlevel");
    let levels = 0;
    const call = (n) => {
      levels++;
      if (n <= 0) throw mine;
      return level(n, call);
    };
    let same = false;
    try { level(20, call) } catch (error) { same = error === mine }
    level.destroy();
    return end([same, levels]);
    """
    assert host.js(_START + body, thrown) == [True, 20]


def test_an_error_changes_hands_through_promises_and_tasks(host: Host) -> None:
    body = """
    const level = run(`
    import asyncio
    async def level(n, call, error):
        if n == 0:
            raise error
        return await asyncio.ensure_future(call(n - 1, error))
    error = ValueError("deep")
    level`.replaceAll("\\n    ", "\\n"));
    const call = async (n, error) => {
      const kept = error.copy();
      try { return await level(n, call, kept) } finally { kept.destroy() }
    };
    const error = globals.get("error");
    const last = await call(6, error).catch((each) => each);
    const same = run(`
    def same(f):
        try:
            f()
        except ValueError as caught:
            return caught is error
    same`.replaceAll("\\n    ", "\\n"));
    const out = [last.type, same(() => { throw last })];
    // Its frames hold the callback, which holds the error: a circle through both heaps.
    run("error.__traceback__ = None");
    for (const each of [level, error, same]) each.destroy();
    return end(out);
    """
    assert host.js(_START + body) == ["ValueError", True]


def test_calls_go_in_again_from_every_operation(host: Host) -> None:
    body = """
    const o = run(`
    class Again:
        def __init__(self, n): self.n = n
        def __getattr__(self, name): return again(self.n, "get")
        def __len__(self): return again(self.n, "length")
        def __getitem__(self, key): return again(self.n, "item")
        def __call__(self): return again(self.n, "call")
        def __str__(self): return str(again(self.n, "text"))
        def __iter__(self): yield again(self.n, "iterate")
        def __contains__(self, x): return again(self.n, "has") > 0
    Again`.replaceAll("\\n    ", "\\n"));
    const use = { get: (x) => x.missing, length: (x) => x.length, item: (x) => x.get(1),
      call: (x) => x(),
      text: (x) => Number(x.toString()), iterate: (x) => [...x][0], has: (x) => Number(x.has(1)) };
    globals.set("again", (n, name) => {
      if (n === 0) return 1;
      const x = o(n - 1);
      try { return use[name](x) } finally { x.destroy() }
    });
    const results = Object.keys(use).map((name) => {
      const x = o(8);
      try { return use[name](x) } finally { x.destroy() }
    });
    o.destroy();
    return end(results);
    """
    assert host.js(_START + body) == [1] * 7
