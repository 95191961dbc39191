"""pyodide.ffi.wrappers: listeners and timers; functions live as long as they can be called."""

from tests.inside import inside


@inside
def test_listeners() -> None:
    from pyodide.ffi import wrappers

    from js import Event, EventTarget

    seen = []

    def listener(event):
        seen.append(event.type)

    target, other = EventTarget.new(), EventTarget.new()
    for each in (target, target, other):
        wrappers.add_event_listener(each, "a", listener)
    wrappers.add_event_listener(target, "b", listener)
    for each in (target, other):
        each.dispatchEvent(Event.new("a"))
    target.dispatchEvent(Event.new("b"))
    assert seen == ["a", "a", "b"]
    wrappers.remove_event_listener(target, "a", listener)
    target.dispatchEvent(Event.new("a"))
    target.dispatchEvent(Event.new("b"))
    assert seen == ["a", "a", "b", "b"]
    wrappers.remove_event_listener(target, "b", listener)
    wrappers.remove_event_listener(other, "a", listener)
    assert wrappers.EVENT_LISTENERS == {}


@inside
def test_a_function_may_listen_again() -> None:
    from pyodide.ffi.wrappers import add_event_listener, remove_event_listener

    from js import Event, EventTarget

    seen, target = [], EventTarget.new()
    listener = lambda event: seen.append(event.type)  # noqa: E731
    for _ in range(2):
        add_event_listener(target, "a", listener)
        target.dispatchEvent(Event.new("a"))
        remove_event_listener(target, "a", listener)
        target.dispatchEvent(Event.new("a"))
    assert seen == ["a", "a"]


@inside
def test_mistakes_with_listeners() -> None:
    from pyodide.ffi.wrappers import add_event_listener, remove_event_listener

    from js import EventTarget

    target = EventTarget.new()
    for call, kind in (
        (lambda: remove_event_listener(target, "a", print), KeyError),
        (lambda: add_event_listener(5, "a", print), TypeError),
        (lambda: remove_event_listener(5, "a", print), TypeError),
    ):
        try:
            call()
            raise AssertionError("no error")
        except kind:
            pass


@inside
async def test_timeouts() -> None:
    import asyncio

    from pyodide.ffi import wrappers

    done = asyncio.Event()
    seen = []
    cancelled = wrappers.set_timeout(lambda: seen.append("never"), 1)
    wrappers.clear_timeout(cancelled)
    wrappers.clear_timeout(cancelled)
    timer = wrappers.set_timeout(done.set, 5)
    assert len(wrappers.TIMEOUTS) == 1
    await done.wait()
    assert (seen, wrappers.TIMEOUTS) == ([], {})
    wrappers.clear_timeout(timer)  # it is over
    wrappers.clear_timeout(12345678)


@inside
async def test_a_timeout_may_set_the_next() -> None:
    import asyncio

    from pyodide.ffi import wrappers

    done, left = asyncio.Event(), [3]

    def step():
        left[0] -= 1
        if left[0]:
            wrappers.set_timeout(step, 1)
        else:
            done.set()

    wrappers.set_timeout(step, 1)
    await done.wait()
    assert wrappers.TIMEOUTS == {}


@inside
async def test_intervals() -> None:
    import asyncio

    from pyodide.ffi import wrappers

    done, count = asyncio.Event(), [0]

    def step():
        count[0] += 1
        if count[0] == 3:
            wrappers.clear_interval(timer)  # from within
            done.set()

    timer = wrappers.set_interval(step, 1)
    await done.wait()
    await asyncio.sleep(0.02)
    assert count == [3]
    assert wrappers.INTERVAL_CALLBACKS == {}
    wrappers.clear_interval(timer)


@inside
def test_mistakes_with_timers() -> None:
    from pyodide.ffi.wrappers import set_interval, set_timeout

    for function in (set_timeout, set_interval):
        try:
            function(5, 1)
            raise AssertionError("no error")
        except TypeError as error:
            assert str(error) == f"{function.__name__}: expected a callable, given int"
