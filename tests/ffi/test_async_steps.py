"""Asynchronous generators in both directions: one step at a time, errors, and loops left early."""

from tests.inside import inside


@inside
async def test_for_await_asks_for_one_step_at_a_time() -> None:
    import asyncio

    from pyjs import run_js

    asked = []

    async def numbers():
        for i in range(4):
            asked.append(i)
            await asyncio.sleep(0)
            yield i

    loop = run_js(
        """async (generator, asked) => {
          const seen = [];
          for await (const x of generator) {
            await new Promise((resolve) => setTimeout(resolve, 3));
            seen.push([x, asked.length]);
          }
          return seen;
        }"""
    )
    assert (await loop(numbers(), asked)).to_py() == [[0, 1], [1, 2], [2, 3], [3, 4]]


@inside
async def test_a_for_await_left_early_closes_the_generator() -> None:
    from pyjs import run_js

    seen = []

    async def numbers():
        try:
            while True:
                yield 1
        finally:
            seen.append("closed")

    how = {
        "break": "async (g) => { for await (const x of g) break }",
        "return": "async (g) => { for await (const x of g) return x }",
        "throw": "async (g) => { try { for await (const x of g) throw 1 } catch {} }",
        "call": "async (g) => { await g.next(); await g.return() }",
    }
    for source in how.values():
        await run_js(source)(numbers())
    assert seen == ["closed"] * len(how)


@inside
async def test_errors_go_in_and_come_out_of_a_python_generator() -> None:
    from pyjs import JsException, run_js

    caught = []

    async def echo():
        value = "first"
        while True:
            try:
                value = yield value
            except (JsException, KeyError) as error:
                caught.append(error)
                value = "caught"

    drive = run_js(
        """async (g, error) => {
          const seen = [(await g.next()).value, (await g.next("sent")).value];
          seen.push((await g.throw(error)).value);
          const { done, value } = await g.return(7);
          return [...seen, done, value, (await g.next()).done];
        }"""
    )
    theirs, mine = run_js("new RangeError('in')"), KeyError("mine")
    for error in (theirs, mine):
        got = await drive(echo(), error)
        assert list(got) == ["first", "sent", "caught", True, 7, True]
    assert caught[0].js_id == theirs.js_id
    assert caught[1] is mine
    caught.clear()
    mine.__traceback__ = None

    async def fails():
        yield 1
        raise mine

    collect = run_js(
        "async (g) => { try { for await (const x of g); } catch (error) { throw error } }"
    )
    try:
        await collect(fails())
    except KeyError as error:
        assert error is mine
    else:
        raise AssertionError("nothing was raised")
    mine.__traceback__ = None


@inside
async def test_a_class_with_anext_is_iterated() -> None:
    from pyjs import run_js

    class Countdown:
        def __init__(self, n):
            self.n = n

        def __aiter__(self):
            return self

        async def __anext__(self):
            if self.n == 0:
                raise StopAsyncIteration
            self.n -= 1
            return self.n

    collect = run_js(
        "async (i) => { const seen = []; for await (const x of i) seen.push(x); return seen }"
    )
    assert list(await collect(Countdown(3))) == [2, 1, 0]
    counter = Countdown(5)
    await run_js("async (i) => { for await (const x of i) break }")(counter)
    assert counter.n == 4


@inside
async def test_async_for_asks_for_one_step_at_a_time() -> None:
    from pyjs import run_js

    shared = run_js(
        """(() => {
          const shared = {asked: 0};
          shared.g = (async function* () { for (;;) { shared.asked++; yield shared.asked } })();
          return shared;
        })()"""
    )
    async for x in shared.g:
        assert x == shared.asked
        if x == 5:
            break
    assert shared.asked == 5
    await shared.g.aclose()


@inside
async def test_an_async_for_left_early_closes_the_iterator_that_it_made() -> None:
    from pyjs import run_js

    shared = run_js(
        """(() => {
          const shared = {closed: 0, n: 0};
          shared.iterable = {[Symbol.asyncIterator]: () => ({
            next: async () => ({done: ++shared.n > 3, value: shared.n}),
            return: async () => { shared.closed++; return {done: true} },
          })};
          shared.cancelled = [];
          shared.stream = new ReadableStream({
            pull(c) { c.enqueue(1) }, cancel(reason) { shared.cancelled.push("yes") },
          });
          return shared;
        })()"""
    )
    async for _ in shared.iterable:
        break
    assert shared.closed == 1
    shared.n = 0
    assert [x async for x in shared.iterable] == [1, 2, 3]
    assert shared.closed == 1  # it has ended by itself
    shared.n = 0
    try:
        async for _ in shared.iterable:
            raise KeyError("inside")
    except KeyError as error:
        error.__traceback__ = None
    assert shared.closed == 2
    async for _ in shared.stream:
        break
    assert list(shared.cancelled) == ["yes"]
    iterator = aiter(shared.iterable)
    del iterator  # for JavaScript's loop it is the same
    assert shared.closed == 3


@inside
async def test_aclosing_closes_a_generator_of_javascripts() -> None:
    from contextlib import aclosing

    from pyjs import run_js

    seen = []
    make = run_js(
        "(seen) => (async function* () { try { for (;;) yield 1 } finally { seen(1) } })()"
    )
    async with aclosing(make(seen.append)) as generator:
        async for _ in generator:
            break
    assert seen == [1]


@inside
async def test_a_return_that_throws_as_the_loop_is_left_harms_nothing() -> None:
    from pyjs import run_js

    iterable = run_js(
        """({[Symbol.asyncIterator]: () => ({
          next: async () => ({value: 1}), return() { throw new RangeError("closing") },
        })})"""
    )
    import asyncio

    seen = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: seen.append(str(context["exception"])))
    try:
        async for _ in iterable:
            break
        await asyncio.sleep(0)
    finally:
        loop.set_exception_handler(None)
    assert seen == ["RangeError: closing"]
