"""The classes of proxies, calls with options, and generators of Python in JavaScript."""

import pytest

from tests.hosts.base import Host

_NAMES = [
    "PyProxyWithLength", "PyProxyWithGet", "PyProxyWithSet", "PyProxyWithHas", "PyDict",
    "PyIterable", "PyIterator", "PyGenerator", "PyAsyncIterable", "PyAsyncIterator",
    "PyAsyncGenerator", "PyAwaitable", "PyCallable", "PySequence", "PyMutableSequence",
    "PyBuffer",
]  # fmt: skip
_CONTAINER = "PyProxyWithLength PyProxyWithGet PyProxyWithHas PyIterable"


@pytest.mark.parametrize(
    ("code", "classes"),
    [
        ("object()", ""),
        ("[1]", f"{_CONTAINER} PyProxyWithSet PySequence PyMutableSequence"),
        ("(1,)", f"{_CONTAINER} PySequence"),
        ("bytes(1)", f"{_CONTAINER} PySequence PyBuffer"),
        ("bytearray(1)", f"{_CONTAINER} PyProxyWithSet PySequence PyMutableSequence PyBuffer"),
        ("{}", f"{_CONTAINER} PyProxyWithSet PyDict"),
        ("{1}", "PyProxyWithLength PyProxyWithHas PyIterable"),
        ("len", "PyCallable"),
        ("iter([])", "PyIterable PyIterator"),
        ("(x for x in [])", "PyIterable PyIterator PyGenerator"),
        ("type('A', (), {'__await__': iter})()", "PyAwaitable"),
        (
            "async def f():\n  yield\nf()",
            "PyAsyncIterable PyAsyncIterator PyAsyncGenerator",
        ),
        ("type('A', (), {'__aiter__': iter})()", "PyAsyncIterable"),
    ],
)
def test_instances(host: Host, code: str, classes: str) -> None:
    body = """
    const proxy = py.runPython(args[0]);
    const found = args[1].filter((name) => proxy instanceof py.ffi[name]);
    const all = [proxy instanceof py.ffi.PyProxy, Object.prototype.toString.call(proxy)];
    proxy.destroy();
    return [found, ...all];
    """
    found, is_proxy, tag = host.js(body, code, _NAMES)
    assert (found, is_proxy) == ([name for name in _NAMES if name in classes.split()], True)
    assert tag == "[object PyProxy]"


def test_the_classes_cannot_be_constructed(host: Host) -> None:
    body = """
    return args[0].map((name) => {
      const Class = py.ffi[name];
      let text = "";
      try { new Class() } catch (error) { text = error.message }
      return [Class.name === name, text.startsWith(`${name} is not a constructor`),
        [1, "x", null, undefined, {}, [], () => 1].some((value) => value instanceof Class)];
    });
    """
    assert host.js(body, ["PyProxy", *_NAMES]) == [[True, True, False]] * 17


def test_calls_with_options(host: Host) -> None:
    body = """
    const f = py.runPython("def f(a, b=2, *, c=3): return str([a, b, c])\\nf");
    const out = [
      f.call(null, 1), f.apply(null, [1, 5]), f.bind(null, 7)(8),
      f.callKwargs(1, {c: 9}), f.callRelaxed(1, 2, 3, 4),
      f.callWithOptions({}, 1), f.callWithOptions({kwargs: true}, 1, {b: 0}),
      f.callWithOptions({relaxed: true}, 1, 2, 3),
      f.callWithOptions({relaxed: true, kwargs: true}, 1, 2, 3, {c: 0, d: 1}),
    ];
    try { f.callWithOptions({kwarg: true}, 1) } catch (error) { out.push(error.message) }
    f.destroy();
    const g = py.runPython("lambda this, *rest: [this['x'], *rest].__str__()");
    const bound = g.captureThis();
    const dict = py.toPy({x: 5});
    out.push(bound.call(dict, 1));
    for (const each of [g, bound, dict]) each.destroy();
    return out;
    """
    assert host.js(body) == [
        "[1, 2, 3]", "[1, 5, 3]", "[7, 8, 3]", "[1, 2, 9]", "[1, 2, 3]", "[1, 2, 3]",
        "[1, 0, 3]", "[1, 2, 3]", "[1, 2, 0]",
        "callWithOptions: unknown option kwarg; known are kwargs, relaxed, promising", "[5, 1]",
    ]  # fmt: skip


def test_generators(host: Host) -> None:
    body = """
    const make = py.runPython(`
    def make():
        try:
            got = yield 1
            while True:
                try:
                    got = yield got
                except ValueError as error:
                    got = f"caught {error}"
        finally:
            log.append("closed")
    log = []
    make
    `.replaceAll("\\n    ", "\\n"));
    const log = py.globals.get("log");
    const g = make();
    const out = [g.next(), g.next("a"), g.next("b")];
    const error = py.runPython("ValueError('v')");
    out.push(g.throw(error));
    out.push(g.return(5), g.next(), log.length);
    const i = make();
    i.next();
    try { i.throw(py.globals) } catch (error) { out.push(error.message.split("\\n").at(-2)) }
    i.destroy();
    const h = make();
    h.next();
    try { h.throw(new RangeError("js")) } catch (error) { out.push([error.name, error.message]) }
    out.push(log.length);
    const k = make();
    for (const x of k) { out.push(x); break }
    for (const each of [g, h, k, error, make, log]) each.destroy();
    py.runPython("del log, make");
    return out;
    """
    done = {"done": True, "value": 5}
    assert host.js(body) == [
        {"done": False, "value": 1},
        {"done": False, "value": "a"},
        {"done": False, "value": "b"},
        {"done": False, "value": "caught v"},
        done,
        {"done": True},
        1,
        "TypeError: throw: expected an exception, got dict",
        ["RangeError", "js"],
        3,
        1,
    ]


