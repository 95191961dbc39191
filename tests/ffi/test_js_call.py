"""Calling JavaScript functions: arguments, `this`, `new`, and how long arguments live."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside
from tests.waits import turns, until


@inside
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 63, 70, 1000])
def test_every_number_of_arguments_arrives_in_order(count: int) -> None:
    from pyjs import run_js

    args = [(i, f"s{i}", i + 0.5)[i % 3] for i in range(count)]
    assert run_js("(...a) => JSON.stringify(a)")(*args) == run_js("a => JSON.stringify(a)")(
        run_js("(...a) => a")(*args)
    )
    assert run_js("(...a) => a.length")(*args) == count
    assert list(run_js("(...a) => a")(*args)) == args
    assert run_js("(...a) => a.length")(*args, k=1) == count + 1


@inside
def test_keywords_become_one_trailing_object() -> None:
    from pyjs import run_js, to_py

    all_of = run_js("(...a) => a")
    assert to_py(all_of(1, a=2, b="x")) == [1, {"a": 2, "b": "x"}]
    assert to_py(all_of(a=None)) == [{"a": None}]
    assert to_py(all_of()) == []
    assert to_py(all_of(**{"größe": 1, "😀": 2, "": 3})) == [{"größe": 1, "😀": 2, "": 3}]
    many = {f"k{i}": i for i in range(300)}
    assert to_py(all_of(0, **many)) == [0, many]


@inside
def test_a_keyword_named_proto_is_a_plain_property() -> None:
    from pyjs import run_js

    own = run_js(
        "o => Object.hasOwn(o, '__proto__') && Object.getPrototypeOf(o) === Object.prototype"
    )
    assert own(__proto__=run_js("({polluted: 1})")) is True
    assert run_js("({}).polluted") is None
    assert run_js("o => o.constructor")(constructor=1, prototype=2) == 1


@inside
def test_a_method_is_called_with_its_object_as_this() -> None:
    from pyjs import run_js

    o = run_js("({n: 5, m(...a) { return [this === globalThis, this.n, a.length] }})")
    assert list(o.m(1)) == [False, 5, 1]
    assert list(o.m(1, 2, 3, 4)) == [False, 5, 4]
    assert list(o.m(k=1)) == [False, 5, 1]
    method = o.m
    del o
    assert list(method()) == [False, 5, 0]
    assert run_js("(function () { 'use strict'; return this === undefined })")() is True


@inside
def test_new_constructs() -> None:
    from pyjs import JsException, js, run_js

    assert js.Date.new(0).getTime() == 0
    assert js.Array.new(1, 2, 3, 4, 5).length == 5
    cls = run_js("(class { constructor(a, o) { this.a = a; this.k = o?.k } })")
    made = cls.new(1, k=2)
    assert (made.a, made.k) == (1, 2)
    for act, name in ((lambda: cls(1), "TypeError"), (lambda: js.Math.max.new(), "TypeError")):
        try:
            act()
        except JsException as error:
            assert error.name == name
        else:
            raise AssertionError("nothing was raised")


@inside
def test_a_callback_gets_arguments_and_gives_a_result() -> None:
    from pyjs import run_js

    assert run_js("f => f()")(lambda: None) is None
    assert run_js("f => f(1, 'ü', [2]) + 1")(lambda a, b, c: a + len(b) + c[0]) == 5
    assert list(run_js("f => [3, 1, 2].sort(f)")(lambda a, b: a - b)) == [1, 2, 3]
    assert list(run_js("f => [1, 2].map(x => f(x))")(lambda x: x * 2)) == [2, 4]
    assert run_js("f => f(...Array(70).keys())")(lambda *a: sum(a)) == sum(range(70))


@inside
def test_an_argument_is_dead_after_the_call_and_says_what_to_do() -> None:
    from pyjs import JsException, run_js

    run_js("f => { globalThis.kept = f }")(lambda: 1)
    try:
        run_js("kept()")
    except JsException as error:
        assert "was destroyed" in error.message
        assert "create_proxy" in error.message
        assert "copy()" in error.message
    else:
        raise AssertionError("it still works")
    run_js("delete globalThis.kept")


@inside
def test_a_python_object_set_as_a_property_stays_usable() -> None:
    from pyjs import run_js

    o = run_js("({})")
    o.f = lambda: 5
    assert run_js("o => o.f()")(o) == 5
    assert o.f() == 5
    assert o.f() == 5


@inside
def test_a_copy_outlives_the_call() -> None:
    from pyjs import run_js

    run_js("f => { globalThis.kept = f.copy() }")(lambda: 5)
    assert run_js("kept()") == 5
    run_js("kept.destroy(); delete globalThis.kept")


@inside
def test_create_proxy_outlives_the_call_until_destroyed() -> None:
    import sys

    from pyjs import JsException, create_proxy, run_js

    class Adder:
        def __call__(self, a, b):
            return a + b

    adder = Adder()
    held = [adder]  # Python 3.14 does not count what a name lends
    before = sys.getrefcount(held[0])
    proxy = create_proxy(adder)
    assert sys.getrefcount(held[0]) == before + 1
    run_js("f => { globalThis.kept = f }")(proxy)
    assert run_js("kept(1, 2)") == 3
    assert run_js("kept('a', 'b')") == "ab"
    proxy.destroy()
    assert sys.getrefcount(held[0]) == before
    try:
        run_js("kept(1, 2)")
    except JsException as error:
        assert "destroy() was called" in error.message
    else:
        raise AssertionError("it still works")
    proxy.destroy()
    run_js("delete globalThis.kept")


@inside
def test_create_proxy_survives_being_returned_by_a_javascript_function() -> None:
    from pyjs import create_proxy, js, run_js

    def listener():
        return 5

    proxy = create_proxy(listener)
    registry = js.Map.new()
    registry.set("click", proxy)
    for _ in range(3):
        assert registry.get("click")() == 5
    assert run_js("m => m.get('click')()")(registry) == 5
    proxy.destroy()


@inside
def test_create_once_callable_is_freed_by_its_call() -> None:
    import sys

    from pyjs import JsException, create_once_callable, run_js

    def once(x):
        return x + 1

    held = [once]  # Python 3.14 does not count what a name lends
    before = sys.getrefcount(held[0])
    run_js("f => { globalThis.kept = f }")(create_once_callable(once))
    assert run_js("kept(1)") == 2
    assert sys.getrefcount(held[0]) == before
    try:
        run_js("kept(1)")
    except JsException as error:
        assert "called once" in error.message
    else:
        raise AssertionError("it was called twice")
    unused = create_once_callable(once)
    unused.destroy()
    assert sys.getrefcount(held[0]) == before
    run_js("delete globalThis.kept")
    try:
        create_once_callable(5)
    except TypeError as error:
        assert "expected a callable, got int" in str(error)


@inside
def test_a_once_callable_that_raises_is_spent_too() -> None:
    from pyjs import JsException, create_once_callable, run_js

    def once():
        raise KeyError("k")

    call = run_js("f => f()")
    proxy = create_once_callable(once)
    texts = []
    for _ in range(2):
        try:
            call(proxy)
        except KeyError:
            texts.append("KeyError")
        except JsException as error:
            texts.append(error.message)
    assert texts[0] == "KeyError"
    assert "called once" in texts[1]


@inside
def test_a_python_object_that_comes_back_is_the_same_object() -> None:
    from pyjs import run_js

    class Thing:
        pass

    same = run_js("x => x")
    for thing in (Thing(), [1], {"a": 1}, (1,), {1}, b"x", lambda: 1, Thing, 1j, ...):
        assert same(thing) is thing
        assert run_js("x => [x]")(thing) is not thing
        assert run_js("(f, x) => f(x)")(lambda x, thing=thing: x is thing, thing) is True


@inside
def test_a_javascript_object_that_comes_back_is_identical() -> None:
    from pyjs import run_js

    o = run_js("globalThis.o = {}; o")
    assert run_js("x => x === o")(o) is True
    assert run_js("f => f() === o")(lambda: o) is True
    run_js("delete globalThis.o")


@inside
async def test_arguments_live_until_the_promise_settles() -> None:
    from pyjs import JsException, run_js

    late = run_js(
        "async (f, o) => { await null; await new Promise(r => setTimeout(r, 5));"
        " globalThis.kept = f; return f(o.value) }"
    )

    class Holder:
        value = 20

    assert await late(lambda x: x + 1, Holder()) == 21
    try:
        run_js("kept()")
    except JsException as error:
        assert "settled" in error.message
    else:
        raise AssertionError("it still works")
    failing = run_js("async f => { await null; f(); throw new Error('no') }")
    seen = []
    try:
        await failing(lambda: seen.append(1))
    except JsException as error:
        assert error.message == "no"
    assert seen == [1]
    run_js("delete globalThis.kept")


@inside
@pytest.mark.parametrize("outcome", ["value", "error"])
@pytest.mark.parametrize("kind", ["promise", "thenable", "subclass"])
@pytest.mark.parametrize(
    "how", ["await", "task", "then", "run_sync", "late", "twice", "cancelled", "timeout", "nobody"]
)
async def test_what_is_lent_lives_until_the_promise_settles(
    how: str, kind: str, outcome: str
) -> None:
    """Whoever waits for the promise, and whether or not they stay: each of the arguments."""
    import asyncio
    import contextlib

    from pyjs import JsException, run_js
    from pyjs.ffi import can_run_sync, run_sync

    shared = run_js(
        """(() => {
          const shared = { isAlive: null };
          const settle = (resolve, reject, outcome) => {
            if (outcome === "error") reject(new RangeError("no")); else resolve("yes");
          };
          class Own extends Promise {}
          shared.call = (kind, outcome, f, list, thing) => {
            let act;
            const executor = (resolve, reject) => {
              act = () => settle(resolve, reject, outcome);
            };
            const use = () => [f(list[0]), thing.name].join();
            const kinds = {
              promise: () => new Promise(executor),
              subclass: () => new Own(executor),
              thenable: () => {
                const inner = new Promise(executor);
                return { then: (f, g) => inner.then(f, g) };
              },
            };
            shared.use = () => {
              try { return use() } catch (error) { return error.message }
            };
            shared.settle = () => act();
            return kinds[kind]();
          };
          return shared;
        })()"""
    )

    class Thing:
        name = "thing"

    reports = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: reports.append(str(context["exception"])))
    try:
        promise = shared.call(kind, outcome, lambda x: x + 1, [41], Thing())
        assert shared.use() == "42,thing"

        async def waits():
            try:
                return await promise
            except JsException as error:
                return error.message

        if how in ("nobody", "late"):  # whose rejection would end Node
            promise.catch(lambda _: None)
        waiting = []
        if how == "then":
            waiting.append(promise.then(lambda x: x, lambda error: error.message))
        elif how == "run_sync" and can_run_sync():

            async def waits_on_its_stack():
                try:
                    return run_sync(promise)
                except JsException as error:
                    return error.message

            waiting.append(asyncio.create_task(waits_on_its_stack()))
        elif how == "timeout":
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(waits(), 0.01)
        elif how not in ("late", "nobody"):
            waiting += [asyncio.create_task(waits()) for _ in range(2 if how == "twice" else 1)]
        await turns()
        if how == "cancelled":
            waiting[0].cancel()
            await asyncio.wait(waiting)
            waiting = []
        # Neither waiting for it nor having given up lets go of them.
        assert shared.use() == "42,thing"
        if how in ("cancelled", "timeout"):
            waiting.append(asyncio.create_task(waits()))
            await asyncio.sleep(0)
        shared.settle()
        answer = "yes" if outcome == "value" else "no"
        if how == "late":
            waiting.append(asyncio.create_task(waits()))
        if waiting:
            assert await asyncio.gather(*waiting) == [answer] * len(waiting)
        await until(lambda: "42" not in shared.use())
        del promise, waiting
    finally:
        loop.set_exception_handler(None)
    await turns()
    assert reports == []


@inside
async def test_a_thenable_for_which_arguments_live_is_asked_once() -> None:
    from pyjs import js, run_js

    shared = run_js(
        """(() => {
          const shared = { asked: 0 };
          shared.call = (f) => ({ then(resolve) { shared.asked++; resolve(f(1)); } });
          shared.broken = (f) => ({ get then() { throw new RangeError("then") }, value: f(1) });
          return shared;
        })()"""
    )
    promise = shared.call(lambda x: x + 1)
    assert isinstance(promise, js.Promise)
    assert [await promise, await promise, shared.asked] == [2, 2, 1]
    assert shared.broken(lambda x: x + 1).value == 2


@inside
async def test_a_promise_may_resolve_with_its_own_argument() -> None:
    import asyncio

    from pyjs import run_js

    class Thing:
        pass

    thing = Thing()
    answer = await asyncio.wait_for(run_js("async x => x")(thing), 30)
    assert answer is thing
    answer = await asyncio.wait_for(run_js("async x => { await null; return [x][0] }")(thing), 30)
    assert answer is thing


@inside
def test_arguments_of_a_promise_that_nobody_keeps_are_freed() -> None:
    from pyjs import run_js

    run_js("f => new Promise(() => {})")(lambda: 1)


@inside
def test_arguments_live_until_the_generator_is_exhausted() -> None:
    from pyjs import JsException, run_js

    generator = run_js("(function* (f) { globalThis.kept = f; yield f(1); yield f(2); return 9 })")
    assert list(generator(lambda x: x * 10)) == [10, 20]
    try:
        run_js("kept()")
    except JsException as error:
        assert "ended" in error.message
    else:
        raise AssertionError("it still works")
    run_js("delete globalThis.kept")


@inside
def test_arguments_of_a_generator_left_early_are_freed() -> None:
    from pyjs import run_js

    generator = run_js("(function* (f) { yield f(1); yield f(2) })")
    for value in generator(lambda x: x * 10):
        assert value == 10
        break
    generator(lambda x: x)


@inside
async def test_an_async_generator_stays_one_when_it_takes_a_python_argument() -> None:
    from pyjs import run_js, to_py

    make = run_js("(async function* (f) { yield f(1); yield f(2) })")
    generator = make(lambda x: x * 10)
    assert run_js("g => typeof g[Symbol.asyncIterator]")(generator) == "function"
    collect = run_js(
        "async g => { const out = []; for await (const x of g) { out.push(x);"
        " if (out.length > 5) break } return out }"
    )
    assert to_py(await collect(generator)) == [10, 20]


def test_calls_by_the_hundred_thousand_leave_no_handles_behind(host: Host) -> None:
    before, after = host.js(
        """
        const count = () => JSON.parse(py.runPython(
          "import json\\nfrom pyjs import _core\\njson.dumps(_core.counts())"));
        const before = count();
        py.runPython(`
from pyjs import run_js
def loop():
    f = run_js("(s, o, p) => o")
    o = run_js("({})")
    for i in range(100000):
        f("text\\u20ac", o, loop)
loop()
del loop`);
        return [before, count()];
        """
    )
    assert after == before


@inside
def test_a_function_may_destroy_itself_while_it_runs() -> None:
    from pyjs import create_proxy, run_js

    class Thing:
        def __call__(self, text):
            run_js("kept.destroy(); delete globalThis.kept")
            return text * 2

    run_js("p => { globalThis.kept = p }")(create_proxy(Thing()))
    assert run_js("kept('ab')") == "abab"


@inside
def test_an_argument_destroyed_by_a_later_argument_is_an_error_and_no_crash() -> None:
    from pyjs import create_proxy, run_js

    class Thing:
        def __init__(self):
            self.text = "alive" * 100

    got = []

    def take(thing, other):
        got.append(getattr(thing, "text", thing))

    call = run_js("(take, p) => take(p, {get then() { p.destroy(); p.destroy() }})")
    for _ in range(50):
        call(take, create_proxy(Thing(), roundtrip=False))
        _junk = [bytearray(24) for _ in range(50)]
    assert set(got) <= {"alive" * 100}


@inside
def test_memory_that_grows_while_arguments_are_written_loses_none() -> None:
    from pyjs import create_proxy, run_js

    kept = []

    class Grows:
        def __del__(self):
            kept.append(bytearray(64_000_000))

    call = run_js("(f, p) => f(1, 'two', {get then() { p.destroy() }, a: 3}, 4.5, 'five')")
    got = []
    call(lambda a, b, c, d, e: got.append((a, b, c.a, d, e)), create_proxy(Grows()))
    kept.clear()
    assert got == [(1, "two", 3, 4.5, "five")]
