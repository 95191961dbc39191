"""Bad input from JavaScript to Python: each test states one error that a user gets."""

import pytest

from tests.hosts.base import Host
from tests.js import run_node

_ATTEMPT = """
const last = (text) => text.trim().split("\\n").at(-1);
const attempt = (act) => {
  try { return act() } catch (error) {
    return error.type === undefined ? `${error.name}: ${error.message}` : last(error.message);
  }
};
"""


def attempt(host: Host, code: str, act: str) -> object:
    """What `act`, an expression of `o`, gives; `o` is the value of the Python code."""
    body = """
    const globals = py.runPython("{}");
    const o = py.runPython(args[0], { globals });
    const result = attempt(new Function("o", "py", `return ${args[1]}`).bind(null, o, py));
    const two = py.runPython("1 + 1");
    if (o?.destroy) o.destroy();
    globals.destroy();
    return [result ?? null, two];
    """
    result, two = host.js(_ATTEMPT + body, code, act)
    assert two == 2  # the interpreter is usable afterwards
    return result


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        (
            "x = 1\nif x\n  y",
            ['  File "<exec>", line 2', "    if x", "        ^", "SyntaxError: expected ':'"],
        ),
        (
            "x = (1,,2)",
            ['  File "<exec>", line 1', "    x = (1,,2)", "           ^",
             "SyntaxError: invalid syntax"],
        ),
        (
            "def f():\nreturn 1",
            ['  File "<exec>", line 2', "    return 1", "    ^^^^^^",
             "IndentationError: expected an indented block after function definition on line 1"],
        ),
    ],
)  # fmt: skip
def test_a_syntax_error_shows_the_line_and_a_caret(host: Host, code: str, lines: list[str]) -> None:
    body = """
    const texts = [];
    try { py.runPython(args[0]) } catch (error) { texts.push(error.message) }
    await py.runPythonAsync(args[0]).catch((error) => texts.push(error.message));
    return texts;
    """
    for text in host.js(body, code):
        assert text.splitlines() == lines  # there are no frames to trace back


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("5", "number"),
        ("1n", "bigint"),
        ("null", "null"),
        ("undefined", "undefined"),
        ("new String('1')", "object"),
        ("['1']", "object"),
        ("() => '1'", "function"),
        ("Symbol('1')", "symbol"),
        ("py.globals", "object"),
    ],
)
def test_code_that_is_not_a_string(host: Host, code: str, kind: str) -> None:
    text = "TypeError: {}: expected Python code as a string, got {}"
    assert attempt(host, "None", f"py.runPython({code})") == text.format("runPython", kind)
    body = f"return py.runPythonAsync({code}).catch((error) => error.message)"
    assert f"TypeError: {host.js(body)}" == text.format("runPythonAsync", kind)


@pytest.mark.parametrize(
    ("act", "text"),
    [
        (
            "py.runPython('1', { nope: 1 })",
            "runPython: unknown option nope; known are globals, locals, filename",
        ),
        (
            "o.toJs({ deep: 1 })",
            "toJs: unknown option deep; known are depth, pyproxies, create_pyproxies, "
            "dict_converter, default_converter, eager_converter, ints, typed, dates, dicts",
        ),
        ("o.toJs(null)", "toJs: expected an object of options, got null"),
        ("o.toJs(1)", "toJs: expected an object of options, got number"),
        (
            "o.toJs({ depth: 'x' })",
            "toJs: expected depth to be an integer, -1 for all levels, got 'x'",
        ),
        (
            "o.toJs({ depth: 1.5 })",
            "toJs: expected depth to be an integer, -1 for all levels, got 1.5",
        ),
        (
            "py.toPy({}, { nope: 1 })",
            "toPy: unknown option nope; known are depth, defaultConverter, "
            "convertNullToNone, numbers, typed, dates",
        ),
        (
            "o.append.callWithOptions({ kwarg: true })",
            "callWithOptions: unknown option kwarg; known are kwargs, relaxed, promising",
        ),
        (
            "o.append.callWithOptions()",
            "callWithOptions: expected an object of options, got undefined",
        ),
        (
            "o.append.callWithOptions(5)",
            "callWithOptions: expected an object of options, got number",
        ),
    ],
)
def test_options_that_are_not_known(host: Host, act: str, text: str) -> None:
    assert attempt(host, "[]", act) == f"TypeError: {text}"


