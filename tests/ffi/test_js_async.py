"""`async for` and asynchronous generators of JavaScript's."""

import pytest

from tests.inside import inside
from tests.waits import turns


@inside
@pytest.mark.parametrize(
    "source",
    [
        "(async function* () { yield 1; yield 2; return 'unseen' })()",
        "({async *[Symbol.asyncIterator]() { yield 1; yield 2 }})",
        "({i: 0, [Symbol.asyncIterator]() {"
        " return {next: async () => ({done: ++this.i > 2, value: this.i})} }})",
        "({i: 0, [Symbol.asyncIterator]() {"
        " return {next: () => ({done: ++this.i > 2 && 1, value: this.i})} }})",
        "new ReadableStream({start(c) { c.enqueue(1); c.enqueue(2); c.close() }})",
        "new ReadableStream({i: 0, async pull(c) {"
        " c.enqueue(++this.i); if (this.i > 1) c.close() }})",
    ],
)
async def test_async_for(source: str) -> None:
    from collections.abc import AsyncIterable, AsyncIterator

    from pyjs import run_js

    iterable = run_js(source)
    assert isinstance(iterable, AsyncIterable)
    iterator = aiter(iterable)
    assert isinstance(iterator, AsyncIterator)
    assert aiter(iterator) == iterator
    assert [x async for x in iterator] == [1, 2]
    assert await anext(iterator, "end") == "end"


@inside
async def test_errors_of_the_iterator_are_raised_and_keep_their_identity() -> None:
    from pyjs import JsException, create_proxy, run_js

    mine = KeyError("mine")

    def fails():
        raise mine

    async def error_of(iterable):
        try:
            async for _ in iterable:
                pass
        except Exception as error:
            return error

    proxy = create_proxy(fails)
    make = run_js("f => (async function* () { yield 1; f() })()")
    assert await error_of(make(proxy)) is mine
    mine.__traceback__ = None  # its frames hold the generator, which holds it
    proxy.destroy()
    assert (await error_of(run_js("(async function* () { throw new EvalError() })()"))).name == (
        "EvalError"
    )
    for source, name in {
        "{next() { throw new EvalError('e') }}": "EvalError",
        "{next: () => Promise.reject(new URIError())}": "URIError",
        "{next: () => ({get done() { throw new URIError() }})}": "URIError",
        "{next: () => ({done: false, get value() { throw new URIError() }})}": "URIError",
        "{next: () => 5}": "TypeError",
        "{next: () => null}": "TypeError",
        "{next: async () => {}}": "TypeError",
        "(() => { throw new RangeError('r') })()": "RangeError",
    }.items():
        error = await error_of(run_js(f"({{[Symbol.asyncIterator]: () => ({source})}})"))
        assert isinstance(error, JsException)
        assert (source, error.name) == (source, name)
    assert isinstance(await error_of(run_js("({[Symbol.asyncIterator]: () => ({})})")), TypeError)
    assert isinstance(await error_of(run_js("({[Symbol.asyncIterator]: () => 5})")), TypeError)


@inside
async def test_a_value_that_cannot_cross_is_an_error_and_not_forever() -> None:
    import asyncio

    from pyjs import JsException, create_proxy, run_js

    proxy = create_proxy(print, roundtrip=False)
    make = run_js("p => ({[Symbol.asyncIterator]: () => ({next: () => ({value: p})})})")
    iterator = aiter(make(proxy))
    assert (await anext(iterator)) is print
    proxy.destroy()
    try:
        await asyncio.wait_for(anext(iterator), 30)
    except JsException as error:
        assert "destroyed" in error.message
    else:
        raise AssertionError("nothing was raised")


@inside
async def test_a_loop_left_early_can_go_on() -> None:
    from pyjs import run_js

    g = run_js("(async function* () { yield 1; yield 2; yield 3 })()")
    async for value in g:
        assert value == 1
        break
    assert [x async for x in g] == [2, 3]
    seen = []
    g = run_js("f => (async function* () { try { yield 1; yield 2 } finally { f() } })()")(
        lambda: seen.append("end")
    )
    async for _ in g:
        break
    assert seen == []
    await g.aclose()
    assert seen == ["end"]


