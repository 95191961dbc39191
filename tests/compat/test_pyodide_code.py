"""pyodide.code: running Python in steps, what source imports, calls that drop arguments."""

import pytest

from tests.inside import inside


@inside
@pytest.mark.parametrize(
    ("source", "quiet"),
    [
        ("1 + 1", False),
        ("1 + 1 ;", True),
        ("1 + 1 # comment ;", False),
        ("1 + 1; # comment", True),
        ("1 + 1; # one; # two", True),
        ("1 + 1;\n# a comment\n\n", True),
        ("';'", False),
        ("x = ';' # ;", False),
        ("", False),
        ("(1;", False),
        ("'''a;", False),
        ("'''\n;\n'''", False),
    ],
)
def test_a_semicolon_at_the_end_asks_for_silence(source, quiet) -> None:
    from pyodide.code import should_quiet

    assert should_quiet(source) is quiet


@inside
@pytest.mark.parametrize(
    ("source", "expression", "assignment"),
    [
        ("x", 0, 0),
        ("x;", None, None),
        ("x = 1", None, 1),
        ("x = y = 3", None, 3),
        ("x = 1;", None, None),
        ("x: int = 4", None, 4),
        ("x: int", None, None),
        ("x += 1", None, 1),
        ("(x := 5)", 5, 5),
        ("x, y = 1, 2", None, None),
        ("a = [0]; a[0] = 7", None, None),
        ("x = 1\n1", 1, 1),
        ("if 1: 5", None, None),
        ("def f(): pass", None, None),
        ("import sys", None, None),
        ("", None, None),
        ("# nothing", None, None),
    ],
)
def test_what_is_returned(source, expression, assignment) -> None:
    from pyodide.code import eval_code

    assert eval_code(source, {"x": 0}) == expression
    assert eval_code(source, {"x": 0}, return_mode="last_expr_or_assign") == assignment
    assert eval_code(source, {"x": 0}, return_mode="none") is None


@inside
def test_a_semicolon_may_mean_nothing() -> None:
    from pyodide.code import eval_code

    assert eval_code("1 + 1;", quiet_trailing_semicolon=False) == 2


@inside
def test_names_and_where_they_go() -> None:
    from pyodide.code import eval_code

    names, local = {"x": 20}, {"y": 5}
    assert eval_code("z = x + y; z", names, local) == 25
    assert (sorted(names), local) == (["__builtins__", "x"], {"y": 5, "z": 25})
    assert eval_code("a = 1; a", names) == 1
    assert sorted(names) == ["__builtins__", "a", "x"]
    assert eval_code("__name__") == "builtins"  # a namespace of its own
    with_own_mapping = type("Names", (dict,), {"__missing__": lambda self, name: name.upper()})()
    assert eval_code("word", {}, with_own_mapping) == "WORD"
    assert with_own_mapping == {}


@inside
def test_an_error_leaves_nothing_behind() -> None:
    from pyodide.code import eval_code

    names = {}
    try:
        eval_code("x = 1\n1 / 0", names)
        raise AssertionError("no error")
    except ZeroDivisionError:
        assert sorted(names) == ["__builtins__", "x"]


@inside
def test_code_may_run_code() -> None:
    from pyodide.code import eval_code

    names = {"eval_code": eval_code}
    names["names"] = names
    assert eval_code("eval_code('1 + 1', names) + eval_code('2', names)", names) == 4
    assert sorted(names) == ["__builtins__", "eval_code", "names"]


@inside
def test_source_may_be_indented() -> None:
    from pyodide.code import CodeRunner, eval_code, find_imports

    assert eval_code("\n    if True:\n        x = 7\n    x\n") == 7
    assert eval_code("x = '''\n   \n'''; x") == "\n   \n"  # no line of it was indented
    assert find_imports("  import k") == ["k"]
    try:
        CodeRunner("  1", dedent=False)
        raise AssertionError("no error")
    except IndentationError as error:
        assert error.filename == "<exec>"


@inside
@pytest.mark.parametrize("which", ["eval_code", "CodeRunner"])
@pytest.mark.parametrize(
    ("arguments", "options", "kind", "text"),
    [
        ((5,), {}, "TypeError", "expected source as a str, got int"),
        ((b"1",), {}, "TypeError", "expected source as a str, got bytes"),
        (("1",), {"return_mode": "bad"}, "ValueError", "return_mode: expected one of"),
        (("(",), {}, "SyntaxError", "was never closed"),
        (("await x",), {}, "SyntaxError", "outside function"),
    ],
)
def test_what_cannot_run(which, arguments, options, kind, text) -> None:
    from pyodide import code

    try:
        made = getattr(code, which)(*arguments, **options)
        made.compile()
        raise AssertionError("no error")
    except Exception as error:
        assert type(error).__name__ == kind
        assert text in str(error)