def test_options_are_own_properties(host: Host) -> None:
    body = """
    Object.prototype.depth = 0;
    Object.prototype.globals = 5;
    Object.prototype.message = "polluted";
    try {
      const list = py.runPython("[[1]]", {});
      const plain = list.toJs();
      list.destroy({});
      try { return [Array.isArray(plain[0]), list.length] } catch (error) { return [error.message] }
    } finally {
      delete Object.prototype.depth; delete Object.prototype.globals;
        delete Object.prototype.message;
    }
    """
    assert host.js(body) == [
        "this PyProxy of a Python sequence was destroyed: destroy() was called"
    ]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("{}", "JsProxy"),
        ("new Map()", "JsMutableMap"),
        ("null", "JsNull"),
        ("5", "int"),
        ("o", "list"),
    ],
)
def test_globals_that_are_not_a_dict(host: Host, given: str, name: str) -> None:
    text = f"TypeError: running Python: globals must be a dict, got {name}"
    assert attempt(host, "[]", f"py.runPython('1', {{ globals: {given} }})") == text


@pytest.mark.parametrize(
    ("act", "text"),
    [
        ("py.pyimport('no.such')", "ModuleNotFoundError: No module named 'no'"),
        ("py.pyimport(5)", "TypeError: module name must be a string"),
        ("py.pyimport('')", "ValueError: Empty module name"),
        (
            "py.runPython('x = 1', { locals: 5 })",
            "TypeError: locals must be a mapping or None, not int",
        ),
        ("py.runPython('1', { filename: 'a\\0b' })", "ValueError: embedded null character"),
    ],
)
def test_other_arguments_of_the_loader(host: Host, act: str, text: str) -> None:
    assert attempt(host, "None", act) == text


def test_a_proxy_of_another_runtime_is_a_javascript_object() -> None:
    body = """
    const py = await loadPyjs({ indexURL }), other = await loadPyjs({ indexURL });
    const describe = py.runPython("lambda x: [type(x).__name__, len(x), x[0], list(x)].__str__()");
    const list = other.runPython("[1, 2]"), add = other.runPython("lambda x: x + 1");
    const fail = other.runPython("def fail(x): raise ValueError('from other')\\nfail");
    const call = py.runPython("lambda f: f(1)");
    const same = py.runPython("lambda x: x");
    let error;
    try { call(fail) } catch (thrown) { error = thrown }
    return [describe(list), call(add), same(list) === list,
      list instanceof py.ffi.PyProxy, list instanceof other.ffi.PyProxy,
      error instanceof py.ffi.PythonError, error instanceof other.ffi.PythonError, error.type];
    """
    assert run_node(body) == [
        "['JsArray', 2, 1, [1, 2]]", 2, True, False, True, False, True, "ValueError",
    ]  # fmt: skip


def test_methods_of_one_runtime_on_a_proxy_of_another() -> None:
    body = """
    const py = await loadPyjs({ indexURL }), other = await loadPyjs({ indexURL });
    const own = py.runPython("[]"), foreign = other.runPython("[]"), f = py.runPython("len");
    return [() => own.destroy.call(foreign), () => own.copy.call(foreign),
      () => own.toJs.call(foreign),
      () => own.get.call(foreign, 0), () => own.push.call(foreign, 0),
      () => f.callKwargs.call(foreign, {}),
      () => own.asJsJson.call(foreign),
      ].map((act) => { try { act() } catch (error) { return `${error.name}: ${error.message}` } });
    """
    expected = "TypeError: {}: expected a PyProxy of this runtime"
    names = ["destroy", "copy", "toJs", "get", "PyProxy", "callKwargs", "asJsJson"]
    assert run_node(body) == [expected.format(name) for name in names]


_OPERATIONS = {
    "callable": "f() f.callKwargs({}) f.callRelaxed() f.callWithOptions({}) f.captureThis() f.x"
    " f(1,2,3,4,5)",
    "object": "o.x o.x=1 delete(o.x) 'x'in(o) Reflect.ownKeys(o) o.toString() `${o}` o.type"
    " o.copy()",
    "dict": "d.get(1) d.set(1,2) d.has(1) d.delete(1) d.length [...d] Object.keys(d) d.asJsJson()"
    " d.toJs()"
    " Object.getOwnPropertyDescriptor(d,'a') py.runPython('1',{globals:d})",
    "sequence": "l.length l[0] l[0]=1 [...l] l.toJs() l.map(String) l.push(1) l.sort()"
    " JSON.stringify(l)"
    " use(l) use(1,{},l) use.callKwargs({a:l}) py.globals.set('x',l) use.x=l py.toPy({a:l})",
    "iterator": "i.next() [...i] g.next() g.next(1) g.return() g.throw(1)",
}


