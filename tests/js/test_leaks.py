"""leaks() and setDebug(): every live proxy of either side, and what made it."""

from tests.hosts.base import Host
from tests.inside import inside


def test_a_python_object_that_javascript_holds(host: Host) -> None:
    before, mine, ended, again = host.js(
        """
        const before = py.setDebug(true);
        const kept = (function makesIt() { return py.runPython("['mine', 1]"); })();
        const gone = py.runPython("['gone']");
        gone.destroy();
        const of = (text) => py.ffi.leaks().filter((leak) => leak.text === text);
        const mine = of("['mine', 1]"), ended = of("['gone']").length;
        kept.destroy();
        py.setDebug(false);
        const later = py.runPython("['mine', 1]"), again = of("['mine', 1]").length;
        later.destroy();
        return [before, mine, ended, again];
        """
    )
    assert before is False
    assert len(mine) == 1
    stack = mine[0].pop("jsStack")
    assert "makesIt" in stack
    assert "wasm" not in stack
    assert mine == [
        {"kind": "PyProxy", "type": "list", "text": "['mine', 1]", "pythonStack": ""},
    ]
    assert (ended, again) == (0, 0)


@inside
def test_a_javascript_object_that_python_holds() -> None:
    from pyjs import js, leaks, run_js, set_debug

    def makes_it() -> object:
        return js.Map.new()

    kept: list[object] = []
    assert set_debug(True) is False
    kept.append(makes_it())
    run_js("(function sends(f) { f(new Map()); })")(kept.append)
    gone = js.Map.new()
    del gone
    assert set_debug(False) is True
    first, second = (leak for leak in leaks() if leak.text == "[object Map]")
    if "makes_it" not in first.python_stack:
        first, second = second, first
    assert (first.kind, first.type) == ("JsProxy", "JsMutableMap")
    assert first.python_stack.endswith("makes_it\n")
    assert "/pyjs/" not in first.python_stack
    assert "sends" not in first.js_stack
    assert "sends" in second.js_stack
    kept.clear()
    assert [leak for leak in leaks() if leak.text == "[object Map]"] == []


@inside
def test_both_stacks_of_what_crosses_in_the_middle() -> None:
    """Arguments that are not read yet stay what they are while stacks are written down."""
    from pyjs import leaks, run_js, set_debug

    seen = []

    def receive(*args):  # type: ignore[no-untyped-def]
        seen.append(args)
        texts = [leak.text for leak in leaks() if leak.text.startswith("many")]
        assert texts == ["many 1", "many 2", "many 3"]

    call = run_js("""(function sends(f) {
      const many = (n) => ({ n, toString: () => `many ${n}` });
      f(many(1), "text", many(2), 5, "ü", many(3));
    })""")
    set_debug(True)
    call(receive)
    set_debug(False)
    ((one, text, two, five, umlaut, three),) = seen
    assert (one.n, text, two.n, five, umlaut, three.n) == (1, "text", 2, 5, "ü", 3)


@inside
def test_an_error_and_a_text_that_fails() -> None:
    from pyjs import leaks, run_js, set_debug

    class Silent:
        def __str__(self) -> str:
            raise ValueError

    set_debug(True)
    bad = run_js("({ toString() { throw new Error('no text'); } })")
    run_js("(o) => { globalThis.kept = o; }")(Silent)
    held = run_js("(make) => { globalThis.kept = make(); }")(Silent)
    set_debug(False)
    texts = {leak.text for leak in leaks()}
    assert "[Error: no text]" in texts
    assert [leak.text for leak in leaks() if leak.type == "Silent"] == [""]
    run_js("kept.destroy(); delete globalThis.kept")
    del bad, held


def test_only_a_boolean_sets_it(host: Host) -> None:
    assert host.js("try { py.setDebug(1); } catch (error) { return String(error); }") == (
        "TypeError: setDebug: expected true or false, got number"
    )
