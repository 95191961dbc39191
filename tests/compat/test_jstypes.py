"""jstypes: PEP 818's names."""

import pytest

from tests.inside import inside


@inside
@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("JSProxy", "({})"),
        ("JSArray", "[]"),
        ("JSBuffer", "new Uint8Array(1)"),
        ("JSCallable", "() => {}"),
        ("JSException", "new Error()"),
        ("JSGenerator", "(function* () {})()"),
        ("JSIterable", "({ [Symbol.iterator]() {} })"),
        ("JSIterator", "({ next() {} })"),
        ("JSMutableMap", "new Map()"),
        ("JSNull", "null"),
        ("JSBigInt", "5n"),
    ],
)
def test_types(name, source) -> None:
    from jstypes import ffi
    from jstypes.code import run_js

    assert isinstance(run_js(source), getattr(ffi, name))


@inside
def test_names_are_those_of_pyjs() -> None:
    import pyjs
    from jstypes import ffi

    for name in ffi.__all__:
        assert getattr(ffi, name) is getattr(pyjs.ffi, name.replace("JS", "Js", 1)), name


@inside
def test_double_proxies() -> None:
    from jstypes.ffi import JSDoubleProxy, create_proxy, destroy_proxies

    from js import Array

    proxy = create_proxy({})
    assert isinstance(proxy, JSDoubleProxy)
    destroy_proxies(Array.of(proxy))


@inside
def test_the_global_scope() -> None:
    import sys

    import jstypes.global_this
    from jstypes.global_this import Math, Object
    from pyjs import js

    assert Math.max(1, 2) == 2
    assert jstypes.global_this == js
    assert sys.modules["jstypes.global_this"] is jstypes.global_this
    assert Object.new().toString() == "[object Object]"
    try:
        from jstypes.global_this import noSuchThing  # noqa: F401

        raise AssertionError("no error")
    except ImportError as error:
        assert "noSuchThing" in str(error)
    del sys.modules["jstypes.global_this"], jstypes.global_this  # which the import made
