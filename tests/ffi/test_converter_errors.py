"""What happens when the converters of a deep conversion fail or are used wrongly."""

from tests.inside import inside


@inside
def test_the_error_of_a_dict_converter_is_raised() -> None:
    from pyjs import JsException, run_js, to_js

    def fail(pairs):
        raise KeyError("mine")

    try:
        to_js([[1, {"a": {}}]], dict_converter=fail)
    except KeyError as error:
        assert error.args == ("mine",)
        assert error.__notes__ == ["in a converter of to_js, for $[0][1].a"]
    else:
        raise AssertionError("nothing was raised")
    try:
        to_js([{"a": {}}], dict_converter=run_js("() => { throw new RangeError('mine') }"))
    except JsException as error:
        assert (error.name, error.message) == ("RangeError", "mine")
        assert error.__notes__ == ["in a converter of to_js, for $[0].a"]
    else:
        raise AssertionError("nothing was raised")


@inside
def test_the_error_of_a_converter_names_the_path_once() -> None:
    from pyjs import run_js, to_js, to_py

    class Node:
        def __init__(self, inner):
            self.inner = inner

    def fail(value, convert, cache):
        return [convert(value.inner)] if value.inner else 1 / 0

    node = Node(Node(Node(None)))
    for value, path in (
        ([1, {"a b": node}], "$[1]['a b']"),
        ({"users": [{"when": node}]}, "$.users[0].when"),
    ):
        try:
            to_js(value, default_converter=fail)
        except ZeroDivisionError as error:
            assert error.__notes__ == [f"in a converter of to_js, for {path}"]
        else:
            raise AssertionError("nothing was raised")
    try:
        to_py(run_js("[() => 1]"), default_converter=lambda v, convert, cache: 1 / 0)
    except ZeroDivisionError:
        pass
    else:
        raise AssertionError("nothing was raised")


@inside
def test_a_converter_may_go_on_when_convert_fails() -> None:
    from pyjs import run_js, to_js, to_py
    from pyjs.ffi import ConversionError, JsException

    class Thing:
        pass

    inner = Thing()
    shared = {"t": 1}
    gone = memoryview(b"abc")
    gone.release()
    nan = float("nan")
    bad = [
        {"1": 1, 1: 2},
        {(1,): 1},
        [{"q": {"z": 1}, "r": [(1, {2, (3,)})]}, {"new": 1}],
        [{"fresh": shared}, {nan, -nan}],
        [{"x": 1, "é": [inner]}, gone],
    ]

    def outlast(value, convert, cache):
        if value is inner:
            return convert([[]])
        for wrong in bad:
            try:
                convert(wrong)
            except ConversionError:
                continue
            raise AssertionError("nothing was raised")
        return convert({"q": 1, "x": [2], "é": shared, "new": {"fresh": []}})

    outer = [shared, {"é": shared, "q": 5}, Thing(), {"é": shared, "x": Thing()}, {"new": 7}]
    made = to_js(outer, default_converter=outlast)
    each = '{"q":1,"x":[2],"é":{"t":1},"new":{"fresh":[]}}'
    assert run_js("x => JSON.stringify(x)")(made) == (
        f'[{{"t":1}},{{"é":{{"t":1}},"q":5}},{each},{{"é":{{"t":1}},"x":{each}}},{{"new":7}}]'
    )
    assert run_js("a => a[0] === a[1]['é'] && a[0] === a[2]['é'] && a[0] === a[3].x['é']")(made)

    unread = run_js(
        """x => [
          [{a: 5}, {b: 4}, new Map([[[], 1]])],
          [{a: 5, c: {d: x}}, 2n ** 80n, new Uint8Array(9), new Set([1, true])],
          [{b: 4}, () => 1, new Date(), 'z'.repeat(9999), {get c() { throw new Error('mine') }}],
        ]"""
    )

    def outlast_py(value, convert, cache):
        if getattr(value, "name", "") != "ask":
            return 3
        for wrong in unread(5):
            try:
                convert(wrong)
            except (ConversionError, JsException):
                continue
            raise AssertionError("nothing was raised")
        return convert(run_js("[{a: 'x'}, {c: 2}]"))

    asked = run_js("(() => { const x = {a: 1}; return [x, function ask() {}, {a: x, b: 2}, x] })()")
    made = to_py(asked, default_converter=outlast_py)
    assert made == [{"a": 1}, [{"a": "x"}, {"c": 2}], {"a": {"a": 1}, "b": 2}, {"a": 1}]
    assert made[0] is made[3]
    assert made[0] is made[2]["a"]


