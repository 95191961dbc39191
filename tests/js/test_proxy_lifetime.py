"""How long Python objects live that are arguments of a call from Python: proxyLifetime."""

from tests.hosts.base import Host
from tests.js import Site

_GC = """
// Until `is` holds, which the collectors decide, or for too long.
const collect = async (is) => {
  for (let i = 0; i < 60 && !is(); i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return is();
};
"""


def test_a_listener_needs_no_proxy_and_goes_with_its_target(host: Host) -> None:
    assert host.load(
        f"""{_GC}
        const py = await loadPyjs();
        globalThis.target = new EventTarget();
        py.runPython(`
import weakref
from pyjs import js
seen = []
class Listener:
    def __call__(self, event):
        seen.append(event.type)
listener = Listener()
alive = weakref.ref(listener)
js.target.addEventListener("a", listener)
del listener`);
        let rounds = 0;
        await collect(() => ++rounds > 6);
        target.dispatchEvent(new Event("a"));
        target.dispatchEvent(new Event("a"));
        const out = [py.runPython("seen").toJs(), py.runPython("alive() is not None")];
        delete globalThis.target;
        return [...out, await collect(() => py.runPython("alive() is None"))];
        """
    ) == [["a", "a"], True, True]


def test_the_same_function_is_the_same_object(host: Host) -> None:
    """Bound methods too, which Python makes anew each time."""
    assert host.load(
        """
        const py = await loadPyjs();
        globalThis.target = new EventTarget();
        return py.runPython(`
from pyjs import js, run_js
count = 0
class Counter:
    def add(self, event):
        global count
        count += 1
    def other(self, event): pass
one, two = Counter(), Counter()
def plain(event):
    global count
    count += 10
for f in (plain, one.add, [].append):
    js.target.addEventListener("a", f)
js.target.removeEventListener("a", plain)
js.target.removeEventListener("a", two.add)
js.target.removeEventListener("a", one.other)
js.target.dispatchEvent(js.Event.new("a"))
left = count
js.target.removeEventListener("a", one.add)
js.target.dispatchEvent(js.Event.new("a"))
same = run_js("(a, b) => a === b")
[left, count, same(plain, plain), same(one.add, one.add), same(one.add, two.add), same(len, len),
 same(one.add, one.other), same(lambda: 1, lambda: 1)]`).toJs();
        """
    ) == [1, 1, True, True, False, True, False, False]


def test_a_retained_function_comes_back_as_itself(host: Host) -> None:
    """Returned by JavaScript it is Python's again, and JavaScript may still call what it kept."""
    assert host.load(
        """
        const py = await loadPyjs();
        return py.runPython(`
from pyjs import run_js
f = lambda: 5
keep = run_js("f => globalThis.kept = f")
[keep(f) is f, run_js("kept()"), keep(f) is f, run_js("kept()")]`).toJs();
        """
    ) == [True, 5, True, 5]


def test_a_function_destroyed_in_javascript_is_made_anew(host: Host) -> None:
    assert (
        host.load(
            """
        const py = await loadPyjs();
        globalThis.end = (f) => f.destroy();
        globalThis.run = (f) => f();
        return py.runPython(`
from pyjs import js
def f(): return 7
js.end(f)
js.run(f)`);
        """
        )
        == 7
    )


def test_what_cannot_be_called_ends_with_the_call(host: Host) -> None:
    texts = host.load(
        """
        const py = await loadPyjs();
        globalThis.keep = function keep(...args) { globalThis.kept = args; };
        globalThis.Keeper = class Keeper { constructor(a) { globalThis.kept = [a]; } };
        const texts = [];
        const run = (code) => {
          py.runPython(`from pyjs import js, run_js\\n${code}`);
          for (const each of kept) {
            try { each.length; texts.push("alive"); } catch (error) { texts.push(error.message); }
          }
        };
        run("js.keep([1], {})");
        run("js.keep(1, 2, 3, [4])");
        run("js.Keeper.new([1])");
        run("run_js('(a) => { globalThis.kept = [a] }')([1])");
        return texts.filter((text) => text !== "alive");
        """
    )
    kept = "to keep it, pass create_proxy(object) in Python, or proxy.copy() on in JavaScript"
    which = [
        ("sequence", "argument 1 of keep()"),
        ("dict", "argument 2 of keep()"),
        ("sequence", "argument 4 of keep()"),
        ("sequence", "argument 1 of Keeper()"),
        ("sequence", "argument 1 of a JavaScript function"),
    ]
    assert texts == [
        f"this PyProxy of a Python {kind} was destroyed: it was {place}, "
        f"which Python called and which has ended; {kept}"
        for kind, place in which
    ]


def test_functions_end_with_the_call_where_asked(host: Host) -> None:
    text, bad = host.load(
        """
        const py = await loadPyjs({proxyLifetime: "call"});
        globalThis.keep = function keep(f) { globalThis.kept = f; };
        py.runPython("from pyjs import js; js.keep(lambda: 1)");
        let text = "alive";
        try { kept(); } catch (error) { text = error.message; }
        return [text, await loadPyjs({proxyLifetime: "long"}).catch((error) => String(error))];
        """
    )
    assert text.startswith(
        "this PyProxy of a Python callable was destroyed: it was argument 1 of keep(), "
    )
    assert bad == 'TypeError: loadPyjs: proxyLifetime is "auto" or "call", got long'


def test_a_button_in_a_page(site: Site) -> None:
    script = """
    import { loadPyjs } from "/pyjs.mjs";
    const py = await loadPyjs();
    py.runPython(`
from pyjs import js
clicks = []
def click(event):
    clicks.append(event.target.tagName)
button = js.document.createElement("button")
js.document.body.append(button)
button.addEventListener("click", click)`);
    document.querySelector("button").click();
    py.runPython("button.removeEventListener('click', click)");
    document.querySelector("button").click();
    document.title = py.runPython("' '.join(clicks)");
    """
    assert site.open("button.html", script) == "BUTTON"


def test_methods_of_many_objects_are_told_apart(host: Host) -> None:
    """More of them than hashes."""
    assert host.load(
        """
        const py = await loadPyjs();
        globalThis.target = new EventTarget();
        py.runPython(`
from pyjs import js
class Component:
    count = 0
    def on_a(self, event): Component.count += 1
    def on_b(self, event): Component.count += 1
    def each(self, act):
        act("e", self.on_a)
        act("e", self.on_b)
components = [Component() for _ in range(300)]
for component in components:
    component.each(js.target.addEventListener)`);
        target.dispatchEvent(new Event("e"));
        const before = py.runPython("Component.count");
        py.runPython("for each in components: each.each(js.target.removeEventListener)");
        target.dispatchEvent(new Event("e"));
        return [before, py.runPython("Component.count")];
        """
    ) == [600, 600]