@inside
async def test_asend_gives_the_yield_its_value() -> None:
    from collections.abc import AsyncGenerator

    from pyjs import JsAsyncGenerator, jsnull, run_js

    g = run_js("(async function* (x) { for (;;) x = yield [x] })('start')")
    assert isinstance(g, JsAsyncGenerator)
    assert isinstance(g, AsyncGenerator)
    assert list(await anext(g)) == ["start"]
    thing = object()
    for value in (1, "text", None, jsnull, 10**30, thing):
        answer = (await g.asend(value))[0]
        assert (answer is value) or (answer == value)
    await g.aclose()
    g = run_js("(async function* () { return yield 1 })()")
    await anext(g)
    for step in (g.asend("last"), g.asend(1), anext(g)):
        try:
            await step
        except StopAsyncIteration:
            continue
        raise AssertionError("it did not stop")


@inside
async def test_an_exception_thrown_in_comes_back_as_the_same_object() -> None:
    from pyjs import JsException, run_js

    make = run_js(
        """(async function* () {
          let seen;
          try { yield 'first' } catch (error) { seen = error }
          yield [seen instanceof Error, String(seen).includes('mine')];
          throw seen;
        })"""
    )
    mine, theirs = KeyError("mine"), run_js("new RangeError('mine')")
    for error in (mine, theirs):
        g = make()
        assert await anext(g) == "first"
        assert list(await g.athrow(error)) == [True, True]
        try:
            await anext(g)
        except (KeyError, JsException) as caught:
            assert caught is mine or caught.js_id == theirs.js_id
        else:
            raise AssertionError("nothing was raised")
        assert [x async for x in g] == []
    mine.__traceback__ = None  # its frames hold the generator, which holds it
    g = make()
    await anext(g)
    assert list(await g.athrow(KeyError, "mine")) == [True, True]
    await g.aclose()
    try:
        g.athrow(5)
    except TypeError as error:
        assert "expected an exception" in str(error)
    else:
        raise AssertionError("no TypeError")


@inside
async def test_aclose_runs_finally() -> None:
    from pyjs import JsException, run_js

    g = run_js("(async function* () { yield 1 })()")
    assert await g.aclose() is None
    assert [x async for x in g] == []
    g = run_js("(async function* () { try { yield 1 } finally { await 0; yield 2 } })()")
    await anext(g)
    try:
        await g.aclose()
    except RuntimeError as error:
        assert "yielded once more" in str(error)
    else:
        raise AssertionError("no RuntimeError")
    g = run_js("(async function* () { try { yield 1 } finally { throw new RangeError('f') } })()")
    await anext(g)
    try:
        await g.aclose()
    except JsException as error:
        assert str(error) == "RangeError: f"
    else:
        raise AssertionError("nothing was raised")


@inside
async def test_a_waiting_task_can_be_cancelled() -> None:
    import asyncio

    from pyjs import run_js

    shared = run_js(
        """(() => {
          const shared = {};
          shared.g = (async function* () {
            yield await new Promise((resolve) => { shared.resolve = resolve });
            yield 'next';
          })();
          return shared;
        })()"""
    )
    seen = []
    generator = shared.g

    async def collect():
        async for x in generator:
            seen.append(x)

    task = asyncio.create_task(collect())
    await turns()
    assert task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        seen.append("cancelled")
    shared.resolve("lost")
    await turns()
    assert [x async for x in generator] == ["next"]
    assert seen == ["cancelled"]
    try:
        await asyncio.wait_for(
            anext(
                aiter(
                    run_js(
                        "({[Symbol.asyncIterator]: () => ({next: () => new Promise(() => {})})})"
                    )
                )
            ),
            0.01,
        )
    except TimeoutError:
        seen.append("timeout")
    assert seen == ["cancelled", "timeout"]


@inside
async def test_async_comprehensions_nest_and_run_side_by_side() -> None:
    import asyncio

    from pyjs import run_js

    make = run_js("(async function* (n) { for (let i = 0; i < n; i++) { await 0; yield i } })")
    assert [(x, y) async for x in make(2) async for y in make(2)] == [
        (0, 0),
        (0, 1),
        (1, 0),
        (1, 1),
    ]

    async def total(n):
        return sum([x async for x in make(n)])

    assert await asyncio.gather(*(total(n) for n in range(20))) == [
        n * (n - 1) // 2 for n in range(20)
    ]


@inside
async def test_long_asynchronous_iterations_keep_nothing() -> None:
    from pyjs import run_js

    make = run_js("(async function* (n) { for (let i = 0; i < n; i++) yield {i} })")
    count = 0
    async for o in make(500):
        count += o.i
    assert count == sum(range(500))
