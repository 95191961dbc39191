"""JavaScript objects as Python modules, and ES modules."""

import shutil
from pathlib import Path

import pytest

from tests.hosts.base import Host
from tests.inside import inside, not_in_pyodide


@not_in_pyodide("the module js is Pyodide's")
@inside
def test_js_is_the_global_object() -> None:
    import sys

    from pyjs import run_js
    from pyjs.ffi import JsProxy

    import js
    from js import Array, Math

    assert isinstance(js, JsProxy)
    assert run_js("x => x === globalThis")(js) is True
    assert sys.modules["js"] is js
    assert Math.max(1, 2) == 2
    assert Array.of(1, 2).length == 2
    assert js.__name__ == js.__spec__.name == js.__package__ == "js"
    run_js("globalThis.late = 1")
    assert js.late == 1
    js.late = 2
    assert run_js("late") == 2
    del js.late
    assert not hasattr(js, "late")
    assert run_js("Object.keys(globalThis).filter(key => key.startsWith('__'))").length == 0


@not_in_pyodide("the module js is Pyodide's")
@inside
def test_pyjs_js_equals_the_module() -> None:
    import pyjs

    import js

    assert pyjs.js == js
    assert not hasattr(pyjs.js, "__spec__")


@inside
def test_pyjs_js_can_be_imported_from() -> None:
    import sys

    import pyjs

    before = pyjs.js
    try:
        from pyjs.js import Math, console

        assert Math.max(1, 2) == 2
        assert console == before.console
        assert pyjs.js == before
    finally:
        del sys.modules["pyjs.js"]
        pyjs.js = before


@inside
def test_objects_of_js_are_its_submodules() -> None:
    import sys

    import js.Math
    from js.Math import PI, hypot

    try:
        assert 3 < PI < 4
        assert hypot(3, 4) == 5
        assert js.Math.min(1, 2) == 1
        assert sys.modules["js.Math"] == js.Math
    finally:
        del sys.modules["js.Math"]


@not_in_pyodide("the module js is Pyodide's")
@inside
def test_star_of_js_leaves_pythons_builtins_alone() -> None:
    import builtins

    names = {}
    exec("from js import *", names)
    del names["__builtins__"]
    assert {"Math", "Object", "console", "setTimeout", "URL"} <= set(names)
    assert [name for name in names if name.startswith("_") or hasattr(builtins, name)] == []


@inside
def test_a_registered_object_is_a_module() -> None:
    from pyjs import register_js_module, run_js, unregister_js_module

    o = run_js("({a: 1, get live() { return this.a * 2 }, method() { return this.a }})")
    register_js_module("made", o)
    try:
        import made
        from made import live, method

        assert live == 2
        assert method() == 1
        made.a = 5
        assert o.a == 5
        assert o.live == 10
        assert made == o
        assert run_js("(x, y) => x === y")(made, o) is True
        try:
            from made import absent
        except ImportError as error:
            assert "cannot import name 'absent' from 'made'" in str(error)
        else:
            raise AssertionError(absent)
    finally:
        unregister_js_module("made")
    assert list(o.object_keys()) == ["a", "live", "method"]


@inside
def test_objects_within_are_submodules() -> None:
    import sys

    from pyjs import register_js_module, run_js, unregister_js_module

    register_js_module("outer", run_js("({inner: {deep: {x: 1, f: () => 5}}, n: 1, s: 'text'})"))
    try:
        import outer.inner
        import outer.inner.deep as deep
        from outer.inner.deep import f

        assert (f(), deep.x, outer.inner.deep.x) == (5, 1, 1)
        assert sys.modules["outer.inner.deep"].__name__ == "outer.inner.deep"
        for name in ("outer.n", "outer.s", "outer.absent", "outer.inner.absent"):
            try:
                __import__(name)
            except ModuleNotFoundError as error:
                assert error.name == name
            else:
                raise AssertionError(name)
    finally:
        unregister_js_module("outer")
    assert [name for name in sys.modules if name.split(".")[0] == "outer"] == []
    try:
        import outer.inner.deep
    except ModuleNotFoundError as error:
        assert error.name == "outer"
    else:
        raise AssertionError("it can still be imported")
    assert (f(), deep.x) == (5, 1)


