"""run_sync: whole stacks of Python that wait, where the engine can suspend them (JSPI)."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside


@pytest.fixture(autouse=True)
def _jspi(host: Host) -> None:
    if not host.js("return typeof WebAssembly.promising === 'function'"):
        pytest.skip(f"{host.name} has no JavaScript Promise Integration (JSPI)")


@inside
async def test_values_of_everything_that_can_be_awaited() -> None:
    import asyncio

    from pyjs import js, run_js
    from pyjs.ffi import can_run_sync, run_sync

    async def double(x):
        await asyncio.sleep(0)
        return 2 * x

    class Awaitable:
        def __await__(self):
            yield from asyncio.sleep(0).__await__()
            return "awaited"

    assert can_run_sync()
    assert run_sync(double(21)) == 42
    assert run_sync(asyncio.ensure_future(double(1))) == 2
    assert run_sync(Awaitable()) == "awaited"
    assert run_sync(asyncio.gather(double(1), double(2))) == [2, 4]
    assert run_sync(js.Promise.resolve("text" * 300)) == "text" * 300
    assert run_sync(run_js("({then(f) { f(7) }})")) == 7
    assert run_sync(run_js("new Promise((f) => setTimeout(() => f(undefined), 3))")) is None
    done = asyncio.get_running_loop().create_future()
    done.set_result(5)
    assert run_sync(done) == 5


@inside
async def test_what_cannot_be_awaited_is_refused() -> None:
    from pyjs import js
    from pyjs.ffi import run_sync

    for value in (1, None, "text", js.Object.new(), lambda: None, [1]):
        try:
            run_sync(value)
        except TypeError as error:
            assert str(error).startswith("run_sync: expected a coroutine, future or promise, got")
        else:
            raise AssertionError(value)


@inside
async def test_errors_keep_their_identity() -> None:
    import asyncio

    from pyjs import js, run_js
    from pyjs.ffi import JsException, run_sync

    mine = KeyError("mine")

    async def fail():
        await asyncio.sleep(0)
        raise mine

    def fail_now():
        raise mine

    rejected = run_js("async (f) => f()")
    makers = (fail, lambda: rejected(fail_now))
    for make in makers:
        try:
            run_sync(make())
        except KeyError as error:
            assert error is mine
        else:
            raise AssertionError
    thrown = js.RangeError.new("range")
    try:
        run_sync(js.Promise.reject(thrown))
    except JsException as error:
        assert error.js_error == thrown
    mine.__traceback__ = None


@inside
async def test_stacks_go_on_in_any_order() -> None:
    import asyncio
    import itertools

    from pyjs.ffi import run_sync

    loop = asyncio.get_running_loop()
    for order in itertools.permutations(range(4)):
        gates = [loop.create_future() for _ in order]
        seen = []

        def deep(n, number, gates=gates, seen=seen):
            local = [n, number]
            if n == 0:
                result = run_sync(gates[number])
                seen.append(number)
                return result
            result = deep(n - 1, number)
            assert local == [n, number]
            return result + 1

        async def program(number, deep=deep):
            return deep(20 + 100 * number, number)

        tasks = [loop.create_task(program(i)) for i in range(4)]
        await asyncio.sleep(0.001)
        for number in order:
            gates[number].set_result(1000 * number)
            await asyncio.sleep(0.001)
        assert seen == list(order)
        assert [await task for task in tasks] == [1000 * i + 20 + 100 * i for i in range(4)]


@inside
async def test_exceptions_that_are_handled_stay_with_their_stack() -> None:
    import asyncio
    import sys

    from pyjs.ffi import run_sync

    async def program(number):
        try:
            raise ValueError(number)
        except ValueError as mine:
            run_sync(asyncio.sleep(0.001 * (5 - number)))
            assert sys.exception() is mine
            try:
                try:
                    raise KeyError(number)
                finally:
                    run_sync(asyncio.sleep(0.001 * number))
            except KeyError as inner:
                assert inner.__context__ is mine
            assert sys.exception() is mine
            try:
                run_sync(asyncio.sleep(0))
                raise
            except ValueError as again:
                assert again is mine
        assert sys.exception() is None
        return number

    assert await asyncio.gather(*map(program, range(5))) == list(range(5))
    assert sys.exception() is None


@inside
async def test_generators_and_with_statements_wait_in_their_middle() -> None:
    import asyncio
    import contextlib

    from pyjs.ffi import run_sync

    log = []

    @contextlib.contextmanager
    def managed(name):
        run_sync(asyncio.sleep(0.001))
        try:
            yield name
        except ZeroDivisionError:
            run_sync(asyncio.sleep(0.001))
            log.append(name)

    def numbers(n):
        for i in range(n):
            yield run_sync(asyncio.sleep(0.001, i))

    async def program(name):
        with managed(name):
            assert list(numbers(4)) == [0, 1, 2, 3]
            assert [run_sync(asyncio.sleep(0, x)) for x in numbers(2)] == [0, 1]
            assert sum(run_sync(asyncio.sleep(0.001, x)) for x in numbers(3)) == 3
            1 / 0
        return name

    assert await asyncio.gather(*map(program, "abc")) == list("abc")
    assert sorted(log) == list("abc")


@inside
async def test_context_variables_belong_to_their_stack() -> None:
    import asyncio
    import contextvars
    import decimal

    from pyjs.ffi import run_sync

    variable = contextvars.ContextVar("variable")

    async def change():
        await asyncio.sleep(0)
        variable.set(variable.get() + "!")

    async def program(name):
        variable.set(name)
        with decimal.localcontext() as context:
            context.prec = 5 + ord(name) - ord("a")
            run_sync(asyncio.sleep(0.001))
            third = decimal.Decimal(1) / 3
        assert variable.get() == name
        run_sync(change())  # in this very context, as `await` has it
        assert variable.get() == name + "!"
        return len(str(third)) - 2

    assert await asyncio.gather(*map(program, "abc")) == [5, 6, 7]
    assert variable.get(None) is None


@inside
async def test_a_context_that_waits_can_be_entered() -> None:
    import asyncio
    import contextvars

    from pyjs.ffi import run_sync

    context = contextvars.copy_context()
    variable = contextvars.ContextVar("variable", default=0)
    loop = asyncio.get_running_loop()

    async def program(n):
        for _ in range(3):
            run_sync(asyncio.sleep(0.001))
            variable.set(variable.get() + n)

    await asyncio.gather(*(loop.create_task(program(n), context=context) for n in (1, 10, 100)))
    assert context.run(variable.get) == 333
    nested = context.copy()
    assert nested.run(lambda: context.run(lambda: run_sync(asyncio.sleep(0, 5)))) == 5


@inside
async def test_the_current_task_is_that_of_the_stack() -> None:
    import asyncio

    from pyjs.ffi import run_sync

    seen = []

    async def other():
        seen.append(asyncio.current_task().get_name())

    async def program():
        me = asyncio.current_task()
        run_sync(other())
        assert asyncio.current_task() is me
        task = asyncio.create_task(other(), name="second")
        run_sync(task)
        assert asyncio.current_task() is me
        assert asyncio.get_running_loop() is me.get_loop()

    await asyncio.create_task(program(), name="program")
    assert len(seen) == 2
    assert seen[1] == "second"
    assert "program" not in seen


@inside
async def test_recursion_is_counted_for_each_stack() -> None:
    import asyncio
    import sys

    from pyjs.ffi import run_sync

    limit = sys.getrecursionlimit()
    deepest = []

    def dive(n):
        if n == 0:
            run_sync(asyncio.sleep(0.001))
            return 0
        return dive(n - 1) + 1

    def endless(n):
        try:
            return endless(n + 1)
        except RecursionError:
            return n

    async def program():
        assert dive(limit // 2 + 100) == limit // 2 + 100
        deepest.append(endless(0))

    # Together they are deeper than the limit.
    await asyncio.gather(*(program() for _ in range(5)))
    assert max(deepest) - min(deepest) < 5
    assert min(deepest) > limit - 100
    sys.setrecursionlimit(limit + 300)
    try:
        await program()
    finally:
        sys.setrecursionlimit(limit)
    assert deepest[-1] > min(deepest) + 200


@inside
async def test_runaway_recursion_in_c_is_an_error_here_too() -> None:
    import copy
    import functools
    import json
    import re

    from pyjs.ffi import can_run_sync

    class Self:
        def __repr__(self):
            return repr(self)

        def __eq__(self, other):
            return [self] == [other]

        def __hash__(self):
            return hash((self,))

        def __deepcopy__(self, memo):
            return copy.deepcopy([Self()])

    def by_sorted():
        sorted([1, 2], key=lambda _: by_sorted())

    def by_reduce():
        functools.reduce(lambda _a, _b: by_reduce(), [1, 2])

    def by_sub():
        re.sub("a", lambda _: by_sub(), "a")

    def by_json():
        json.dumps(object(), default=lambda _: by_json())

    def by_eval():
        eval("f()", {"f": by_eval})

    def by_class():
        type("T", (Self,), {"__set_name__": None})
        build = type("M", (type,), {"__call__": lambda *_: by_class()})
        build("C", (), {})()

    cases = [by_sorted, by_reduce, by_sub, by_json, by_eval, by_class]
    cases += [lambda: repr(Self()), lambda: Self() == Self(), lambda: hash(Self())]
    cases += [lambda: copy.deepcopy(Self()), lambda: json.loads("[" * 100000)]
    cases += [lambda: compile("-" * 5000 + "1", "", "eval"), lambda: re.compile("(?:" * 5000)]
    assert can_run_sync()
    for case in cases:
        try:
            case()
        except RecursionError:
            pass
        else:
            raise AssertionError(case)
    nested = None
    for _ in range(100000):
        nested = [nested]
    del nested  # freed level by level


@inside
async def test_waiting_in_callbacks_of_c() -> None:
    import asyncio
    import functools
    import gc
    import importlib.abc
    import itertools
    import json
    import re
    import sys

    from pyjs.ffi import run_sync

    def wait(value):
        return run_sync(asyncio.sleep(0.0005, value))

    class Finder(importlib.abc.MetaPathFinder):
        def find_spec(self, name, path, target=None):
            if name == "module_that_is_not_there":
                asked.append(wait(name))

    class Finalized:
        def __del__(self):
            asked.append(wait("del"))

    class Attributes:
        def __getattr__(self, name):
            return wait(name)

        def __lt__(self, other):
            return wait(True)

        @property
        def prop(self):
            return wait("prop")

        def __iter__(self):
            return iter(wait([1, 2]))

        def __format__(self, spec):
            return wait(spec)

        def __set_name__(self, owner, name):
            asked.append(wait(name))

        def __index__(self):
            return wait(1)

    async def program():
        class Body:
            value = wait(1)
            named = Attributes()

        assert Body.value == 1
        assert sorted([3, 1, 2], key=wait) == [1, 2, 3]
        assert functools.reduce(lambda a, b: wait(a + b), range(5)) == 10
        assert re.sub("[ab]", lambda match: wait(match[0].upper()), "abc") == "ABc"
        assert list(map(wait, range(3))) == [0, 1, 2]
        assert list(filter(wait, range(3))) == [1, 2]
        assert max([1, 3, 2], key=wait) == 3
        assert json.dumps({"a": object()}, default=lambda _: wait(1)) == '{"a": 1}'
        assert list(itertools.accumulate([1, 2], lambda a, b: wait(a + b))) == [1, 3]
        assert (Attributes().name, Attributes().prop) == ("name", "prop")
        assert min(Attributes(), Attributes()) is not None
        assert [*Attributes()] == [1, 2]
        assert f"{Attributes():spec}" == "spec"
        assert [10, 20][Attributes()] == 20
        assert eval("wait(3)", {"wait": wait}) == 3
        assert functools.lru_cache(wait)(4) == 4
        assert functools.partial(wait, 5)() == 5
        try:
            import module_that_is_not_there  # noqa: F401
        except ImportError:
            asked.append("ImportError")
        Finalized()
        circle = [Finalized()]
        circle.append(circle)
        del circle
        gc.collect()

    asked = []
    finder = Finder()
    sys.meta_path.insert(0, finder)
    try:
        await asyncio.gather(program(), program(), program())
    finally:
        sys.meta_path.remove(finder)
    gc.collect()  # while a finalizer waits, nothing else is collected
    assert asked.count("named") == 3
    assert asked.count("module_that_is_not_there") == 3
    assert asked.count("del") == 6


@inside
async def test_waiting_under_functions_of_the_core() -> None:
    import asyncio
    import collections.abc

    from pyjs import js
    from pyjs.ffi import run_sync, to_js

    class Text(str):
        def __hash__(self):
            return run_sync(asyncio.sleep(0.001, hash(str(self))))

    class Items(collections.abc.Mapping):
        def __getitem__(self, key):
            return run_sync(asyncio.sleep(0.001, key))

        def __iter__(self):
            return iter(run_sync(asyncio.sleep(0.001, ["a", "b"])))

        def __len__(self):
            return 2

    async def program(n):
        assert getattr(js.Object.new(), Text("missing"), n) == n
        for convert in (to_js, lambda value: list(value.items())):
            convert({n: n}) if convert is to_js else convert(Items())
        return n

    assert await asyncio.gather(*map(program, range(3))) == [0, 1, 2]


@inside
async def test_cancellation_arrives_where_the_stack_waits() -> None:
    import asyncio

    from pyjs import js
    from pyjs.ffi import run_sync

    log = []

    async def inner():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            log.append("inner")
            raise

    async def outer(make):
        try:
            run_sync(make())
        except asyncio.CancelledError as error:
            log.append((error.args, asyncio.current_task().cancelling()))
        # Taken: the next await is not cancelled again.
        return await asyncio.sleep(0, "went on")

    for make in (inner, lambda: js.Promise.new(lambda *_: None)):
        task = asyncio.create_task(outer(make))
        await asyncio.sleep(0.002)
        assert task.cancel("why")
        assert await task == "went on"
    assert log == ["inner", (("why",), 1), (("why",), 1)]
    task = asyncio.create_task(outer(inner))
    task.cancel()
    await asyncio.sleep(0)
    assert task.cancelled()


@inside
async def test_timeouts_and_groups_reach_stacks_that_wait() -> None:
    import asyncio
    import time

    from pyjs.ffi import run_sync

    async def slow():
        time.sleep(10)

    async def fails():
        run_sync(asyncio.sleep(0.002))
        raise KeyError

    begin = time.monotonic()
    try:
        async with asyncio.timeout(0.005):
            run_sync(asyncio.sleep(10))
    except TimeoutError:
        pass
    else:
        raise AssertionError
    try:
        await asyncio.wait_for(slow(), 0.005)
    except TimeoutError:
        pass
    else:
        raise AssertionError
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(slow())
            group.create_task(fails())
    except* KeyError:
        pass
    assert time.monotonic() - begin < 2


@inside
async def test_an_awaitable_that_refuses_to_be_cancelled() -> None:
    import asyncio

    from pyjs.ffi import run_sync

    async def stubborn():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            return "stayed"

    async def outer():
        return run_sync(stubborn())

    task = asyncio.create_task(outer())
    await asyncio.sleep(0.002)
    task.cancel()
    assert await task == "stayed"


@inside
async def test_cancelled_before_it_waits() -> None:
    import asyncio

    from pyjs.ffi import run_sync

    async def program():
        asyncio.current_task().cancel("before")
        try:
            run_sync(asyncio.sleep(10))
        except asyncio.CancelledError as error:
            return error.args

    assert await asyncio.create_task(program()) == ("before",)


@inside
async def test_the_queue_of_the_loop_goes_on() -> None:
    import asyncio

    from pyjs.ffi import run_sync

    loop = asyncio.get_running_loop()
    seen = []
    gate = loop.create_future()

    def waits():
        run_sync(gate)
        seen.append("waited")

    loop.call_soon(seen.append, 1)
    loop.call_soon(waits)
    loop.call_soon(seen.append, 2)
    loop.call_soon(waits)
    loop.call_soon(seen.append, 3)
    loop.call_later(0.001, waits)
    loop.call_later(0.001, seen.append, 4)
    await asyncio.sleep(0.01)
    assert seen == [1, 2, 3, 4]
    gate.set_result(None)
    await asyncio.sleep(0.01)
    assert seen == [1, 2, 3, 4, *["waited"] * 3]


@inside
async def test_sleep_lets_others_run() -> None:
    import asyncio
    import time

    seen = []

    async def program(name):
        for i in range(3):
            time.sleep(0.002)
            seen.append((i, name))

    begin = time.monotonic()
    await asyncio.gather(program("a"), program("b"))
    assert time.monotonic() - begin < 1
    assert sorted(seen[:2]) == [(0, "a"), (0, "b")]
    time.sleep(0)
    for wrong, kind in ((-1, ValueError), ("1", TypeError), (float("nan"), ValueError)):
        try:
            time.sleep(wrong)
        except kind:
            pass
        else:
            raise AssertionError(wrong)


@inside
async def test_an_interrupt_reaches_every_stack_that_waits() -> None:
    import asyncio
    import time

    from pyjs import _suspend, js
    from pyjs.ffi import run_sync

    log = []

    async def program(wait):
        try:
            wait()
        except KeyboardInterrupt:
            log.append("interrupted")

    waits = [
        lambda: time.sleep(100),
        lambda: run_sync(asyncio.sleep(100)),
        lambda: run_sync(js.Promise.new(lambda *_: None)),
    ]
    tasks = [asyncio.create_task(program(wait)) for wait in waits]
    await asyncio.sleep(0.005)
    assert _suspend.interrupt() == 3
    await asyncio.gather(*tasks)
    assert log == ["interrupted"] * 3
    assert len(asyncio.all_tasks()) == 1 or await asyncio.sleep(0.01) is None
    assert _suspend.interrupt() == 0


@inside
async def test_a_javascript_frame_in_between_is_an_error() -> None:
    import asyncio

    from pyjs import run_js
    from pyjs.ffi import can_run_sync, run_sync

    def callback(*_):
        assert not can_run_sync()
        try:
            run_sync(asyncio.sleep(0))
        except RuntimeError as error:
            return str(error)

    assert can_run_sync()
    text = run_js("(f) => f()")(callback)
    assert text == (
        "run_sync: this stack cannot be suspended, since a JavaScript function lies between it "
        "and what could be suspended: call Python from there with callPromising(), and await the "
        "promise"
    )
    assert run_js("(f) => [1].map(f)[0]")(callback) == text
    assert can_run_sync()
    assert (
        run_sync(
            run_js("async (f) => await f.callPromising()")(lambda: run_sync(asyncio.sleep(0, 3)))
        )
        == 3
    )
    import gc

    gc.collect()


@inside
async def test_a_frame_that_the_core_does_not_know_of() -> None:
    import asyncio
    import ctypes

    from pyjs.ffi import run_sync

    texts = []

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
    def compare(_a, _b):
        coroutine = asyncio.sleep(0)
        try:
            run_sync(coroutine)
        except RuntimeError as error:
            texts.append(str(error))
        return 0

    array = (ctypes.c_int * 2)(1, 2)
    ctypes.CDLL(None).qsort(array, 2, 4, compare)
    assert texts
    assert "a frame of JavaScript's lies between" in texts[0]
    assert run_sync(asyncio.sleep(0, "fine")) == "fine"


@inside
async def test_a_promising_call_from_python_that_runs() -> None:
    import asyncio
    import contextvars

    from pyjs import create_proxy, run_js
    from pyjs.ffi import can_run_sync, run_sync

    variable = contextvars.ContextVar("variable", default="")
    me = asyncio.current_task()
    log = []

    def nested(n):
        assert asyncio.current_task() is None
        assert can_run_sync()
        variable.set(str(n))
        run_sync(asyncio.sleep(0.09 - 0.04 * n))
        log.append(n)
        assert variable.get() == str(n)
        return n

    proxy = create_proxy(nested)
    start = run_js("(f) => [0, 1, 2].map((n) => f.callPromising(n))")
    promises = start(proxy)
    assert asyncio.current_task() is me
    assert variable.get() == ""
    assert log == []
    assert [await promise for promise in promises] == [0, 1, 2]
    assert log == [2, 1, 0]
    proxy.destroy()


@inside
async def test_a_promising_listener_may_wait() -> None:
    import asyncio

    from pyjs import create_proxy, js, run_js
    from pyjs.ffi import run_sync

    seen = []

    def listener(event):
        run_sync(asyncio.sleep(0.001))
        seen.append(event.type)
        return len(seen)

    proxy = create_proxy(listener, promising=True)
    target = js.EventTarget.new()
    target.addEventListener("done", proxy)
    target.dispatchEvent(js.Event.new("done"))
    assert seen == []
    await asyncio.sleep(0.02)
    assert seen == ["done"]
    promise = run_js("(f) => f({type: 'other'})")(proxy)
    assert await promise == 2
    proxy.destroy()
    with_this = create_proxy(
        lambda this, x: run_sync(asyncio.sleep(0, this.y + x)), promising=True, capture_this=True
    )
    assert await run_js("(f) => ({y: 1, f}).f(2)")(with_this) == 3
    with_this.destroy()
    failing = create_proxy(lambda: 1 / 0, promising=True)
    caught = await run_js("async (f) => { try { await f() } catch (e) { return e.type } }")(failing)
    assert caught == "ZeroDivisionError"
    failing.destroy()
    try:
        create_proxy([], promising=True)
    except TypeError as error:
        assert str(error) == "create_proxy(promising=True): expected a callable, got list"


def test_call_promising_suspends(host: Host) -> None:
    body = """
    const f = py.runPython(args[0]);
    const out = [];
    const first = f.callPromising(3, "x").then((value) => out.push(value));
    const second = f.callPromisingKwargs(1, { text: "y" }).then((value) => out.push(value));
    const third = f.callWithOptions({ promising: true, relaxed: true }, 2, "z", 0, 0)
      .then((value) => out.push(value));
    out.push("started");
    await Promise.all([first, second, third]);
    const error = await f.callPromising(0, "fails").catch((error) => error.type);
    f.destroy();
    return [...out, error];
    """
    source = """
