"""for loops over JavaScript iterables and iterators."""

from tests.inside import inside


@inside
def test_every_iterable_is_iterated() -> None:
    from pyjs import run_js

    for source in (
        "[1, 2]",
        "new Set([1, 2])",
        "new Uint8Array([1, 2])",
        "(function* () { yield 1; yield 2 })()",
    ):
        assert list(run_js(source)) == [1, 2], source
    assert list(run_js("new Map([['a', 1]])")) == ["a"]
    assert list(run_js("new String('añ😀')")) == ["a", "ñ", "😀"]
    assert list(run_js("[]")) == []


@inside
def test_a_generators_result_is_the_value_of_stop_iteration() -> None:
    from pyjs import run_js

    make = run_js("(function* (r) { yield 1; return r })")
    for result in (9, "text", None, True):
        generator = make(result)
        assert next(generator) == 1
        try:
            next(generator)
        except StopIteration as stop:
            assert stop.value == result
        else:
            raise AssertionError("it did not stop")
        assert next(generator, "default") == "default"

    def outer():
        return (yield from make(5))

    assert list(outer()) == [1]
    inner = outer()
    next(inner)
    try:
        next(inner)
    except StopIteration as stop:
        assert stop.value == 5


@inside
def test_a_loop_left_early_can_go_on() -> None:
    from pyjs import run_js

    iterator = iter(run_js("[1, 2, 3]"))
    for value in iterator:
        assert value == 1
        break
    assert list(iterator) == [2, 3]
    assert list(iterator) == []


@inside
def test_errors_of_an_iterator_are_raised() -> None:
    from pyjs import JsException, run_js

    def of(source):
        try:
            return list(run_js(source))
        except JsException as error:
            return error.name

    assert of("(function* () { yield 1; throw new RangeError('r') })()") == "RangeError"
    assert of("({[Symbol.iterator]: () => ({next: () => 1})})") == "TypeError"
    assert of("({[Symbol.iterator]: () => ({next: () => null})})") == "TypeError"
    assert of("({[Symbol.iterator]() { throw new EvalError() }})") == "EvalError"


@inside
def test_long_iterations_keep_nothing() -> None:
    from pyjs import run_js

    make = run_js("(function* (n) { for (let i = 0; i < n; i++) yield {i} })")
    assert sum(o.i for o in make(20000)) == sum(range(20000))


@inside
def test_a_step_is_the_last_when_done_is_any_true_value() -> None:
    from itertools import islice

    from pyjs import run_js

    for done in ("1", "'yes'", "{}", "true"):
        make = f"(i => ({{next: () => ({{done: ++i > 2 && {done}, value: i}})}}))(0)"
        assert list(islice(run_js(make), 9)) == [1, 2]
    assert list(islice(run_js("(i => ({next: () => i++ ? {done: true} : {}}))(0)"), 9)) == [None]


@inside
def test_send_gives_the_yield_its_value() -> None:
    from collections.abc import Generator

    from pyjs import JsGenerator, jsnull, run_js

    g = run_js("(function* (x) { for (;;) x = yield [x] })('start')")
    assert isinstance(g, JsGenerator)
    assert isinstance(g, Generator)
    assert list(next(g)) == ["start"]
    thing = object()
    for value in (1, "text", None, jsnull, 10**30, thing, g):
        answer = g.send(value)[0]
        assert (answer is value) or (answer == value)
    g.close()
    g = run_js("(function* () { return [yield 1] })()")
    next(g)
    try:
        g.send("last")
    except StopIteration as stop:
        assert list(stop.value) == ["last"]
    else:
        raise AssertionError("it did not stop")
    for act in (lambda: g.send(1), lambda: next(g)):
        try:
            act()
        except StopIteration as stop:
            assert stop.value is None
        else:
            raise AssertionError("it did not stop")


