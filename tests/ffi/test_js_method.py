"""`o.m(args)` is one crossing, and means what looking `m` up and then calling it means."""

import pytest

from tests.inside import inside


@inside
def test_a_missing_method_is_an_attribute_error_and_a_value_is_not_callable() -> None:
    from pyjs import JsException, jsnull, run_js

    o = run_js(
        """({n: 1, s: 'x', nothing: undefined, none: null, o: {},
            get bad() { throw new RangeError('g') }})"""
    )
    for act in (lambda: o.absent(), lambda: o.absent(1, 2), lambda: o.absent(k=1)):
        try:
            act()
        except AttributeError as error:
            assert str(error) == "JavaScript object has no property 'absent'"
        else:
            raise AssertionError("no AttributeError")
    for act, kind in (
        (lambda: o.n(), "int"),
        (lambda: o.s(1), "str"),
        (lambda: o.nothing(k=1), "NoneType"),
        (lambda: o.none(1, 2, 3, 4), type(jsnull).__name__),
        (lambda: o.o(), "JsProxy"),
    ):
        try:
            act()
        except TypeError as error:
            assert "not callable" in str(error)
            assert kind in str(error)
        else:
            raise AssertionError("no TypeError")
    try:
        o.bad(1)
    except JsException as error:
        assert str(error) == "RangeError: g"
    else:
        raise AssertionError("nothing was raised")


@inside
def test_this_arguments_and_keywords_arrive() -> None:
    from pyjs import run_js, to_py

    o = run_js(
        "(() => { const o = {m(...a) { return [this === o, a.length, a.at(-1)] }}; return o })()"
    )
    assert list(o.m()) == [True, 0, None]
    assert list(o.m(1)) == [True, 1, 1]
    assert list(o.m(1, "2", 3.5, None)) == [True, 4, None]
    assert list(o.m(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)) == [True, 12, 12]
    assert to_py(o.m(1, k=2)) == [True, 2, {"k": 2}]
    assert to_py(o.m(1, 2, 3, 4, 5, 6, 7, 8, 9, a=1, b="x"))[1:] == [10, {"a": 1, "b": "x"}]
    same = run_js("({m() { return this }})")
    assert same.m() == same
    assert getattr(same, "m")() == same  # noqa: B009
    method = same.m
    assert method() == same


@inside
def test_methods_are_found_where_javascript_finds_them() -> None:
    from pyjs import js, run_js

    o = run_js(
        """new (class Child extends (class Base { inherited() { return 'base' } }) {
          get made() { return (x) => ['getter', x] }
          static create() { return new this() }
          class() { return 'keyword' }
          from_() { return 'underscore' }
        })"""
    )
    assert (o.inherited(), list(o.made(1)), o.class_(), o.from__()) == (
        "base",
        ["getter", 1],
        "keyword",
        "underscore",
    )
    assert o.constructor.create().inherited() == "base"
    assert js.Math.max(1, 5, 3) == 5
    assert js.JSON.parse("[1]")[0] == 1
    assert js.Date.new(0).getTime() == 0
    proxied = run_js("new Proxy({}, {get: (t, name) => (...args) => [name, ...args]})")
    assert list(proxied.anything(1, 2)) == ["anything", 1, 2]


@inside
def test_a_method_replaced_while_its_arguments_are_evaluated_is_still_called() -> None:
    from pyjs import run_js

    o = run_js("({m(x) { return ['old', x] }, n: 1})")
    replace = run_js("o => { o.m = (x) => ['new', x]; return 'argument' }")

    def change():
        return replace(o)

    class Changes:
        def __getitem__(self, key):
            return change()

        @property
        def text(self):
            return change()

        def __add__(self, other):
            return change()

        def __bool__(self):
            change()
            return True

        def __iter__(self):
            yield change()

        def __format__(self, spec):
            return change()

    old, it = o.m, Changes()
    for act in (
        lambda: o.m(change()),
        lambda: o.m(replace(o)),
        lambda: o.m(str(change())),
        lambda: o.m("a".replace("a", change())),
        lambda: o.m((change(), 1)[0]),
        lambda: o.m([x := change(), x][1]),
        lambda: o.m(it[0]),
        lambda: o.m(it.text),
        lambda: o.m(it + 1),
        lambda: o.m("argument" if it else 0),
        lambda: o.m(*it),
        lambda: o.m(*[], *it),
        lambda: o.m(f"{it}"),
        lambda: o.m([change() for _ in range(1)].pop()),
    ):
        assert list(act()) == ["old", "argument"]
        o.m = old
    try:
        o.absent(change())
    except AttributeError:
        assert o.m == old, "the argument of a missing method was evaluated"
    else:
        raise AssertionError("no AttributeError")


