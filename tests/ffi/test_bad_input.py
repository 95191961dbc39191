"""Bad input: each ends in the error a user expects, and the interpreter stays usable."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside, not_in_pyodide


def _error(host: Host, code: str) -> tuple[str, str]:
    """The type and last line of what `code` raises; `1+1` works afterwards."""
    name, text, two = host.js(
        """
        const globals = py.runPython("{}");
        let name = 'none', text = '';
        try { py.runPython(args[0], { globals }); }
        catch (e) { name = e.type ?? e.name; text = e.message; }
        globals.destroy();
        return [name, text, py.runPython("1+1")];
        """,
        code,
    )
    assert two == 2
    return name, text.strip().rpartition("\n")[2]


@pytest.mark.parametrize(
    ("code", "name", "text"),
    [
        ("1 +", "SyntaxError", "SyntaxError: invalid syntax"),
        ("x = (", "SyntaxError", "SyntaxError: '(' was never closed"),
        ("a\x00b", "SyntaxError", "SyntaxError: source code string cannot contain null bytes"),
        ("import pyjs; pyjs.js.noSuchName", "AttributeError", "noSuchName"),
        ("import pyjs; pyjs.run_js('noSuchName')", "ReferenceError", "noSuchName is not defined"),
        ("import pyjs; pyjs.js.Math()", "TypeError", "object is not callable"),
        ("(lambda a: a)()", "TypeError", "missing 1 required positional argument: 'a'"),
        ("import pyjs; pyjs.run_js('(')", "SyntaxError", "xpected"),  # each engine's own words
        ("import pyjs; pyjs.run_js(5)", "TypeError", "expected JavaScript as a str, got int"),
        ("print('\\ud800')", "UnicodeEncodeError", "surrogates not allowed"),
        ("int('1' * 5000)", "ValueError", "Exceeds the limit"),
        ("import sys; sys.exit(3)", "SystemExit", "SystemExit: 3"),
        ("import sys; sys.exit()", "SystemExit", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", "KeyboardInterrupt"),
        ("[0] * (1 << 40)", "OverflowError", "cannot fit"),
        ("[0] * (1 << 29)", "MemoryError", "MemoryError"),
        ("b'x' * (1 << 31)", "OverflowError", "cannot fit"),
    ],
)
def test_bad_code_raises_what_a_python_user_expects(
    host: Host, code: str, name: str, text: str
) -> None:
    found, last = _error(host, code)
    assert (found, text in last) == (name, True), last


@not_in_pyodide("Python 3.14 overflows the engine's stack")
@pytest.mark.parametrize(
    "code",
    [
        "def f(): return f()\nf()",
        "def f(*a, **k): return f(*a, **k)\nf(1, b=2)",
        "x = []\nfor _ in range(100000): x = [x]\nrepr(x)",
        "x = {}\nfor _ in range(100000): x = {1: x}\nrepr(x)",
        "class A:\n  def __repr__(self): return repr([self])\nrepr(A())",
        "class A:\n  def __getattr__(self, n): return getattr(self, n + 'x')\nA().a",
        "class A:\n  def __eq__(self, o): return [self] == [A()]\nA() == A()",
        "x = []\nfor _ in range(100000): x = [x]\nimport json; json.dumps(x)",
        "import json; json.loads('[' * 100000)",
        "x = []\nfor _ in range(100000): x = [x]\nimport pickle; pickle.dumps(x)",
        "x = []\nfor _ in range(100000): x = [x]\nimport copy; copy.deepcopy(x)",
        "x = []; y = []\nfor _ in range(100000): x = [x]; y = [y]\nx == y",
        "x = int\nfor _ in range(100000): x = (x,)\nisinstance(1, x)",
    ],
)
def test_endless_recursion_in_python_is_a_recursion_error(host: Host, code: str) -> None:
    assert _error(host, code)[0] == "RecursionError"


@pytest.mark.parametrize(
    "code",
    [
        "from pyjs import run_js\ncall = run_js('f => f()')\ndef f(): return call(f)\nf()",
        "from pyjs import run_js\nget = run_js('o => o.x')\nclass A:\n"
        "  def __getattr__(self, n): return get(self)\nA().x",
        "from pyjs import run_js\ntext = run_js('o => String(o)')\nclass A:\n"
        "  def __str__(self): return text(self)\nstr(A())",
        "from pyjs import run_js\nlength = run_js('o => o.length')\nclass A:\n"
        "  def __len__(self): return length(self)\nlen(A())",
        "from pyjs import run_js\neach = run_js('o => [...o]')\nclass A:\n"
        "  def __iter__(self): return iter(each(self))\nlist(A())",
        "from pyjs import run_js\nget = run_js('o => o.get(1)')\nclass A:\n"
        "  def __getitem__(self, k): return get(self)\nA()[1]",
    ],
)
def test_endless_recursion_through_both_languages_is_a_recursion_error(
    host: Host, code: str
) -> None:
    assert _error(host, code)[0] == "RecursionError"


def test_the_largest_recursion_can_be_repeated(host: Host) -> None:
    for _ in range(20):
        code = "from pyjs import run_js\ncall = run_js('f => f()')\ndef f(): return call(f)\nf()"
        assert _error(host, code)[0] == "RecursionError"


@inside
def test_integers_beyond_two_to_the_53_stay_exact() -> None:
    from pyjs import run_js

    for value in (2**53 + 1, -(2**53) - 1, 2**64 + 1, 10**40):
        assert run_js("x => String(x)")(value) == str(value)


@inside
@pytest.mark.parametrize(
    ("thrown", "text"), [("1", "1"), ("null", "null"), ("undefined", "undefined")]
)
def test_a_thrown_primitive_is_a_javascript_exception(thrown: str, text: str) -> None:
    from pyjs import JsException, run_js

    try:
        run_js(f"throw {thrown}")
    except JsException as error:
        assert str(error) == text
    else:
        raise AssertionError("nothing was raised")


@inside
def test_an_exception_inside_a_callback_inside_python_is_itself() -> None:
    from pyjs import run_js

    class Mine(Exception):
        pass

    def fails(x, *_rest):
        raise Mine(x)

    for source in ("f => [1].forEach(f)", "f => { try { f(1) } finally { } }", "f => new f(1)"):
        try:
            run_js(source)(fails)
        except Mine as error:
            assert error.args == (1,)
        except Exception as error:
            assert (source, type(error).__name__) == ("f => new f(1)", "JsException")
        else:
            raise AssertionError("nothing was raised")


@inside
def test_a_name_first_asked_of_a_thrown_undefined_is_still_right_later() -> None:
    from pyjs import JsException, run_js

    try:
        run_js("throw undefined")
    except JsException as error:
        assert not hasattr(error, "first_asked_of_undefined")
    assert run_js("({ first_asked_of_undefined: 7 })").first_asked_of_undefined == 7