@inside
def test_an_exception_thrown_in_is_seen_and_comes_back_as_the_same_object() -> None:
    from pyjs import run_js

    make = run_js(
        """(function* () {
          let seen;
          try { yield 'first' } catch (error) { seen = error }
          yield [seen instanceof Error, seen.type ?? seen.name, String(seen).includes('mine')];
          throw seen;
        })"""
    )
    mine = KeyError("mine")
    g = make()
    assert next(g) == "first"
    assert list(g.throw(mine)) == [True, "KeyError", True]
    try:
        next(g)
    except KeyError as error:
        assert error is mine
    else:
        raise AssertionError("nothing was raised")
    assert list(g) == []
    g = make()
    try:
        g.throw(mine)  # before the first step: nothing can catch it
    except KeyError as error:
        assert error is mine
    assert list(g) == []
    mine.__traceback__ = None  # its frames hold the generator, which holds it


@inside
def test_a_javascript_error_thrown_in_is_the_same_error() -> None:
    from pyjs import JsException, run_js

    error = run_js("new RangeError('js')")
    g = run_js("(function* () { try { yield 1 } catch (e) { yield e; throw e } })()")
    next(g)
    assert g.throw(error) == error
    try:
        next(g)
    except JsException as caught:
        assert caught.js_id == error.js_id
        assert str(caught) == "RangeError: js"
    else:
        raise AssertionError("nothing was raised")


@inside
def test_throw_takes_what_a_python_generators_takes() -> None:
    from pyjs import run_js

    def outcome(act):
        try:
            return repr(act())
        except BaseException as error:
            error.__traceback__ = None  # its frames hold the generator, which holds it
            return repr(error)

    def python():
        yield 1

    for args in (
        (KeyError,),
        (KeyError, "text"),
        (KeyError, KeyError("made")),
        (KeyError, None, None),
        (KeyError("made"),),
        (GeneratorExit,),
        (KeyboardInterrupt,),
        (StopAsyncIteration,),
    ):
        ours, theirs = run_js("(function* () { yield 1 })()"), python()
        next(ours)
        next(theirs)
        assert outcome(lambda g=ours, a=args: g.throw(*a)) == outcome(
            lambda g=theirs, a=args: g.throw(*a)
        )
    for wrong in (5, "text", object, None):
        assert outcome(lambda w=wrong: ours.throw(w)).startswith("TypeError")


@inside
def test_close_runs_finally_and_says_what_it_returns() -> None:
    from pyjs import JsException, run_js

    ended = []
    make = run_js("f => (function* () { try { yield 1; yield 2 } finally { f() } })()")

    def end():
        ended.append("end")

    g = make(end)
    assert next(g) == 1
    assert g.close() is None
    assert (ended, list(g), g.close()) == (["end"], [], None)
    assert run_js("(function* () { yield 1 })()").close() is None
    g = run_js("(function* () { try { yield 1 } finally { return 'done' } })()")
    next(g)
    assert g.close() == "done"
    g = run_js("(function* () { try { yield 1 } finally { yield 2 } })()")
    next(g)
    try:
        g.close()
    except RuntimeError as error:
        assert "yielded once more" in str(error)
    else:
        raise AssertionError("no RuntimeError")
    g = run_js("(function* () { try { yield 1 } finally { throw new RangeError('f') } })()")
    next(g)
    try:
        g.close()
    except JsException as error:
        assert str(error) == "RangeError: f"
    else:
        raise AssertionError("nothing was raised")


@inside
def test_yield_from_a_javascript_generator_forwards_everything() -> None:
    from pyjs import run_js

    make = run_js(
        """(function* () {
          let got = yield 'a';
          try { got = yield got } catch (error) { got = yield 'caught' }
          return got;
        })"""
    )
    results = []

    def outer():
        results.append((yield from make()))

    g = outer()
    assert (next(g), g.send("sent"), g.throw(KeyError("k"))) == ("a", "sent", "caught")
    assert next(g, "end") == "end"
    assert results == [None]
    ended = []
    make = run_js("f => (function* () { try { yield 1 } finally { f() } })()")

    def closes():
        yield from make(lambda: ended.append(True))

    g = closes()
    next(g)
    g.close()
    assert ended == [True]


@inside
def test_a_generator_that_runs_cannot_be_entered_again() -> None:
    from pyjs import JsException, create_proxy, run_js

    errors = []

    def again():
        try:
            next(g)
        except JsException as error:
            errors.append(error.name)
        return 5

    proxy = create_proxy(again)
    g = run_js("f => (function* () { yield f(); yield 6 })()")(proxy)
    assert list(g) == [5, 6]
    assert errors == ["TypeError"]
    proxy.destroy()
