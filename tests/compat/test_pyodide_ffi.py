"""pyodide.ffi: the types, told by what values can do, and what is there beside pyjs.ffi's."""

import pytest

from tests.inside import inside


@inside
@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("({})", ["JsProxy"]),
        ("[]", ["JsProxy", "JsArray", "JsIterable"]),
        ("new Map()", ["JsProxy", "JsMap", "JsMutableMap", "JsIterable"]),
        ("new Set()", ["JsProxy", "JsIterable"]),
        ("Promise.resolve(1)", ["JsProxy", "JsPromise"]),
        ("new ArrayBuffer(2)", ["JsProxy", "JsBuffer"]),
        ("new Uint8Array(2)", ["JsProxy", "JsArray", "JsTypedArray", "JsBuffer", "JsIterable"]),
        ("() => 1", ["JsProxy", "JsCallable"]),
        ("({ next() {} })", ["JsProxy", "JsIterator"]),
        ("new WeakRef({})", ["JsProxy", "JsWeakRef"]),
        ("new Response()", ["JsProxy", "JsFetchResponse"]),
        ("new Error('no')", ["JsProxy", "JsException"]),
    ],
)
def test_what_values_are_instances_of(source, names) -> None:
    from pyodide import ffi
    from pyodide.code import run_js

    value = run_js(source)
    for name in names:
        assert isinstance(value, getattr(ffi, name)), name
    if "JsArray" not in names:
        assert not isinstance(value, ffi.JsArray)
    if "JsCallable" not in names:
        assert not isinstance(value, ffi.JsCallable)


@inside
def test_proxies_of_callables() -> None:
    from pyodide.ffi import (
        JsCallable,
        JsCallableDoubleProxy,
        JsDoubleProxy,
        JsOnceCallable,
        create_once_callable,
        create_proxy,
    )

    function, other = create_proxy(lambda x: x), create_proxy([])
    assert isinstance(function, JsCallableDoubleProxy)
    assert isinstance(function, JsDoubleProxy)
    assert isinstance(function, JsCallable)
    assert not isinstance(other, JsCallableDoubleProxy)
    assert not isinstance(5, JsCallableDoubleProxy)
    assert issubclass(type(function), JsCallableDoubleProxy)
    assert not issubclass(type(other), JsCallableDoubleProxy)
    once = create_once_callable(print)
    assert isinstance(once, JsOnceCallable)
    for proxy in (function, other, once):
        proxy.destroy()


@inside
def test_types_for_annotations() -> None:
    from typing import Any

    from pyodide.ffi import JsArray, JsCallableDoubleProxy, JsDoubleProxy, JsPromise, JsProxy

    def f(
        a: JsArray[int], b: JsDoubleProxy[str], c: JsPromise, d: JsProxy | None
    ) -> JsCallableDoubleProxy[[Any], None]: ...

    assert f.__annotations__["a"].__args__ == (int,)
    assert f.__annotations__["return"].__origin__ is JsCallableDoubleProxy


@inside
def test_functions_tell_their_signatures() -> None:
    import inspect

    from pyodide import ffi

    shown = {
        name: str(inspect.signature(getattr(ffi, name)))
        for name in ("create_proxy", "create_once_callable", "destroy_proxies")
    }
    assert shown == {
        "create_proxy": ("(object, /, *, capture_this=False, roundtrip=True, promising=False)"),
        "create_once_callable": "(callable, /)",
        "destroy_proxies": "(pyproxies, /)",
    }
    assert str(inspect.signature(ffi.to_js)).startswith("(object, /, *, depth=-1, pyproxies=None")
    assert ffi.create_proxy.__doc__.startswith("Make a JavaScript object of a Python object")


@inside
def test_null_and_big_integers() -> None:
    import json

    from pyodide.code import run_js
    from pyodide.ffi import JsBigInt, JsNull, jsnull

    assert JsNull() is jsnull is run_js("null")
    assert (bool(jsnull), repr(jsnull), jsnull.typeof, JsNull.typeof) == (
        False, "jsnull", "object", "object",
    )  # fmt: skip
    assert run_js("(x) => typeof x")(JsBigInt(5)) == "bigint"
    assert type(run_js("5n")) is JsBigInt
    assert json.dumps([jsnull, {"a": jsnull}]) == '[null, {"a": null}]'
    assert json.dumps(jsnull, indent=1) == "null"
    try:
        json.dumps(object())
        raise AssertionError("no error")
    except TypeError as error:
        assert "not JSON serializable" in str(error)


