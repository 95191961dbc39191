"""Declared types for JavaScript functions, objects and classes."""

from tests.inside import inside


@inside
def test_arguments_and_results_convert_as_declared() -> None:
    from typing import Annotated

    from pyjs import run_js
    from pyjs.signatures import Deep, Default, Json

    def declared(
        plain: dict, json: Annotated[dict, Json], deep: Annotated[dict, Deep], /
    ) -> Annotated[list, Deep]: ...

    f = run_js("(x, y, z) => [x.get('a'), y.b, z.c.d]").bind_sig(declared)
    assert f({"a": 1}, {"b": 2}, {"c": {"d": 3}}) == [1, 2, 3]

    def same(x: Annotated[object, Default], /): ...

    thing = object()
    assert run_js("(x) => x").bind_sig(same)(thing) is thing


@inside
def test_results_seen_as_json_are_not_copied() -> None:
    from typing import Annotated

    from pyjs import run_js
    from pyjs.signatures import Json

    def same(x, /) -> Annotated[dict, Json]: ...

    o = run_js("({x: 7, a: [{b: 1}]})")
    seen = run_js("(x) => x").bind_sig(same)(o)
    assert (seen["x"], seen["a"][0]["b"]) == (7, 1)
    seen["a"][0]["c"] = "s"
    assert o.a[0].c == "s"