@inside
def test_an_error_of_the_part_before_cannot_be_left_out() -> None:
    from pyjs import JsException, run_js, to_js, to_py
    from pyjs.ffi import ConversionError

    caught = []

    def leave_out(value, convert, cache):
        try:
            convert(1)
        except ConversionError as error:
            caught.append(str(error))
        return 1

    why = "a part before this one failed, and a converter went on without its error"
    try:
        to_js([{1: 1, "1": 2}, object(), {"b": 2}], default_converter=leave_out)
    except ConversionError as error:
        assert str(error) == f"to_js: $: {why}"
    else:
        raise AssertionError("nothing was raised")
    try:
        to_py(run_js("[new Set([1, true]), () => 1]"), default_converter=leave_out)
    except JsException as error:
        assert error.message == f"to_py: {why}"
    else:
        raise AssertionError("nothing was raised")
    assert caught == [
        'to_js: $[0]: two keys of the dict become "1" in JavaScript',
        "to_py: $[0]: two members of the Set are equal in Python, such as 1 and true",
    ]


@inside
def test_convert_and_cache_are_for_the_converter_that_runs() -> None:
    from pyjs import create_proxy, js, run_js, to_js, to_py
    from pyjs.ffi import JsException

    kept = []

    def keep(value, convert, cache):
        kept[:] = [lambda: convert([1]), lambda: cache([], js.Object.new())]
        return 5

    def message(act):
        try:
            act()
        except (RuntimeError, JsException) as error:
            return str(error).removeprefix("Error: ")

    ended = "the conversion that this function was made for has ended"
    turn = "call it while the converter runs that it was given to"
    to_js([object()], default_converter=keep)
    assert message(kept[0]) == f"convert: {ended}"
    assert message(kept[1]) == f"cache: {ended}"
    for which, name in enumerate(("convert", "cache")):
        use = lambda pairs, which=which: kept[which]()  # noqa: E731
        options = {"default_converter": keep, "dict_converter": use}
        assert (
            message(lambda o=options: to_js([1, object(), {"a": 1}, 2], **o)) == f"{name}: {turn}"
        )
    to_py(run_js("() => 1"), default_converter=keep)
    assert message(kept[0]) == f"convert: {ended}"
    getter = create_proxy(lambda: kept[0]())
    value = run_js("get => [() => 1, 1, 2, {get x() { return get() }}]")(getter)
    assert message(lambda: to_py(value, default_converter=keep)) == f"convert: {turn}"
    getter.destroy()
    kept.clear()


@inside
def test_a_converter_may_not_change_what_is_converted() -> None:
    from pyjs import to_js
    from pyjs.ffi import ConversionError

    class Thing:
        pass

    values = [Thing(), Thing(), 1]
    table = {"a": Thing(), "b": Thing(), "c": 1}
    texts = {"a": Thing(), "b": 1}

    def swap():
        texts.pop("b", None)
        texts[5] = 1

    for container, change, name in (
        (values, values.clear, "list"),
        (values, lambda: values.append(1), "list"),
        (table, table.clear, "dict"),
        (table, lambda: table.update({str(len(table)): 1}), "dict"),
        (texts, swap, "dict"),
    ):
        if container is values:
            values[:] = [Thing(), Thing(), 1]
        elif container is table:
            table.update(a=Thing(), b=Thing(), c=1)
        try:
            to_js([container], default_converter=lambda *_, change=change: change())
        except ConversionError as error:
            assert str(error) == f"to_js: $[0]: the {name} changed while it was converted"
        else:
            raise AssertionError("nothing was raised")


@inside
def test_endless_converters_end_with_an_error() -> None:
    from pyjs import run_js, to_js, to_py

    def message(act):
        try:
            act()
        except RecursionError as error:
            return "depth" in str(error)

    again = lambda value, convert, cache: convert(value)  # noqa: E731
    assert message(lambda: to_js(object(), default_converter=again)) is True
    assert message(lambda: to_js([[1]], depth=1, default_converter=again)) is True
    assert message(lambda: to_js([1], eager_converter=lambda v, convert, k: convert([v]))) is True
    assert message(lambda: to_py(run_js("() => 1"), default_converter=again)) is True
    # A depth is an end: what lies there stays a proxy.
    function = run_js("() => 1")
    assert to_py(function, depth=5, default_converter=again) == function


@inside
def test_converters_called_wrongly_raise_type_errors() -> None:
    from pyjs import JsException, run_js, to_js, to_py

    def name(act, *values):
        try:
            act(*values)
        except (TypeError, JsException) as error:
            return type(error).__name__

    for use in (lambda v, c, k: c(), lambda v, c, k: c(1, 2), lambda v, c, k: k(1)):
        assert name(lambda use=use: to_js([len], default_converter=use)) == "TypeError"
    assert name(lambda: to_js([len], default_converter=lambda v: v)) == "TypeError"
    wrong = {"default_converter": lambda v, c, k: k(1, 2)}
    assert name(lambda: to_py(run_js("[() => 1]"), **wrong)) == "JsException"
    wrong = {"default_converter": 5}
    assert name(lambda: to_py(run_js("[]"), **wrong)) == "TypeError"
    assert name(lambda: run_js("[]").to_py(depth="x")) == "TypeError"