@inside
def test_python_functions_stored_on_objects_are_called_as_python_calls_them() -> None:
    from pyjs import create_proxy, run_js

    def f(*args, **kwargs):
        return args, kwargs

    class Thing:
        def __call__(self, x=5, *, k=6):
            return [x, k]

    o = run_js("({})")
    o.f, o.thing, o.kind = f, Thing(), dict
    proxy = create_proxy(f)
    o.proxied = proxy
    assert o.f() == ((), {})
    assert o.f(1, None, a=2) == ((1, None), {"a": 2})
    assert o.f(*range(12)) == (tuple(range(12)), {})
    assert (o.thing(k=1), o.thing(2), o.kind(a=1)) == ([5, 1], [2, 6], {"a": 1})
    assert o.proxied(1) == ((1,), {})
    try:
        o.thing(1, 2)
    except TypeError as error:
        assert "positional argument" in str(error)
    else:
        raise AssertionError("no TypeError")
    proxy.destroy()


@inside
async def test_calls_work_in_code_of_every_kind() -> None:
    import weakref

    from pyjs import run_js

    o = run_js("({m: (x) => x, list: () => [1, 2]})")

    def generator():
        got = yield o.m(1)
        yield o.m(got)
        return o.m(3)

    g = generator()
    assert (next(g), g.send(2)) == (1, 2)

    async def coroutine(x):
        return o.m(x)

    class Body:
        made = o.m(4)
        listed = tuple([o.m(x) for x in o.list()])

    assert await coroutine(5) == 5
    assert (Body.made, Body.listed) == (4, (1, 2))
    assert (lambda: o.m(6))() == 6
    scope = {"o": o}
    exec("r = o.m(7)\ndef f(x): return o.m(x)\ns = f(8)", scope)
    assert (scope["r"], scope["s"], eval("o.m(9)", {"o": o})) == (7, 8, 9)
    assert weakref.proxy(o).m(10) == 10
    assert getattr(o, "m")(11) == 11  # noqa: B009
    match o:
        case value if value.m(True):
            assert o.m(o.m(o.m(12))) == 12
    assert {o.m(x): o.m(-x) for x in (1, 2)} == {1: -1, 2: -2}


@inside
def test_calls_work_while_they_are_traced() -> None:
    import sys

    from pyjs import run_js

    o = run_js("({m: (...args) => args.length})")

    def f():
        return [o.m(), o.m(1), o.m(1, k=2), o.m(*[1, 2, 3]), getattr(o, "m")(1)]  # noqa: B009

    expected = f()
    events = []

    def trace(frame, event, arg):
        if frame.f_code.co_name == "f":
            frame.f_trace_opcodes = True
            events.append(event)
        return trace

    sys.settrace(trace)
    try:
        traced = f()
    finally:
        sys.settrace(None)
    assert traced == expected == [0, 1, 2, 3, 1]
    assert {"call", "line", "opcode", "return"} <= set(events)
    profiled = []
    sys.setprofile(lambda frame, event, arg: profiled.append(event))
    try:
        assert f() == expected
    finally:
        sys.setprofile(None)
    assert profiled


@inside
def test_one_line_of_code_meets_objects_of_every_kind() -> None:
    import math

    from pyjs import js, run_js

    class Python:
        def floor(self, x):
            return ["python", x]

    class Dynamic:
        def __getattr__(self, name):
            return lambda x: [name, x]

    kinds = [math, js.Math, Python(), Dynamic(), run_js("({floor: (x) => ['js', x]})"), js.Math]
    seen = [kind.floor(2.5) for _ in range(50) for kind in kinds]
    seen = [list(x) if not isinstance(x, int) else x for x in seen]
    assert seen == [2, 2, ["python", 2.5], ["floor", 2.5], ["js", 2.5], 2] * 50


