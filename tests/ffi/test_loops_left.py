"""Loops of Python's over JavaScript's iterators that end early close them, once."""

import pytest

from tests.inside import inside
from tests.waits import turns, until


@inside
def test_a_generator_that_a_loop_began_is_closed_with_its_last_reference() -> None:
    from itertools import islice

    from pyjs import run_js

    seen = []
    make = run_js(
        "(f) => (function* () { try { yield 1; yield 2; yield 3 } finally { f('end') } })()"
    )

    def breaks():
        for _ in make(seen.append):
            break

    def returns():
        for _ in make(seen.append):
            return

    def raises():
        try:
            for _ in make(seen.append):
                raise KeyError("inside")
        except KeyError as error:
            error.__traceback__ = None

    def unpacks():
        first, *_ = islice(make(seen.append), 2)
        return first

    def finds():
        return 2 in make(seen.append)

    def delegates():
        yield from make(seen.append)

    def closes_outer():
        outer = delegates()
        next(outer)
        outer.close()

    for leave in (breaks, returns, raises, unpacks, finds, closes_outer):
        leave()
        assert (leave.__name__, seen) == (leave.__name__, ["end"])
        seen.clear()


@inside
def test_a_loop_goes_on_as_long_as_the_generator_is_held() -> None:
    from pyjs import run_js

    seen = []
    make = run_js(
        "(f) => (function* () { try { yield 1; yield 2; yield 3 } finally { f('end') } })()"
    )
    generator = make(seen.append)
    for value in generator:
        assert value == 1
        break
    assert next(generator) == 2
    assert seen == []
    other = generator
    del generator
    assert seen == []
    assert next(other) == 3
    assert seen == []
    del other
    assert seen == ["end"]


@inside
def test_what_ended_is_not_closed_again() -> None:
    from pyjs import JsException, run_js

    shared = run_js(
        """(() => {
          const shared = {returned: 0};
          shared.make = (last) => {
            let n = 0;
            return {
              [Symbol.iterator]() { return this },
              next() { if (n === 2) return last(); return {value: ++n, done: false} },
              return() { shared.returned++; return {} },
            };
          };
          shared.done = () => ({done: true});
          shared.fails = () => { throw new RangeError("by itself") };
          return shared;
        })()"""
    )
    assert list(shared.make(shared.done)) == [1, 2]
    try:
        list(shared.make(shared.fails))
    except JsException as error:
        assert error.name == "RangeError"
    else:
        raise AssertionError("nothing was raised")
    assert shared.returned == 0
    for _ in shared.make(shared.done):
        break
    assert shared.returned == 1


@inside
def test_a_generator_that_ended_or_was_closed_is_not_closed_again() -> None:
    from contextlib import suppress

    from pyjs import run_js

    shared = run_js(
        """(() => {
          const shared = {returned: 0};
          const make = function* () { yield 1; yield 2 };
          shared.make = () => {
            const generator = make();
            const close = generator.return;
            generator.return = function (value) {
              shared.returned++;
              return close.call(this, value);
            };
            return generator;
          };
          return shared;
        })()"""
    )

    def ends(generator):
        for _ in generator:
            pass

    def closes(generator):
        for _ in generator:
            break
        generator.close()

    def throws(generator):
        for _ in generator:
            break
        try:
            generator.throw(KeyError("in"))
        except KeyError as error:
            error.__traceback__ = None

    def sends(generator):
        for _ in generator:
            break
        generator.send(None)
        with suppress(StopIteration):
            generator.send(None)

    for leave, expected in ((ends, 0), (closes, 1), (throws, 0), (sends, 0)):
        leave(shared.make())
        assert (leave.__name__, shared.returned) == (leave.__name__, expected)
        shared.returned = 0


@inside
def test_what_is_stepped_by_hand_stays_open() -> None:
    from pyjs import run_js

    shared = run_js(
        """(() => {
          const shared = {ended: false};
          shared.g = (function* () {
            try { yield 1; yield 2; yield 3 } finally { shared.ended = true }
          })();
          shared.next = () => shared.g.next().value;
          return shared;
        })()"""
    )
    assert next(shared.g) == 1
    assert shared.g.send(None) == 2
    assert not shared.ended
    assert shared.next() == 3
    assert not shared.ended