@pytest.mark.parametrize("kind", _OPERATIONS)
def test_each_use_of_a_destroyed_proxy_says_so(host: Host, kind: str) -> None:
    body = """
    const made = ["lambda *a: 1", "object()", "{}", "[1]", "iter([1])", "(x for x in [1])"];
    const [f, o, d, l, i, g] = made.map((code) => py.runPython(code));
    const use = py.runPython("lambda *a, **k: 1");
    for (const each of [f, o, d, l, i, g]) { each.destroy({ message: "on purpose" });
      each.destroy() }
    const names = ["f", "o", "d", "l", "i", "g", "use", "py"], values = [f, o, d, l, i, g, use, py];
    const texts = args[0].map((act) => attempt(new Function(...names, `return ${act}`).bind(null,
      ...values)));
    use.destroy();
    return texts;
    """
    acts = _OPERATIONS[kind].split()
    text = f"Error: this PyProxy of a Python {kind} was destroyed: on purpose"
    found = host.js(_ATTEMPT + body, acts)
    assert {act: said for act, said in zip(acts, found, strict=True) if said != text} == {}


def test_awaiting_a_destroyed_proxy_rejects(host: Host) -> None:
    body = """
    const make = py.runPython("async def f():\\n  yield 1\\nasync def g(): return 1\\n[f, g]");
    const [f, g] = make, items = f(), coroutine = g();
    await coroutine.then(() => 1);
    items.destroy(); coroutine.destroy(); f.destroy(); g.destroy(); make.destroy();
    py.runPython("del f, g");
    const outcome = async (act) => { try { return await act() } catch (error) {
      return error.message } };
    return [await outcome(() => coroutine), await outcome(() => items.next()),
      await outcome(async () => { for await (const x of items) return x })];
    """
    gone = "this PyProxy of a Python {} was destroyed: destroy() was called"
    assert host.js(body) == [1, gone.format("object"), gone.format("object")]


def test_what_a_destroyed_proxy_still_tells(host: Host) -> None:
    body = """
    const list = py.runPython("[1]"), f = py.runPython("len");
    list.destroy(); f.destroy(); list.destroy(null); list.destroy(5);
    return [list instanceof py.ffi.PyProxy, list instanceof py.ffi.PySequence, typeof f,
      Object.prototype.toString.call(list), typeof list.copy, py.isPyProxy(list),
      py.isPyProxy(Object.create(Object.getPrototypeOf(list)))];
    """
    told = [True, True, "function", "[object PyProxy]", "function", True, False]
    assert host.js(body) == told


def test_an_argument_that_was_kept_says_how_to_keep_it(host: Host) -> None:
    body = """
    globalThis.keep = (x) => { globalThis.kept = x };
    py.runPython("from pyjs import js; js.keep([1])");
    const text = attempt(() => kept.length);
    delete globalThis.keep; delete globalThis.kept;
    return text;
    """
    assert host.js(_ATTEMPT + body) == (
        "Error: this PyProxy of a Python sequence was destroyed: it was argument 1 of keep(), "
        "which Python called and which has ended; to keep it, pass create_proxy(object) in "
        "Python, or proxy.copy() on in JavaScript"
    )


@pytest.mark.parametrize(
    ("code", "act", "text"),
    [
        (
            "{'a': 1, 'b': 2}",
            "(() => { for (const k of o) o.set(k + 'x', 1) })()",
            "RuntimeError: dictionary changed size during iteration",
        ),
        (
            "{'a': 1, 'b': 2}",
            "(() => { for (const k of o) o.delete(k) })()",
            "RuntimeError: dictionary changed size during iteration",
        ),
        (
            "{1, 2}",
            "(() => { for (const k of o) o.add(k + 5) })()",
            "RuntimeError: Set changed size during iteration",
        ),
        (
            "__import__('collections').deque([1, 2])",
            "(() => { for (const k of o) o.append(k) })()",
            "RuntimeError: deque mutated during iteration",
        ),
    ],
)
def test_a_container_that_changes_in_a_loop(host: Host, code: str, act: str, text: str) -> None:
    assert attempt(host, code, act) == text


