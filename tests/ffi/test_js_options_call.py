"""js_call: calls whose structures are converted on the way."""

from tests.hosts.base import Host
from tests.inside import inside
from tests.js import run_node


@inside
def test_containers_are_converted_and_keywords_are_the_last_argument() -> None:
    from pyjs import js_call, jsnull, run_js

    show = run_js(
        "(...a) => JSON.stringify(a, (k, v) => v instanceof Set ? {set: [...v]} : v === undefined"
        " ? 'undefined' : v instanceof Map ? {map: [...v]} : v)"
    )
    assert js_call(show) == "[]"
    assert js_call(show, 1, "x", None, jsnull, 2.5, True) == '[1,"x","undefined",null,2.5,true]'
    assert (
        js_call(show, [1, (2, {3})], {"a": {"b": [4]}}) == '[[1,[2,{"set":[3]}]],{"a":{"b":[4]}}]'
    )
    assert js_call(show, 1, color="red", tags=["a", {"b": ()}]) == (
        '[1,{"color":"red","tags":["a",{"b":[]}]}]'
    )
    assert js_call(show, **{"__proto__": 1, "a-b": {"__proto__": [2]}, "ünïcode": "ü"}) == (
        '[{"__proto__":1,"a-b":{"__proto__":[2]},"ünïcode":"ü"}]'
    )
    assert js_call(show, {1: {2: 3}}, x={4: 5}, dicts="map") == (
        '[{"map":[[1,{"map":[[2,3]]}]]},{"x":{"map":[[4,5]]}}]'
    )
    assert js_call(show, {1: 2}, dicts="object") == '[{"1":2}]'
    assert js_call(show, function=1, args=2, self=3) == '[{"function":1,"args":2,"self":3}]'
    assert js_call(show, *range(100)) == "[" + ",".join(map(str, range(100))) + "]"


@inside
def test_methods_keep_this_and_new_constructs() -> None:
    from pyjs import js, js_call, run_js

    o = run_js("({v: 7, add(x, {y}) { return this.v + x.n + y }})")
    assert js_call(o.add, {"n": 1}, y=2) == 10
    add = o.add
    assert js_call(add, {"n": 1}, {"y": 3}) == 11
    assert js_call(js.Map.new, [["a", 1]]).get("a") == 1
    assert js_call(js.Intl.NumberFormat.new, "en", style="percent").format(0.5) == "50%"
    cls = run_js("(class Point { constructor({x}) { this.x = x } })")
    made = js_call(cls.new, x=[5])
    assert (made.x[0], made.constructor.name) == (5, "Point")


@inside
def test_what_is_no_container_is_passed_as_in_any_call() -> None:
    from pyjs import js, js_call, run_js

    kind = run_js("x => Object.prototype.toString.call(x)")
    inner = run_js("({o}) => Object.prototype.toString.call(o)")
    assert js_call(kind, b"12") == kind(b"12")
    assert js_call(inner, o=b"12") == "[object Uint8Array]"
    date = js.Date.new(0)
    assert js_call(run_js("(a, {b}) => a === b"), date, b=date)
    assert js_call(kind, frozenset({1})) == kind(frozenset({1}))
    assert js_call(run_js("x => x"), 5) == 5
    made = js_call(run_js("x => x"), [1, 2])
    assert (made.constructor.name, made.to_py()) == ("Array", [1, 2])


@inside
def test_shared_references_and_cycles_are_kept() -> None:
    from pyjs import js_call, run_js

    same = run_js("(a, b, {c}) => a === b && b === c.x && a[0] === a")
    cycle = []
    cycle.append(cycle)
    assert js_call(same, cycle, cycle, c={"x": cycle}) is True
    cycle.clear()


@inside
def test_python_objects_are_lent_to_the_call() -> None:
    from pyjs import js_call, run_js

    class Thing:
        pass

    thing, other = Thing(), Thing()
    thing.x = other.x = 5
    keep = run_js(
        "(() => { const kept = []; const f = (a, o) => { kept.push(a, o.b, o.l[0]);"
        " return kept.map(p => p.x).join() };"
        " f.errors = () => kept.map(p => { try { return p.x } catch (e) { return e.message } });"
        " return f })()"
    )
    assert js_call(keep, thing, b=other, l=[thing]) == "5,5,5"
    errors = keep.errors().to_py()
    assert "argument 1 of f(), which Python called and which has ended" in errors[0]
    assert "an argument of f(), which Python called and which has ended" in errors[1]
    assert errors[0] == errors[2]
    assert js_call(run_js("(o) => o.b"), b=thing) is thing
    assert js_call(run_js("(o) => o"), thing) is thing