@inside
def test_iterators_that_a_loop_makes_are_closed_when_it_is_left() -> None:
    from pyjs import run_js

    shared = run_js(
        """(() => {
          const shared = {closed: 0};
          shared.iterable = {[Symbol.iterator]: () => ({
            next: () => ({value: 1, done: false}),
            return() { shared.closed++; return {} },
          })};
          shared.mapping = {
            get: () => 1, size: 3, [Symbol.iterator]: () => [].values(),
            *keys() { try { yield 'a'; yield 'b' } finally { shared.closed++ } },
          };
          return shared;
        })()"""
    )
    for _ in shared.iterable:
        break
    assert shared.closed == 1
    for key in shared.mapping:
        assert key == "a"
        break
    assert shared.closed == 2
    iterator = iter(shared.iterable)
    del iterator
    assert shared.closed == 3


@inside
@pytest.mark.parametrize(
    "source",
    [
        "[1, 2].values()",
        "new Map([[1, 2], [3, 4]]).keys()",
        "new Set([1, 2]).values()",
        "new Uint8Array([1, 2]).values()",
        "'ab'[Symbol.iterator]()",
        "'aab'.matchAll(/a/g)",
    ],
)
def test_built_in_iterators_have_nothing_to_close(source: str) -> None:
    from pyjs import run_js

    iterator = run_js(source)
    kind = type(iterator)
    for _ in iterator:
        break
    assert type(iterator) is kind
    assert len(list(iterator)) == 1


@inside
def test_errors_of_closing_are_unraisable() -> None:
    import sys

    from pyjs import run_js

    seen = []
    hook, sys.unraisablehook = (
        sys.unraisablehook,
        lambda info: seen.append((str(info.exc_value), info.err_msg)),
    )
    make = run_js(
        """(closing) => ({[Symbol.iterator]: () => ({
          next: () => ({value: 1, done: false}), return: closing,
        })})"""
    )
    try:
        for closing in (
            "() => { throw new RangeError('closing') }",
            "() => 5",
            "() => undefined",
            "() => ({})",
            "function () { return this.next() }",
        ):
            for _ in make(run_js(f"({closing})")):
                break
    finally:
        sys.unraisablehook = hook
    assert [text for text, _ in seen] == [
        "RangeError: closing",
        "TypeError: a step of a JavaScript iterator: expected an object, got 5",
        "TypeError: a step of a JavaScript iterator: expected an object, got undefined",
    ]
    assert {message for _, message in seen} == {
        "Exception ignored while closing a JavaScript iterator"
    }


@inside
def test_closing_keeps_the_error_that_ends_the_loop() -> None:
    import sys

    from pyjs import run_js

    seen = []
    hook, sys.unraisablehook = sys.unraisablehook, lambda info: seen.append(str(info.exc_value))
    make = run_js(
        "() => (function* () { try { yield 1 } finally { throw new RangeError('closing') } })()"
    )
    try:
        for _ in make():
            raise KeyError("mine")
    except KeyError as error:
        assert error.args == ("mine",)
        assert error.__context__ is None
        error.__traceback__ = None
    finally:
        sys.unraisablehook = hook
    assert seen == ["RangeError: closing"]


@inside
def test_python_runs_while_a_generator_is_closed() -> None:
    import weakref

    from pyjs import run_js

    seen = []

    def ends(reference):
        seen.append(reference())
        seen.append(list(run_js("[1, 2]")))

    make = run_js("(f) => (function* () { try { yield 1 } finally { f() } })()")
    box = []
    generator = make(lambda: ends(box[0]))
    box.append(weakref.ref(generator))
    for _ in generator:
        break
    del generator
    assert seen == [None, [1, 2]]
    box.clear()


@inside
async def test_an_asynchronous_generator_is_closed_with_its_last_reference() -> None:
    import asyncio

    from pyjs import run_js

    seen = []
    make = run_js(
        """(f) => (async function* () {
          try { yield 1; yield 2; yield 3 } finally { await 0; f('end') }
        })()"""
    )

    async def breaks():
        async for _ in make(seen.append):
            break

    async def returns():
        async for _ in make(seen.append):
            return

    async def raises():
        try:
            async for _ in make(seen.append):
                raise KeyError("inside")
        except KeyError as error:
            error.__traceback__ = None

    async def cancelled(begun):
        async for _ in make(seen.append):
            begun.set()
            await asyncio.Event().wait()

    async def cancels():
        begun = asyncio.Event()
        task = asyncio.create_task(cancelled(begun))
        await begun.wait()
        task.cancel()
        await asyncio.wait([task])

    async def awaited():
        generator = make(seen.append)
        async for _ in generator:
            break
        assert await anext(generator) == 2
        assert seen == []

    for leave in (breaks, returns, raises, cancels, awaited):
        await leave()
        await until(lambda: seen)
        await turns()
        assert (leave.__name__, seen) == (leave.__name__, ["end"])
        seen.clear()