@inside
def test_a_python_property_that_hands_out_a_javascript_method() -> None:
    from operator import attrgetter

    from pyjs import run_js

    o = run_js("({m: Object.assign((x) => x * 2, {extra: (x) => x * 3}), length: 5})")

    class Holder:
        js = o
        m = property(attrgetter("js.m"))
        extra = property(attrgetter("js.m.extra"))

    class Nested:
        js = o
        m = property(attrgetter("js.m.extra"))

    holder = Holder()
    assert Nested().m(2) == 6
    assert (holder.m(2), holder.extra(2), holder.js.m(3), o.m.extra(3)) == (4, 6, 6, 9)


@inside
def test_code_that_comes_and_goes_is_not_mistaken_for_other_code() -> None:
    from pyjs import run_js

    o = run_js("Object.fromEntries(Array.from({length: 50}, (_, i) => [`m${i}`, (x) => i + x]))")
    for turn in range(40):
        for i in range(50):
            scope = {"o": o}
            body = f"o.m{i}(x)" if (turn + i) % 3 else f"(lambda f: f(x))(o.m{i})"
            exec(f"def f(x):\n    return {body}", scope)
            assert scope["f"](turn) == i + turn


@inside
def test_names_that_share_a_place_in_the_cache_are_told_apart() -> None:
    import sys

    from pyjs import run_js, to_py

    def place(name):
        return (id(name) >> 3 ^ id(name) >> 13) % 1024

    names, pairs = {}, []
    for i in range(20000):
        name = sys.intern(f"shared{i}")
        if (other := names.setdefault(place(name), name)) is not name:
            pairs.append((other, name))
        if len(pairs) == 30:
            break
    o = run_js("({})")
    make = run_js("(name) => (options) => [name, options]")
    for pair in pairs:
        for name in pair:
            setattr(o, name, make(name))
        for method, keyword in (pair, pair[::-1]) * 2:
            scope = {"o": o}
            exec(f"def f(): return o.{method}({keyword}=1), o.{method}(), o.{keyword}()", scope)
            for _ in range(2):
                with_keyword, first, second = scope["f"]()
                assert to_py(with_keyword) == [method, {keyword: 1}]
                assert (first[0], second[0]) == (method, keyword)


@inside
def test_a_hidden_name_does_not_disturb_the_cache_of_names() -> None:
    import sys

    from pyjs import run_js

    for _ in range(3):
        assert hasattr(run_js("[]"), "keys") is False
        assert dict(run_js("[['a', 1]]")) == {"a": 1}
        assert run_js("({keys: 5})").keys == 5
    names = [sys.intern(f"fill{i}") for i in range(5000)]
    o = run_js("({keys: 6})")
    for name in names:
        hasattr(o, name)
    assert hasattr(run_js("[]"), "keys") is False
    assert o.keys == 6


@inside
def test_a_deep_recursion_of_methods_and_callbacks() -> None:
    from pyjs import create_proxy, run_js

    def down(n):
        return 0 if n == 0 else o.step(n - 1) + 1

    proxy = create_proxy(down)
    o = run_js("f => ({step: (n) => f(n)})")(proxy)
    assert down(40) == 40
    proxy.destroy()


@inside
@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 50, 255])
def test_any_number_of_arguments(count: int) -> None:
    from pyjs import run_js

    o = run_js("({m: (...args) => args})")
    scope = {"o": o}
    values = ", ".join(f"'v{i}'" for i in range(count))
    exec(f"def f(): return o.m({values})", scope)
    assert list(scope["f"]()) == [f"v{i}" for i in range(count)]
    assert list(o.m(*(f"v{i}" for i in range(count)))) == [f"v{i}" for i in range(count)]


@inside
def test_an_error_of_a_method_names_the_users_line_only() -> None:
    import traceback

    from pyjs import JsException, run_js

    o = run_js("({m() { throw new RangeError('in m') }})")
    try:
        o.m(1)
    except JsException as error:
        frames = traceback.extract_tb(error.__traceback__)
        assert frames[0].name.startswith("test_an_error_of_a_method")
    else:
        raise AssertionError("nothing was raised")


@inside
def test_globals_that_run_code_are_read_after_the_method() -> None:
    from pyjs import run_js

    class Names(dict):
        def __missing__(self, key):
            o.m = run_js("() => 'new'")
            return 1

    o = run_js("({m: () => 'old'})")
    names = Names(o=o)
    exec("def f(): return o.m(y)", names)
    assert names["f"]() == "old"
    assert o.m(1) == "new"
