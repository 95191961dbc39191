"""PyProxy: Python objects used from JavaScript."""

from tests.hosts.base import Host


def test_attributes_are_properties(host: Host) -> None:
    assert host.js(
        """
        const o = py.runPython("class C: pass\\no = C()\\no.a = 1\\no");
        o.b = 'x';
        const out = [o.a, o.b, 'a' in o, 'zzz' in o, o.zzz === undefined, delete o.a, 'a' in o,
                     o.type, o.toString().includes("C object"), py.runPython("o.b")];
        o.destroy();
        py.runPython("del o, C");
        return out;
        """
    ) == [1, "x", True, False, True, True, False, "C", True, "x"]


def test_calls_take_positional_and_keyword_arguments(host: Host) -> None:
    assert host.js(
        """
        const f = py.runPython("lambda *a, **k: repr((a, k))");
        const out = [f(), f(1, 'x'), f.callKwargs({a: 1}), f.callKwargs(1, {"größe": 2}),
                     f.call(null, 3), f.apply(null, [4]), typeof f];
        let text; try { f.callKwargs(1); } catch (e) { text = e.message; }
        f.destroy();
        return [...out, text];
        """
    ) == [
        "((), {})",
        "((1, 'x'), {})",
        "((), {'a': 1})",
        "((1,), {'größe': 2})",
        "((3,), {})",
        "((4,), {})",
        "function",
        "callKwargs: expected an object of keyword arguments as the last argument",
    ]


def test_a_dict_has_get_set_has_delete_and_length(host: Host) -> None:
    assert host.js(
        """
        const d = py.runPython("{'a': 1, 'items': 2}");
        d.set('b', 3);
        const out = [d.get('a'), d.get('zzz') === undefined, d.has('a'), d.has('zzz'), d.length,
                     d.delete('a'), d.delete('a'), d.length, d.b, typeof d.items,
                     d.zzz === undefined];
        d.destroy();
        return out;
        """
    ) == [1, True, True, False, 3, True, False, 2, 3, "function", True]


def test_iteration_spread_and_destructuring(host: Host) -> None:
    assert host.js(
        """
        const list = py.runPython("[1, 2, 3]");
        const [a, ...rest] = list;
        const out = [[...list], a, rest, Math.max(...list)];
        for (const x of list) { out.push(x); break; }
        const o = py.runPython("import types\\ntypes.SimpleNamespace(x=1, y=2)");
        const {x, y, z = 9} = o;
        const dict = py.runPython("{'k': 1}");
        out.push([x, y, z], [...dict]);
        list.destroy(); o.destroy(); dict.destroy();
        return out;
        """
    ) == [[1, 2, 3], 1, [2, 3], 3, 1, [1, 2, 9], ["k"]]


def test_a_generator_gives_its_values_and_its_result(host: Host) -> None:
    values = host.js(
        """
        const g = py.runPython("def g():\\n  yield 1\\n  yield 2\\n  return 3\\ng()");
        const out = [g.next(), g.next(), g.next(), g.next()];
        g.destroy();
        py.runPython("del g");
        return out.map(({done, value}) => [done, value ?? null]);
        """
    )
    assert values == [[False, 1], [False, 2], [True, 3], [True, None]]


def test_destroy_ends_a_proxy_and_says_so(host: Host) -> None:
    assert (
        host.js(
            """
        const texts = [];
        const attempt = (act) => {
          try { act(); texts.push('ok'); } catch (e) { texts.push(e.message); }
        };
        const a = py.runPython("[1]"), b = a.copy(), f = py.runPython("lambda: 1");
        a.destroy(); a.destroy();
        attempt(() => a.length);
        attempt(() => a.append(1));
        attempt(() => a.copy());
        attempt(() => [...a]);
        texts.push(b.length);
        b.destroy({ message: 'mine' });
        attempt(() => b.length);
        f.destroy();
        attempt(() => f());
        attempt(() => py.globals.set('x', f));
        return texts;
        """
        )
        == ["this PyProxy of a Python sequence was destroyed: destroy() was called"] * 4
        + [
            1,
            "this PyProxy of a Python sequence was destroyed: mine",
        ]
        + ["this PyProxy of a Python callable was destroyed: destroy() was called"] * 2
    )


def test_instanceof_and_dispose(host: Host) -> None:
    assert host.js(
        """
        const a = py.runPython("[1]"), f = py.runPython("lambda: 1");
        const P = py.ffi.PyProxy;
        const out = [a instanceof P, f instanceof P, {} instanceof P, null instanceof P,
                     (() => 1) instanceof P,
                     f instanceof Function];
        let refused; try { new P(); } catch (e) { refused = e instanceof TypeError; }
        if (typeof Symbol.dispose === 'symbol') a[Symbol.dispose](); else a.destroy();
        let dead = false; try { a.length; } catch { dead = true; }
        f.destroy();
        return [...out, refused, dead];
        """
    ) == [True, True, False, False, False, True, True, True]