@inside
async def test_what_ended_or_was_closed_is_closed_once_asynchronously() -> None:

    from pyjs import JsException, run_js

    shared = run_js(
        """(() => {
          const shared = {returned: 0};
          shared.make = (last) => {
            const g = (async function* () { yield 1; if (last) throw new RangeError("r") })();
            const close = g.return;
            g.return = function (value) { shared.returned++; return close.call(this, value) };
            return g;
          };
          return shared;
        })()"""
    )
    assert [x async for x in shared.make(False)] == [1]
    try:
        assert [x async for x in shared.make(True)] == []
    except JsException as error:
        assert error.name == "RangeError"
    await turns()
    assert shared.returned == 0
    generator = shared.make(False)
    async for _ in generator:
        break
    await generator.aclose()
    del generator
    assert shared.returned == 1
    assert await anext(shared.make(False)) == 1
    await turns()
    assert shared.returned == 1  # stepped by hand


@inside
async def test_a_rejected_return_is_reported_once() -> None:
    import asyncio

    from pyjs import run_js

    seen, unhandled = [], []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: seen.append(context))
    listen = run_js(
        """(f) => {
          const listener = (e) => { e.preventDefault?.(); f(String(e.reason ?? e)) };
          const node = typeof process === "object" && typeof process.on === "function";
          if (node) process.on("unhandledRejection", listener);
          else addEventListener("unhandledrejection", listener);
          return () => {
            if (node) process.off("unhandledRejection", listener);
            else removeEventListener("unhandledrejection", listener);
          };
        }"""
    )
    stop = listen(unhandled.append)
    make = run_js(
        """(closing) => ({[Symbol.asyncIterator]: () => ({
          next: async () => ({value: 1}), return: closing,
        })})"""
    )
    try:
        for reported, closing in (
            (1, "() => Promise.reject(new RangeError('later'))"),
            (2, "async () => { await 0; throw new RangeError('later') }"),
            (3, "() => { throw new RangeError('at once') }"),
            (4, "async () => 5"),
            (4, "async () => ({})"),
        ):
            async for _ in make(run_js(f"({closing})")):
                break
            await until(lambda reported=reported: len(seen) >= reported)
            await turns()
    finally:
        loop.set_exception_handler(None)
        stop()
    assert [str(context["exception"]) for context in seen] == [
        "RangeError: later",
        "RangeError: later",
        "RangeError: at once",
        "TypeError: a step of a JavaScript iterator: expected an object, got 5",
    ]
    assert {context["message"] for context in seen} == {
        "JavaScript that nobody waits for any more failed: exception was never retrieved"
    }
    assert unhandled == []


@inside
def test_a_for_of_left_early_closes_a_python_generator() -> None:
    from pyjs import run_js

    seen = []

    def numbers():
        try:
            yield 1
            yield 2
        finally:
            seen.append("closed")

    how = (
        "(g) => { for (const x of g) break }",
        "(g) => { for (const x of g) return x }",
        "(g) => { try { for (const x of g) throw 1 } catch {} }",
        "(g) => { const [x] = g; return x }",
        "(g) => { g.next(); g.return() }",
    )
    for source in how:
        run_js(source)(numbers())
        assert (source, seen) == (source, ["closed"])
        seen.clear()


@inside
async def test_a_for_await_left_early_awaits_the_finally_of_a_python_generator() -> None:
    import asyncio

    from pyjs import run_js

    seen = []

    async def numbers():
        try:
            yield 1
            yield 2
        finally:
            await asyncio.sleep(0.01)
            seen.append("closed")

    leave = run_js("async (g, f) => { for await (const x of g) break; f('after') }")
    await leave(numbers(), seen.append)
    assert seen == ["closed", "after"]

    async def fails():
        try:
            yield 1
        finally:
            await asyncio.sleep(0)
            raise KeyError("closing")

    try:
        await leave(fails(), seen.append)
    except KeyError as error:
        assert error.args == ("closing",)
        error.__traceback__ = None
    else:
        raise AssertionError("nothing was raised")
    assert seen == ["closed", "after"]
