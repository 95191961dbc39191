"""Destructors that call the other language while something crosses, which stays whole."""

from tests.hosts.base import Host
from tests.inside import inside


@inside
def test_a_loop_whose_former_elements_run_code_as_they_go() -> None:
    from pyjs import run_js

    call_python = run_js("(f) => () => f(7, 7, 7, 'seven', 7, 7, 7)")(lambda *args: len(args))

    class Calls:
        def __del__(self) -> None:
            call_python()

    elements: list[object] = [Calls() for _ in range(8)]
    seen: list[object] = []

    def step(element: object) -> None:
        seen.append(element if isinstance(element, int) else "object")
        if len(seen) == 1:
            elements[1:] = list(range(1000, 1040))

    run_js("(all, step) => { for (const x of all) { step(x); x.destroy?.(); } }")(elements, step)
    assert seen == ["object", *range(1000, 1040)]
    elements.clear()


@inside
def test_a_result_whose_arguments_run_code_as_they_end() -> None:
    from pyjs import run_js

    text = run_js("() => 'ABCDEFGHIJ'")

    class Says:
        def __del__(self) -> None:
            text()

    class Holder:
        @property
        def fresh(self) -> Says:
            return Says()

    assert run_js("(h) => { h.fresh; return 'hello world' }")(Holder()) == "hello world"


def test_a_value_with_a_destructor_crosses_before_it_ends(host: Host) -> None:
    code = """
class Calls:
    def __del__(self):
        call()
class F(Calls, float): pass
class S(Calls, str): pass
class I(Calls, int): pass
class L(Calls, list):
    def __getitem__(self, index):
        global last
        last = None
        return 41 + index
def call(): pass
last = L()
[lambda: F(1.5), lambda: S("hello"), lambda: S("ü" * 100), lambda: I(5)]
"""
    body = """
    const globals = py.runPython("{}"), makers = py.runPython(args[0], { globals });
    const inner = py.runPython("lambda *a: 12345");
    globals.set("call", () => inner(1, "two", 3.5));
    const out = [];
    for (const make of makers) { out.push(make()); make.destroy(); }
    const last = globals.get("last");
    out.push(last.get(1));
    last.destroy();
    for (const each of [makers, inner, globals]) each.destroy();
    return out;
    """
    assert host.js(body, code) == [1.5, "hello", "ü" * 100, 5, 42]


def test_an_attribute_that_ends_the_proxy_of_its_method(host: Host) -> None:
    code = """
class A:
    def meth(self): return "called"
    @property
    def m(self):
        end()
        return self.meth
def end(): pass
a = A()
a
"""
    body = """
    const globals = py.runPython("{}"), a = py.runPython(args[0], { globals });
    const first = a.m;
    globals.set("end", () => first.destroy());
    const second = a.m;
    const out = [second === first, second()];
    a.destroy(); second.destroy(); globals.destroy();
    return out;
    """
    assert host.js(body, code) == [False, "called"]


def test_what_is_being_destroyed_keeps_the_interpreter() -> None:
    from tests.js import run_node

    body = """
    const py = await loadPyjs();
    globalThis.end = () => {
      try { py.dispose(); return "disposed"; } catch (e) { return e.message; }
    };
    py.runPython(`
from pyjs import js
said = []
class D:
    def __del__(self): said.append(js.end())`);
    py.runPython("D()").destroy();
    return py.runPython("said[0]");
    """
    assert run_node(body).startswith("dispose: Python is running")
