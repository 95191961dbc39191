"""pyjs.console; tests/compat/test_pyodide_console.py says more of it, by Pyodide's names."""

from tests.inside import inside


@inside
async def test_a_session() -> None:
    from pyjs.console import Console

    shown = []
    console = Console(stdout_callback=shown.append)
    checks = [console.push(line).syntax_check for line in ("def f(x):", "  return x + 1", "")]
    assert checks == ["incomplete", "incomplete", "complete"]
    assert await console.push("print(f(1)); f(2)") == 3
    assert "".join(shown) == "2\n"
    future = console.push("f()")
    try:
        await future
        raise AssertionError("no error")
    except TypeError:
        assert 'File "<console>", line 1, in <module>' in future.formatted_error
        assert "_code_runner" not in future.formatted_error
    assert console.complete("f.__na") == (["f.__name__"], 0)


@inside
async def test_promises_are_awaited_as_anything() -> None:
    from pyjs import js
    from pyjs.console import Console

    console = Console({"js": js})
    assert await console.push("await js.Promise.resolve(5)") == 5
    future = console.push("await js.Promise.reject(js.Error.new('no'))")
    try:
        await future
        raise AssertionError("no error")
    except Exception as error:
        assert str(error) == "Error: no"
        assert "no" in future.formatted_error