@inside
def test_a_converter_of_ones_own() -> None:
    from datetime import UTC, datetime
    from typing import Annotated

    from pyjs import js, run_js

    class Instant:
        @staticmethod
        def to_js(value):
            return js.Date.new(value.timestamp() * 1000)

        @staticmethod
        def to_py(value):
            return datetime.fromtimestamp(value.getTime() / 1000, UTC)

    def later(
        date: Annotated[datetime | None, Instant()], /
    ) -> Annotated[datetime, Instant] | None: ...

    f = run_js("(d) => d && new Date(d.getTime() + 1000)").bind_sig(later)
    assert f(datetime(2020, 1, 1, tzinfo=UTC)) == datetime(2020, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert run_js("() => null").bind_sig(later)(datetime(2020, 1, 1, tzinfo=UTC)) is not None

    def nothing() -> Annotated[datetime, Instant] | None: ...

    assert run_js("() => undefined").bind_sig(nothing)() is None


@inside
def test_calls_are_checked_as_python_checks_them() -> None:
    from pyjs import run_js

    def declared(a, b=7, /, both=8, *, c, d=None, **rest): ...

    f = run_js("(...args) => args").bind_sig(declared)
    calls = [
        ((), {}),
        ((1,), {}),
        ((1, 2, 3, 4), {"c": 1}),
        ((1,), {"a": 2, "c": 1}),
        ((1, 2), {"c": 1, "both": 5, "x": 6}),
        ((1, 2, 3), {"c": 1, "both": 5}),
    ]
    for args, kwargs in calls:
        try:
            declared(*args, **kwargs)
        except TypeError as error:
            expected = str(error)
        else:
            expected = None
        try:
            got = f(*args, **kwargs)
        except TypeError as error:
            assert str(error) == expected, (args, kwargs)
        else:
            assert expected is None, (args, kwargs)
            assert got[0] == args[0]
    assert f(1, c=1).to_py() == [1, 7, 8, {"c": 1}]
    assert f(1, 2, both=3, c=4, d=5, e=6).to_py() == [1, 2, 3, {"c": 4, "d": 5, "e": 6}]


@inside
def test_stars_and_many_keywords() -> None:
    from typing import Annotated

    from pyjs import run_js
    from pyjs.signatures import Deep

    def declared(*lists: Annotated[list, Deep], **dicts: Annotated[dict, Deep]): ...

    f = run_js("(...args) => JSON.stringify(args)").bind_sig(declared)
    assert f([1], [2, [3]], x={"y": 1}) == '[[1],[2,[3]],{"x":{"y":1}}]'
    assert f() == "[]"
    namespace: dict = {}
    exec("def many(*, " + ", ".join(f"a{n}=None" for n in range(100)) + "): ...", namespace)
    many = run_js("(options) => Object.keys(options).length").bind_sig(namespace["many"])
    assert many(**{f"a{n}": n for n in range(100)}) == 100
    assert many() == 0


@inside
def test_an_option_named_like_the_prototype_is_an_option() -> None:
    from pyjs import run_js

    def declared(**options): ...

    f = run_js("(o) => [Object.keys(o), Object.getPrototypeOf(o) === Object.prototype]")
    keys, same = f.bind_sig(declared)(__proto__=1, a=2)
    assert (keys.to_py(), same) == (["__proto__", "a"], True)


@inside
async def test_promises_convert_what_they_give() -> None:
    from asyncio import Future
    from typing import Annotated

    from pyjs import run_js
    from pyjs.signatures import BindClass, Deep

    def as_future() -> Future[Annotated[list, Deep]]: ...
    async def as_coroutine() -> Annotated[list, Deep]: ...

    f = run_js("async () => [1, [2]]")
    assert await f.bind_sig(as_future)() == [1, [2]]
    assert await f.bind_sig(as_coroutine)() == [1, [2]]

    class Box(BindClass):
        x: Annotated[list, Deep]
        later: Future[Annotated[list, Deep]]

    async def boxed() -> Box: ...

    box = await run_js("async () => ({x: [1], later: Promise.resolve([2])})").bind_sig(boxed)()
    assert (box.x, await box.later) == ([1], [2])


@inside
def test_objects_have_the_declared_members() -> None:
    from typing import Annotated

    from pyjs import JsProxy, run_js
    from pyjs.signatures import BindClass, Deep

    class Inner(BindClass):
        values: Annotated[list, Deep]

        @staticmethod
        def first(x: Annotated[dict, Deep], /) -> Annotated[list, Deep]: ...

    class Outer(BindClass):
        n: int
        inner: Inner

        def itself(self) -> "Outer": ...
        def reach(self, x: Annotated[list, Deep], /) -> Annotated[list, Deep]: ...

    source = """({
      n: 1, free: [3], inner: {values: [1, 2], first(x) { return [x.a] }},
      itself() { return this }, reach(x) { return [this.n, ...x] }
    })"""
    plain = run_js(source)
    o = plain.bind_sig(Outer)
    assert isinstance(o, JsProxy)
    assert o == plain
    assert run_js("(a, b) => a === b")(o, plain) is True
    assert (o.n, o.free.to_py()) == (1, [3])
    assert o.inner.values == [1, 2]
    assert o.inner.first({"a": 5}) == [5]
    assert o.itself().itself().reach([2]) == [1, 2]
    reach = o.reach
    assert reach([3]) == [1, 3]
    o.inner.values = [9, [8]]
    assert plain.inner.values.to_py() == [9, [8]]
    o.n += 1
    assert plain.n == 2
    del o.n
    assert not hasattr(plain, "n")
    assert "values" in dir(o.inner)


@inside
def test_any_member_and_calls_of_an_object() -> None:
    from typing import Annotated

    from pyjs import run_js
    from pyjs.signatures import BindClass, Deep

    class Function(BindClass):
        def __call__(self, x: Annotated[dict, Deep], /) -> Annotated[list, Deep]: ...

    class Library(BindClass):
        def __getattr__(self, name: str) -> Function: ...

    library = run_js("({f: (x) => [x.a], g: (x) => [x.b]})").bind_sig(Library)
    assert library.f({"a": 1}) == [1]
    assert library.g({"b": 2}) == [2]
    try:
        _ = library.h
    except AttributeError as error:
        assert "'h'" in str(error)
    else:
        raise AssertionError("nothing was raised")


@inside
def test_classes_construct_bound_objects() -> None:
    from typing import Annotated

    from pyjs import run_js
    from pyjs.signatures import BindClass, Deep

    class Bag(BindClass):
        items: Annotated[list, Deep]

        def __init__(self, items: Annotated[list, Deep], /): ...
        def size(self) -> int: ...

    js_class = run_js("(class { constructor(items) { this.items = items } size() { return 2 } })")
    for bound in (js_class.bind_class(Bag), js_class.bind_sig(type[Bag])):
        for make in (bound, bound.new):
            bag = make([1, [2]])
            assert (bag.items, bag.size()) == ([1, [2]], 2)
            assert isinstance(bag, js_class)
    assert run_js("({items: [1]})").bind_sig(Bag).items == [1]

    class Loose(BindClass):
        items: Annotated[list, Deep]

    assert js_class.bind_class(Loose)(5).items == 5


@inside
def test_wrong_signatures() -> None:
    from pyjs import run_js

    o = run_js("({})")
    for bad in (5, "text", None, len):
        try:
            o.bind_sig(bad)
        except TypeError as error:
            assert "expected a Python function, a class or type[class]" in str(error)
        else:
            raise AssertionError(f"{bad!r} was taken")
    try:
        run_js("(class {})").bind_class(5)
    except TypeError as error:
        assert str(error) == "bind_class: expected a class, got int"
    else:
        raise AssertionError("nothing was raised")


@inside
def test_signatures_are_let_go() -> None:
    import gc
    import weakref

    from pyjs import run_js
    from pyjs.signatures import BindClass

    class Thing(BindClass):
        x: int

    def function(x, /): ...

    assert run_js("({x: 1})").bind_sig(Thing).x == 1
    assert run_js("(x) => x").bind_sig(function)(2) == 2
    gone = [weakref.ref(Thing), weakref.ref(function)]
    del Thing, function
    gc.collect()
    assert [each() for each in gone] == [None, None]
