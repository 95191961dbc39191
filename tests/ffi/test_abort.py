"""Cancelling who waits for an operation of JavaScript's aborts it."""

from tests.inside import inside
from tests.waits import turns


@inside
async def test_a_timeout_around_fetch_closes_the_connection(url: str) -> None:
    import asyncio

    from pyjs import js

    async def begun(name):
        assert await (await js.fetch(f"{url}begun/{name}")).json()

    async def ends_when_begun(limit):
        await begun("timeout")
        limit.reschedule(0)

    try:
        async with asyncio.timeout(None) as limit:
            ends = asyncio.ensure_future(ends_when_begun(limit))
            await js.fetch(f"{url}slow/timeout")
    except TimeoutError:
        pass
    else:
        raise AssertionError("no TimeoutError")
    await ends
    assert await (await js.fetch(f"{url}left/timeout")).json()
    fetch = js.fetch  # also without its object
    task = asyncio.ensure_future(fetch(f"{url}slow/task", method="GET"))
    await begun("task")
    task.cancel()
    assert await (await fetch(f"{url}left/task")).json()
    chained = fetch(f"{url}slow/chained").then(lambda response: response.status)
    await begun("chained")
    chained.cancel()
    assert await (await fetch(f"{url}left/chained")).json()


@inside
async def test_it_goes_on_while_somebody_waits(url: str) -> None:
    import asyncio

    from pyjs import js

    promise = js.fetch(f"{url}slow/shared")
    first, second = asyncio.ensure_future(promise), asyncio.ensure_future(promise)
    assert await (await js.fetch(f"{url}begun/shared")).json()
    first.cancel()
    await asyncio.wait([first])
    await turns()
    await js.fetch(f"{url}release/shared")
    response = await second
    assert await response.text() == "at last"


@inside
async def test_signals_of_the_caller_abort_as_well(url: str) -> None:
    import asyncio

    from pyjs import JsException, js, run_js

    async def aborted(make):
        controller = js.AbortController.new()
        promise = make(controller.signal)
        await asyncio.sleep(0.03)
        controller.abort()
        try:
            await promise
        except JsException as error:
            return error.name

    slow = f"{url}slow/given"
    with_init = run_js("(signal) => ({signal})")
    for make in (
        lambda signal: js.fetch(slow, signal=signal),
        lambda signal: js.fetch(slow, with_init(signal)),
        lambda signal: js.fetch(js.Request.new(slow, signal=signal)),
        lambda signal: js.fetch(slow, js.Request.new(slow, signal=signal)),
        lambda signal: js.fetch(slow, signal=js.AbortSignal.any(js.Array.of(signal))),
    ):
        assert await aborted(make) == "AbortError"
    try:
        await js.fetch(slow, signal=js.AbortSignal.timeout(20))
    except JsException as error:
        assert error.name == "TimeoutError"
    else:
        raise AssertionError("no TimeoutError")


@inside
async def test_fetch_takes_what_it_took(url: str) -> None:
    from pyjs import JsException, js, run_js, to_js

    assert (await js.fetch(f"{url}echo")).status == 200
    response = await js.fetch(f"{url}echo", method="PUT", body="b")
    assert (await response.json()).method == "PUT"
    init = run_js("Object.create({method: 'PATCH', body: 'inherited'})")
    assert (await (await js.fetch(f"{url}echo", init)).json()).method == "PATCH"
    assert list(js.Object.keys(init)) == []
    given = to_js({"method": "POST"})
    assert (await (await js.fetch(js.URL.new(f"{url}echo"), given)).json()).method == "POST"
    assert list(js.Object.keys(given)) == ["method"]
    assert js.fetch.name == "fetch"
    for wrong in (lambda: js.fetch(), lambda: js.fetch("http://["), lambda: js.fetch(url, 5)):
        try:
            await wrong()
        except JsException as error:
            assert error.name == "TypeError"
        else:
            raise AssertionError("no TypeError")


@inside
async def test_any_function_can_be_made_abortable() -> None:
    import asyncio

    from pyjs import abortable, run_js

    seen = run_js("[]")
    operation = run_js(
        """(seen) => function (first, options, last) {
          return new Promise((resolve, reject) => {
            const signal = options?.signal ?? options?.stop ?? last?.signal;
            seen.push([arguments.length, options?.own ?? 0]);
            const stop = () => { seen.push("aborted"); reject(signal.reason) };
            signal?.addEventListener("abort", stop);
          });
        }"""
    )

    async def cancel(promise):
        task = asyncio.ensure_future(promise)
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        await turns()
        found = seen.to_py()
        seen.length = 0
        return found

    plain = operation(seen)
    assert await cancel(plain(1)) == [[1, 0]]
    function = operation(seen)
    assert abortable(function) is function
    seen.length = 0
    assert (await cancel(function(1)))[1:] == ["aborted"]
    assert (await cancel(function(1, own=3)))[1:] == ["aborted"]
    assert (await cancel(function(1, 2)))[1:] == ["aborted"]
    second = abortable(operation(seen), position=1, option="stop")
    found = await cancel(second(1, run_js("({own: 4})"), 3))
    assert (found[0][1], found[1]) == (4, "aborted")
    holder = run_js("(f) => ({f})")(second)
    assert (await cancel(holder.f(1)))[1:] == ["aborted"]


@inside
async def test_only_functions_can_be_made_abortable() -> None:
    from pyjs import abortable, js

    for wrong, options, kind in (
        (5, {}, TypeError),
        (print, {}, TypeError),
        (js.Math, {}, TypeError),
        (js.eval, {"position": -1}, ValueError),
        (js.eval, {"position": "1"}, ValueError),
    ):
        try:
            abortable(wrong, **options)
        except kind as error:
            assert str(error).startswith("abortable: ")
        else:
            raise AssertionError((wrong, options))


@inside
async def test_a_function_that_gives_no_promise_is_as_it_was() -> None:
    from pyjs import abortable, run_js

    assert abortable(run_js("(options) => 5"))() == 5
    add = abortable(run_js("(a, b, options) => a + b + (options.signal.aborted ? 1 : 0)"))
    assert add(1, 2) == 3
    fails = abortable(run_js("() => { throw new RangeError('no') }"))
    try:
        fails()
    except Exception as error:
        assert error.name == "RangeError"
    else:
        raise AssertionError("nothing was raised")