@inside
def test_importing_writes_nothing_on_the_object() -> None:
    from pyjs import register_js_module, run_js, unregister_js_module

    fixed = run_js("Object.freeze({sub: Object.freeze({x: 1})})")
    watched = run_js(
        "new Proxy({sub: {x: 1}}, {set() { throw new Error('set') },"
        " defineProperty() { throw new Error('define') }})"
    )
    for o in (fixed, watched):
        register_js_module("untouched", o)
        try:
            import untouched.sub

            assert untouched.sub.x == 1
            assert untouched.__spec__.origin == "javascript"
        finally:
            unregister_js_module("untouched")


@not_in_pyodide("the module js is Pyodide's")
@inside
def test_setting_another_module_as_an_attribute_is_setting_a_property() -> None:
    from pyjs import register_js_module, run_js, unregister_js_module

    import js

    o = run_js("({})")
    register_js_module("target", o)
    try:
        import target

        target.world = js
        assert run_js("o => o.world === globalThis")(o) is True
    finally:
        unregister_js_module("target")


@inside
def test_star_takes_the_enumerable_properties() -> None:
    from pyjs import register_js_module, run_js, unregister_js_module

    o = run_js("Object.assign(Object.create({inherited: 1}), {a: 1, _b: 2, from: 3, class_: 4})")
    register_js_module("starred", o)
    try:
        names = {}
        exec("from starred import *", names)
        del names["__builtins__"]
        assert names == {"a": 1, "_b": 2, "from_": 3, "class__": 4}
        o.late = 5
        exec("from starred import *", names)
        assert names["late"] == 5
    finally:
        unregister_js_module("starred")


@inside
def test_registering_again_replaces() -> None:
    from pyjs import register_js_module, run_js, unregister_js_module

    register_js_module("replaced", run_js("({x: 1, sub: {y: 1}})"))
    try:
        import replaced.sub

        first = replaced
        register_js_module("replaced", run_js("({x: 2})"))
        assert first.x == 1
        from replaced import x

        assert x == 2
        try:
            import replaced.sub
        except ModuleNotFoundError as error:
            assert error.name == "replaced.sub"
        else:
            raise AssertionError("the submodule of the first stayed")
    finally:
        unregister_js_module("replaced")


@inside
def test_one_object_under_two_names() -> None:
    from pyjs import register_js_module, run_js, unregister_js_module

    o = run_js("({x: 1})")
    register_js_module("one", o)
    register_js_module("two", o)
    try:
        import one
        import two

        assert (one.__name__, two.__name__) == ("one", "two")
        assert one == two
        assert not hasattr(o, "__name__")
    finally:
        unregister_js_module("one")
        unregister_js_module("two")


@inside
def test_a_function_is_a_module_that_can_be_called() -> None:
    from pyjs import register_js_module, run_js, unregister_js_module

    register_js_module("called", run_js("Object.assign(x => x + 1, {version: '2'})"))
    try:
        import called

        assert called(1) == 2
        assert called.version == "2"
    finally:
        unregister_js_module("called")


@inside
def test_a_submodule_of_a_python_package() -> None:
    import sys
    from types import ModuleType

    from pyjs import register_js_module, run_js, unregister_js_module

    package = ModuleType("package")
    package.__path__ = []
    sys.modules["package"] = package
    register_js_module("package.native", run_js("({x: 1})"))
    try:
        from package.native import x

        assert x == 1
        assert package.native.x == 1
    finally:
        unregister_js_module("package.native")
        del sys.modules["package"]


@inside
def test_the_import_system_knows_it() -> None:
    import importlib
    import importlib.util
    import sys

    from pyjs import register_js_module, run_js, unregister_js_module

    register_js_module("known", run_js("({x: 1, __custom__: 2})"))
    try:
        assert importlib.util.find_spec("known").name == "known"
        known = importlib.import_module("known")
        assert importlib.reload(known) is known
        assert known.__custom__ == 2
        assert known.__path__ == []
        assert known.__loader__ is known.__spec__.loader
        del sys.modules["known"]
        assert importlib.import_module("known") is not known
    finally:
        unregister_js_module("known")