@inside
def test_exceptions() -> None:
    import pickle

    from pyodide.code import run_js
    from pyodide.ffi import ConversionError, InternalError, JsException, JsProxy, to_js

    try:
        run_js("throw new TypeError('no')")
        raise AssertionError("no error")
    except JsException as error:
        assert (error.name, error.message, str(error)) == ("TypeError", "no", "TypeError: no")
        assert isinstance(error, JsProxy)
        assert str(pickle.loads(pickle.dumps(error))) == "TypeError: no"
    assert issubclass(JsException, Exception)
    assert issubclass(InternalError, Exception)
    try:
        to_js(object(), create_pyproxies=False)
        raise AssertionError("no error")
    except ConversionError:
        pass


@inside
def test_this_is_pyodide() -> None:
    from pyodide import _core, ffi

    assert ffi.IN_PYODIDE is True
    assert _core.IN_PYODIDE is True


@inside
def test_the_package() -> None:
    import sys

    import pyodide

    assert pyodide.__version__ == "314.0.7"
    assert pyodide.code is sys.modules["pyodide.code"]
    assert pyodide.http.pyxhr is sys.modules["pyodide.http.pyxhr"]
    assert {"code", "console", "ffi", "http", "webloop"} <= set(dir(pyodide))
    try:
        pyodide.nothing
        raise AssertionError("no error")
    except AttributeError as error:
        assert str(error) == "module 'pyodide' has no attribute 'nothing'"


@inside
def test_the_other_places() -> None:
    from _pyodide import _core_docs, _importhook, jsbind
    from pyjs import signatures
    from pyodide import ffi

    assert _core_docs.JsProxy is ffi.JsProxy
    assert _core_docs.can_run_sync is ffi.can_run_sync
    assert type(ffi.JsArray) is _core_docs._JsProxyMetaClass
    assert jsbind.Json is signatures.Json
    assert _importhook.register_js_module is ffi.register_js_module


@inside
def test_the_finder_of_modules() -> None:
    from _pyodide._importhook import JsFinder, jsfinder

    from js import Object

    module = Object.new()
    module.answer = 42
    jsfinder.register_js_module("finder_test", module)
    try:
        from finder_test import answer

        assert answer == 42
        assert jsfinder.find_spec("finder_test", None).name == "finder_test"
        assert jsfinder.find_spec("no_such_module", None) is None
    finally:
        jsfinder.unregister_js_module("finder_test")
    assert isinstance(jsfinder, JsFinder)


@inside
def test_copying_files() -> None:
    import tempfile
    from pathlib import Path

    from pyodide.common import install_files

    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "a"), Path(folder, "b")
        (source / "x").mkdir(parents=True)
        (source / "x" / "1.txt").write_text("new")
        (target / "x").mkdir(parents=True)
        (target / "x" / "1.txt").write_text("old")
        (target / "x" / "2.txt").write_text("kept")
        install_files(source, str(target))
        assert [p.read_text() for p in sorted(target.rglob("*.txt"))] == ["new", "kept"]
        try:
            install_files(source / "nothing", target)
            raise AssertionError("no error")
        except OSError as error:
            assert "nothing" in str(error)


@inside
def test_missing_modules_name_their_package() -> None:
    from _pyodide._importhook import (
        add_note_to_module_not_found_error,
        register_module_not_found_hook,
    )
    from pyjs import _missing_modules, _traceback

    packages = {"some-package": {"imports": ["some_module"]}, "other": {"imports": []}}
    register_module_not_found_hook(packages)
    try:
        for name, told in (
            ("some_module", True),
            ("some_module.part", True),
            ("nowhere", False),
        ):
            try:
                __import__(name)
                raise AssertionError("no error")
            except ModuleNotFoundError as error:
                text = _traceback.format_exception(error)
                assert ('pyodide.loadPackage("some-package")' in text) is told, name
                add_note_to_module_not_found_error(error)
                assert len(getattr(error, "__notes__", ())) == told
    finally:
        _missing_modules.register({})
