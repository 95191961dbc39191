"""A function that is called for every frame."""

from tests.inside import inside, not_in_pyodide
from tests.waits import until


@inside
async def test_frames_come_until_the_loop_is_cancelled() -> None:
    import asyncio

    from pyjs import cancel_main_loop, set_main_loop_callback

    frames = []
    set_main_loop_callback(frames.append)
    await until(lambda: len(frames) >= 3)
    cancel_main_loop()
    count = len(frames)
    assert all(frame >= 0 for frame in frames)
    await asyncio.sleep(0.06)
    assert len(frames) == count
    cancel_main_loop()


@inside
async def test_fps_bounds_how_often_it_is_called() -> None:
    import asyncio

    from pyjs import cancel_main_loop, set_main_loop_callback

    frames = []
    loop = asyncio.get_running_loop()
    start = loop.time()
    set_main_loop_callback(frames.append, 20)
    await until(lambda: len(frames) >= 2 and loop.time() >= start + 0.5)
    cancel_main_loop()
    assert len(frames) <= (loop.time() - start) * 20 + 2


@inside
async def test_another_callback_replaces_the_first() -> None:
    import asyncio

    from pyjs import cancel_main_loop, set_main_loop_callback

    first, second = [], []
    set_main_loop_callback(first.append)
    set_main_loop_callback(second.append)

    await until(lambda: len(second) > 2)
    assert first == []

    def replaces(_):
        set_main_loop_callback(first.append)

    set_main_loop_callback(replaces)
    await until(lambda: first)
    last = []
    set_main_loop_callback(lambda _: (cancel_main_loop(), last.append(1)))
    await until(lambda: last)
    await asyncio.sleep(0.1)
    assert last == [1]


@inside
async def test_an_error_stops_it_and_is_reported_once() -> None:
    import asyncio

    from pyjs import set_main_loop_callback

    loop = asyncio.get_running_loop()
    seen = []
    loop.set_exception_handler(lambda _, context: seen.append(context["message"]))
    try:

        def fails(_):
            raise KeyError("k")

        async def fails_later(_):
            await asyncio.sleep(0)
            raise KeyError("later")

        for count, callback in enumerate((fails, fails_later), 1):
            set_main_loop_callback(callback)
            await until(lambda count=count: len(seen) >= count)
            await asyncio.sleep(0.05)
    finally:
        loop.set_exception_handler(None)
    assert len(seen) == 2
    assert "raised KeyError('k')" in seen[0]
    assert "raised KeyError('later')" in seen[1]


@inside
async def test_a_coroutine_ends_before_the_next_frame() -> None:
    import asyncio

    from pyjs import cancel_main_loop, set_main_loop_callback

    running = []
    most = []

    async def frame(_):
        running.append(1)
        most.append(len(running))
        await asyncio.sleep(0.03)
        running.pop()

    set_main_loop_callback(frame)
    await until(lambda: len(most) >= 3)
    cancel_main_loop()
    await asyncio.sleep(0)
    assert max(most) == 1


@inside
async def test_what_is_no_callback_is_refused() -> None:
    from pyjs import set_main_loop_callback

    for args, kind in (
        ((5,), TypeError),
        ((print, -1), ValueError),
        ((print, float("nan")), ValueError),
        ((print, float("inf")), ValueError),
    ):
        try:
            set_main_loop_callback(*args)
        except kind as error:
            assert str(error).startswith("set_main_loop_callback: ")
        else:
            raise AssertionError(args)


@not_in_pyodide("asyncio.run and run_until_complete are those of Pyodide's loop")
@inside
async def test_frames_go_on_when_the_loop_ends_in_which_it_was_set() -> None:
    import asyncio

    from pyjs import cancel_main_loop, set_main_loop_callback

    loops = []

    async def frame(_):
        loops.append(asyncio.get_running_loop())

    async def main():
        set_main_loop_callback(frame)

    with asyncio.Runner() as runner:
        runner.run(main())
    await until(lambda: len(loops) >= 3)
    cancel_main_loop()
    assert set(loops) == {asyncio.get_running_loop()}