@inside
def test_a_getter_that_throws_is_the_error_of_the_import() -> None:
    from pyjs import JsException, register_js_module, run_js, unregister_js_module

    register_js_module("throwing", run_js("({get bad() { throw new RangeError('no') }})"))
    try:
        from throwing import bad
    except JsException as error:
        assert error.name == "RangeError"
    else:
        raise AssertionError(bad)
    finally:
        unregister_js_module("throwing")


@inside
def test_modules_that_are_dropped_are_freed() -> None:
    import sys
    import weakref

    from pyjs import register_js_module, run_js, unregister_js_module

    register_js_module("freed", run_js("({sub: {x: 1}})"))
    import freed.sub

    modules = [weakref.ref(freed), weakref.ref(freed.sub), weakref.ref(sys.modules["freed.sub"])]
    half = weakref.ref(freed.__spec__)
    del freed
    unregister_js_module("freed")
    assert [module() for module in modules] == [None] * 3
    assert half() is None


@inside
def test_wrong_arguments_are_named() -> None:
    from pyjs import ffi, js, register_js_module, unregister_js_module

    assert ffi.register_js_module is register_js_module
    assert ffi.unregister_js_module is unregister_js_module

    def message(error, act, *args):
        try:
            act(*args)
        except error as raised:
            return str(raised)
        raise AssertionError("nothing was raised")

    assert message(TypeError, register_js_module, 1, js) == (
        "register_js_module: expected the name as a str, got int"
    )
    assert message(TypeError, register_js_module, "name", {}) == (
        "register_js_module: expected a JsProxy for 'name', got dict"
    )
    assert message(TypeError, unregister_js_module, None) == (
        "unregister_js_module: expected the name as a str, got NoneType"
    )
    assert message(ValueError, unregister_js_module, "unknown") == (
        "unregister_js_module: expected a registered JavaScript module, got 'unknown'"
    )


@inside
async def test_js_import_gives_the_namespace() -> None:
    from pyjs import js_import

    url = (
        "data:text/javascript,export default 1; export const o = {x: 2};"
        " export function f(a) { return a * 2 }"
    )
    module = await js_import(url)
    assert (module.default, module.o.x, module.f(4)) == (1, 2, 8)
    assert await js_import(url) == module


@inside
async def test_an_es_module_can_be_registered() -> None:
    from pyjs import js_import, register_js_module, unregister_js_module

    register_js_module("es", await js_import("data:text/javascript,export const o = {x: 2}, y = 1"))
    try:
        from es import y
        from es.o import x

        assert (x, y) == (2, 1)
    finally:
        unregister_js_module("es")


@inside
@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("data:text/javascript,throw new RangeError('no')", "RangeError"),
        ("data:text/javascript,}", "SyntaxError"),
        ("http://[", "TypeError"),
        ("./absent.mjs", None),
    ],
)
async def test_js_import_raises_javascripts_error(url: str, name: "str | None") -> None:
    from pyjs import JsException, js_import

    try:
        await js_import(url)
    except JsException as error:
        assert name in (None, error.name)
    else:
        raise AssertionError("nothing was raised")


@inside
async def test_js_import_wants_a_str() -> None:
    from pyjs import js, js_import

    for given, kind in ((1, "int"), (None, "NoneType"), (js, "JsProxy")):
        try:
            await js_import(given)
        except TypeError as error:
            assert str(error) == f"js_import: expected a URL as a str, got {kind}"
        else:
            raise AssertionError("nothing was raised")


def test_a_relative_url_starts_at_the_page_or_the_current_folder(host: Host) -> None:
    page = f"{Path.cwd()}/" if host.is_node else "/tests/hosts/"
    program = (
        "import pyjs\nmodule = await pyjs.js_import('{}')\n"
        "result = module.default\ndel module\nresult"
    )
    run = "return py.runPythonAsync(args[0], { globals: py.runPython('{}') })"
    folder = Path() if host.is_node else Path("tests/hosts")
    made = folder / "a #b%.tmp"
    made.mkdir()
    try:
        (made / "m.mjs").write_text("export default import.meta.url;")
        for url in ("a %23b%25.tmp/m.mjs", "./a%20%23b%25.tmp/m.mjs"):
            answer = host.js(run, program.format(url))
            assert answer.endswith(f"{page}a%20%23b%25.tmp/m.mjs")
    finally:
        shutil.rmtree(made)