def test_a_list_that_changes_in_a_loop_does_as_in_python(host: Host) -> None:
    body = """
    const seen = [[], [], []];
    const [grows, shrinks, ends] = ["[1, 2, 3]", "[1, 2, 3, 4]",
      "[1, 2, 3]"].map((code) => py.runPython(code));
    for (const x of grows) { seen[0].push(x); if (x < 3) grows.append(x + 10) }
    for (const x of shrinks) { seen[1].push(x); shrinks.remove(x) }
    for (const x of ends) { seen[2].push(x); ends.destroy() }  // the iterator is its own
    grows.destroy(); shrinks.destroy();
    return seen;
    """
    assert host.js(body) == [[1, 2, 3, 11, 12], [1, 3], [1, 2, 3]]


def test_an_iterator_that_is_destroyed_in_its_loop(host: Host) -> None:
    body = """
    const made = py.runPython("[iter([1, 2]), (x for x in [1, 2])]");
    const [iterator, generator] = made;
    const texts = [iterator, generator].map((each) => attempt(() => {
      const seen = [each.next().value];
      each.destroy();
      return [...seen, each.next().value];
    }));
    made.destroy();
    return texts;
    """
    text = "Error: this PyProxy of a Python iterator was destroyed: destroy() was called"
    assert host.js(_ATTEMPT + body) == [text, text]


_KINDS = {
    "dict": "{'a': 1, 'get': 2, 3: 4}",
    "list": "[1, 2]",
    "function": "lambda a: a",
    "object": "object()",
}


@pytest.mark.parametrize("kind", _KINDS)
def test_what_cannot_be_done_to_a_proxy(host: Host, kind: str) -> None:
    refusals = {
        "Object.defineProperty(o, 'x', { value: 1 })":
            "TypeError: a PyProxy's property x cannot be defined: assign to it instead",
        "o.destroy = 1": "TypeError: a PyProxy's own member destroy cannot be set",
        "o.__proto__ = {}": "TypeError: a PyProxy's own member __proto__ cannot be set",
        "o[Symbol.for('s')] = 1": "TypeError: a PyProxy's own member Symbol(s) cannot be set",
        "delete o.destroy": "TypeError: a PyProxy's own member destroy cannot be deleted",
    }  # fmt: skip
    for act, text in refusals.items():
        assert attempt(host, _KINDS[kind], act) == text
    for act in ("freeze(o)", "seal(o)", "preventExtensions(o)", "setPrototypeOf(o, {})"):
        assert str(attempt(host, _KINDS[kind], f"Object.{act}")).startswith("TypeError")
    act = """[Reflect.preventExtensions(o), Reflect.setPrototypeOf(o, null),
      Reflect.isExtensible(o),
      Reflect.setPrototypeOf(o, Reflect.getPrototypeOf(o)), Object.isFrozen(o),
        typeof o.toString()]"""
    assert attempt(host, _KINDS[kind], act) == [False, False, True, True, False, "string"]


@pytest.mark.parametrize(
    ("kind", "keys", "some", "descriptor"),
    [
        (
            "dict",
            ["a", "get"],
            ["pop", "items", "a", "get"],
            {"enumerable": True, "configurable": True},
        ),
        ("list", [], ["append", "insert"], None),
        ("function", [], ["__name__", "__code__"], None),
        ("object", [], ["__class__"], None),
    ],
)
def test_keys_and_descriptors_keep_to_the_rules_of_proxies(
    host: Host, kind: str, keys: list[str], some: list[str], descriptor: object
) -> None:
    act = """(() => {
      const looped = [], all = Reflect.ownKeys(o);
      for (const key in o) looped.push(key);
      return [Object.keys(o), looped, all.length - new Set(all).size,
        all.every((key) => typeof key === "string"),
        Object.keys(Object.getOwnPropertyDescriptors(o)), Object.getOwnPropertyDescriptor(o, "a"),
        Object.getOwnPropertyDescriptor(o, Symbol.iterator),
          all.filter((key) => key in o).length === all.length,
        all.includes("destroy"), %s.filter((key) => !all.includes(key))];
    })()"""
    found = attempt(host, _KINDS[kind], act % some)
    assert found == [keys, keys, 0, True, keys, descriptor, None, True, False, []]


_RAISING = """
class Bad:
    def fail(self, *args): raise ValueError(f"no {len(args)}")
    __getattr__ = __len__ = __iter__ = __contains__ = __getitem__ = __setitem__ = __delitem__ = fail
    __repr__ = __str__ = __dir__ = __call__ = __setattr__ = __delattr__ = __hash__ = fail
    prop = property(fail)
Bad()
"""


