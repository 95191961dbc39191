"""run_sync: whole stacks of Python that wait, where the engine can suspend them (JSPI)."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside, not_in_pyodide
from tests.waits import until


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


@not_in_pyodide("run_sync and its stacks are Pyodide's")
@inside
async def test_stacks_go_on_in_any_order() -> None:
    import asyncio
    import itertools

    from pyjs.ffi import run_sync

    loop = asyncio.get_running_loop()
    for order in itertools.permutations(range(4)):
        gates = [loop.create_future() for _ in order]
        begun, seen = [], []

        def deep(n, number, gates=gates, begun=begun, seen=seen):
            local = [n, number]
            if n == 0:
                begun.append(number)
                result = run_sync(gates[number])
                seen.append(number)
                return result
            result = deep(n - 1, number)
            assert local == [n, number]
            return result + 1

        async def program(number, deep=deep):
            return deep(20 + 100 * number, number)

        tasks = [loop.create_task(program(i)) for i in range(4)]
        await until(lambda begun=begun: len(begun) == 4)
        for number in order:
            gates[number].set_result(1000 * number)
            await until(lambda number=number, seen=seen: number in seen)
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


@not_in_pyodide("run_sync and its stacks are Pyodide's")
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


@not_in_pyodide("run_sync and its stacks are Pyodide's")
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


@not_in_pyodide("run_sync and its stacks are Pyodide's")
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
