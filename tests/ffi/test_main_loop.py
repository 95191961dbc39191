"""A function that is called for every frame."""

from tests.inside import inside


@inside
async def test_frames_come_until_the_loop_is_cancelled() -> None:
    import asyncio

    from pyjs import cancel_main_loop, set_main_loop_callback

    frames = []
    set_main_loop_callback(frames.append)
    await asyncio.sleep(0.3)
    cancel_main_loop()
    count = len(frames)
    assert count >= 3
    assert all(frame >= 0 for frame in frames)
    await asyncio.sleep(0.06)
    assert len(frames) == count
    cancel_main_loop()


@inside
async def test_fps_bounds_how_often_it_is_called() -> None:
    import asyncio

    from pyjs import cancel_main_loop, set_main_loop_callback

    frames = []
    set_main_loop_callback(frames.append, 20)
    await asyncio.sleep(0.5)
    cancel_main_loop()
    assert 2 <= len(frames) <= 12


@inside
async def test_another_callback_replaces_the_first() -> None:
    import asyncio

    from pyjs import cancel_main_loop, set_main_loop_callback

    first, second = [], []
    set_main_loop_callback(first.append)
    set_main_loop_callback(second.append)
    await asyncio.sleep(0.1)
    assert first == []
    assert second != []

    def replaces(_):
        set_main_loop_callback(first.append)

    set_main_loop_callback(replaces)
    await asyncio.sleep(0.2)
    assert first != []
    set_main_loop_callback(lambda _: cancel_main_loop())
    await asyncio.sleep(0.1)


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

        for callback in (fails, fails_later):
            set_main_loop_callback(callback)
            await asyncio.sleep(0.15)
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
    async with asyncio.timeout(10):
        while len(most) < 4:
            await asyncio.sleep(0.02)
    cancel_main_loop()
    await asyncio.sleep(0.05)
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