@pytest.mark.parametrize(
    ("act", "count"),
    [
        ("o.nope", 1), ("'nope' in o", 1), ("o.length", 0), ("[...o]", 0), ("o.has(1)", 1),
          ("o.get(1)", 1),
        ("o.set(1, 2)", 2), ("o.delete(1)", 1), ("o.toString()", 0), ("`${o}`", 0),
          ("Object.keys(o)", 0),
        ("o()", 0), ("o(1, 2)", 2), ("o.x = 1", 2), ("delete o.x", 1),
          ("JSON.stringify(() => o) ?? o.q", 1),
        ("py.runPython('{}').get(o)", 0), ("o.asJsJson().key", 1), ("o.asJsJson().key = 1", 2),
    ],
)  # fmt: skip
def test_what_a_special_method_raises_is_thrown(host: Host, act: str, count: int) -> None:
    assert attempt(host, _RAISING, act) == f"ValueError: no {count}"


def test_exceptions_of_properties(host: Host) -> None:
    code = """
class Properties:
    @property
    def attribute(self): raise AttributeError("inner")
    @property
    def key(self): raise KeyError("k")
    @property
    def stop(self): raise StopIteration
Properties()
"""
    act = """[o.attribute === undefined, "attribute" in o,
      ...["key", "stop"].flatMap((name) => [() => o[name], () => name in o].map((act) => {
        try { return act() } catch (error) { return error.type }
      }))]"""
    assert attempt(host, code, act) == [
        True, False, "KeyError", "KeyError", "StopIteration", "StopIteration",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("members", "act", "text"),
    [
        ("def __len__(self): return -1", "o.length", "ValueError: __len__() should return >= 0"),
        (
            "def __len__(self): return 'x'",
            "o.length",
            "TypeError: 'str' object cannot be interpreted as an integer",
        ),
        (
            "def __iter__(self): return 5",
            "[...o]",
            "TypeError: iter() returned non-iterator of type 'int'",
        ),
        ("def __str__(self): return 5", "`${o}`",
          "TypeError: __str__ returned non-string (type int)"),
        ("def __dir__(self): return 5", "Object.keys(o)",
          "TypeError: 'int' object is not iterable"),
        ("def __dir__(self): return [5]", "Object.keys(o)",
          "TypeError: 5 is not a valid property name"),
        ("def __getitem__(self, k): raise KeyError(k)", "o.get(1)", None),
        ("def __getitem__(self, k): raise IndexError(k)", "o.get(1)", None),
        ("def __getitem__(self, k): raise LookupError(k)", "o.get(1)", "LookupError: 1"),
        ("__slots__ = ()", "o.x = 1", "AttributeError: 'A' object has no attribute 'x' and no "
         "__dict__ for setting new attributes"),
        ("__slots__ = ()", "delete o.x", "AttributeError: 'A' object has no attribute 'x' and no "
         "__dict__ for setting new attributes"),
    ],
)  # fmt: skip
def test_special_methods_that_do_not_keep_to_the_rules(
    host: Host, members: str, act: str, text: str | None
) -> None:
    found = attempt(host, f"class A:\n  {members}\nA()", act)
    if "__dir__(self): return [5]" in members:
        assert str(found).startswith("TypeError")  # each engine's own words
    else:
        assert found == text


@pytest.mark.parametrize(
    ("act", "text"),
    [
        ("o.callKwargs(1, { a: 2 })", "TypeError: f() got multiple values for argument 'a'"),
        ("o(1, 2, 3)", "TypeError: f() takes from 1 to 2 positional arguments but 3 were given"),
        ("o()", "TypeError: f() missing 1 required positional argument: 'a'"),
        ("o.callKwargs({ c: 1 })", "TypeError: f() missing 1 required positional argument: 'a'"),
        ("o.callKwargs(1, { nope: 1 })",
          "TypeError: f() got an unexpected keyword argument 'nope'"),
        ("o.callKwargs(1, null)",
          "TypeError: callKwargs: expected an object of keyword arguments as "
         "the last argument"),
        ("o.callKwargs()", "TypeError: callKwargs: expected an object of keyword arguments as the "
         "last argument"),
        ("o.callKwargs({ get a() { throw new RangeError('from a getter') } })",
         "RangeError: from a getter"),
        ("o(...Array(5000).fill(1))",
          "TypeError: f() takes from 1 to 2 positional arguments but 5000 were given"),
        ("new o(1)", "TypeError"),
    ],
)  # fmt: skip
def test_calls_that_do_not_fit(host: Host, act: str, text: str) -> None:
    found = str(attempt(host, "def f(a, b=2, *, c=3): return 1\nf", act))
    assert found.startswith(text) if act.startswith("new") else found == text