@inside
def test_globals_are_a_dict() -> None:
    from pyodide.code import eval_code

    for names in (5, [], "text"):
        try:
            eval_code("1", names)
            raise AssertionError("no error")
        except TypeError as error:
            assert "globals must be a dict" in str(error)


@inside
def test_steps() -> None:
    import ast
    from types import CodeType

    from pyodide.code import CodeRunner

    runner = CodeRunner("1 + 1")
    assert isinstance(runner.ast.body[0], ast.Expr)
    try:
        runner.run()
        raise AssertionError("it ran")
    except RuntimeError as error:
        assert "Not yet compiled" in str(error)
    assert runner.compile() is runner
    assert type(runner.code) is CodeType
    assert (runner.run(), runner.run()) == (2, 2)
    assert isinstance(runner.ast.body[0], ast.Expr)
    try:
        runner.compile()
        raise AssertionError("it was compiled again")
    except RuntimeError as error:
        assert "Already compiled" in str(error)


@inside
def test_the_tree_may_be_changed() -> None:
    import ast

    from pyodide.code import CodeRunner

    runner = CodeRunner("1 + 1")
    runner.ast.body[0].value.op = ast.Sub()
    assert runner.compile().run() == 0
    empty = CodeRunner("1 + 1")
    empty.ast.body.clear()
    assert empty.compile().run() is None


@inside
def test_modes_of_compile() -> None:
    import contextlib
    import io

    from pyodide.code import CodeRunner

    assert CodeRunner("1 + 1", mode="eval").compile().run() == 2
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert CodeRunner("1 + 1", mode="single").compile().run() == 2
        assert CodeRunner("1 + 1;", mode="single").compile().run() is None
    assert out.getvalue() == ""  # the value is given, and not printed
    with contextlib.redirect_stdout(io.StringIO()) as out:
        CodeRunner("for i in range(2): i\n", mode="single").compile().run()
    assert out.getvalue() == "0\n1\n"
    try:
        CodeRunner("1", mode="bad")
        raise AssertionError("no error")
    except ValueError as error:
        assert "mode" in str(error)


@inside
async def test_await_at_the_top_level() -> None:
    import ast

    from pyodide.code import CodeRunner, eval_code, eval_code_async

    async def seven():
        return 7

    names = {"seven": seven}
    assert await eval_code_async("await seven()", names) == 7
    assert await eval_code_async("x = await seven(); x + 1", names) == 8
    assert await eval_code_async("await seven();", names) is None
    assert await eval_code_async("1 + 1") == 2
    coroutine = await eval_code_async("seven()", names)
    assert await coroutine == 7  # an expression's coroutine is its value
    runner = CodeRunner("await seven()", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT).compile()
    try:
        runner.run(names)
        raise AssertionError("it ran")
    except RuntimeError as error:
        assert "TOP_LEVEL_AWAIT" in str(error)
    assert await runner.run_async(names) == 7
    coroutine = eval_code("seven()", names)
    assert await coroutine == 7


@inside
async def test_what_awaits_may_interleave() -> None:
    import asyncio

    from pyodide.code import eval_code_async

    names = {"asyncio": asyncio}
    sources = [f"await asyncio.sleep({0.02 - i / 100}); {i}" for i in range(3)]
    runs = (eval_code_async(source, names) for source in sources)
    assert await asyncio.gather(*runs) == [0, 1, 2]
    assert sorted(names) == ["__builtins__", "asyncio"]


@inside
def test_options_of_compile() -> None:
    import ast

    from pyodide.code import eval_code

    assert eval_code("assert False", optimize=2) is None
    flags = __import__("__future__").annotations.compiler_flag
    names = {}
    eval_code("def f(x: undefined): pass", names, flags=flags)
    assert names["f"].__annotations__ == {"x": "undefined"}
    tree = eval_code("1", flags=0, dont_inherit=True)
    assert (tree, ast.PyCF_ONLY_AST > 0) == (1, True)