def test_a_proxy_shows_nothing_of_its_own_making(host: Host) -> None:
    assert host.js(
        """
        const o = py.runPython("[1]"), f = py.runPython("lambda: 1");
        const out = [Object.keys(o).includes('root'), 'root' in {...o}, Object.hasOwn(o, 'root'),
                     JSON.stringify(Object.keys(f))];
        o.destroy(); f.destroy();
        return out;
        """
    ) == [False, False, False, "[]"]


def test_a_frozen_proxy_is_refused_or_still_works(host: Host) -> None:
    assert host.js(
        """
        const o = py.runPython("[1]");
        try { Object.freeze(o); } catch {}
        const out = [o instanceof py.ffi.PyProxy, o.length];
        const kind = Object.getPrototypeOf(o) !== null;
        o.destroy();
        return [...out, kind];
        """
    ) == [True, 1, True]


def test_a_defined_property_is_refused_or_reaches_python(host: Host) -> None:
    assert host.js(
        """
        const o = py.runPython("import types\\ntypes.SimpleNamespace()");
        let refused = false;
        try { Object.defineProperty(o, 'x', {value: 1, configurable: true}); }
        catch { refused = true; }
        const seen = refused || o.x === 1;
        o.destroy();
        return seen;
        """
    )


def test_an_async_function_gives_a_promise(host: Host) -> None:
    assert host.js(
        """
        const f = py.runPython(`
async def f(x):
    import asyncio
    await asyncio.sleep(0)
    if x < 0: raise ValueError("negative")
    return x * 2
f`);
        const out = [await f(4)];
        await f(-1).catch((e) => out.push(e.type));
        await f(1).then((v) => out.push(v));
        await f(1).finally(() => out.push('finally'));
        const c = f(5);
        out.push(await c, await c);
        c.destroy(); f.destroy(); py.runPython("del f");
        return out;
        """
    ) == [8, "ValueError", 2, "finally", 10, 10]


def test_a_coroutine_left_to_an_event_listener_runs(host: Host) -> None:
    assert (
        host.js(
            """
        const f = py.runPython(`
seen = []
async def f(event):
    import asyncio
    seen.append(event.type)
    await asyncio.sleep(0)
    seen.append("later")
f`);
        const target = new EventTarget();
        target.addEventListener('go', f);
        target.dispatchEvent(new Event('go'));
        for (let i = 0; i < 50 && py.runPython("len(seen)") < 2; i++)
          await new Promise((r) => setTimeout(r, 5));
        const out = py.runPython("','.join(seen)");
        target.removeEventListener('go', f);
        f.destroy(); py.runPython("del f, seen");
        return out;
        """
        )
        == "go,later"
    )


def test_an_exception_chain_of_thousands_still_has_its_text(host: Host) -> None:
    assert host.js(
        """
        try {
          py.runPython(`
error = ValueError("first")
for i in range(3000):
    later = ValueError(str(i)); later.__context__ = error; error = later
raise error`, { globals: py.runPython("{}") });
        } catch (e) { return e.message.trim().endsWith("ValueError: 2999"); }
        """
    )


def test_a_call_with_very_many_arguments(host: Host) -> None:
    """More than the arena holds; and callbacks in between, which use it."""
    assert host.js(
        """
        const f = py.runPython("lambda *a, **k: [len(a), a[0], a[-1], len(k), k.get('k0')]");
        const many = Array.from({ length: 20000 }, (_, i) => (i % 2 ? i : `text ${i} ü`));
        const named = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, `${i}`]));
        const out = [];
        for (const list of [f(...many), f.callKwargs(...many, named), f(many[0])]) {
          out.push(list.toJs());
          list.destroy();
        }
        const calls = py.runPython("lambda call, *rest: [call(*rest), len(rest)]");
        const inner = calls((...rest) => rest.length, ...many);
        out.push(inner.toJs());
        for (const each of [f, calls, inner]) each.destroy();
        return out;
        """
    ) == [
        [20000, "text 0 ü", 19999, 0, None],
        [20000, "text 0 ü", 19999, 5000, "0"],
        [1, "text 0 ü", "text 0 ü", 0, None],
        [20000, 20000],
    ]


def test_a_task_is_cancelled_from_javascript(host: Host) -> None:
    """Awaited twice it rejects twice, with one error; Python sees the cancellation."""
    assert host.js(
        """
        const globals = py.runPython("{}");
        const task = py.runPython(`
import asyncio
seen = []
begun = False
async def sleeps():
    global begun
    begun = True
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        seen.append("cancelled")
        raise
asyncio.ensure_future(sleeps())`, { globals });
        const first = task.then(() => "done", (error) => error);
        while (!globals.get("begun")) await new Promise((resolve) => setTimeout(resolve, 1));
        task.cancel();
        const error = await first, again = await task.catch((other) => other === error);
        const seen = globals.get("seen"), out = [error.type, again, seen.toJs(), task.cancelled()];
        for (const each of [task, seen, globals]) each.destroy();
        return out;
        """
    ) == ["CancelledError", True, ["cancelled"], True]
