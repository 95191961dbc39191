"""JavaScript objects at their worst: each ends in a clear exception, or in an honest value."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside


@inside
@pytest.mark.parametrize("source", ["{}", "[1]", "() => 1", "new Map()", "class {}"])
def test_a_revoked_proxy_raises_whatever_is_asked(source: str) -> None:
    from pyjs import JsException, JsProxy, run_js

    revoked = run_js(
        f"(() => {{ const p = Proxy.revocable({source}, {{}}); p.revoke(); return p.proxy }})()"
    )
    assert isinstance(revoked, JsProxy)
    for ask in (
        lambda: revoked.x,
        lambda: setattr(revoked, "x", 1),
        lambda: delattr(revoked, "x"),
        lambda: revoked.x(1),
        lambda: str(revoked),
        lambda: revoked.object_keys(),
        lambda: revoked.to_py(),
    ):
        try:
            ask()
        except JsException as error:
            assert error.name == "TypeError"
        except TypeError:
            pass  # it is no longer a function, for instance
    for ask in (lambda: bool(revoked), lambda: dir(revoked)):
        try:
            assert type(ask()) in (bool, list)
        except JsException as error:
            assert error.name == "TypeError"
    assert repr(revoked) == "[revoked Proxy]"
    assert revoked == run_js("(x) => x")(revoked)


@inside
@pytest.mark.parametrize(
    "trap",
    [
        "get",
        "set",
        "has",
        "deleteProperty",
        "ownKeys",
        "getPrototypeOf",
        "getOwnPropertyDescriptor",
    ],
)
def test_a_proxy_whose_trap_throws(trap: str) -> None:
    from pyjs import JsException, JsProxy, run_js

    odd = run_js(f"new Proxy({{a: 1}}, {{ {trap}() {{ throw new RangeError('trap') }} }})")
    assert isinstance(odd, JsProxy)
    raised = []
    for ask in (
        lambda: odd.a,
        lambda: setattr(odd, "a", 2),
        lambda: delattr(odd, "a"),
        lambda: odd.object_keys(),
        lambda: odd.missing,
        lambda: odd.to_py(),
    ):
        try:
            ask()
        except JsException as error:
            raised.append(str(error))
        except AttributeError:
            pass
    try:
        assert "toString" in dir(odd)
    except JsException as error:
        raised.append(str(error))
    assert set(raised) == {"RangeError: trap"}
    assert type(repr(odd)) is str


@inside
def test_members_that_throw_raise_what_they_throw() -> None:
    from pyjs import JsException, run_js

    o = run_js(
        """({
          get g() { throw new RangeError("getter") },
          set s(x) { throw new RangeError("setter") },
          m() { throw new RangeError("method") },
          toString() { throw new RangeError("text") },
          get length() { throw new RangeError("length") },
          [Symbol.iterator]() { throw new RangeError("iterator") },
        })"""
    )
    expected = {
        "getter": lambda: o.g,
        "setter": lambda: setattr(o, "s", 1),
        "method": lambda: o.m(),
        "text": lambda: str(o),
        "length": lambda: o.length,
        "iterator": lambda: list(o),
    }
    for text, ask in expected.items():
        try:
            ask()
        except JsException as error:
            assert (error.name, error.message) == ("RangeError", text)
        else:
            raise AssertionError(f"{text}: nothing was raised")
    assert "g: [accessor]" in repr(o)
    assert "g" in dir(o)
    assert o.typeof == "object"


@inside
def test_lengths_that_are_none() -> None:
    from pyjs import JsException, run_js

    def of(length):
        return run_js(f"({{length: {length}, [Symbol.iterator]: function* () {{ yield 1 }}}})")

    for length, text in (
        ("-1", "-1"),
        ("2 ** 40", str(2**40)),
        ("NaN", "NaN"),
        ("Infinity", "Infinity"),
        ("1.5", "1.5"),
    ):
        o = of(length)
        try:
            len(o)
        except JsException as error:
            assert str(error) == f"RangeError: len(): the object says that its length is {text}"
        else:
            raise AssertionError(f"{length}: nothing was raised")
        assert next(iter(o)) == 1
    for length in ("'3'", "null", "{}", "1n"):
        o = of(length)
        try:
            len(o)
        except TypeError as error:
            assert "has no len()" in str(error)
        else:
            raise AssertionError(f"{length}: nothing was raised")
        assert list(o) == [1]


@inside
def test_sparse_arrays_have_holes_that_are_undefined() -> None:
    from pyjs import JsException, run_js

    sparse = run_js("(() => { const a = []; a.length = 2 ** 32 - 1; a[7] = 5; return a })()")
    try:
        len(sparse)  # more than a Py_ssize_t of wasm can count
    except JsException as error:
        assert "its length is 4294967295" in str(error)
    else:
        raise AssertionError("nothing was raised")
    assert (sparse[7], sparse[6], sparse[-1]) == (5, None, None)
    assert sparse[5:9].to_py() == [None, None, 5, None]
    assert sparse.index(5) == 7
    try:
        _ = sparse[2**32 - 1]
    except IndexError:
        pass
    else:
        raise AssertionError("nothing was raised")
    assert len(repr(sparse)) < 2000
    small = run_js("[1, , 3]")
    assert (list(small), small.to_py(), small.count(None)) == ([1, None, 3], [1, None, 3], 1)


@inside
def test_what_contains_itself_has_a_repr() -> None:
    from pyjs import run_js

    for source in (
        "(() => { const a = [1]; a.push(a); return a })()",
        "(() => { const o = {x: 1}; o.o = o; return o })()",
        "(() => { const m = new Map(); m.set('m', m); return m })()",
        "(() => { const s = new Set(); s.add(s); return s })()",
        "(() => { let o = {}; for (let i = 0; i < 10000; i++) o = {o}; return o })()",
    ):
        assert 0 < len(repr(run_js(source))) < 2000


@inside
def test_objects_without_a_prototype() -> None:
    from pyjs import run_js

    bare = run_js("Object.assign(Object.create(null), {a: 1, f() { return this.a }})")
    assert (bare.a, bare.f(), str(bare)) == (1, 1, "[object Object]")
    assert not hasattr(bare, "toString")
    assert {"a", "f"} <= set(dir(bare))
    bare.b = 2
    del bare.a
    assert bare.object_keys().to_py() == ["f", "b"]
    assert bare.as_object_map()["b"] == 2


@inside
def test_a_detached_buffer_is_empty_or_an_error() -> None:
    from pyjs import JsException, run_js
    from pyjs.ffi import ConversionError

    detach = "structuredClone(b, {transfer: [b]})"
    for source in ("new Uint8Array(b)", "new Float64Array(b)", "new DataView(b)", "b"):
        view = run_js(
            f"(() => {{ const b = new ArrayBuffer(8), v = {source}; {detach}; return v }})()"
        )
        for ask in (
            lambda view=view: len(view),
            lambda view=view: list(view),
            lambda view=view: view.to_py(),
            lambda view=view: view[0],
        ):
            try:
                got = ask()
            except (JsException, TypeError, IndexError, ConversionError) as error:
                assert str(error)
            else:
                assert (got if isinstance(got, int) else len(got)) == 0
        assert type(repr(view)) is str


@inside
def test_getters_that_enter_python_again() -> None:
    from pyjs import create_proxy, run_js

    seen = []

    def again(o):
        seen.append(o.plain)
        o.added = [1, 2, 3].index(3)
        return "x" * 3000

    proxy = create_proxy(again)
    o = run_js(
        """(f) => ({
          plain: 1, get g() { return f(this) }, set s(v) { f(this) }, m() { return f(this) }
        })"""
    )(proxy)
    for _ in range(20):
        assert (o.g, o.m()) == ("x" * 3000, "x" * 3000)
        o.s = "y" * 5000
    assert (len(seen), o.added) == (60, 2)
    del o
    proxy.destroy()


@inside
def test_a_getter_that_destroys_what_is_passed() -> None:
    from pyjs import JsException, create_proxy, run_js

    class Thing:
        value = 5

    proxy = create_proxy(Thing())
    o = run_js("(p) => ({get g() { p.destroy(); return p }, get h() { return p.value }})")(proxy)
    for ask in (lambda: o.g.value, lambda: o.h):
        try:
            ask()
        except JsException as error:
            assert "this PyProxy of a Python object was destroyed: destroy() was called" in str(
                error
            )
        else:
            raise AssertionError("nothing was raised")


@inside
def test_errors_of_every_kind_are_caught() -> None:
    from pyjs import JsException, run_js

    kinds = {
        "new EvalError('e')": ("EvalError", "e"),
        "new (class Mine extends Error { get name() { return 'Mine' } })('m')": ("Mine", "m"),
        "new AggregateError([new Error('a')], 'many')": ("AggregateError", "many"),
        "new DOMException('gone', 'AbortError')": ("AbortError", "gone"),
        "Object.freeze(new TypeError('frozen'))": ("TypeError", "frozen"),
        "new Proxy(new Error('inner'), {})": ("Error", "inner"),
    }
    for source, expected in kinds.items():
        try:
            run_js(f"throw {source}")
        except JsException as error:
            assert (error.name, error.message) == expected
            assert str(error) == ": ".join(expected)
            error.__traceback__ = None  # Python writes on what it catches
        else:
            raise AssertionError(f"{source}: nothing was raised")
    odd = (
        "7",
        "'text'",
        "null",
        "undefined",
        "5n",
        "Symbol('s')",
        "{}",
        "[1]",
        "() => 1",
        "Object.create(null)",
        "new Proxy({}, {get() { throw 1 }})",
        "(() => { const p = Proxy.revocable({}, {}); p.revoke(); return p.proxy })()",
        "{get message() { throw 1 }, get name() { throw 2 }, get stack() { throw 3 }}",
    )
    for source in odd:
        try:
            run_js(f"throw ({source})")
        except JsException as error:
            assert isinstance(error, Exception)
            assert type(str(error)) is str
            assert type(repr(error)) is str
        else:
            raise AssertionError(f"{source}: nothing was raised")


def test_errors_of_another_realm_are_caught(host: Host) -> None:
    make = (
        "const { default: vm } = await import('node:vm');"
        "const other = vm.runInNewContext('globalThis');"
        if host.is_node
        else "const frame = document.body.appendChild(document.createElement('iframe'));"
        "const other = frame.contentWindow;"
    )
    caught = host.js(
        make
        + """
        const catching = py.runPython(args[0]);
        const out = [];
        for (const Kind of [other.Error, other.TypeError]) {
          out.push([...catching(() => { throw new Kind("far") })]);
        }
        const far = other.eval("new (class Far extends Error {})('x')");
        out.push([...catching(() => { throw far })]);
        catching.destroy();
        globalThis.document?.querySelector("iframe")?.remove();
        return out;
        """,
        """
def catching(f):
    from pyjs import JsException, js
    try:
        f()
    except JsException as error:
        return js.Array.of(error.name, error.message, isinstance(error, js.Error))
catching
""",
    )
    assert caught == [["Error", "far", False], ["TypeError", "far", False], ["Error", "x", False]]
