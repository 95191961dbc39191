"""`with` and `async with` over JavaScript's disposable objects."""

from tests.inside import inside


@inside
def test_with_disposes_at_the_end_of_the_block() -> None:
    from pyjs import run_js

    o = run_js("({seen: [], [Symbol.dispose]() { this.seen.push('disposed') }})")
    with o as same:
        assert same is o
        assert len(o.seen) == 0
    assert list(o.seen) == ["disposed"]

    def returns():
        with o:
            return len(o.seen)

    assert (returns(), len(o.seen)) == (1, 2)


@inside
def test_an_error_in_the_block_is_raised_after_the_disposal() -> None:
    from pyjs import run_js

    o = run_js("({count: 0, [Symbol.dispose]() { this.count++; return true }})")
    mine = KeyError("mine")
    for error in (mine, run_js("new RangeError('js')")):
        try:
            with o:
                raise error
        except Exception as caught:
            assert caught is error
        else:
            raise AssertionError("nothing was raised")
    assert o.count == 2


@inside
def test_an_error_in_the_disposal_has_that_of_the_block_as_its_context() -> None:
    from pyjs import JsException, run_js

    o = run_js("({[Symbol.dispose]() { throw new RangeError('d') }})")
    try:
        with o:
            pass
    except JsException as error:
        assert (str(error), error.__context__) == ("RangeError: d", None)
    else:
        raise AssertionError("nothing was raised")
    mine = KeyError("mine")
    try:
        with o:
            raise mine
    except JsException as error:
        assert str(error) == "RangeError: d"
        assert error.__context__ is mine
    else:
        raise AssertionError("nothing was raised")


@inside
def test_what_is_not_disposable_is_a_type_error() -> None:
    from pyjs import run_js

    for source in ("({})", "({[Symbol.dispose]: 5})", "[1]", "() => 1"):
        try:
            with run_js(source):
                raise AssertionError("the block ran")
        except TypeError as error:
            assert "context manager" in str(error)


@inside
def test_with_destroys_a_proxy_of_a_python_object() -> None:
    from pyjs import create_proxy, run_js

    with create_proxy([1, 2]) as proxy:
        assert run_js("p => p.length")(proxy) == 2
    try:
        proxy.unwrap()
    except Exception as error:
        assert "destroyed" in str(error)
    else:
        raise AssertionError("it lives")


@inside
async def test_async_with_waits_for_the_disposal() -> None:
    from pyjs import run_js

    o = run_js(
        """({seen: [], async [Symbol.asyncDispose]() {
          this.seen.push('begin');
          await new Promise((resolve) => setTimeout(resolve, 1));
          this.seen.push('end');
          return true;
        }})"""
    )
    async with o as same:
        assert same is o
        o.seen.push("block")
    assert list(o.seen) == ["block", "begin", "end"]
    mine = KeyError("mine")
    try:
        async with o:
            raise mine
    except KeyError as error:
        assert error is mine
    else:
        raise AssertionError("it was swallowed")
    assert list(o.seen)[3:] == ["begin", "end"]


@inside
async def test_an_error_in_an_asynchronous_disposal_is_raised() -> None:
    from pyjs import JsException, run_js

    mine = KeyError("mine")
    for source in (
        "({async [Symbol.asyncDispose]() { await 0; throw new RangeError('d') }})",
        "({[Symbol.asyncDispose]() { throw new RangeError('d') }})",
    ):
        for inner in (None, mine):
            try:
                async with run_js(source):
                    if inner is not None:
                        raise inner
            except JsException as error:
                assert str(error) == "RangeError: d"
                assert error.__context__ is inner
            else:
                raise AssertionError("nothing was raised")


@inside
async def test_a_disposal_that_returns_no_promise_is_none_the_worse() -> None:
    from pyjs import run_js

    o = run_js("({n: 0, [Symbol.asyncDispose]() { this.n++; return 5 }})")
    async with o:
        pass
    assert o.n == 1


@inside
async def test_a_task_cancelled_inside_the_block_disposes() -> None:
    import asyncio

    from pyjs import run_js

    o = run_js("({n: 0, async [Symbol.asyncDispose]() { await 0; this.n++ }})")

    async def wait():
        async with o:
            await asyncio.sleep(60)

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass
    else:
        raise AssertionError("it was not cancelled")
    assert o.n == 1
