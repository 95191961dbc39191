"""isinstance() with JavaScript classes; how long classes live; custom elements."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside


@inside
def test_isinstance_with_a_javascript_class() -> None:
    from pyjs import js, run_js

    assert isinstance(js.Map.new(), js.Map)
    assert not isinstance(js.Map.new(), js.Set)
    assert isinstance(js.Map.new(), (js.Set, js.Map))
    assert isinstance(js.Map.new(), (int, js.Object))
    for value in (5, "x", None, 1.5):
        assert not isinstance(value, js.Map)
        assert not isinstance(value, js.String)
    assert isinstance(
        4, run_js("(class { static [Symbol.hasInstance](n) { return n % 2 === 0 } })")
    )
    assert issubclass(js.TypeError, js.Error)
    assert issubclass(js.Error, js.Error)
    assert not issubclass(js.Error, (js.TypeError, js.Map))
    assert not issubclass(int, js.Map)
    bound = run_js("(class A {}).bind(null)")
    assert not isinstance(js.Map.new(), bound)
    for check, value in ((isinstance, js.Map.new()), (isinstance, 5), (issubclass, js.Map)):
        for function in (run_js("() => 1"), js.parseInt):
            try:
                check(value, function)
            except TypeError as error:
                assert f"{check.__name__}(): expected a JavaScript class" in str(error)
                assert "without a prototype" in str(error)
            else:
                raise AssertionError("no TypeError")


@inside
def test_an_object_thrown_or_read_without_its_class_still_is_an_instance() -> None:
    from pyjs import JsException, js, run_js

    class Signal(js.Object):
        pass

    try:
        run_js("S => { throw new S() }")(Signal)
    except JsException as error:
        assert isinstance(error.js_error, Signal)
        assert isinstance(error, Signal)


def test_the_class_lives_as_long_as_javascript_keeps_it(host: Host) -> None:
    answers = host.js(
        """
        globalThis.Kept = py.runPython(`
from pyjs import js
def make():
    class Kept(js.Object):
        count = 0
        def bump(self):
            Kept.count += 1
            return Kept.count
    class Sub(Kept):
        pass
    return Sub
make()`, { globals: py.runPython("{'__name__': 'test'}") });
        const seen = [];
        for (let round = 0; round < 4; round++) {
          py.runPython("import gc; gc.collect(); gc.collect(); None");
          globalThis.gc();
          await new Promise((resolve) => setTimeout(resolve, 5));
          seen.push(new Kept().bump(), Kept.count);
        }
        const same = py.runPython("lambda a, b: (a is b, a.__base__.__subclasses__() == [a])");
        seen.push(...same(Kept, new Kept().constructor));
        delete globalThis.Kept;
        return seen;
        """
    )
    assert answers == [1, 1, 2, 2, 3, 3, 4, 4, True, True]


@inside
def test_instances_keep_the_class_when_nothing_else_does() -> None:
    import gc

    from pyjs import js, run_js

    def make():
        class Local(js.Object):
            def answer(self):
                return 42

        run_js("L => { globalThis.local = new L() }")(Local)

    make()
    gc.collect()
    gc.collect()
    assert run_js("local.answer()") == 42
    assert js.local.answer() == 42
    assert type(js.local).__name__ == "Local"
    run_js("delete globalThis.local")


@inside
def test_classes_that_only_javascript_keeps_may_use_each_other() -> None:
    import gc

    from pyjs import js, run_js

    def make():
        class Node(js.Object):
            def leaf(self):
                return Leaf(self)

        class Leaf(js.Object):
            kind = "leaf"

            def __init__(self, parent):
                super().__init__()
                self.parent = parent

        run_js("N => { globalThis.node = new N() }")(Node)

    make()
    for _ in range(3):
        gc.collect()
        assert run_js("[node.leaf().constructor.kind, node.leaf().parent === node].join()") == (
            "leaf,true"
        )
    run_js("delete globalThis.node")


@inside
def test_a_proxy_of_an_instance_and_a_prototype() -> None:
    from pyjs import js, run_js

    class Thing(js.Object):
        @property
        def size(self):
            return self.missing

    assert isinstance(run_js("t => new Proxy(t, {})")(Thing()), Thing)
    assert not isinstance(Thing.prototype, Thing)
    assert isinstance(Thing.prototype, js.Object)


@inside
def test_generic_classes() -> None:
    from types import get_original_bases
    from typing import Generic, TypeVar

    from pyjs import js

    item = TypeVar("item")

    class Bag(js.Set, Generic[item]):
        pass

    assert len(Bag(js.Array.of("a", "b"))) == 2
    assert Bag.__parameters__ == (item,)
    assert get_original_bases(Bag)[1] == Generic[item]


@inside
def test_hundreds_of_classes_are_collected() -> None:
    import gc

    from pyjs import js

    for i in range(300):

        class Many(js.Object):
            index = i

            def get(self):
                return self.index

        assert Many().get() == i
    del Many
    gc.collect()


@pytest.mark.parametrize("start", ["document.createElement('my-element')", "parsed"])
def test_custom_elements(host: Host, start: str) -> None:
    if host.is_node:
        pytest.skip("Node has no DOM")
    # The page's own registry would keep the class for good: a frame's goes with the frame.
    answers = host.js(
        """
        const frame = document.createElement("iframe");
        document.body.append(frame);
        const define = py.runPython(`
def define(window, start):
    class MyElement(window.HTMLElement):
        observedAttributes = ["size"]

        def __init__(self, *args):
            super().__init__()
            self._count = 0

        def connectedCallback(self):
            self._count += 1

        def attributeChangedCallback(self, name, old, new, namespace):
            self._changed = f"{name} {old} {new}"

        @property
        def size(self):
            return int(self.getAttribute("size") or 0)

        @size.setter
        def size(self, value):
            self.setAttribute("size", str(value))

    body = window.document.body
    if start == "parsed":
        body.innerHTML = "<my-element></my-element>"
    window.customElements.define("my-element", MyElement)
    assert window.customElements.get("my-element") is MyElement
    e = body.firstElementChild or window.document.createElement("my-element")
    e.size = 3
    assert isinstance(e, MyElement) and isinstance(e, window.HTMLElement)
    assert MyElement.__name__ == MyElement.name == "MyElement"
    body.append(e)
    m = MyElement()
    assert isinstance(m, MyElement) and m.localName == "my-element"
    return [e.size, e.getAttribute("size"), e._changed.split()[::2] , e._count > 0, e.outerHTML]
define`, { globals: py.runPython("{'__name__': 'test'}") });
        const result = define(frame.contentWindow, args[0]);
        const found = result.toJs?.() ?? [...result].map((x) => x?.length === 2 ? [...x] : x);
        result.destroy();
        define.destroy();
        frame.remove();
        return found;
        """,
        start,
    )
    assert answers == [3, "3", ["size", "3"], True, '<my-element size="3"></my-element>']