def test_keyword_names_of_every_kind(host: Host) -> None:
    act = """[{ "not an id": 1, "": 2, 1: 3, "a-b": 4, class: 5, "ü😀": 6, "\\ud800": 7 },
      JSON.parse('{"__proto__": 1}'), Object.create({ inherited: 1 }, { hidden: { value: 1 } }),
      { [Symbol("s")]: 1 }].map((keywords) => o.callKwargs(keywords))"""
    assert attempt(host, "lambda **k: ascii(sorted(k.items()))", act) == [
        "[('', 2), ('1', 3), ('a-b', 4), ('class', 5), ('not an id', 1), "
        "('\\xfc\\U0001f600', 6), ('\\ud800', 7)]",
        "[('__proto__', 1)]", "[]", "[]",
    ]  # fmt: skip


def test_strings_of_every_kind(host: Host) -> None:
    act = """(() => {
      const texts = ["", "\\0a\\0", "\\ud800", "\\udc00\\ud800", "a\\udc00b", "😀",
        "é".repeat(50),
        "€".repeat(5000) + "\\ud800", "x".repeat(2 ** 25), "aé€😀".repeat(1e6)];
      return [texts.every((text) => o(text)[0] === text), texts.map((text) => o(text)[1])];
    })()"""
    assert attempt(host, "lambda x: __import__('pyjs').js.Array.of(x, len(x))", act) == [
        True, [0, 3, 1, 2, 3, 1, 50, 5001, 2**25, 4_000_000],
    ]  # fmt: skip


def test_numbers_of_every_kind(host: Host) -> None:
    act = """[NaN, Infinity, -Infinity, -0, 1.0, 0.1, 5e-324, 2 ** 53 - 1, 2 ** 53, 1e300, 10n,
      2n ** 64n,
      -(2n ** 63n)].map((value) => [o(value)[0], Object.is(o(value)[1], value),
        typeof o(value)[1]])"""
    number, big = [True, "number"], [True, "bigint"]
    assert attempt(host, "lambda x: __import__('pyjs').js.Array.of(repr(x), x)", act) == [
        ["nan", *number], ["inf", *number], ["-inf", *number],
        ["0", False, "number"],  # an integer is an int, which has no -0
        ["1", *number], ["0.1", *number], ["5e-324", *number], ["9007199254740991", *number],
        ["9007199254740992.0", *number], ["1e+300", *number],
        ["10", *big],
        ["18446744073709551616", *big], ["-9223372036854775808", *big],
    ]  # fmt: skip


def test_integers_of_thousands_of_digits(host: Host) -> None:
    body = """
    const big = 10n ** 5000n, same = py.runPython("lambda x: x"), text = py.runPython("repr");
    const out = [same(big) === big, same(-big) === -big, py.runPython("10**5000") === big,
      attempt(() => text(big))];
    same.destroy(); text.destroy();
    return out;
    """
    assert host.js(_ATTEMPT + body) == [
        True, True, True,
        "ValueError: Exceeds the limit (4300 digits) for integer string conversion; "
        "use sys.set_int_max_str_digits() to increase the limit",
    ]  # fmt: skip


def test_proxies_are_keys_by_their_own_identity(host: Host) -> None:
    body = """
    const one = py.runPython("keyed = []; keyed"), other = py.runPython("keyed");
    const weak = new WeakMap([[one, 1]]), set = new WeakSet([one]), map = new Map([[one, 2]]);
    const before = [one === other, weak.get(one), weak.has(other), set.has(one), map.get(one)];
    one.destroy();
    const after = [weak.get(one), set.has(one), map.get(one), new WeakRef(one).deref() === one];
    other.destroy();
    py.runPython("del keyed");
    return [...before, ...after];
    """
    assert host.js(body) == [False, 1, False, True, 2, 1, True, 2, True]


def test_values_without_a_counterpart_come_back_as_themselves(host: Host) -> None:
    act = """[Symbol.iterator, Symbol("own"), null, undefined, new Date(0), /x/, new WeakMap(),
      Object.create(null),
      new Proxy({}, {}), globalThis].map((value) => o(value) === value)"""
    assert attempt(host, "lambda x: x", act) == [True] * 10