import asyncio
from pyjs.ffi import run_sync
def f(n, text):
    run_sync(asyncio.sleep(0.02 * n))
    return text * 1000 if text != "fails" else 1 / 0
f
"""
    started, *texts, error = host.js(body, source)
    assert started == "started"
    assert texts == ["y" * 1000, "z" * 1000, "x" * 1000]
    assert error == "ZeroDivisionError"


def test_a_plain_call_says_how_to_be_called(host: Host) -> None:
    body = """
    const f = py.runPython(args[0]);
    const text = f();
    f.destroy();
    return text;
    """
    source = """
def f():
    from pyjs import js
    from pyjs.ffi import can_run_sync, run_sync
    try:
        run_sync(js.Promise.resolve(1))
    except RuntimeError as error:
        return f"{can_run_sync()} {error}"
f
"""
    assert host.js(body, source) == (
        "False run_sync: this stack cannot be suspended, since it was called by runPython() or as "
        "a plain function: use runPythonAsync(), callPromising(), a task, or "
        "create_proxy(..., promising=True)"
    )


@inside
async def test_a_thousand_stacks() -> None:
    import asyncio
    import gc

    from pyjs.ffi import run_sync

    gate = asyncio.get_running_loop().create_future()

    def deep(n):
        return deep(n - 1) + 1 if n else run_sync(gate)

    async def program(n):
        return deep(n % 50)

    for _ in range(2):
        gate = asyncio.get_running_loop().create_future()
        tasks = [asyncio.create_task(program(n)) for n in range(1000)]
        await asyncio.sleep(0.05)
        gate.set_result(0)
        assert await asyncio.gather(*tasks) == [n % 50 for n in range(1000)]
        del tasks
    gc.collect()


@inside
async def test_lists_that_javascript_walks_meanwhile() -> None:
    import asyncio

    from pyjs import create_proxy, run_js
    from pyjs.ffi import run_sync

    items = [str(i) for i in range(10)]

    def change():
        run_sync(asyncio.sleep(0.001))
        items[:] = [f"new {i}" for i in range(10)]

    walk = run_js(
        "async (list, change) => { const seen = []; let changed;"
        " for (const item of list) { seen.push(item); changed ??= change.callPromising();"
        " await changed } return seen.join() }"
    )
    proxies = create_proxy(items), create_proxy(change)
    assert await walk(*proxies) == ",".join(["0", *(f"new {i}" for i in range(1, 10))])
    for proxy in proxies:
        proxy.destroy()
