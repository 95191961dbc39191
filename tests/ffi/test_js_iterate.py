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