@inside
def test_tracebacks_show_named_sources() -> None:
    import inspect
    import traceback

    from pyodide.code import eval_code

    for filename, shown in (("cell_1.py", True), ("<cell>", False)):
        try:
            eval_code("def f():\n    return 1 / 0\nf()", filename=filename)
            raise AssertionError("no error")
        except ZeroDivisionError as error:
            text = "".join(traceback.format_exception(error))
            assert f'File "{filename}", line 2, in f' in text
            assert ("return 1 / 0" in text) is shown
    names = {}
    eval_code("def g():\n    return 'spam'\n", names, filename="cell_2.py")
    assert inspect.getsource(names["g"]) == "def g():\n    return 'spam'\n"


@inside
@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import numpy as np; import scipy.stats", ["numpy", "scipy", "scipy.stats"]),
        ("import a.b.c", ["a", "a.b", "a.b.c"]),
        ("from a.b import c", ["a", "a.b"]),
        ("from a import *", ["a"]),
        ("from . import x", []),
        ("from .y import z", []),
        ("import b; import a; import b", ["a", "b"]),
        ("def f():\n    import q", ["q"]),
        ("class A:\n    async def f(self):\n        import q", ["q"]),
        ("try:\n    import b\nexcept ImportError:\n    import c\nelse: import d", ["b", "c", "d"]),
        ("try: pass\nfinally: import a", ["a"]),
        ("if x: import a\nelif y: import b\nelse: import c", ["a", "b", "c"]),
        ("for x in y: import a\nelse: import b", ["a", "b"]),
        ("while x:\n with y: import a", ["a"]),
        ("match x:\n case 1: import a\n case _: import b", ["a", "b"]),
        ("await x; import a", ["a"]),
        ("__import__('a')", []),
        ("x = (", []),
        ("import a\0", []),
        ("", []),
    ],
)
def test_what_source_imports(source, names) -> None:
    from pyodide.code import find_imports

    assert find_imports(source) == names


@inside
def test_finding_imports_warns_of_nothing() -> None:
    import warnings

    from pyodide.code import find_imports

    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        assert find_imports("import a; '\\d'") == ["a"]
    assert seen == []
    try:
        find_imports(5)
        raise AssertionError("no error")
    except TypeError as error:
        assert "find_imports: expected source as a str, got int" in str(error)


@inside
def test_calls_that_drop_arguments() -> None:
    from pyodide.code import relaxed_call, relaxed_wrap

    def two(a, *, b=1):
        """Doc."""
        return a, b

    assert relaxed_call(two, 1, 2, b=3, c=4) == (1, 3)
    assert relaxed_call(lambda *args, **kwargs: (args, kwargs), 1, x=2) == ((1,), {"x": 2})
    assert relaxed_call(max, 1, 2) == 2  # tells no signature
    wrapped = relaxed_wrap(two)
    assert wrapped(1, 2, 3, c=4) == (1, 1)
    assert (wrapped.__name__, wrapped.__doc__, wrapped.__wrapped__) == ("two", "Doc.", two)
    for call in (lambda: relaxed_call(two), lambda: wrapped(b=1)):
        try:
            call()
            raise AssertionError("no error")
        except TypeError as error:
            assert "argument" in str(error)
    for bad in (5, max):
        try:
            relaxed_wrap(bad)
            raise AssertionError("no error")
        except TypeError as error:
            assert "Cannot wrap function" in str(error)


@inside
def test_javascript_source() -> None:
    from pyodide._run_js import run_js as former
    from pyodide.code import run_js

    assert run_js("[1, 2, 3].map(x => x * 2)[2]") == 6
    assert former is run_js
    try:
        run_js(5)
        raise AssertionError("no error")
    except TypeError as error:
        assert "str" in str(error)


@inside
def test_the_other_place() -> None:
    import _pyodide
    from pyodide import code

    for name in ("CodeRunner", "eval_code", "eval_code_async", "find_imports", "should_quiet"):
        assert getattr(_pyodide._base, name) is getattr(code, name)
    assert _pyodide._base.pyimport_impl("math.sqrt")(4) == 2
    assert _pyodide._base.pyimport_impl("xml.dom").__name__ == "xml.dom"
    for name, kind in (("nothing_here", ModuleNotFoundError), ("math.nothing", AttributeError)):
        try:
            _pyodide._base.pyimport_impl(name)
            raise AssertionError("no error")
        except kind as error:
            assert "nothing" in str(error)
