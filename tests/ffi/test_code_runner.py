"""pyjs.code in steps; tests/compat/test_pyodide_code.py says more of it, by Pyodide's names."""

from tests.inside import inside


@inside
async def test_steps() -> None:
    from pyjs.code import CodeRunner, eval_code, eval_code_async

    runner = CodeRunner("x + 1").compile()
    assert [runner.run({"x": x}) for x in (1, 2)] == [2, 3]
    assert eval_code("x = 20; x + 1") == 21
    assert eval_code("x = 20; x + 1;") is None
    assert await eval_code_async("import asyncio; await asyncio.sleep(0, 'done')") == "done"


@inside
def test_source_and_calls() -> None:
    from pyjs.code import find_imports, relaxed_wrap, should_quiet

    assert find_imports("import a.b; from c import d") == ["a", "a.b", "c"]
    assert (should_quiet("1;"), should_quiet("1")) == (True, False)
    assert relaxed_wrap(lambda x: x)(1, 2, y=3) == 1


@inside
def test_names_that_are_asked_for_later() -> None:
    from pyjs import code

    assert {"CodeRunner", "eval_code", "run"} <= set(dir(code))
    try:
        code.nothing
        raise AssertionError("no error")
    except AttributeError as error:
        assert str(error) == "module 'pyjs.code' has no attribute 'nothing'"