def test_async_iteration(host: Host) -> None:
    body = """
    const make = py.runPython(`
    import asyncio
    log = []
    async def make(n):
        try:
            for i in range(n):
                await asyncio.sleep(0)
                got = yield i
                if got: log.append(got)
            if n == 5: raise KeyError("five")
        finally:
            log.append("closed")
    make
    `.replaceAll("\\n    ", "\\n"));
    const log = py.globals.get("log");
    const out = [];
    const all = make(3);
    for await (const x of all) out.push(x);
    const early = make(3);
    for await (const x of early) { out.push(x); break }
    out.push(log.toJs());
    const g = make(4);
    out.push(await g.next(), await g.next("sent"), await g.return(7), await g.next());
    const failing = make(5);
    try { for await (const x of failing) out.push(x) } catch (error) { out.push(error.type) }
    out.push(log.toJs());
    for (const each of [all, early, g, failing, make, log]) each.destroy();
    py.runPython("del log, make");
    return out;
    """
    assert host.js(body) == [
        0, 1, 2, 0, ["closed", "closed"],
        {"done": False, "value": 0}, {"done": False, "value": 1}, {"done": True, "value": 7},
        {"done": True},
        0, 1, 2, 3, 4, "KeyError",
        ["closed", "closed", "sent", "closed", "closed"],
    ]  # fmt: skip


def test_keywords_of_every_name(host: Host) -> None:
    body = """
    const f = py.runPython("lambda *args, **kwargs: str([args, kwargs])");
    const out = [];
    for (let round = 0; round < 2; round++) {
      out.push(f.callKwargs(1, {b: 2, ünï: "x", class: null, __proto__x: undefined}));
      out.push(f.callKwargs({["long".repeat(30)]: 1}).length, f.callKwargs({}));
    }
    const gone = py.runPython("[1]");
    gone.destroy();
    for (const options of [{only_seen_here: gone}, {only_seen_here: 5}]) {
      try { out.push(f.callKwargs(options)) } catch (error) { out.push(error.name) }
    }
    const g = py.runPython("lambda a: a");
    for (let i = 0; i < 2; i++) {
      try { g.callKwargs({nope: 1}) } catch (error) { out.push(error.message.split("\\n").at(-2)) }
    }
    out.push(g.callKwargs({a: 7}));
    for (const each of [f, g]) each.destroy();
    return out;
    """
    one = ["[(1,), {'b': 2, 'ünï': 'x', 'class': jsnull, '__proto__x': None}]", 133, "[(), {}]"]
    error = "TypeError: <lambda>() got an unexpected keyword argument 'nope'"
    assert host.js(body) == [
        *one, *one, "Error", "[(), {'only_seen_here': 5}]", error, error, 7,
    ]  # fmt: skip


def test_new_and_instanceof_are_those_of_python(host: Host) -> None:
    code = """
class Base:
    def __init__(self, *args, key=0):
        self.args, self.key = args, key
class Sub(Base): pass
class Fails:
    def __init__(self):
        raise ValueError("no")
class Any(type):
    def __instancecheck__(cls, value):
        return value == 5
class Five(metaclass=Any): pass
[Base, Sub, Fails, Five, int, len]
"""
    body = """
    const classes = py.runPython(args[0], { globals: py.runPython("{}") });
    const [Base, Sub, Fails, Five, Int, len] = classes;
    const sub = new Sub(1, "two", 3, 4, 5), base = Base.callKwargs({ key: 7 });
    const caught = (act) => {
      try { return act(); } catch (e) { return `${e.name}: ${e.type ?? e.message}`; }
    };
    const tuple = sub.args, out = [tuple.length, tuple[1], base.key];
    out.push(sub instanceof Sub, sub instanceof Base, base instanceof Sub);
    out.push(5 instanceof Int, [] instanceof Base, 5 instanceof Five, 6 instanceof Five);
    out.push(Base instanceof py.ffi.PyClass, len instanceof py.ffi.PyClass);
    out.push(caught(() => new Fails()), caught(() => new Int(5)));
    out.push(caught(() => new len([])).slice(0, 9));
    out.push(typeof Base, Reflect.construct(Base, [1]) instanceof Base, Object.keys(Base).length);
    for (const each of [sub, base, classes, Base, Sub, Fails, Five, Int, len]) each.destroy();
    return out;
    """
    assert host.js(body, code) == [
        5,
        "two",
        7,
        *(True, True, False, True, False),
        *(True, False, True, False),
        "PythonError: ValueError",
        "TypeError: new: the Python class made a number, which is no object here; "
        "call it without new",
        "TypeError",
        "function",
        True,
        0,
    ]