def test_functions_live_as_long_as_in_any_call() -> None:
    assert run_node(
        """
        const py = await loadPyjs();
        const made = py.runPython(`
from pyjs import js_call, run_js
seen = []
def listen(x): seen.append(x)
hold = run_js("(() => { const kept = []; const h = ({f}) => { kept.push(f); f(1) };"
              " h.again = () => kept.map(f => f(2)); h.kept = kept; return h })()")
js_call(hold, f=listen)
js_call(hold, {"f": listen})
hold.again()
[seen, hold.kept[0] == hold.kept[1]]`);
        return made.toJs();
        """
    ) == [[1, 1, 2, 2], True]


@inside
def test_a_proxy_that_is_made_lives_on() -> None:
    from pyjs import create_proxy, js_call, run_js

    seen = []
    hold = run_js(
        "(() => { let f; const h = (o) => { f = o.f; f(1) }; h.again = () => f(2); return h })()"
    )
    proxy = create_proxy(seen.append)
    js_call(hold, {"f": proxy})
    hold.again()
    proxy.destroy()
    assert seen == [1, 2]


@inside
async def test_a_promise_keeps_what_it_was_given() -> None:
    from pyjs import js_call, run_js

    class Thing:
        x = 5

    later = run_js("async ({a, l}) => { await 0; await 0; return a.x + l[0].x }")
    assert await js_call(later, a=Thing(), l=[Thing()]) == 10
    generate = run_js("(function* ({a}) { yield a.x; yield a.x + 1 })")
    assert list(js_call(generate, a=Thing())) == [5, 6]


@inside
def test_exceptions_keep_their_identity() -> None:
    from pyjs import JsException, js_call, run_js

    error = KeyError("mine")

    def fail():
        raise error

    try:
        js_call(run_js("({f}) => f()"), f=fail)
    except KeyError as caught:
        assert caught is error
    else:
        raise AssertionError("nothing was raised")
    try:
        js_call(run_js("({o}) => { throw new RangeError('theirs') }"), o=object())
    except JsException as caught:
        assert (caught.name, caught.message) == ("RangeError", "theirs")
    else:
        raise AssertionError("nothing was raised")
    run_js("({f}) => f.destroy()")(run_js("(f) => ({f})")(fail))


@inside
def test_what_cannot_be_called_or_converted_is_refused() -> None:
    from pyjs import js, js_call, run_js
    from pyjs.ffi import ConversionError

    def message(kind, *args, **kwargs):
        try:
            js_call(*args, **kwargs)
        except kind as error:
            return str(error)

    show = run_js("() => { throw new Error('called') }")
    expected = "js_call: expected a JavaScript function, or `new` of a JavaScript class, as what to"
    for wrong, name in (
        (5, "int"),
        (len, "builtin_function_or_method"),
        (message, "function"),
        (None, "NoneType"),
        (run_js("({})"), "pyjs.ffi.JsProxy"),
        (js.Map.new(), "pyjs.ffi.JsMutableMap"),
    ):
        assert message(TypeError, wrong, [1]) == f"{expected} call, got {name}"
    assert message(TypeError) == "js_call: expected a JavaScript function to call"
    assert message(ValueError, show, dicts="x") == (
        "js_call: dicts: expected 'object' or 'map', got 'x'"
    )
    assert message(TypeError, show, dicts=None) == (
        "js_call: dicts: expected 'object' or 'map', got NoneType"
    )
    assert message(ConversionError, show, object(), {"a": {1: 1, "1": object()}}) == (
        'js_call: $[1].a: two keys of the dict become "1" in JavaScript'
    )
    assert message(ConversionError, show, object(), a=[{(1, 2)}]) == (
        "js_call: $[1].a[0]: cannot use (1, 2) as a member of a JavaScript Set, which must be None,"
        " a boolean, a number, a string or a JsProxy"
    )


@inside
def test_a_key_whose_to_string_calls_python() -> None:
    from pyjs import create_proxy, js_call, run_js

    class Thing:
        x = 5

    class Pairs(dict):
        def items(self):
            return self["pairs"]

    seen = []
    key = run_js("(f) => ({toString() { f(); return 'key' }})")
    call = create_proxy(lambda: seen.append(js_call(run_js("({t}) => t.x"), t=Thing())))
    made = key(call)
    read = run_js("(o) => o.a.x + o.b.key + o.c.x")
    assert js_call(read, {"a": Thing(), "b": Pairs(pairs=[(made, 1)]), "c": Thing()}) == 11
    assert seen == [5]
    call.destroy()


def test_js_call_of_a_proxy_of_python(host: Host) -> None:
    code = """
from pyjs import create_proxy, js_call
def f(o):
    made = o.a.to_py()
    return [type(o).__name__, made]
proxy = create_proxy(f)
result = js_call(proxy, a=[1, {"b": 2}])
proxy.destroy()
import json
json.dumps(result)
"""
    found = host.js("return py.runPython(args[0], { globals: py.runPython('{}') })", code)
    assert found == '["JsProxy", [1, {"b": 2}]]'
